"""The accuracy and speed at which PDFs are read: `python -m benchmarks.reading [FOLDER...]`.

Each folder holds `NAME.pdf` with `NAME.expected.json`; without any, the samples and the zoo are
read. Below each of our rows stands that of
opendataloader-pdf, where Java and the package are there. Speed and memory are those of the
reading alone, in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import peer
from benchmarks.scoring import F1S, MEANS, Score, Scores, scores
from pdf_reading import Limits
from pdf_reading.pipeline import read

FOLDERS = ("samples", "tests/pdfs")
_PDFPLUMBER = """
import sys, time, pdfplumber
start = time.process_time()
with pdfplumber.open(sys.argv[1]) as pdf:
    for page in pdf.pages:
        page.extract_words()
        page.close()
print(time.process_time() - start)
"""


def measured(pdf: Path) -> dict[str, float]:
    """CPU seconds and peak memory of reading a file, and of pdfplumber's words, each in a
    process of its own."""
    own = json.loads(_output([sys.executable, "-m", "benchmarks.reading", "--one", str(pdf)]))
    words = float(_output([sys.executable, "-c", _PDFPLUMBER, str(pdf)]))
    return {**own, "words": words}


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def one(pdf: Path) -> None:
    """Print the cost of one reading as JSON."""
    start = time.process_time()
    issue = read(pdf, limits=Limits())
    cpu = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": cpu, "pages": issue.page_count, "peak": peak}))


def together(costs: Sequence[dict[str, float]]) -> dict[str, float]:
    """The cost of all files: seconds and pages added, the highest peak."""
    added = {key: sum(cost[key] for cost in costs) for key in ("cpu", "words", "pages")}
    return {**added, "peak": max(cost["peak"] for cost in costs)}


def row(name: str, found: Scores, cost: dict[str, float]) -> str:
    """Return one line of the table; a dash for what was not measured."""
    cells = [f"{found[key].f1():.3f}" if key in found else "-" for key in F1S]
    cells += [f"{found[key].mean():.3f}" if key in found else "-" for key in MEANS]
    speed, ratio = cost["pages"] / cost["cpu"], cost["cpu"] / cost["words"]
    return (
        f"{name[:32]:32} "
        + " ".join(f"{cell:>9}" for cell in cells)
        + f" {speed:8.0f} {ratio:12.2f} {cost['peak']:6.0f}"
    )


def heading() -> str:
    """The names of the columns."""
    names = " ".join(f"{key:>9}" for key in (*F1S, *MEANS))
    return f"{'file':32} {names}  pages/s CPU/plumber     MB"


class Total:
    """The scores and the cost of one parser over all files."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._scores: Scores = {}
        self._costs: list[dict[str, float]] = []

    def add(self, name: str, found: Scores, cost: dict[str, float]) -> None:
        """Print the row of a file and add it to the sum."""
        print(row(name, found, cost), flush=True)
        self._costs.append(cost)
        for key, score in found.items():
            self._scores[key] = self._scores.get(key, Score(0, 0, 0)) + score

    def close(self) -> None:
        """Print the sum."""
        if self._costs:
            print(row(self.name, self._scores, together(self._costs)))


def main() -> None:
    """Measure the folders given, or those of the repository."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="*", default=FOLDERS)
    arguments.add_argument("--one", help="cost of a single file, as JSON")
    given = arguments.parse_args()
    if given.one:
        one(Path(given.one))
        return
    missing = peer.missing()
    print(f"opendataloader-pdf is left out: {missing}" if missing else "", heading(), sep="\n")
    ours, theirs = Total("in all"), Total("in all, opendataloader-pdf")
    for folder in given.folders:
        for expected in sorted(Path(folder).glob("*.expected.json")):
            pdf = expected.with_name(expected.name.replace(".expected.json", ".pdf"))
            wanted = json.loads(expected.read_text("utf-8"))
            cost = measured(pdf)
            ours.add(pdf.stem, scores(read(pdf, limits=Limits()), wanted), cost)
            if not missing:
                found, spent = peer.scores_of(pdf, wanted)
                theirs.add("  opendataloader-pdf", found, {**cost, **spent})
    ours.close()
    theirs.close()


if __name__ == "__main__":
    main()
