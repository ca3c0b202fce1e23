"""The article intro, between a headline and its text: subtitle, source, byline, date."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile

from pdf_reading.account import Destination
from pdf_reading.content.article_claims import Claims
from pdf_reading.content.parts import Part
from pdf_reading.glyphs.normalisation import joined
from pdf_reading.issue_text import Passage
from pdf_reading.layout.lines import Face, Line
from pdf_reading.lexicon import byline, date_line, is_numbered, is_subtitle, mark, source_name
from pdf_reading.lexicon.people import are_people
from pdf_reading.structure.headings import Headline, like

MAX_LINES = 3  # of a subtitle


@dataclass(slots=True)
class Body:
    """The parts of one article as they are collected."""

    passages: list[Passage] = field(default_factory=list)
    subtitle: str = ""
    source: str = ""
    byline: str = ""
    date: str = ""
    claims: Claims = field(default_factory=Claims)


def with_intro(parts: list[Part], body: Body, *, face: Face) -> list[Part]:
    """Move the intro of an article into `body`. Returns the parts below it, with text in `face`."""
    parts = _author(_under_headline(_author(parts, body), body), body)
    return _credits(_standfirst(parts, body, face=face), body)


def _author(parts: list[Part], body: Body) -> list[Part]:
    """Take the names of who wrote it: alone on the first line, and no list of names."""
    if len(parts) < 2 or body.byline:
        return parts
    first, second = parts[:2]
    if not (isinstance(first, (Line, Headline)) and are_people(first.text)):
        return parts
    if not isinstance(second, (Line, Headline)) or are_people(second.text):
        return parts
    body.byline = first.text
    body.claims.take(Destination.CREDIT, first)
    return parts[1:]


def _under_headline(parts: list[Part], body: Body) -> list[Part]:
    """Take the subtitle: set apart right below the headline, in a style of its own."""
    heads = [part for part in parts if isinstance(part, Headline)]
    if not heads or parts[0] is not heads[0] or is_numbered(heads[0].text):
        return parts
    if any(like(head.face, heads[0].face) for head in heads[1:]):
        return parts
    body.subtitle = heads[0].text
    body.claims.take(Destination.SUBTITLE, heads[0])
    return parts[1:]


def _standfirst(parts: list[Part], body: Body, *, face: Face) -> list[Part]:
    """Take a subtitle that differs from the text by its type alone and is no sentence."""
    lines = list(takewhile(lambda part: isinstance(part, Line) and not part.inset, parts))
    run = [line for line in lines if isinstance(line, Line)][: MAX_LINES + 1]
    opening = list(takewhile(lambda line: line.face == run[0].face, run))
    text = ""
    for line in opening:
        text = joined(text, line.text)
    if body.subtitle or not opening or opening == run or not _is_set_otherwise(opening[0], face):
        return parts
    if (
        text[-1] in ".。:：;；!！"
        or _fact(text)
        or mark(text)
        or any(line.links for line in opening)
    ):
        return parts
    body.subtitle = text
    for line in opening:
        body.claims.take(Destination.SUBTITLE, line)
    return parts[len(opening) :]


def _is_set_otherwise(line: Line, face: Face) -> bool:
    """In other type than the text: a family counts if both are of one script."""
    if abs(line.face.size - face.size) >= 0.5 or line.face.bold != face.bold:
        return True
    scripts = {family.startswith("latin:") for family in (line.face.family, face.family)}
    return len(scripts) == 1 and line.face.family != face.family


def _credits(parts: list[Part], body: Body) -> list[Part]:
    """Take subtitle, source, byline and date from the first lines below a headline."""
    index = 0
    while index < min(4, len(parts)):
        part = parts[index]
        if not isinstance(part, (Line, Headline)) or not _credit(part, body, first=index == 0):
            break
        index += 1
    return parts[index:]


def _credit(part: Line | Headline, body: Body, *, first: bool) -> bool:
    if first and not (body.subtitle or is_numbered(part.text)) and is_subtitle(part.text):
        body.subtitle = part.text
        body.claims.take(Destination.SUBTITLE, part)
        return True
    pieces = [
        p
        for p in re.split(
            r"\s*[|｜]\s*|\s{2,}|\s+(?=(?:来源|作者|记者|日期|时间|文)\s*[:：/])|(?<=[^\s])\s+(?=\d{4}[年./-])",
            part.text,
        )
        if p
    ]
    facts = dict(fact for piece in pieces if (fact := _fact(piece)))
    if len(part.text) > 80 or len(facts) < len(pieces):
        return False
    if any(getattr(body, kind) for kind in facts):
        return False  # the second of its kind is text
    for kind, value in facts.items():
        setattr(body, kind, value)
    body.claims.take_credit(part, facts.values())
    return True


def _fact(piece: str) -> tuple[str, str] | None:
    if name := source_name(piece):
        return "source", name
    if date := date_line(piece):
        return "date", date
    if name := byline(piece):
        return "byline", name
    return None
