r"""An article's text as an editor types it, there and back.

    Each line is a paragraph; blank lines between them are for the eye.

    ## A sub-heading

    - an entry of a list
    - the next entry

    [[figure 3-1.png: The words under the picture]]

    [[table: The words over the table]]
    | City | Rain |
    | --- | --- |
    | Here | 12 mm |

The line of dashes says that the first row names the columns. Inside a cell ⏎ starts a new
line. A backslash before a mark takes its meaning away. Links are not shown; they stay with their
words. Passages are the JSON of an article.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from issues.relinking import relinked, unmoved
from pdf_reading.issue_text import Link
from pdf_reading.linking import Linked, links_in, texts, to_json

Passage = Mapping[str, Any]

FIGURE = re.compile(r"\[\[figure\s+([^\s:：\]]+)\s*(?:[:：]\s*(.*?))?\s*\]\]")
CAPTION = re.compile(r"\[\[table\s*(?:[:：]\s*(.*?))?\s*\]\]")
CELL = re.compile(r"((?:\\.|[^|\\])*)\|")
RULE = re.compile(r"-{3,}")
MARKED = re.compile(r"## |- |\||\[\[|\\")


class NoSuchFigure(Exception):
    """The text names a picture that the issue does not have: `name`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def write(passages: Iterable[Passage]) -> str:
    """The passages as text to edit."""
    return "\n\n".join(map(_written, passages))


def read(text: str, *, before: Sequence[Passage] = ()) -> list[Passage]:
    """The passages that `text` says; raises NoSuchFigure.

    What stands in `before` word for word stays the passage that it was, with all that the
    notation does not show; a figure keeps its picture under any caption. A link stays with its
    words. A new passage is on the page of the one before it.
    """
    said = list(_said(text))
    same = unmoved([*map(_written, before)], [*map(_written, said)])
    figures = {passage["image"]: passage for passage in before if passage["kind"] == "figure"}
    page = before[0]["page"] if before else 0
    passages: list[Passage] = []
    for number, passage in enumerate(said):
        if number in same:
            found = before[same[number]]
        else:
            found = _found(passage, figures=figures, page=page)
        page = found["page"]
        passages.append(found)
    return _relinked(passages, before=before, same=same)


def _found(said: Passage, *, figures: Mapping[str, Passage], page: int) -> dict[str, Any]:
    if said["kind"] != "figure":
        return {**said, "page": page}
    if said["image"] not in figures:
        raise NoSuchFigure(said["image"])
    figure = {**figures[said["image"]], **said}
    figure.pop("links", None)
    return figure


def _relinked(
    passages: Sequence[Passage], *, before: Sequence[Passage], same: Mapping[int, int]
) -> list[Passage]:
    """The passages, those that were changed with the links of the texts that they were."""
    was = [passage for n, passage in enumerate(before) if n not in same.values()]
    now = [n for n in range(len(passages)) if n not in same]
    ends = [(n, part, text) for n in now for part, text in enumerate(texts(passages[n]))]
    kept: dict[int, list[Link]] = {}
    for (n, part, _), links in zip(
        ends, relinked(_linked(was), [text for _, _, text in ends]), strict=True
    ):
        if links:
            kept.setdefault(n, []).extend(replace(link, part=part) for link in links)
    return [
        {**passage, "links": to_json(kept[n])} if n in kept else passage
        for n, passage in enumerate(passages)
    ]


def _linked(passages: Iterable[Passage]) -> list[Linked]:
    """The texts of passages with their links."""
    return [
        (text, links_in(passage, part=part))
        for passage in passages
        for part, text in enumerate(texts(passage))
    ]


def _written(passage: Passage) -> str:
    return WRITERS[passage["kind"]](passage)


def _written_paragraph(passage: Passage) -> str:
    text: str = passage["text"]
    return f"\\{text}" if MARKED.match(text) else text


def _written_heading(passage: Passage) -> str:
    return f"## {passage['text']}"


def _written_listing(passage: Passage) -> str:
    return "\n".join(f"- {entry}" for entry in passage["entries"])


def _written_figure(passage: Passage) -> str:
    caption = f": {passage['text']}" if passage["text"] else ""
    return f"[[figure {passage['image']}{caption}]]"


def _written_table(passage: Passage) -> str:
    rows = [_written_row(row) for row in passage["rows"]]
    if passage["header"]:
        rows.insert(1, "| " + " | ".join("---" for _ in passage["rows"][0]) + " |")
    caption = [f"[[table: {passage['text']}]]"] if passage["text"] else []
    return "\n".join(caption + rows)


def _written_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(map(_written_cell, cells)) + " |"


def _written_cell(cell: str) -> str:
    escaped = re.sub(r"([\\|⏎])", r"\\\1", cell).replace("\n", "⏎")
    return f"\\{escaped}" if RULE.fullmatch(escaped) else escaped


def _said(text: str) -> Iterator[Passage]:
    for kind, lines in groupby(_lines(text), key=_kind):
        yield from READERS[kind](list(lines))


def _lines(text: str) -> Iterator[str]:
    """The lines, a blank one before each table's caption, which begins a table of its own."""
    for line in text.replace("\r\n", "\n").split("\n"):
        if CAPTION.fullmatch(line.strip()):
            yield ""
        yield line.strip()


def _kind(line: str) -> str:
    if not line:
        return "blank"
    if line.startswith("|") or CAPTION.fullmatch(line):
        return "table"
    if FIGURE.fullmatch(line):
        return "figure"
    if line.startswith("## "):
        return "heading"
    return "list" if line.startswith("- ") else "paragraph"


def _read_blank(_lines: list[str]) -> list[Passage]:
    return []


def _read_paragraphs(lines: list[str]) -> list[Passage]:
    return [{"kind": "paragraph", "text": _unescaped(line)} for line in lines]


def _unescaped(line: str) -> str:
    return line[1:] if line.startswith("\\") and MARKED.match(line[1:]) else line


def _read_headings(lines: list[str]) -> list[Passage]:
    return [{"kind": "heading", "text": line[3:].strip()} for line in lines]


def _read_listing(lines: list[str]) -> list[Passage]:
    return [{"kind": "list", "entries": [line[2:].strip() for line in lines]}]


def _read_figures(lines: list[str]) -> list[Passage]:
    matches = [match for line in lines if (match := FIGURE.fullmatch(line))]
    return [{"kind": "figure", "image": match[1], "text": match[2] or ""} for match in matches]


def _read_table(lines: list[str]) -> list[Passage]:
    caption = CAPTION.fullmatch(lines[0])
    rows = [_read_row(line) for line in lines[1 if caption else 0 :]] or [[""]]
    header = len(rows) > 1 and all(RULE.fullmatch(cell) for cell in rows[1])
    if header:
        del rows[1]
    width = max(map(len, rows))
    cells = [[_read_cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    text = (caption[1] or "") if caption else ""
    return [{"kind": "table", "text": text, "rows": cells, "header": header}]


def _read_row(line: str) -> list[str]:
    """The cells, still escaped. The bar at the end may be missing."""
    closed = line if line.endswith("|") else f"{line} |"
    return [cell.strip() for cell in CELL.findall(closed[1:])] or [""]


def _read_cell(cell: str) -> str:
    return re.sub(r"\\(.)|⏎", lambda match: match[1] or "\n", cell)


WRITERS: Mapping[str, Callable[[Passage], str]] = {
    "paragraph": _written_paragraph,
    "heading": _written_heading,
    "list": _written_listing,
    "figure": _written_figure,
    "table": _written_table,
}
READERS: Mapping[str, Callable[[list[str]], list[Passage]]] = {
    "blank": _read_blank,
    "paragraph": _read_paragraphs,
    "heading": _read_headings,
    "list": _read_listing,
    "figure": _read_figures,
    "table": _read_table,
}
