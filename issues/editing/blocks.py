"""Acts on a block: what begins there, what it is, where it stands, what it says."""

from __future__ import annotations

from msgspec.structs import replace

from issues.editing import acts
from issues.editing.document import (
    Block,
    Draft,
    DraftArticle,
    DraftSection,
    Gone,
    Spot,
    article_at,
    block_at,
    has_anything,
    inserted,
    new_handles,
    new_key,
    section_at,
    spot_of_article,
    spot_of_block,
    with_articles,
    with_blocks,
    with_sections,
)
from issues.editing.passages import (
    MAX_HEADLINE,
    MAX_SECTION_TITLE,
    addresses,
    headline,
    of_kind,
    together,
)
from issues.editing.refusals import ActRefused, Refusal
from pdf_reading.issue_text import Heading, Place, StoredPassage


def begin_article(draft: Draft, act: acts.BeginArticle) -> Draft:
    """Cut an article in two at the block; a source line stays with the end of the text. Raises
    Gone."""
    spot = spot_of_block(draft, act.block)
    before, after = _cut(draft, spot)
    return with_articles(draft, spot, *((before, after) if has_anything(before) else (after,)))


def begin_section(draft: Draft, act: acts.BeginSection) -> Draft:
    """Cut a section in two at the block. Raises Gone, ActRefused."""
    spot = spot_of_block(draft, act.block)
    title = headline(block_at(draft, spot).passage, longest=MAX_SECTION_TITLE)
    if title is None:
        raise ActRefused(Refusal.TOO_LONG)
    section, article = section_at(draft, spot), article_at(draft, spot)
    rest = _without_first(draft, article.blocks[spot.block :])
    above = replace(
        article, blocks=article.blocks[: spot.block], source="" if rest else article.source
    )
    key = new_key(draft)
    opening = (_opened(draft, article, rest, key=key - 1),) if rest else ()
    kept = (above,) if has_anything(above) else ()
    return with_sections(
        draft,
        spot.section,
        replace(section, articles=(*section.articles[: spot.article], *kept)),
        DraftSection(
            key=key, title=title, articles=(*opening, *section.articles[spot.article + 1 :])
        ),
    )


def set_kind(draft: Draft, act: acts.SetKind) -> Draft:
    """Make a block of another kind; each entry of a list a block of its own. Raises Gone,
    ActRefused."""
    spot = spot_of_block(draft, act.block)
    block = block_at(draft, spot)
    return with_blocks(draft, spot, *_handled(draft, of_kind(block.passage, act.kind), block))


def join(draft: Draft, act: acts.Join) -> Draft:
    """Make one block of two, with the handle of the upper one. Raises Gone, ActRefused."""
    spot = spot_of_block(draft, act.block)
    if spot.block == 0:
        raise ActRefused(Refusal.NOTHING_ABOVE)
    block = block_at(draft, spot)
    above = Spot(spot.section, spot.article, spot.block - 1)
    upper = block_at(draft, above)
    whole = with_blocks(draft, spot)
    one = together(upper.passage, block.passage)
    return with_blocks(whole, above, replace(upper, passage=one))


def move(draft: Draft, act: acts.MoveBlock) -> Draft:
    """Move a block into an article. Raises Gone, ActRefused."""
    if act.before == act.block:
        raise ActRefused(Refusal.NOTHING_CHANGED)
    spot = spot_of_block(draft, act.block)
    block = block_at(draft, spot)
    without = with_blocks(draft, spot)
    there = spot_of_article(without, act.article)
    article = article_at(without, there)
    at = len(article.blocks)
    if act.before:
        before = spot_of_block(without, act.before)
        if (before.section, before.article) != (there.section, there.article):
            raise Gone
        at = before.block
    page, own = block.passage.page, {place.page for place in article.places}
    source = article_at(draft, spot)
    places = () if page in own else tuple(one for one in source.places if one.page == page)
    changed = replace(
        article, blocks=inserted(article.blocks, at, block), places=(*article.places, *places)
    )
    return with_articles(without, there, changed)


def edit(draft: Draft, act: acts.EditBlock) -> Draft:
    """Give a block other words. Raises Gone, ActRefused."""
    if not act.passages:
        raise ActRefused(Refusal.EMPTY)
    spot = spot_of_block(draft, act.block)
    return with_blocks(draft, spot, *_handled(draft, act.passages, block_at(draft, spot)))


def add(draft: Draft, act: acts.AddBlocks) -> Draft:
    """Add passages to an article. Raises Gone, ActRefused."""
    if not act.passages:
        raise ActRefused(Refusal.EMPTY)
    spot = spot_of_article(draft, act.article)
    article = article_at(draft, spot)
    at = 0
    if act.after:
        after = spot_of_block(draft, act.after)
        if (after.section, after.article) != (spot.section, spot.article):
            raise Gone
        at = after.block + 1
    new = _handled(draft, act.passages)
    return with_articles(draft, spot, replace(article, blocks=inserted(article.blocks, at, *new)))


def _cut(draft: Draft, spot: Spot) -> tuple[DraftArticle, DraftArticle]:
    article = article_at(draft, spot)
    above, below = article.blocks[: spot.block], article.blocks[spot.block :]
    before = replace(article, blocks=above, source="", confidence=1.0)
    before = replace(before, places=_places(article, above) or article.places)
    title = headline(below[0].passage, longest=MAX_HEADLINE)
    rest = below if title is None else _without_first(draft, below)
    after = DraftArticle(
        key=new_key(draft),
        title=title or "",
        source=article.source,
        places=_places(article, below),
        blocks=rest,
    )
    return before, after


def _opened(
    draft: Draft, article: DraftArticle, rest: tuple[Block, ...], *, key: int
) -> DraftArticle:
    """Return the article of what stands below a new section's title: a sub-heading heads it."""
    title = None
    if rest and isinstance(rest[0].passage, Heading):
        title = headline(rest[0].passage, longest=MAX_HEADLINE)
    return DraftArticle(
        key=key,
        title=title or "",
        source=article.source,
        places=_places(article, rest),
        blocks=rest if title is None else _without_first(draft, rest),
    )


def _without_first(draft: Draft, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks below one that became a headline, and the addresses that it led to."""
    handles = new_handles(draft)
    links = addresses(blocks[0].passage)
    return (*(Block(next(handles), one) for one in links), *blocks[1:])


def _places(article: DraftArticle, blocks: tuple[Block, ...]) -> tuple[Place, ...]:
    pages = {block.passage.page for block in blocks}
    return tuple(place for place in article.places if place.page in pages)


def _handled(
    draft: Draft, passages: tuple[StoredPassage, ...], first: Block | None = None
) -> tuple[Block, ...]:
    """Return the passages as blocks; the first keeps the handle of the block that it was."""
    handles = new_handles(draft)
    return tuple(
        Block(first.handle if first and n == 0 else next(handles), passage)
        for n, passage in enumerate(passages)
    )
