"""The revisions of an issue: each state that an act led to, kept, read back, and the acts between
them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from issues.editing import storage
from issues.editing.acts import Act
from issues.editing.document import Draft
from issues.editing.rereading import Step
from issues.models import ArticleState, Issue, Revision
from pdf_reading.issue_text import from_json, to_json


def state(issue: Issue, number: int) -> Draft:
    """Return the draft as it was in a revision. Two queries. Raises Revision.DoesNotExist."""
    if number == issue.version and not issue.revisions.exists():
        return storage.load(issue)
    kept: dict[str, Any] = dict(issue.revisions.get(number=number).state)
    wanted = {one for section in kept["sections"] for one in section["articles"]}
    contents = dict(issue.article_states.filter(digest__in=wanted).values_list("digest", "content"))
    sections = [
        section | {"articles": [contents[one] for one in section["articles"]]}
        for section in kept["sections"]
    ]
    return from_json(kept | {"sections": sections, "version": number}, Draft)


def steps(issue: Issue) -> list[Step]:
    """Return the acts that led from the first reading to the present state, those that were undone
    left out. Two queries for each."""
    numbers: list[int] = []
    by_number = {one.number: one for one in issue.revisions.defer("state")}
    number = by_number[issue.version].shows if issue.version in by_number else None
    while number is not None:
        revision = by_number[number]
        act = revision.act or {}
        if act.get("act") == "restore":
            number = by_number[act["number"]].shows
            continue
        numbers.append(number)
        number = revision.before
    found = []
    for number in reversed(numbers):
        revision = by_number[number]
        if revision.before is not None and (done := _act(revision)) is not None:
            found.append(Step(done, state(issue, revision.before), state(issue, number)))
    return found


def _act(revision: Revision) -> Act | None:
    """Return the act of a revision, None where it was none, such as reading again."""
    try:
        act: Act = msgspec.convert(revision.act, Act)
    except msgspec.ValidationError:
        return None
    return act


def record(issue: Issue, draft: Draft, *, at: datetime, **fields: Any) -> Revision:
    """Keep a state of an issue; of its articles those that no earlier state has."""
    contents = {_digest(content): content for content in map(to_json, draft.articles)}
    ArticleState.objects.bulk_create(
        (ArticleState(issue=issue, digest=key, content=one) for key, one in contents.items()),
        ignore_conflicts=True,
        batch_size=500,
    )
    return Revision.objects.create(
        issue=issue, number=draft.version, state=_state(draft), made_at=at, **fields
    )


def _state(draft: Draft) -> dict[str, Any]:
    sections = [
        to_json(replace(section, articles=()))
        | {"articles": [_digest(to_json(article)) for article in section.articles]}
        for section in draft.sections
    ]
    state: dict[str, Any] = to_json(replace(draft, sections=()))
    return state | {"sections": sections}


def _digest(content: Mapping[str, Any]) -> str:
    packed = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()[:32]
