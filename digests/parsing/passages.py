"""What stands under a headline: paragraphs, sub-headings, lists, figures, tables, and the lines
that say where an article is from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from digests.parsing.geometry import Box
from digests.parsing.headings import Headline, like
from digests.parsing.letters import joined
from digests.parsing.lines import Face, Inset, Line
from digests.parsing.paragraphs import Habits, Running, paragraphs_of, unpunctuated_heads
from digests.parsing.wording import (
    byline,
    date_line,
    has_bullet,
    is_caption,
    is_numbered,
    is_source,
    is_subtitle,
    source_at_end,
    source_name,
)
from digests.text import Figure, Heading, Listing, Paragraph, Passage, Place, Table

CAPTION_GAP = 40.0


@dataclass(frozen=True, slots=True)
class Block:
    """A table or figure with its caption."""

    inset: Inset
    page: int
    caption: str = ""


Part = Line | Headline | Block


@dataclass(slots=True)
class Body:
    """The parts of one article as they are collected."""

    passages: list[Passage] = field(default_factory=list)
    subtitle: str = ""
    source: str = ""
    byline: str = ""
    date: str = ""


Cutter = Callable[[int, Box], bytes]


def body_of(
    lines: Sequence[Line],
    inner: Sequence[Headline],
    *,
    start: int,
    face: Face,
    habits: Habits,
    cut: Cutter,
) -> Body:
    """Reads the lines below a headline. `inner` are the sub-headings, by index from `start`."""
    body = Body()
    parts = _parts(lines, inner, start=start, face=face)
    parts = _opening(_under_headline(parts, body), body)
    run: list[Line] = []
    for part in parts:
        if isinstance(part, Line):
            if name := source_name(part.text):
                body.source = body.source or name
                _flush(run, body, habits)
            else:
                run.append(part)
            continue
        _flush(run, body, habits)
        if isinstance(part, Headline):
            body.passages.append(Heading(part.text, part.page))
        else:
            _add_block(part, body, cut=cut)
    _flush(run, body, habits)
    _source_from_last(body)
    return body


def _parts(
    lines: Sequence[Line], inner: Sequence[Headline], *, start: int, face: Face
) -> list[Part]:
    heads = {head.start - start: head for head in inner}
    parts: list[Part] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if head := heads.get(index):
            parts.append(head)
            index = head.stop - start
        elif line.inset:
            index = _add_inset(lines, index, parts, face=face)
        else:
            parts.append(line)
            index += 1
    return parts


def _add_inset(lines: Sequence[Line], index: int, parts: list[Part], *, face: Face) -> int:
    """Appends the inset at `index` with its caption, which may stand above or below."""
    line = lines[index]
    inset = line.inset
    if inset is None:
        return index + 1
    after = index + 1
    caption = ""
    while after < len(lines) and _is_caption_of(line, lines[after], first=not caption, face=face):
        caption = joined(caption, lines[after].text)
        after += 1
    if not caption and parts and isinstance(above := parts[-1], Line) and is_caption(above.text):
        caption = above.text
        parts.pop()
    parts.append(Block(inset, line.page, caption))
    return after


def _is_caption_of(inset: Line, line: Line, *, first: bool, face: Face) -> bool:
    if line.inset or line.page != inset.page or is_source(line.text):
        return False
    near = -6 < line.box.top - inset.box.bottom < CAPTION_GAP * (1 if first else 1.6)
    small = line.face.size < 0.95 * face.size
    below = line.box.shared_width(inset.box) > 0
    figure = inset.inset is not None and inset.inset.kind == "figure"
    if not first:
        return near and below and small and not is_caption(line.text)
    return near and below and (is_caption(line.text) or (figure and small))


def _under_headline(parts: list[Part], body: Body) -> list[Part]:
    """Takes the subtitle: set apart right below the headline, in a look of its own."""
    heads = [part for part in parts if isinstance(part, Headline)]
    if not heads or parts[0] is not heads[0] or is_numbered(heads[0].text):
        return parts
    if any(like(head.face, heads[0].face) for head in heads[1:]):
        return parts
    body.subtitle = heads[0].text
    return parts[1:]


def _opening(parts: list[Part], body: Body) -> list[Part]:
    """Takes subtitle, source, byline and date from the first lines below a headline."""
    index = 0
    while index < min(4, len(parts)):
        part = parts[index]
        if not isinstance(part, (Line, Headline)) or not _credit(part, body, first=index == 0):
            break
        index += 1
    return parts[index:]


def _credit(part: Line | Headline, body: Body, *, first: bool) -> bool:
    if first and not is_numbered(part.text) and is_subtitle(part.text):
        body.subtitle = part.text
        return True
    pieces = [
        p
        for p in re.split(
            r"\s*[|｜]\s*|\s{2,}|\s+(?=(?:来源|作者|记者|日期|时间|文)\s*[:：/])|(?<=[^\s])\s+(?=\d{4}[年./-])",
            part.text,
        )
        if p
    ]
    if len(part.text) > 80 or not all(_fact(piece) for piece in pieces):
        return False
    for piece in pieces:
        kind, value = _fact(piece) or ("", "")
        setattr(body, kind, getattr(body, kind) or value)
    return True


def _fact(piece: str) -> tuple[str, str] | None:
    if name := source_name(piece):
        return "source", name
    if date := date_line(piece):
        return "date", date
    if name := byline(piece):
        return "byline", name
    return None


def _flush(run: list[Line], body: Body, habits: Habits) -> None:
    entries: list[Running] = []
    paragraphs = paragraphs_of(run, habits=habits)
    heads = unpunctuated_heads(paragraphs)
    for index, running in enumerate(paragraphs):
        if running.listed:
            entries.append(running)
            continue
        _close_list(entries, body)
        kind = Heading if index in heads else Paragraph
        body.passages.append(kind(running.text, running.lines[0].page))
    _close_list(entries, body)
    run.clear()


def _close_list(entries: list[Running], body: Body) -> None:
    """Two entries or one bullet make a list; a lone "1." is a paragraph."""
    if not entries:
        return
    page = entries[0].lines[0].page
    if len(entries) > 1 or has_bullet(entries[0].text):
        body.passages.append(Listing(tuple(entry.text for entry in entries), page))
    else:
        body.passages.append(Paragraph(entries[0].text, page))
    entries.clear()


def _add_block(block: Block, body: Body, *, cut: Cutter) -> None:
    inset = block.inset
    if inset.kind == "figure":
        png = cut(block.page, inset.box)
        body.passages.append(Figure(block.caption, block.page, Place(block.page, *inset.box), png))
        return
    last = body.passages[-1] if body.passages else None
    if isinstance(last, Table) and not block.caption and _goes_on(last, inset):
        rows = inset.rows[1:] if inset.rows[0] == last.rows[0] else inset.rows
        body.passages[-1] = replace(last, rows=last.rows + rows)
    else:
        body.passages.append(Table(inset.rows, block.caption, block.page, inset.header))


def _goes_on(table: Table, inset: Inset) -> bool:
    """A table that breaks off at the end of a column goes on at the top of the next."""
    return bool(inset.rows) and len(table.rows[0]) == len(inset.rows[0])


def _source_from_last(body: Body) -> None:
    """A source in brackets may close the last paragraph."""
    if not body.source and body.passages and isinstance(last := body.passages[-1], Paragraph):
        rest, name = source_at_end(last.text)
        if name:
            body.source = name
            body.passages[-1] = replace(last, text=rest)


def texts_of(passages: Iterable[Passage]) -> Iterable[str]:
    """The running text of passages, for finding addresses in it."""
    for passage in passages:
        match passage:
            case Paragraph(text=text) | Heading(text=text):
                yield text
            case Listing(entries=entries):
                yield from entries
            case Table(rows=rows):
                yield from (cell for row in rows for cell in row)
