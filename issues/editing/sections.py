"""Acts on a section, and on what an issue says of itself."""

from __future__ import annotations

from msgspec.structs import asdict, replace

from issues.editing import acts
from issues.editing.articles import as_blocks
from issues.editing.document import (
    Block,
    Draft,
    DraftArticle,
    DraftSection,
    inserted,
    new_key,
    section_at,
    spot_of_article,
    spot_of_section,
    with_sections,
)
from issues.editing.passages import MAX_SECTION_TITLE
from issues.editing.refusals import ActRefused, Refusal

MAX_FACTS = {"title": 200, "number": 120, "date": 40, "publisher": 200}


def divide(draft: Draft, act: acts.DivideSection) -> Draft:
    """Begin a section at an article. Raises Gone, ActRefused."""
    _check_title(act.title)
    spot = spot_of_article(draft, act.article)
    section = section_at(draft, spot)
    if spot.article == 0 and not section.title:
        return with_sections(draft, spot.section, replace(section, title=act.title.strip()))
    above = replace(section, articles=section.articles[: spot.article])
    below = DraftSection(
        key=new_key(draft), title=act.title.strip(), articles=section.articles[spot.article :]
    )
    return with_sections(draft, spot.section, above, below)


def edit(draft: Draft, act: acts.EditSection) -> Draft:
    """Give a section another title. Raises Gone, ActRefused."""
    _check_title(act.title)
    spot = spot_of_section(draft, act.section)
    return with_sections(
        draft, spot.section, replace(section_at(draft, spot), title=act.title.strip())
    )


def file(draft: Draft, act: acts.FileSection) -> Draft:
    """Say what a section is about. Raises Gone."""
    spot = spot_of_section(draft, act.section)
    filed = replace(
        section_at(draft, spot),
        topic=None if act.not_for_mailing else act.topic,
        not_for_mailing=act.not_for_mailing,
    )
    return with_sections(draft, spot.section, filed)


def move(draft: Draft, act: acts.MoveSection) -> Draft:
    """Move a section. Raises Gone, ActRefused."""
    if act.before == act.section:
        raise ActRefused(Refusal.NOTHING_CHANGED)
    spot = spot_of_section(draft, act.section)
    section = section_at(draft, spot)
    without = with_sections(draft, spot.section)
    at = spot_of_section(without, act.before).section if act.before else len(without.sections)
    return replace(without, sections=inserted(without.sections, at, section))


def merge(draft: Draft, act: acts.MergeSection) -> Draft:
    """Give the articles of a section to the one above; its title, if it has one, stays as the
    headline of its first article without one, or of an article of its own. Raises Gone,
    ActRefused."""
    spot = spot_of_section(draft, act.section)
    if spot.section == 0:
        raise ActRefused(Refusal.NOTHING_ABOVE)
    section, above = section_at(draft, spot), draft.sections[spot.section - 1]
    whole = replace(above, articles=(*above.articles, *_under_title(draft, section)))
    return with_sections(with_sections(draft, spot.section), spot.section - 1, whole)


def to_article(draft: Draft, act: acts.SectionToArticle) -> Draft:
    """Make one article of a section, its title the headline. Raises Gone."""
    spot = spot_of_section(draft, act.section)
    section = section_at(draft, spot)
    blocks: list[Block] = []
    growing = draft
    for article in section.articles:
        own = as_blocks(growing, article)
        blocks += own
        growing = _holding(growing, own)
    article = DraftArticle(
        key=new_key(draft),
        title=section.title,
        places=tuple(dict.fromkeys(place for one in section.articles for place in one.places)),
        blocks=tuple(blocks),
    )
    if spot.section == 0:
        return with_sections(draft, 0, replace(section, title="", topic=None, articles=(article,)))
    above = draft.sections[spot.section - 1]
    whole = replace(above, articles=(*above.articles, article))
    return with_sections(with_sections(draft, spot.section), spot.section - 1, whole)


def add(draft: Draft, act: acts.AddSection) -> Draft:
    """Add a section at the end. Raises ActRefused."""
    _check_title(act.title)
    new = DraftSection(key=new_key(draft), title=act.title.strip())
    return replace(draft, sections=(*draft.sections, new))


def edit_facts(draft: Draft, act: acts.EditFacts) -> Draft:
    """Give an issue another title, number, date or publisher. Raises ActRefused."""
    changes = {
        field: words.strip() for field in MAX_FACTS if (words := getattr(act, field)) is not None
    }
    if any(len(words) > MAX_FACTS[field] for field, words in changes.items()):
        raise ActRefused(Refusal.TOO_LONG)
    return replace(draft, facts=replace(draft.facts, **{**asdict(draft.facts), **changes}))


def _under_title(draft: Draft, section: DraftSection) -> tuple[DraftArticle, ...]:
    if not section.title:
        return section.articles
    if section.articles and not section.articles[0].title:
        return (replace(section.articles[0], title=section.title), *section.articles[1:])
    return (DraftArticle(key=new_key(draft), title=section.title), *section.articles)


def _holding(draft: Draft, blocks: tuple[Block, ...]) -> Draft:
    """Return a draft that holds the blocks too, so that their handles are not given again."""
    holder = DraftArticle(key=0, blocks=blocks)
    return replace(draft, sections=(*draft.sections, DraftSection(key=0, articles=(holder,))))


def _check_title(title: str) -> None:
    if len(title.strip()) > MAX_SECTION_TITLE:
        raise ActRefused(Refusal.TOO_LONG)
