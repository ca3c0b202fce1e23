"""Acts on an article: its headline and text, with what it goes together, where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from issues.editing import acts
from issues.editing.document import (
    Block,
    Draft,
    DraftArticle,
    Gone,
    Spot,
    article_at,
    inserted,
    new_handles,
    new_key,
    section_at,
    spot_of_article,
    spot_of_section,
    with_articles,
    with_sections,
)
from issues.editing.passages import MAX_HEADLINE
from issues.editing.refusals import ActRefused, Refusal
from issues.unmoved import unmoved
from pdf_reading.issue_text import Heading, Paragraph, to_json

MAX_LENGTHS = {"title": MAX_HEADLINE, "subtitle": 500, "source": 300, "byline": 300, "date": 40}


def edit(draft: Draft, act: acts.EditArticle) -> Draft:
    """Give an article another headline and what stands about it. Raises Gone, ActRefused."""
    spot = spot_of_article(draft, act.article)
    changes = {field: words for field in MAX_LENGTHS if (words := getattr(act, field)) is not None}
    if any(len(words) > MAX_LENGTHS[field] for field, words in changes.items()):
        raise ActRefused(Refusal.TOO_LONG)
    article = replace(article_at(draft, spot), **changes)
    if not (article.title or article.blocks):
        raise ActRefused(Refusal.EMPTY)
    return with_articles(draft, spot, replace(article, confidence=1.0))


def edit_text(draft: Draft, act: acts.EditText) -> Draft:
    """Give an article another text; a passage that stays the same keeps its handle. Raises Gone,
    ActRefused."""
    spot = spot_of_article(draft, act.article)
    article = article_at(draft, spot)
    if not (act.passages or article.title):
        raise ActRefused(Refusal.EMPTY)
    return with_articles(
        draft, spot, replace(article, blocks=rehandled(draft, article, act), confidence=1.0)
    )


def rehandled(draft: Draft, article: DraftArticle, act: acts.EditText) -> tuple[Block, ...]:
    """Return the new text as blocks, with the handles of those that are the same."""
    was = [repr(to_json(block.passage)) for block in article.blocks]
    same = unmoved(was, [repr(to_json(passage)) for passage in act.passages])
    handles = new_handles(draft)
    return tuple(
        Block(article.blocks[same[n]].handle if n in same else next(handles), passage)
        for n, passage in enumerate(act.passages)
    )


def merge(draft: Draft, act: acts.MergeArticle) -> Draft:
    """Make the next article of the section the end of this one. Raises Gone,
    ActRefused."""
    spot = spot_of_article(draft, act.article)
    article, section = article_at(draft, spot), section_at(draft, spot)
    if spot.article + 1 == len(section.articles):
        raise ActRefused(Refusal.NOTHING_BELOW)
    below = Spot(spot.section, spot.article + 1)
    following = article_at(draft, below)
    lines = _lines_of(draft, following, keeps_source=bool(article.source))
    merged = replace(
        article,
        source=article.source or following.source,
        places=(*article.places, *(one for one in following.places if one not in article.places)),
        blocks=(*article.blocks, *lines, *following.blocks),
        confidence=1.0,
    )
    return with_articles(with_articles(draft, below), spot, merged)


def move(draft: Draft, act: acts.MoveArticle) -> Draft:
    """Move an article. Raises Gone, ActRefused."""
    if act.before == act.article:
        raise ActRefused(Refusal.NOTHING_CHANGED)
    spot = spot_of_article(draft, act.article)
    article = article_at(draft, spot)
    without = with_articles(draft, spot)
    there = spot_of_section(without, act.section)
    section = section_at(without, there)
    at = len(section.articles)
    if act.before:
        before = spot_of_article(without, act.before)
        if before.section != there.section:
            raise Gone
        at = before.article
    changed = replace(section, articles=inserted(section.articles, at, article))
    return with_sections(without, there.section, changed)


def mail(draft: Draft, act: acts.MailArticle) -> Draft:
    """Say whether an article is mailed. Raises Gone."""
    spot = spot_of_article(draft, act.article)
    article = replace(article_at(draft, spot), not_for_mailing=not act.mailed)
    return with_articles(draft, spot, article)


def add(draft: Draft, act: acts.AddArticle) -> Draft:
    """Add an article at the end of a section. Raises Gone, ActRefused."""
    if not act.title.strip():
        raise ActRefused(Refusal.EMPTY)
    if len(act.title) > MAX_HEADLINE:
        raise ActRefused(Refusal.TOO_LONG)
    spot = spot_of_section(draft, act.section)
    section = section_at(draft, spot)
    new = DraftArticle(key=new_key(draft), title=act.title.strip())
    return with_sections(draft, spot.section, replace(section, articles=(*section.articles, new)))


def as_blocks(draft: Draft, article: DraftArticle) -> tuple[Block, ...]:
    """Return a whole article as blocks: its headline as a sub-heading, the lines about it as
    paragraphs."""
    return (
        *_lines_of(draft, article, keeps_source=True),
        *article.blocks,
    )


def _lines_of(draft: Draft, article: DraftArticle, *, keeps_source: bool) -> Iterator[Block]:
    page = article.pages[0]
    handles = new_handles(draft)
    if article.title:
        yield Block(next(handles), Heading(article.title, page))
    lines = [article.subtitle, article.byline, article.date]
    for words in filter(None, [*lines, article.source if keeps_source else ""]):
        yield Block(next(handles), Paragraph(words, page))
