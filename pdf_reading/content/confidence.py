"""The confidence of a reading: probabilities out of its evidence, and the warning where they are
low.

Each article is weighed by its own evidence; the issue by its evidence and how sure its articles
are; then each article anew, by how sure it is and its issue. The weights in `confidence.json` are
those of three logistic regressions that `python -m benchmarks.calibrate` fits on issues whose truth
is known, so that of readings with 0.9 nine in ten are right.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from msgspec.structs import replace

from pdf_reading.content.evidence import Evidence, Features
from pdf_reading.issue_text import IssueText, ParseWarning, SectionText

NEEDS_REVIEW = "needs_review"
SURE = 0.8  # enough not to ask whether a box is an article, or the order of vertical text right
UNSURE = 0.5
MAX_SURE = 0.98  # that is believed of an issue or an article where both are weighed


def with_confidence(issue: IssueText, evidence: Evidence) -> IssueText:
    """The issue with the confidence of itself and of its articles; one that is not sure enough has
    a warning before all others. The article that holds what was left over of an issue without any
    other has no evidence, and keeps its own."""
    sure, confidences = confidences_of(evidence)
    of_articles = iter(confidences)
    sections = tuple(
        replace(
            section,
            articles=tuple(
                replace(article, confidence=round(next(of_articles, article.confidence), 2))
                for article in section.articles
            ),
        )
        for section in issue.sections
    )
    flags = () if sure >= weights()["review_below"] else (ParseWarning(NEEDS_REVIEW, 0),)
    warnings = (*flags, *_in_question(issue.warnings, sections, sure))
    return replace(issue, confidence=round(sure, 2), sections=sections, warnings=warnings)


def _in_question(
    warnings: Sequence[ParseWarning], sections: Sequence[SectionText], sure: float
) -> list[ParseWarning]:
    """The warnings without those of what is unusual only and was read with confidence."""
    boxes = {
        article.title
        for section in sections
        for article in section.articles
        if article.confidence >= SURE
    }
    return [
        warning
        for warning in warnings
        if not (warning.code == "vertical_text" and sure >= SURE)
        and not (warning.code == "article_from_box" and warning.words in boxes)
    ]


def confidences_of(evidence: Evidence) -> tuple[float, list[float]]:
    """Return the probability that the headlines of an issue are right, all but a few, and that of
    each article that it is one, with its headline and no other's text."""
    alone = [probability(features, weights()["article"]) for features in evidence.articles]
    sure = probability(with_articles(evidence.issue, alone), weights()["issue"])
    both = weights()["both"]
    return sure, [probability(with_issue(one, sure), both) for one in alone]


def with_articles(features: Features, alone: Sequence[float]) -> Features:
    """The evidence of an issue with how sure its articles are by their own."""
    count = max(len(alone), 1)
    return {
        **features,
        "sure": sum(alone) / count,
        "least": min(alone, default=0.0),
        "unsure": sum(one < UNSURE for one in alone) / count,
    }


def with_issue(alone: float, sure: float) -> Features:
    """Return the log odds of an article by its own evidence, and of its issue."""
    return {"article": _log_odds(alone), "issue": _log_odds(sure)}


def _log_odds(sure: float) -> float:
    bound = min(max(sure, 1 - MAX_SURE), MAX_SURE)
    return math.log(bound / (1 - bound))


def probability(features: Features, of: Mapping[str, float]) -> float:
    """The logistic function of the weighted sum; a feature without a weight counts nothing."""
    total = of[""] + sum(of.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def weights() -> Mapping[str, Any]:
    """The weights by name, the constant under ""."""
    text = files("pdf_reading.content").joinpath("confidence.json").read_text("utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found
