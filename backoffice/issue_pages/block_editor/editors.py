"""Editing in place: the fields of a block, a headline, a section's title, an issue's facts; and
the act that a sent form is."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from msgspec import structs

from backoffice.issue_pages.block_editor import menus
from issues import markup, pictures
from issues.editing import acts
from issues.editing.acts import Act
from issues.editing.document import (
    Draft,
    Facts,
    Gone,
    article_at,
    block_at,
    section_at,
    spot_of_article,
    spot_of_block,
    spot_of_section,
)
from issues.issue_dates import check_date
from issues.models import Article, Issue, KeptText, Section
from pdf_reading.issue_text import InvalidContent, StoredFigure, StoredPassage

NAMES = ("text", "title", "subtitle", "source", "byline", "date", "number", "publisher")
HEAD = ("title", "subtitle", "source", "byline", "date")
MAX_KEY = 19  # digits of an id
MAX_ACT = 100_000  # bytes of an act's JSON


class NoAct(Exception):
    """The form that was sent is no act."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in the form and on the server, its label, what stands in it, and what is
    `stored` where somebody else changed that meanwhile (None: nobody did)."""

    name: str
    label: str
    value: str
    lines: int = 1
    longest: int | None = None
    stored: str | None = None
    was: str = ""


@dataclass(frozen=True, slots=True)
class Editor:
    """A form in the place of a part, or below it: `anchor`, made from the state `version` of an
    issue. `kept_at` is when the words in it were kept, that are not saved yet."""

    issue: int
    anchor: str
    value: str
    version: int
    fields: tuple[Field, ...]
    kept_at: datetime | None = None

    @property
    def part(self) -> str:
        """The anchor of the part that it belongs to."""
        kind, _dash, name = self.anchor.partition("-")
        return {"after": f"block-{name}", "start": f"title-{name}"}.get(kind, self.anchor)

    @property
    def multiline(self) -> bool:
        """Whether it has a text in the article markup."""
        return any(field.lines > 1 for field in self.fields)

    @property
    def token(self) -> str:
        """The name of the form, by which it acts once."""
        return secrets.token_hex(8)

    @property
    def in_conflict(self) -> bool:
        """Whether somebody else changed the same words."""
        return any(field.stored is not None for field in self.fields)


def of_part(
    issue: Issue, draft: Draft, anchor: str, *, kept: Mapping[str, KeptText] | None = None
) -> Editor:
    """Return the editor of a part; what was kept of it stands in it, made from the state that it
    was made from. Raises Gone."""
    act, fields = _fields(draft, anchor)
    texts = {
        field.name: found
        for field in fields
        if (found := (kept or {}).get(f"{anchor}:{field.name}")) is not None
    }
    return Editor(
        issue=issue.pk,
        anchor=anchor,
        value=menus.value_of(act),
        version=min([draft.version, *(one.version for one in texts.values())]),
        fields=tuple(
            _replaced(field, texts[field.name].text) if field.name in texts else field
            for field in fields
        ),
        kept_at=max((one.kept_at for one in texts.values()), default=None),
    )


def in_conflict(issue: Issue, draft: Draft, anchor: str, typed: Mapping[str, str]) -> Editor:
    """Return the editor of a part that somebody else changed: what was typed stands in its
    fields, what is stored beside. Raises Gone."""
    act, fields = _fields(draft, anchor)
    return Editor(
        issue=issue.pk,
        anchor=anchor,
        value=menus.value_of(act),
        version=draft.version,
        fields=tuple(
            _replaced(
                field,
                typed[field.name],
                stored=field.value if _line_ends(typed[field.name]) != field.value else None,
            )
            if field.name in typed
            else field
            for field in fields
        ),
    )


def act_of(sent: Mapping[str, str], *, base: Draft, issue: Issue) -> Act:
    """Return the act of a sent form about an issue, with the words of its fields; `base` is the
    state that it was made from. Raises NoAct, Gone, markup.NoSuchFigure."""
    act = _decoded(sent.get("act", ""))
    match act:
        case acts.EditBlock(block=handle):
            before = block_at(base, spot_of_block(base, handle)).passage
            return acts.EditBlock(handle, _passages(sent, (before,), issue))
        case acts.AddBlocks(article=key, after=after):
            article = article_at(base, spot_of_article(base, key))
            page = _page_of(base, after) if after else article.pages[0]
            return acts.AddBlocks(key, _on_page(_passages(sent, (), issue), page), after)
        case acts.EditArticle() | acts.EditSection() | acts.EditFacts() | acts.AddSection():
            return _with_words(act, sent)
        case acts.AddArticle(section=key):
            return acts.AddArticle(key, sent.get("title", ""))
        case acts.DivideSection(article=key):
            return acts.DivideSection(key, sent.get("title", ""))
        case acts.EditText():
            raise NoAct
        case acts.Several(acts=several):
            if any(isinstance(one, _WITH_PASSAGES) for one in several):
                raise NoAct
    return act


_WITH_PASSAGES = (acts.EditBlock, acts.AddBlocks, acts.EditText)


def anchor_of(act: Act) -> str:
    """Return the anchor of the part that an act of an editor is about; "" for others."""
    match act:
        case acts.EditBlock(block=handle):
            return f"block-{handle}"
        case acts.AddBlocks(article=key, after=after):
            return f"after-{after}" if after else f"start-{key}"
        case acts.EditArticle(article=key):
            return f"title-{key}"
        case acts.EditSection(section=key):
            return f"head-{key}"
        case acts.EditFacts():
            return "facts"
    return ""


def _decoded(text: str) -> Act:
    if not 0 < len(text) <= MAX_ACT:
        raise NoAct
    try:
        return menus.act_of_value(text)
    except (InvalidContent, ValueError, RecursionError) as error:
        raise NoAct from error


def _with_words(act: Act, sent: Mapping[str, str]) -> Act:
    """Return the act with the words of those fields that were sent and are not as they were."""
    names = [name for name in act.__struct_fields__ if name in sent]
    words = {name: " ".join(sent[name].split()) for name in names}
    changed = {
        name: value
        for name, value in words.items()
        if value != " ".join(sent.get(f"was-{name}", "\x00").split())
    }
    if isinstance(act, acts.EditFacts) and changed.get("date"):
        check_date(changed["date"])
    return type(act)(**{**_target(act), **(words if isinstance(act, _ONE_FIELD) else changed)})


_ONE_FIELD = (acts.EditSection, acts.AddSection)


def _target(act: Act) -> dict[str, Any]:
    return {name: getattr(act, name) for name in ("article", "section") if hasattr(act, name)}


def _passages(
    sent: Mapping[str, str], before: tuple[StoredPassage, ...], issue: Issue
) -> tuple[StoredPassage, ...]:
    return markup.read(sent.get("text", ""), before=before, pictures=pictures.of_issue(issue))


def _on_page(passages: tuple[StoredPassage, ...], page: int) -> tuple[StoredPassage, ...]:
    """Return new passages as of a page, but for pictures, which have their own."""
    return tuple(
        passage if isinstance(passage, StoredFigure) else structs.replace(passage, page=page)
        for passage in passages
    )


def _page_of(draft: Draft, handle: str) -> int:
    return block_at(draft, spot_of_block(draft, handle)).passage.page


def _fields(draft: Draft, anchor: str) -> tuple[Act, list[Field]]:
    kind, _dash, name = anchor.partition("-")
    if kind == "block":
        passage = block_at(draft, spot_of_block(draft, name)).passage
        text = markup.write([passage])
        lines = max(3, min(20, len(text) // 60 + text.count("\n") + 1))
        return acts.EditBlock(name, ()), [Field("text", _("Text"), text, lines, was=text)]
    if kind == "after":
        spot = spot_of_block(draft, name)
        act = acts.AddBlocks(article_at(draft, spot).key, (), after=name)
        return act, [Field("text", _("Text"), "", 4)]
    if kind == "start":
        key = article_at(draft, spot_of_article(draft, key_of(name))).key
        return acts.AddBlocks(key, ()), [Field("text", _("Text"), "", 4)]
    if kind == "title":
        article = article_at(draft, spot_of_article(draft, key_of(name)))
        return acts.EditArticle(article.key), [_column(Article, one, article) for one in HEAD]
    if kind == "head":
        section = section_at(draft, spot_of_section(draft, key_of(name)))
        return acts.EditSection(section.key, ""), [_column(Section, "title", section)]
    if anchor == "facts":
        return acts.EditFacts(), [
            _column(Issue, one, draft.facts) for one in Facts.__struct_fields__
        ]
    raise Gone


def _column(model: type[Any], name: str, thing: Any) -> Field:
    column = model._meta.get_field(name)
    label = str(column.verbose_name)
    value = getattr(thing, name)
    return Field(name, label[:1].upper() + label[1:], value, 1, column.max_length, was=value)


def _replaced(field: Field, value: str, stored: str | None = None) -> Field:
    return dataclasses.replace(field, value=value, stored=stored)


def _line_ends(text: str) -> str:
    """Write line ends as they are stored: browsers send CR LF (HTML, 4.10.21.8)."""
    return text.replace("\r\n", "\n")


def key_of(text: str) -> int:
    """Return the key in an anchor. Raises Gone where it is none."""
    if not (text.isascii() and text.isdecimal() and len(text) < MAX_KEY):
        raise Gone
    return int(text)
