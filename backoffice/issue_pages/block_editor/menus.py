"""Menus of what can be done at a block, an article, a section: the presses of its menu.

The value of a press is the act as JSON, which the page sends back as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from issues.editing import acts
from issues.editing.acts import Act, BlockKind
from issues.editing.describing import name_of
from issues.editing.document import (
    Draft,
    DraftArticle,
    DraftSection,
    article_at,
    block_at,
    section_at,
    spot_of_article,
    spot_of_block,
    spot_of_section,
)
from pdf_reading.issue_text import (
    Heading,
    Listing,
    Paragraph,
    Quotation,
    from_json,
    to_json,
)

MAX_NAME = 60  # characters of an article in a list to choose from

TEXTS = Paragraph | Heading | Listing | Quotation


@dataclass(frozen=True, slots=True)
class Action:
    """A button: its label, the act, and the key that does the same at a block."""

    label: str
    value: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A list to choose from, and the button beside it: each option has a label and an act."""

    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """The presses of a part, and what can be chosen."""

    presses: tuple[Action, ...]
    choices: tuple[Choice, ...] = ()


def value_of(act: Act) -> str:
    """Return an act as the value of a button."""
    return json.dumps(to_json(act), ensure_ascii=False, separators=(",", ":"))


def act_of_value(value: str) -> Act:
    """Return the act of a button that was pressed. Raises ValueError, InvalidContent."""
    act: Act = from_json(json.loads(value), Act)  # type: ignore[arg-type]
    return act


def of_block(draft: Draft, handle: str) -> Menu:
    """Return what can be done at a block. Raises Gone."""
    spot = spot_of_block(draft, handle)
    article, passage = article_at(draft, spot), block_at(draft, spot).passage
    presses = [
        Action(_("An article begins here"), value_of(acts.BeginArticle(handle)), "a"),
    ]
    if isinstance(passage, Paragraph | Heading | Quotation):
        presses.append(Action(_("A section begins here"), value_of(acts.BeginSection(handle)), "s"))
    for kind, of_class, label, key in (
        (BlockKind.HEADING, Heading, _("Sub-heading"), "h"),
        (BlockKind.PARAGRAPH, Paragraph, _("Paragraph"), "p"),
        (BlockKind.LIST, Listing, _("List"), "l"),
        (BlockKind.QUOTATION, Quotation, _("Quotation"), "q"),
    ):
        if isinstance(passage, TEXTS) and not isinstance(passage, of_class):
            presses.append(Action(label, value_of(acts.SetKind(handle, kind)), key))
    if spot.block:
        presses.append(Action(_("Join to the one above"), value_of(acts.Join(handle)), "j"))
    if spot.block:
        above = article.blocks[spot.block - 1].handle
        act = acts.MoveBlock(handle, article.key, before=above)
        presses.append(Action(_("Up"), value_of(act), "u"))
    if spot.block + 1 < len(article.blocks):
        after = article.blocks[spot.block + 2 :][:1]
        act = acts.MoveBlock(handle, article.key, before=after[0].handle if after else "")
        presses.append(Action(_("Down"), value_of(act), "d"))
    presses.append(Action(_("Drop"), value_of(acts.DropBlock(handle)), "Delete"))
    moves = tuple(
        (label, value_of(acts.MoveBlock(handle, other.key)))
        for other, label in _articles(draft)
        if other is not article
    )
    return Menu(tuple(presses), (Choice(_("Move to the end of"), moves),) if moves else ())


def of_article(draft: Draft, key: int) -> Menu:
    """Return what can be done at an article. Raises Gone."""
    spot = spot_of_article(draft, key)
    section, article = section_at(draft, spot), article_at(draft, spot)
    siblings = section.articles
    presses = []
    if spot.article + 1 < len(siblings):
        presses.append(Action(_("Join the next article to it"), value_of(acts.MergeArticle(key))))
    presses.append(Action(_("A section begins here"), value_of(acts.DivideSection(key))))
    if article.not_for_mailing:
        presses.append(Action(_("Mail it again"), value_of(acts.MailArticle(key, mailed=True))))
    else:
        presses.append(Action(_("Not for mailing"), value_of(acts.MailArticle(key, mailed=False))))
    presses += _order(
        [one.key for one in siblings],
        spot.article,
        lambda before: acts.MoveArticle(key, section.key, before),
    )
    presses.append(Action(_("Drop"), value_of(acts.DropArticle(key))))
    moves = tuple(
        (_title(one), value_of(acts.MoveArticle(key, one.key)))
        for one in draft.sections
        if one is not section
    )
    return Menu(tuple(presses), (Choice(_("Move to the end of"), moves),) if moves else ())


def of_section(draft: Draft, key: int) -> Menu:
    """Return what can be done at a section. Raises Gone."""
    spot = spot_of_section(draft, key)
    presses = []
    if spot.section:
        presses.append(Action(_("Join to the section above"), value_of(acts.MergeSection(key))))
    presses.append(Action(_("Make it an article"), value_of(acts.SectionToArticle(key))))
    presses += _order(
        [one.key for one in draft.sections],
        spot.section,
        lambda before: acts.MoveSection(key, before),
    )
    presses.append(Action(_("Drop with its articles"), value_of(acts.DropSection(key))))
    moves = tuple(
        (_title(one), value_of(acts.MoveSection(key, one.key)))
        for one in draft.sections
        if one.key != key
    )
    return Menu(tuple(presses), (Choice(_("Move before"), moves),) if moves else ())


def _order(keys: Sequence[int], here: int, move: Callable[[int], Act]) -> Iterator[Action]:
    """Yield the presses that move something up and down among others."""
    if here:
        yield Action(_("Up"), value_of(move(keys[here - 1])))
    if here + 1 < len(keys):
        yield Action(_("Down"), value_of(move(keys[here + 2] if here + 2 < len(keys) else 0)))


def _articles(draft: Draft) -> Iterator[tuple[DraftArticle, str]]:
    for article in draft.articles:
        name = name_of(article) or _("(without a title)")
        yield article, name if len(name) <= MAX_NAME else name[: MAX_NAME - 1] + "…"


def _title(section: DraftSection) -> str:
    return section.title or _("(without a title)")
