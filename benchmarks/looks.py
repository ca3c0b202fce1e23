"""The reading of issues in looks drawn by lot: `python -m benchmarks.looks [COUNT] [FROM]
[--wild]`.

Each seed names a look (fonts, sizes, margins, columns, leading, headings, tables, lists) in which
WeasyPrint sets one of the zoo's manuscripts. Prints the seeds that were not read whole, and the
measures over all. With `--wild` the issues themselves are put together by lot, with kickers, boxes,
lists of what is inside and an imprint, and printed by Chromium. Needs the dependency group `zoo`
(or Chromium) and the fonts that it names.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.scoring import F1S, MEANS, Score, Scores, scores
from pdf_reading import Limits, UnreadablePdf
from pdf_reading.pipeline import read
from samples import manuscript
from tests.pdfs import variants, wild


def wild_scores_of(seed: int) -> Scores:
    """The measures of one issue put together by lot."""
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder, "issue.pdf")
        return _scores(pdf, wild.set_pdf(seed, pdf))


def scores_of(seed: int) -> Scores:
    """The measures of one look."""
    from weasyprint import HTML  # noqa: PLC0415 - only where the zoo is set

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    issue = variants.issue_of(seed)
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder, "issue.pdf")
        HTML(string=variants.page_of(seed, issue)).write_pdf(pdf)
        return _scores(pdf, issue)


def _scores(pdf: Path, issue: dict[str, Any]) -> Scores:
    """A refusal finds nothing."""
    try:
        return scores(read(pdf, limits=Limits()), manuscript.expected(issue))
    except UnreadablePdf:
        return {key: Score(0, 0, 1) for key in (*F1S, *MEANS)}


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
    given = arguments.parse_args()
    measure = wild_scores_of if given.wild else scores_of
    seeds = range(given.start, given.start + given.count)
    total: Scores = {}
    whole = 0
    with ProcessPoolExecutor() as pool:
        for seed, found in zip(seeds, pool.map(measure, seeds, chunksize=4), strict=True):
            wrong = {key: value for key, value in values(found).items() if value < 1}
            whole += not wrong
            if wrong:
                print(f"look {seed}: {wrong}", flush=True)
            total = {key: total.get(key, Score(0, 0, 0)) + score for key, score in found.items()}
    print(f"{whole} of {len(seeds)} looks read whole; over all {values(total)}")


if __name__ == "__main__":
    main()
