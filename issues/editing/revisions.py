"""The revisions of an issue: each state that an act led to, kept, read back, and the acts between
them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
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
    parts = [*_articles(kept), *kept["remnants"], *kept["bin"]]
    wanted = {one for one in parts if isinstance(one, str)}
    contents = dict(issue.article_states.filter(digest__in=wanted).values_list("digest", "content"))

    def whole(found: list[Any]) -> list[Any]:
        """Remnants and the bin stand in the states of earlier versions as they are."""
        return [contents[one] if isinstance(one, str) else one for one in found]

    sections = [one | {"articles": whole(one["articles"])} for one in kept["sections"]]
    rest = {name: whole(kept[name]) for name in ("remnants", "bin")}
    return from_json(kept | rest | {"sections": sections, "version": number}, Draft)


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
    """Keep a state of an issue; of its parts those that no earlier state has: an act weighs what it
    changes, however long the issue is."""
    contents: dict[str, Any] = {}
    state = _state(draft, contents)
    kept = issue.article_states.filter(digest__in=contents).values_list("digest", flat=True)
    new = contents.keys() - set(kept)
    ArticleState.objects.bulk_create(
        (ArticleState(issue=issue, digest=one, content=contents[one]) for one in new),
        ignore_conflicts=True,
        batch_size=500,
    )
    return Revision.objects.create(
        issue=issue, number=draft.version, state=state, made_at=at, **fields
    )


def _state(draft: Draft, contents: dict[str, Any]) -> dict[str, Any]:
    """Return a draft as JSON, its articles, remnants and bin by the digests under which their
    `contents` are put."""

    def digests(parts: Iterable[Struct]) -> list[str]:
        found = [(_digest(content), content) for content in map(to_json, parts)]
        contents.update(found)
        return [digest for digest, _content in found]

    sections = [
        to_json(replace(section, articles=())) | {"articles": digests(section.articles)}
        for section in draft.sections
    ]
    parts = {"remnants": digests(draft.remnants), "bin": digests(draft.bin)}
    state: dict[str, Any] = to_json(replace(draft, sections=(), remnants=(), bin=()))
    return state | {"sections": sections, **parts}


def _articles(state: Mapping[str, Any]) -> list[str]:
    return [one for section in state["sections"] for one in section["articles"]]


def _digest(content: Any) -> str:
    packed = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(packed.encode()).hexdigest()[:32]
