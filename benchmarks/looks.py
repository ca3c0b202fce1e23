"""How well issues are read in looks drawn by lot:
`python -m benchmarks.looks [COUNT] [FROM] [--wild | --designed]`.

Each seed names a look (fonts, sizes, margins, columns, leading, headings, tables, lists) in which
WeasyPrint sets one of the zoo's manuscripts. Prints the seeds that were not read whole, and the
measures over all. With `--wild` the issues themselves are put together by lot, with kickers, boxes,
lists of what is inside and an imprint, and printed by Chromium. With `--designed` they are as wild
as people: styles gone astray, narrow columns, boxes, cards on coloured grounds, slides. Needs the
dependency group `zoo` (or Chromium) and the fonts that it names.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reading import work
from benchmarks.reading.readings import read_or_refused
from benchmarks.reading.truth import truth_of
from benchmarks.reading.work import Work, whole_work_of
from benchmarks.scoring import F1S, MEANS, Score, Scores, scores
from samples import manuscript
from tests.pdfs import designed, variants, wild


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of one issue."""

    scores: Scores
    work: Work


def designed_measures_of(seed: int) -> Measured:
    """The measures of one issue as people design them."""
    return _measured(lambda pdf: designed.set_pdf(seed, pdf))


def wild_measures_of(seed: int) -> Measured:
    """The measures of one issue put together by lot."""
    return _measured(lambda pdf: manuscript.expected(wild.set_pdf(seed, pdf)))


def measures_of(seed: int) -> Measured:
    """The measures of one look."""

    def set_pdf(pdf: Path) -> dict[str, Any]:
        from weasyprint import HTML  # noqa: PLC0415 - only where the zoo is set

        logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
        issue = variants.issue_of(seed)
        HTML(string=variants.page_of(seed, issue)).write_pdf(pdf)
        return manuscript.expected(issue)

    return _measured(set_pdf)


def _measured(set_pdf: Callable[[Path], dict[str, Any]]) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder, "issue.pdf")
        expected = set_pdf(pdf)
        issue, flagged = read_or_refused(pdf)
        of_work = whole_work_of(pdf, issue, truth_of(expected), flagged=flagged)
        return Measured(scores(issue, expected), of_work)


def values(found: Scores) -> dict[str, float]:
    """F1s and means by name."""
    f1s = {key: round(found[key].f1(), 4) for key in F1S}
    return f1s | {key: round(found[key].mean(), 4) for key in MEANS}


def main() -> None:
    """Draw the looks, read them, print the scores."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("count", nargs="?", type=int, default=200)
    arguments.add_argument("start", nargs="?", type=int, default=0)
    arguments.add_argument("--wild", action="store_true")
    arguments.add_argument("--designed", action="store_true")
    given = arguments.parse_args()
    measure = measures_of
    if given.wild or given.designed:
        measure = wild_measures_of if given.wild else designed_measures_of
    seeds = range(given.start, given.start + given.count)
    total: Scores = {}
    works: list[Work] = []
    whole = 0
    with ProcessPoolExecutor() as pool:
        for seed, found in zip(seeds, pool.map(measure, seeds, chunksize=4), strict=True):
            wrong = {key: value for key, value in values(found.scores).items() if value < 1}
            whole += not wrong
            if wrong:
                print(f"look {seed}: {wrong}", flush=True)
            works.append(found.work)
            total = {
                key: total.get(key, Score(0, 0, 0)) + score for key, score in found.scores.items()
            }
    print(f"{whole} of {len(seeds)} looks read whole; over all {values(total)}")
    _print_work(works)


def _print_work(works: list[Work]) -> None:
    print(work.heading())
    print(work.row("in all", work.sum_of(works)))
    print(work.worth_of_flags(works))


if __name__ == "__main__":
    main()
