"""The table of an editor's work: text lost, headings, facts, repairs, and what flags are worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reading.dates import is_same
from benchmarks.reading.headings import found_headlines, found_sections
from benchmarks.reading.lost_text import Remaining, remaining_text
from benchmarks.reading.repairs import KINDS, repairs
from benchmarks.reading.truth import FACTS, Truth
from benchmarks.scoring import Score
from pdf_reading.issue_text import IssueText

BAD = 0.8  # F1 of headlines below which a reading ought to be flagged as a whole


@dataclass(frozen=True, slots=True)
class Work:
    """The measures of one reading; None for what a parser does not read."""

    headlines: Score
    sections: Score
    repairs: Counter[str]
    text: Remaining | None = None
    facts: Score | None = None
    flagged: bool | None = None

    @property
    def is_bad(self) -> bool:
        """Whether the headlines are so wrong that the editor ought to be told."""
        return self.headlines.f1() < BAD

    @property
    def is_exact(self) -> bool:
        """Whether nothing of the headings is to be repaired."""
        return not self.repairs.total()


def work_of(issue: IssueText, truth: Truth) -> Work:
    """The measures of the headings alone."""
    return Work(
        headlines=found_headlines(issue, truth).score,
        sections=found_sections(issue, truth).score,
        repairs=repairs(issue, truth),
    )


def whole_work_of(pdf: Path, issue: IssueText, truth: Truth, *, flagged: bool) -> Work:
    """All measures of a reading of ours."""
    of_headings = work_of(issue, truth)
    return Work(
        headlines=of_headings.headlines,
        sections=of_headings.sections,
        repairs=of_headings.repairs,
        text=remaining_text(pdf, issue),
        facts=_facts(issue, truth),
        flagged=flagged,
    )


def _facts(issue: IssueText, truth: Truth) -> Score:
    read = {key: getattr(issue, key) for key in FACTS}
    right = 0
    for key, wanted in truth.facts.items():
        if isinstance(wanted, str):
            right += is_same(read[key], wanted)
        else:
            right += wanted.is_exactly(read[key])
    return Score(right, len(truth.facts), len(truth.facts))


def sum_of(works: Iterable[Work]) -> Work:
    """The measures of all files together."""
    nothing, parts = Score(0, 0, 0), list(works)
    return Work(
        headlines=sum((one.headlines for one in parts), nothing),
        sections=sum((one.sections for one in parts), nothing),
        repairs=sum((one.repairs for one in parts), Counter()),
        text=Remaining(
            lost=sum((one.text.lost for one in parts if one.text), nothing),
            apart=sum((one.text.apart for one in parts if one.text), nothing),
        ),
        facts=sum((one.facts for one in parts if one.facts), nothing),
    )


def heading() -> str:
    """The names of the columns."""
    headings = " ".join(f"{name:>20}" for name in ("headlines P/R/F1", "sections P/R/F1"))
    kinds = " ".join(f"{kind:>6}" for kind in (*KINDS, "all"))
    return f"\n{'file':32} {'lost':>6} {'apart':>6} {headings} {'facts':>7} {kinds} flagged"


def row(name: str, work: Work) -> str:
    """One line of the table; a dash for what was not measured or is not there."""
    lost = _missing(work.text.lost) if work.text else "-"
    apart = _missing(work.text.apart) if work.text else "-"
    facts = f"{work.facts.hits}/{work.facts.expected}" if work.facts else "-"
    counts = " ".join(f"{work.repairs[kind]:6}" for kind in KINDS)
    flagged = "-" if work.flagged is None else "yes" if work.flagged else "no"
    return (
        f"{name[:32]:32} {lost:>6} {apart:>6} {_shares(work.headlines)} {_shares(work.sections)} "
        f"{facts:>7} {counts} {work.repairs.total():6} {flagged}"
    )


def _missing(text: Score) -> str:
    return f"{1 - text.mean():.1%}" if text.expected else "-"


def _shares(score: Score) -> str:
    precision = f"{score.hits / score.read:.2f}" if score.read else "-"
    recall = f"{score.hits / score.expected:.2f}" if score.expected else "-"
    f1 = f"{score.f1():.2f}" if score.read + score.expected else "-"
    return f"{f'{precision} / {recall} / {f1}':>20}"


def worth_of_flags(works: Iterable[Work]) -> str:
    """How many of the bad readings, and of the exact ones, are flagged as a whole."""
    parts = list(works)
    bad = [one.flagged for one in parts if one.is_bad]
    exact = [one.flagged for one in parts if one.is_exact]
    return (
        f"flagged as a whole: {sum(map(bool, bad))} of {len(bad)} readings with headlines below "
        f"{BAD}, {sum(map(bool, exact))} of {len(exact)} exact ones"
    )
