"""A draft out of the tables, and back into them: what changed, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from msgspec.structs import asdict, replace

from issues.editing.document import (
    Binned,
    Block,
    Draft,
    DraftArticle,
    DraftSection,
    Facts,
    Remnant,
)
from issues.models import Article, BinEntry, Issue, Piece, Section
from pdf_reading.issue_text import InvalidContent, from_json, to_json
from publications.models import Topic

WORDS = ("title", "subtitle", "source", "byline", "date")  # of an article
CONTENT = ("passages", "handles", "places", "first_page", "last_page")
WITHDRAWAL = ("withdrawn_at", "withdrawal")  # no editing changes it


def load(issue: Issue) -> Draft:
    """Return the draft of an issue. Five queries."""
    articles: dict[int, list[DraftArticle]] = {}
    rows = Article.objects.filter(section__issue=issue).order_by("section", "position", "pk")
    for row in rows:
        articles.setdefault(row.section_id, []).append(_article(row))
    return Draft(
        version=issue.version,
        files=tuple(issue.files.in_use().values_list("pk", flat=True)),
        facts=Facts(**{name: getattr(issue, name) for name in Facts.__struct_fields__}),
        sections=tuple(
            DraftSection(
                key=row.pk,
                title=row.title,
                topic=row.topic_id,
                not_for_mailing=row.not_for_mailing,
                articles=tuple(articles.get(row.pk, ())),
            )
            for row in issue.sections.order_by("position", "pk")
        ),
        remnants=tuple(Remnant(row.pk, row.places, row.text) for row in issue.pieces.all()),
        bin=tuple(from_json(row.content, Binned) for row in issue.bin_entries.all()),
    )


def save(issue: Issue, before: Draft, after: Draft, *, at: datetime) -> Draft:
    """Write what differs between two states of an issue; the caller has locked it.

    Returns the draft with the ids of the new rows. What comes back has the id that it had.
    """
    after = _with_known_topics(issue, before, after)
    after = _with_section_rows(issue, before, after)
    after = _with_article_rows(before, after)
    _forget_rows(before, after)
    _save_remnants(issue, before, after)
    _save_bin(issue, before, after, at=at)
    changes = asdict(after.facts) if after.facts != before.facts else {}
    if after.files != before.files:
        changes["page_count"] = _put_files_in_use(issue, after.files)
    for name, value in changes.items():
        setattr(issue, name, value)
    issue.version = after.version
    issue.save(update_fields=["version", *changes])
    return after


def number(issue: Issue) -> None:
    """Number sections, articles and remnants from 1, as acts count them. Writes what differs."""
    for rows in (issue.sections.all(), issue.pieces.all()):
        _number(rows.order_by("position", "pk"))
    articles = Article.objects.filter(section__issue=issue).only("section", "position")
    by_section: dict[int, list[Article]] = {}
    for article in articles.order_by("position", "pk"):
        by_section.setdefault(article.section_id, []).append(article)
    for found in by_section.values():
        _number(found)


def _number(rows: Iterable[Any]) -> None:
    wrong = []
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position
            wrong.append(row)
    if wrong:
        type(wrong[0])._default_manager.bulk_update(wrong, ["position"], batch_size=500)


def handles_of(article: Article) -> list[str]:
    """Return the handles of an article's passages: of one that nobody edited, by its id."""
    if len(article.handles) == len(article.passages):
        return list(article.handles)
    return [f"r{article.pk}-{n}" for n in range(1, len(article.passages) + 1)]


def _article(row: Article) -> DraftArticle:
    try:
        blocks = tuple(map(Block, handles_of(row), row.passages))
        places, damaged = row.places, False
    except InvalidContent:
        blocks, places, damaged = (), (), True
    return DraftArticle(
        key=row.pk,
        **{name: getattr(row, name) for name in WORDS},
        places=places,
        confidence=row.confidence,
        not_for_mailing=row.not_for_mailing,
        damaged=damaged,
        blocks=blocks,
    )


def _with_known_topics(issue: Issue, before: Draft, after: Draft) -> Draft:
    """Return the draft without topics that were deleted since it was in that state."""
    known = {section.topic for section in before.sections}
    asked = {one.topic for one in after.sections if one.topic is not None} - known
    if not asked:
        return after
    there = set(
        Topic.objects.filter(bulletin=issue.bulletin_id, pk__in=asked).values_list("pk", flat=True)
    )
    return replace(
        after,
        sections=tuple(
            one if one.topic in known | there else replace(one, topic=None)
            for one in after.sections
        ),
    )


def _with_section_rows(issue: Issue, before: Draft, after: Draft) -> Draft:
    """Write the sections that are new, are back or changed. Returns the draft with their ids."""
    was = {one.key: (n, one) for n, one in enumerate(before.sections, start=1)}
    sections = []
    for position, section in enumerate(after.sections, start=1):
        if section.key in was and _same_section(was[section.key], (position, section)):
            sections.append(section)
            continue
        row = Section(
            pk=section.key if section.key > 0 else None,
            issue=issue,
            position=position,
            title=section.title,
            topic_id=section.topic,
            not_for_mailing=section.not_for_mailing,
        )
        row.save(force_insert=section.key not in was, force_update=section.key in was)
        sections.append(replace(section, key=row.pk))
    return replace(after, sections=tuple(sections))


def _same_section(one: tuple[int, DraftSection], other: tuple[int, DraftSection]) -> bool:
    return one[0] == other[0] and replace(one[1], articles=()) == replace(other[1], articles=())


def _with_article_rows(before: Draft, after: Draft) -> Draft:
    """Write the articles that are new, are back or changed. Returns the draft with their ids."""
    was = {place[2].key: place for place in _placed(before)}
    keys: dict[int, int] = {}
    moved: dict[tuple[int, int], list[int]] = {}
    for section, position, article in _placed(after):
        old = was.get(article.key)
        if old is None:
            row = _row(section, position, article)
            row.save(force_insert=True)
            keys[article.key] = row.pk
        elif old[2] != article:
            kept = {"id", *WITHDRAWAL, *(CONTENT if article.damaged else ())}
            fields = [one.name for one in Article._meta.fields if one.name not in kept]
            _row(section, position, article).save(force_update=True, update_fields=fields)
        elif old[:2] != (section, position):
            moved.setdefault((section, position - old[1]), []).append(article.key)
    for (section, by), rows in moved.items():
        Article.objects.filter(pk__in=rows).update(section=section, position=F("position") + by)
    return _with_keys(after, keys)


def _placed(draft: Draft) -> Iterator[tuple[int, int, DraftArticle]]:
    for section in draft.sections:
        for position, article in enumerate(section.articles, start=1):
            yield section.key, position, article


def _row(section: int, position: int, article: DraftArticle) -> Article:
    first, last = article.pages
    return Article(
        pk=article.key if article.key > 0 else None,
        section_id=section,
        position=position,
        **{name: getattr(article, name) for name in WORDS},
        passages=tuple(block.passage for block in article.blocks),
        handles=[block.handle for block in article.blocks],
        places=article.places,
        first_page=first,
        last_page=last,
        confidence=article.confidence,
        not_for_mailing=article.not_for_mailing,
    )


def _with_keys(draft: Draft, keys: Mapping[int, int]) -> Draft:
    if not keys:
        return draft
    return replace(
        draft,
        sections=tuple(
            replace(
                section,
                articles=tuple(
                    replace(one, key=keys.get(one.key, one.key)) for one in section.articles
                ),
            )
            for section in draft.sections
        ),
    )


def _forget_rows(before: Draft, after: Draft) -> None:
    articles = {one.key for one in before.articles} - {one.key for one in after.articles}
    Article.objects.filter(pk__in=articles).delete()
    sections = {one.key for one in before.sections} - {one.key for one in after.sections}
    Section.objects.filter(pk__in=sections).delete()


def _put_files_in_use(issue: Issue, files: Iterable[int]) -> int:
    """Make an issue of these of its files. Returns how many pages they have."""
    issue.files.update(position=0)
    for position, pk in enumerate(files, start=1):
        issue.files.filter(pk=pk).update(position=position)
    return sum(issue.files.in_use().values_list("page_count", flat=True))


def _save_remnants(issue: Issue, before: Draft, after: Draft) -> None:
    if before.remnants == after.remnants:
        return
    was, now = {one.key for one in before.remnants}, {one.key for one in after.remnants}
    Piece.objects.filter(pk__in=was - now).delete()
    rows = [
        Piece(pk=one.key, issue=issue, position=n, places=one.places, text=one.text)
        for n, one in enumerate(after.remnants, start=1)
    ]
    Piece.objects.bulk_create(row for row in rows if row.pk not in was)
    Piece.objects.bulk_update((row for row in rows if row.pk in was), ["position"])


def _save_bin(issue: Issue, before: Draft, after: Draft, *, at: datetime) -> None:
    was, now = {one.key for one in before.bin}, {one.key for one in after.bin}
    issue.bin_entries.filter(key__in=was - now).delete()
    BinEntry.objects.bulk_create(
        BinEntry(issue=issue, key=one.key, content=to_json(one), dropped_at=at)
        for one in after.bin
        if one.key not in was
    )
