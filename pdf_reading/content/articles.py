"""Headings and lines to sections and articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from pdf_reading.content.links import with_printed
from pdf_reading.content.passages import Cutter, body_of
from pdf_reading.content.pull_quotes import without_quotes
from pdf_reading.content.untitled import reads_as_text, untitled
from pdf_reading.glyphs.geometry import around
from pdf_reading.issue_text import ArticleText, Place, SectionText
from pdf_reading.layout.lines import Face, Line
from pdf_reading.layout.paragraph_style import ParagraphStyle
from pdf_reading.lexicon import is_boilerplate, is_contact, is_source, label, without_label
from pdf_reading.structure.classification import ClassifiedHeading
from pdf_reading.structure.levels import Level


@dataclass(slots=True)
class Draft:
    """An article before its text is read: its heading, and the lines from `start` to `stop`. A
    box has `habits` of its own."""

    head: ClassifiedHeading
    start: int
    stop: int = 0
    inner: list[ClassifiedHeading] = field(default_factory=list)
    paragraph_style: ParagraphStyle | None = None


@dataclass(slots=True)
class Part:
    """A section before its articles are read."""

    head: ClassifiedHeading | None
    drafts: list[Draft] = field(default_factory=list)


def parts_of(
    lines: Sequence[Line], heads: Sequence[ClassifiedHeading], *, body: Face
) -> list[Part]:
    """Cuts an issue at its headings, the first part being what stands before all sections. What
    stands under boilerplate headings is left out. Text that no headline heads, at the beginning or
    below the name of a section, is an article without one."""
    parts = [Part(None, [Draft(untitled(lines, 0), 0)])]
    open_draft: Draft | None = parts[0].drafts[0]
    for judged in heads:
        head = judged.headline
        if _closes(judged, lines, body=body):
            _close(open_draft, head.start)
            open_draft = None
        elif judged.level is Level.SECTION:
            _close(open_draft, head.start)
            open_draft = Draft(untitled(lines, head.stop), head.stop)
            parts.append(Part(judged, [open_draft]))
        elif judged.level is Level.ARTICLE:
            _close(open_draft, head.start)
            open_draft = Draft(judged, head.stop)
            parts[-1].drafts.append(open_draft)
        elif open_draft:
            open_draft.inner.append(judged)
    _close(open_draft, _end(lines, open_draft, body=body))
    if len(parts) == len(parts[0].drafts) == 1:
        return parts  # no headline at all: whatever there is, is one article
    for part in parts:
        part.drafts = _settled(part, lines, body=body)
    return parts


def _closes(judged: ClassifiedHeading, lines: Sequence[Line], *, body: Face) -> bool:
    """A copyright notice, an editorial box: no article, unless the contents list it."""
    head = judged.headline
    if not is_boilerplate(head.text) or "listed in the contents" in judged.reasons:
        return False
    starts_page = head.start == 0 or lines[head.start - 1].page != head.page
    return starts_page or judged.level is not Level.WITHIN or head.face.size > body.size


def _close(draft: Draft | None, stop: int) -> None:
    if draft and not draft.stop:
        draft.stop = stop


def _end(lines: Sequence[Line], draft: Draft | None, *, body: Face) -> int:
    """Where the last article ends: an address page behind it is not its text."""
    if draft is None:
        return len(lines)
    stop = len(lines)
    for page, group in groupby(reversed(lines), key=lambda line: line.page):
        tail = list(group)
        first = stop - len(tail)
        closed = first > draft.start and is_source(lines[first - 1].text)
        small = all(line.face.size < 0.95 * body.size for line in tail)
        contact = is_contact(" ".join(line.text for line in tail))
        if (
            first <= draft.start
            or page == draft.head.headline.page
            or not contact
            or not (closed or small)
        ):
            break
        stop = first
    return stop


def _settled(part: Part, lines: Sequence[Line], *, body: Face) -> list[Draft]:
    """The articles of a part. Its opening one is kept where it holds text; in a section without
    headlines it is called as the section is."""
    opening, *others = part.drafts
    own = lines[opening.start : opening.stop]
    if part.head and not others:
        reasons = (*part.head.reasons, "no headline below")
        opening.head = replace(part.head, confidence=0.4, reasons=reasons)
        return [opening] if own else []
    kept = reads_as_text(own, lines[opening.stop :], body=body)
    return part.drafts if kept else others


def section_of(
    part: Part,
    lines: Sequence[Line],
    *,
    body: Face,
    paragraph_style: ParagraphStyle,
    cut: Cutter,
    labelled: bool,
) -> SectionText:
    """Reads the articles of a section."""
    articles = tuple(
        _article(
            draft, lines, body=body, paragraph_style=paragraph_style, cut=cut, labelled=labelled
        )
        for draft in part.drafts
    )
    if part.head is None:
        return SectionText("", articles, confidence=0.5)
    return SectionText(_title(part.head, labelled=labelled), articles, part.head.confidence)


def are_labelled(heads: Sequence[ClassifiedHeading]) -> bool:
    """Whether the headlines carry running numbers that the typesetting program set."""
    numbers = [label(h.headline.text) for h in heads if h.level is Level.ARTICLE]
    counted = [tuple(map(int, number.split("."))) for number in numbers if number]
    alike = len({len(number) for number in counted}) == 1
    return len(numbers) == len(counted) > 1 and alike and counted == sorted(counted)


def _title(head: ClassifiedHeading, *, labelled: bool) -> str:
    return without_label(head.headline.text) if labelled else head.headline.text


def _article(
    draft: Draft,
    lines: Sequence[Line],
    *,
    body: Face,
    paragraph_style: ParagraphStyle,
    cut: Cutter,
    labelled: bool,
) -> ArticleText:
    own = lines[draft.start : draft.stop]
    inner = [judged.headline for judged in draft.inner]
    paragraph_style = draft.paragraph_style or paragraph_style
    text = body_of(
        own, inner, start=draft.start, face=body, paragraph_style=paragraph_style, cut=cut
    )
    head = draft.head.headline
    return ArticleText(
        title=_title(draft.head, labelled=labelled),
        passages=tuple(map(with_printed, without_quotes(text.passages, inner, face=body))),
        subtitle=text.subtitle,
        source=text.source,
        byline=text.byline,
        date=text.date,
        places=_places([*lines[head.start : head.stop], *own]),
        confidence=_confidence(draft.head, text.source),
        reasons=(*draft.head.reasons, *(["closed by a source line"] if text.source else [])),
    )


def _confidence(head: ClassifiedHeading, source: str) -> float:
    return min(1.0, round(head.confidence + (0.05 if source else 0.0), 2))


def _places(lines: Sequence[Line]) -> tuple[Place, ...]:
    """One rectangle for each column of a page that the lines take."""
    places = []
    for (page, _), group in groupby(lines, key=lambda line: (line.page, line.column)):
        box = around(line.box for line in group)
        places.append(Place(page, *(round(side, 1) for side in box)))
    return tuple(places)
