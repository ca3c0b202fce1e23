"""Editing in place: the fields of a block, a headline, a section's title, an issue's facts."""

from __future__ import annotations

import dataclasses
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from backoffice.issue_pages.block_editor import anchors, menus
from issues import markup
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
from issues.models import Article, Issue, KeptText, Section

NAMES = ("text", "title", "subtitle", "source", "byline", "date", "number", "publisher")
HEAD = ("title", "subtitle", "source", "byline", "date")


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
        return anchors.part_of(self.anchor)

    @property
    def address(self) -> str:
        """The page of the issue with this editor open."""
        here = reverse("admin:issues_issue_change", args=(self.issue,))
        query = urlencode({"at": self.part, "open": anchors.how_to_open(self.anchor)})
        return f"{here}?{query}#{self.part}"

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


def of_form(issue: int, sent: Mapping[str, str]) -> Editor:
    """Return the editor that a form was sent from, with what is written in it; nothing is looked
    up. Raises Gone where it is of none."""
    anchor = sent.get("anchor", "")
    kind = anchor.partition("-")[0]
    if kind not in _NAMES or not _ANCHOR.fullmatch(anchor):
        raise Gone
    return Editor(
        issue=issue,
        anchor=anchor,
        value=sent.get("act", ""),
        version=anchors.key_of(sent.get("version", "")),
        fields=tuple(
            _replaced(_field(kind, name, sent.get(f"was-{name}", "")), sent[name])
            for name in _NAMES[kind]
            if name in sent
        ),
    )


_ANCHOR = re.compile("[A-Za-z0-9-]{1,60}")
_NAMES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("block", "after", "start"), ("text",)),
    "title": HEAD,
    "head": ("title",),
    "facts": Facts.__struct_fields__,
}


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


def _fields(draft: Draft, anchor: str) -> tuple[Act, list[Field]]:
    kind, _dash, name = anchor.partition("-")
    if kind == "block":
        passage = block_at(draft, spot_of_block(draft, name)).passage
        return acts.EditBlock(name, ()), [_field(kind, "text", markup.write([passage]))]
    if kind == "after":
        spot = spot_of_block(draft, name)
        act = acts.AddBlocks(article_at(draft, spot).key, (), after=name)
        return act, [_field(kind, "text", "")]
    if kind == "start":
        key = article_at(draft, spot_of_article(draft, anchors.key_of(name))).key
        return acts.AddBlocks(key, ()), [_field(kind, "text", "")]
    if kind == "title":
        article = article_at(draft, spot_of_article(draft, anchors.key_of(name)))
        return acts.EditArticle(article.key), [
            _field(kind, one, getattr(article, one)) for one in HEAD
        ]
    if kind == "head":
        section = section_at(draft, spot_of_section(draft, anchors.key_of(name)))
        return acts.EditSection(section.key, ""), [_field(kind, "title", section.title)]
    if anchor == "facts":
        return acts.EditFacts(), [
            _field(kind, one, getattr(draft.facts, one)) for one in Facts.__struct_fields__
        ]
    raise Gone


_MODELS: dict[str, type[Model]] = {"title": Article, "head": Section, "facts": Issue}


def _field(kind: str, name: str, value: str) -> Field:
    """Return a field of an editor of a kind, with what is stored in it."""
    if name == "text":
        lines = max(4, min(20, len(value) // 60 + value.count("\n") + 1))
        return Field(name, _("Text"), value, lines, was=value)
    column: Any = _MODELS[kind]._meta.get_field(name)
    label = str(column.verbose_name)
    return Field(name, label[:1].upper() + label[1:], value, 1, column.max_length, was=value)


def _replaced(field: Field, value: str, stored: str | None = None) -> Field:
    return dataclasses.replace(field, value=value, stored=stored)


def _line_ends(text: str) -> str:
    """Write line ends as they are stored: browsers send CR LF (HTML, 4.10.21.8)."""
    return text.replace("\r\n", "\n")
