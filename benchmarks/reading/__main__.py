"""How well and how fast PDFs are read: `python -m benchmarks.reading [FOLDER...]`.

Each folder holds `NAME.pdf` with `NAME.expected.json`; without any, the samples and the zoo are
read. `--corpus FILE FOLDER` reads the issues of a corpus, whose headings are known by their hashes,
from a folder with `NAME.pdf` of each. Below each of our rows stand those of opendataloader-pdf,
where Java and the package are there: by the heading levels that fit each file best, and with every
heading a headline. Speed and memory are those of the reading alone, in a process of its own.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks import peer
from benchmarks.reading import exactness, work
from benchmarks.reading.cost import measured, print_cost
from benchmarks.reading.exactness import Exactness
from benchmarks.reading.readings import read_or_refused
from benchmarks.reading.truth import truth_of
from benchmarks.reading.work import Work, whole_work_of, work_of
from benchmarks.scoring import scores
from pdf_reading.issue_text import IssueText

FOLDERS = ("samples", "tests/pdfs")
PEER = "opendataloader-pdf"
Record = dict[str, Any]


def of_folders(folders: Sequence[str]) -> Iterator[tuple[Path, Record]]:
    """The files of folders, each with its expected reading."""
    for folder in folders:
        for expected in sorted(Path(folder).glob("*.expected.json")):
            pdf = expected.with_name(expected.name.replace(".expected.json", ".pdf"))
            yield pdf, json.loads(expected.read_text("utf-8"))


def of_corpus(corpus: str | Path, folder: str | Path) -> Iterator[tuple[Path, Record]]:
    """The files of a corpus that are in the folder, each with its record."""
    for record in json.loads(Path(corpus).read_text("utf-8")):
        pdf = Path(folder, f"{record['name']}.pdf")
        if pdf.exists():
            yield pdf, record
        else:
            print(f"{record['name']} is left out: there is no {pdf}")


class Measuring:
    """Both tables: the first is printed file by file, the second when all are read."""

    def __init__(self, *, with_peer: bool) -> None:
        self._with_peer = with_peer
        self._ours, self._theirs = Exactness("in all"), Exactness(f"in all, {PEER}")
        self._works: dict[str, list[tuple[str, Work]]] = {"": [], "best levels": [], "plain": []}

    def add(self, pdf: Path, wanted: Record) -> None:
        """Read a file by both."""
        issue, flagged = read_or_refused(pdf)
        words_known = any("articles" in section for section in wanted["sections"])
        cost = measured(pdf)
        self._ours.add(pdf.stem, scores(issue, wanted) if words_known else {}, cost)
        truth = truth_of(wanted)
        self._note("", pdf.stem, whole_work_of(pdf, issue, truth, flagged=flagged))
        if self._with_peer:
            self._add_peer(pdf, wanted, cost, words_known=words_known)

    def _add_peer(
        self, pdf: Path, wanted: Record, cost: dict[str, float], *, words_known: bool
    ) -> None:
        nodes, spent = peer.nodes_of(pdf)
        truth = truth_of(wanted)
        if words_known:
            most = peer.best_of(nodes, lambda issue: _merit(*_f1s(issue, wanted)))
            found = peer.known(scores(most, wanted))
        else:
            found = {}
        self._theirs.add(f"  {PEER}", found, {**cost, **spent})
        best = peer.best_of(nodes, lambda issue: _merit_of_work(work_of(issue, truth)))
        self._note("best levels", "  peer, best levels", work_of(best, truth))
        self._note("plain", "  peer, plain", work_of(peer.plain(nodes), truth))

    def _note(self, parser: str, name: str, measures: Work) -> None:
        self._works[parser].append((name, measures))

    def close(self) -> None:
        """Print the sums and the second table."""
        self._ours.close()
        self._theirs.close()
        parsers = {parser: rows for parser, rows in self._works.items() if rows}
        print(work.heading())
        for of_file in zip(*parsers.values(), strict=True):
            print("\n".join(work.row(name, measures) for name, measures in of_file))
        for parser, rows in parsers.items():
            name = f"in all, peer, {parser}" if parser else "in all"
            print(work.row(name, work.sum_of(measures for _, measures in rows)))
        print(work.worth_of_flags(measures for _, measures in self._works[""]))


def _f1s(issue: IssueText, wanted: Record) -> tuple[float, float]:
    found = scores(issue, wanted)
    return found["section"].f1(), found["headline"].f1()


def _merit_of_work(measures: Work) -> float:
    return _merit(measures.sections.f1(), measures.headlines.f1())


def _merit(sections: float, headlines: float) -> float:
    return sections + 2 * headlines


def main() -> None:
    """Measure the folders and the corpus given, or the folders of the repository."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="*")
    arguments.add_argument("--corpus", nargs=2, metavar=("FILE", "FOLDER"))
    arguments.add_argument("--one", help="cost of a single file, as JSON")
    given = arguments.parse_args()
    if given.one:
        print_cost(Path(given.one))
        return
    missing = peer.missing()
    print(f"{PEER} is left out: {missing}" if missing else "", exactness.heading(), sep="\n")
    measuring = Measuring(with_peer=not missing)
    files = of_folders(given.folders or ([] if given.corpus else FOLDERS))
    for pdf, wanted in [*files, *(of_corpus(*given.corpus) if given.corpus else ())]:
        measuring.add(pdf, wanted)
    measuring.close()


if __name__ == "__main__":
    main()
