"""What stands under a headline: paragraphs, sub-headings, lists, figures, tables, and the lines
that say where an article is from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from digests.parsing.geometry import Box
from digests.parsing.habits import Habits
from digests.parsing.headings import Headline
from digests.parsing.letters import compact
from digests.parsing.lines import Face, Inset, Line
from digests.parsing.opening import Body, opened
from digests.parsing.paragraphs import Running, paragraphs_of, unpunctuated_heads
from digests.parsing.parts import Block, parts_below
from digests.parsing.wording import (
    has_bullet,
    source_at_end,
    source_name,
)
from digests.text import Figure, Heading, Listing, Paragraph, Passage, Place, Table

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
    run: list[Line] = []
    for part in opened(parts_below(lines, inner, start=start, face=face), body, face=face):
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


def without_quotes(passages: Sequence[Passage]) -> list[Passage]:
    """The passages but for pull quotes: words of the text that are set once more, larger."""
    text = "".join(compact(part.text) for part in passages if isinstance(part, Paragraph))
    return [
        part
        for part in passages
        if not (isinstance(part, Heading) and len(part.text) > 20 and _bare(part.text) in text)
    ]


def _bare(quote: str) -> str:
    return compact(quote).strip("'.…")


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
