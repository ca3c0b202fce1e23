"""Readings with their evidence, and what is right of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.reading.__main__ import of_corpus
from benchmarks.reading.headings import articles_of, found_headlines, texts_within
from benchmarks.reading.truth import Truth, truth_of
from benchmarks.reading.work import work_of
from pdf_reading import Limits, UnreadablePdf
from pdf_reading.content.evidence import Evidence
from pdf_reading.issue_text import IssueText
from pdf_reading.pipeline import read_with_evidence
from samples import manuscript
from tests.pdfs import designed, wild

Record = dict[str, Any]
Drawing = Callable[[int, Path], Record]


@dataclass(frozen=True, slots=True)
class Example:
    """A reading: its evidence, whether its headlines are bad or all headings exact, and which
    articles are right."""

    name: str
    evidence: Evidence
    bad: bool
    exact: bool
    right: tuple[bool, ...]


def draw_wild(seed: int, pdf: Path) -> Record:
    """Print an issue put together by lot; returns its expected reading."""
    return manuscript.expected(wild.set_pdf(seed, pdf))


DRAWINGS: dict[str, Drawing] = {"designed": designed.set_pdf, "wild": draw_wild}


def draw(kind: str, seeds: Iterable[int], folder: Path) -> list[Path]:
    """Print the issues of seeds that are not in the folder yet."""
    pdfs = [folder / f"{kind}-{seed}.pdf" for seed in seeds]
    missing = [pdf for pdf in pdfs if not pdf.with_suffix(".expected.json").exists()]
    with ProcessPoolExecutor() as pool:
        list(pool.map(_draw, missing, chunksize=4))
    return pdfs


def _draw(pdf: Path) -> None:
    kind, seed = pdf.stem.split("-")
    expected = DRAWINGS[kind](int(seed), pdf)
    pdf.with_suffix(".expected.json").write_text(json.dumps(expected), "utf-8")


def examples_of(pdfs: Iterable[Path]) -> list[Example]:
    """Read files that have their expected reading beside them; a refused one is no example."""
    with ProcessPoolExecutor() as pool:
        return [one for one in pool.map(_of_file, pdfs, chunksize=4) if one]


def corpus_examples(corpus: Path, folder: Path) -> list[Example]:
    """Read the issues of a corpus that are in the folder."""
    pairs = list(of_corpus(corpus, folder))
    with ProcessPoolExecutor() as pool:
        return [one for one in pool.map(example_of, *zip(*pairs, strict=True)) if one]


def _of_file(pdf: Path) -> Example | None:
    return example_of(pdf, json.loads(pdf.with_suffix(".expected.json").read_text("utf-8")))


def example_of(pdf: Path, record: Record) -> Example | None:
    """The reading of a file against its truth."""
    try:
        issue, evidence = read_with_evidence(pdf, limits=Limits())
    except UnreadablePdf:
        return None
    truth = truth_of(record)
    measures = work_of(issue, truth)
    return Example(
        name=pdf.stem,
        evidence=evidence,
        bad=measures.is_bad,
        exact=measures.is_exact,
        right=tuple(_right(issue, truth)),
    )


def _right(issue: IssueText, truth: Truth) -> Iterable[bool]:
    """Whether each article has a headline that there is, and begins none that was missed."""
    free, missed = list(truth.headlines), found_headlines(issue, truth).missed
    untitled = truth.untitled
    for article in articles_of(issue):
        texts = texts_within([article])
        swallows = any(name.is_begun_by(text) for name in missed for text in texts)
        name = next((name for name in free if name.is_exactly(article.title)), None)
        if name:
            free.remove(name)
        untitled -= not article.title
        known = bool(name) if article.title else untitled >= 0
        yield known and not swallows
