"""The table of how exactly files are read of which every word is known, and of what all cost."""

from __future__ import annotations

from benchmarks.reading.cost import Cost, together
from benchmarks.scoring import F1S, MEANS, Score, Scores


def heading() -> str:
    """The names of the columns."""
    names = " ".join(f"{key:>9}" for key in (*F1S, *MEANS))
    return f"{'file':32} {names}  pages/s CPU/plumber     MB"


def _row(name: str, found: Scores, cost: Cost) -> str:
    """One line of the table; a dash for what was not measured."""
    cells = [f"{found[key].f1():.3f}" if key in found else "-" for key in F1S]
    cells += [f"{found[key].mean():.3f}" if key in found else "-" for key in MEANS]
    speed, ratio = cost["pages"] / cost["cpu"], cost["cpu"] / cost["words"]
    return (
        f"{name[:32]:32} "
        + " ".join(f"{cell:>9}" for cell in cells)
        + f" {speed:8.0f} {ratio:12.2f} {cost['peak']:6.0f}"
    )


class Exactness:
    """The scores and the cost of one parser over all files."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._scores: Scores = {}
        self._costs: list[Cost] = []

    def add(self, name: str, found: Scores, cost: Cost) -> None:
        """Print the row of a file and add it to the sum."""
        print(_row(name, found, cost), flush=True)
        self._costs.append(cost)
        for key, score in found.items():
            self._scores[key] = self._scores.get(key, Score(0, 0, 0)) + score

    def close(self) -> None:
        """Print the sum."""
        if self._costs:
            print(_row(self.name, self._scores, together(self._costs)))
