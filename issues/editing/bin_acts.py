"""Acts on the bin and on text in no article: dropping, taking back, taking in."""

from __future__ import annotations

from msgspec.structs import replace

from issues.editing import acts
from issues.editing.document import (
    Binned,
    Block,
    Draft,
    DraftArticle,
    DraftSection,
    Gone,
    Remnant,
    Spot,
    Thing,
    article_at,
    block_at,
    inserted,
    new_handles,
    new_key,
    section_at,
    spot_of_article,
    spot_of_block,
    spot_of_section,
    with_articles,
    with_blocks,
    with_sections,
)
from pdf_reading.issue_text import Paragraph

CONFIDENCE = 0.4  # of text that nobody gave a headline yet


def drop_block(draft: Draft, act: acts.DropBlock) -> Draft:
    """Put a block into the bin. Raises Gone."""
    spot = spot_of_block(draft, act.block)
    article = article_at(draft, spot)
    kept = _binned(draft, block_at(draft, spot), within=article.key, at=spot.block)
    return with_blocks(kept, spot)


def drop_article(draft: Draft, act: acts.DropArticle) -> Draft:
    """Put an article into the bin. Raises Gone."""
    spot = spot_of_article(draft, act.article)
    section = section_at(draft, spot)
    kept = _binned(draft, article_at(draft, spot), within=section.key, at=spot.article)
    return with_articles(kept, spot)


def drop_section(draft: Draft, act: acts.DropSection) -> Draft:
    """Put a section into the bin, with its articles. Raises Gone."""
    spot = spot_of_section(draft, act.section)
    kept = _binned(draft, section_at(draft, spot), within=0, at=spot.section)
    return with_sections(kept, spot.section)


def drop_remnant(draft: Draft, act: acts.DropRemnant) -> Draft:
    """Put text that is in no article into the bin. Raises Gone."""
    remnant = _remnant(draft, act.remnant)
    at = draft.remnants.index(remnant)
    kept = _binned(draft, remnant, within=0, at=at)
    return _without(kept, remnant)


def take_back(draft: Draft, act: acts.TakeBack) -> Draft:
    """Put what is in the bin back to where it was; where that is gone, to the end. Raises
    Gone."""
    binned = next((one for one in draft.bin if one.key == act.binned), None)
    if binned is None:
        raise Gone
    rest = replace(draft, bin=tuple(one for one in draft.bin if one.key != act.binned))
    match binned.thing:
        case Block() as block:
            return _with_block(draft, rest, block, binned)
        case DraftArticle() as article:
            return _with_article(draft, rest, article, binned)
        case DraftSection() as section:
            return replace(rest, sections=inserted(rest.sections, binned.at, section))
        case Remnant() as remnant:
            return replace(rest, remnants=inserted(rest.remnants, binned.at, remnant))


def take_in(draft: Draft, act: acts.TakeIn) -> Draft:
    """Make an article of text that is in none, or the end of one. Raises Gone."""
    remnant = _remnant(draft, act.remnant)
    handles = new_handles(draft)
    page = remnant.page
    blocks = tuple(
        Block(next(handles), Paragraph(text, page)) for text in remnant.text.split("\n\n")
    )
    rest = _without(draft, remnant)
    if act.article:
        spot = spot_of_article(draft, act.article)
        article = article_at(draft, spot)
        longer = replace(
            article,
            blocks=(*article.blocks, *blocks),
            places=(*article.places, *remnant.places),
        )
        return with_articles(rest, spot, longer)
    new = DraftArticle(
        key=new_key(draft), places=remnant.places, blocks=blocks, confidence=CONFIDENCE
    )
    return _behind(rest, new, page=page)


def _behind(draft: Draft, new: DraftArticle, *, page: int) -> Draft:
    """Put an article behind the last one that begins on its page or before."""
    spots = [
        Spot(n, m)
        for n, section in enumerate(draft.sections)
        for m, article in enumerate(section.articles)
        if article.pages[0] <= page
    ]
    if spots:
        return with_articles(draft, spots[-1], article_at(draft, spots[-1]), new)
    if not draft.sections:
        return replace(draft, sections=(DraftSection(key=new.key - 1, articles=(new,)),))
    first = draft.sections[0]
    return with_sections(draft, 0, replace(first, articles=(new, *first.articles)))


def _with_block(before: Draft, rest: Draft, block: Block, binned: Binned) -> Draft:
    try:
        spot = spot_of_article(rest, binned.within)
    except Gone:
        alone = DraftArticle(key=new_key(before), blocks=(block,))
        return _behind(rest, alone, page=block.passage.page)
    article = article_at(rest, spot)
    return with_articles(
        rest, spot, replace(article, blocks=inserted(article.blocks, binned.at, block))
    )


def _with_article(before: Draft, rest: Draft, article: DraftArticle, binned: Binned) -> Draft:
    try:
        spot = spot_of_section(rest, binned.within)
    except Gone:
        if rest.sections:
            spot = Spot(len(rest.sections) - 1)
        else:
            alone = DraftSection(key=new_key(before), articles=(article,))
            return replace(rest, sections=(alone,))
    section = section_at(rest, spot)
    return with_sections(
        rest,
        spot.section,
        replace(section, articles=inserted(section.articles, binned.at, article)),
    )


def _binned(draft: Draft, thing: Thing, *, within: int, at: int) -> Draft:
    used = {one.key for one in draft.bin}
    key = next(one for one in new_handles(draft) if one not in used)
    return replace(draft, bin=(*draft.bin, Binned(key=key, thing=thing, within=within, at=at)))


def _remnant(draft: Draft, key: int) -> Remnant:
    for remnant in draft.remnants:
        if remnant.key == key:
            return remnant
    raise Gone


def _without(draft: Draft, remnant: Remnant) -> Draft:
    return replace(draft, remnants=tuple(one for one in draft.remnants if one is not remnant))
