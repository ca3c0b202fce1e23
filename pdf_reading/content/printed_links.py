"""Links: the words under annotations, and addresses printed in the text, in passages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from pdf_reading.addresses import beside, overlap, printed, safe
from pdf_reading.glyphs.normalisation import SOFT_BREAK, is_cjk
from pdf_reading.issue_text import Link, Passage
from pdf_reading.layout.lines import Inset, Line
from pdf_reading.linking import placed

_WORD = re.compile(rf"\w+(?:['’{SOFT_BREAK}]\w+)*")


def linked(text: str, lines: Sequence[Line], *, part: int = 0) -> tuple[Link, ...]:
    """The links of lines in the text that was joined of them, each over whole words."""
    links = placed(text, ((line.text, line.links) for line in lines))
    return _whole(text, links, part=part)


def in_cells(inset: Inset, *, before: int) -> tuple[Link, ...]:
    """The links of a table in the texts of a passage of which `before` precede its cells."""
    cells = [cell for row in inset.rows for cell in row]
    return tuple(
        link
        for number, cell in enumerate(cells)
        for link in _whole(
            cell, [one for one in inset.links if one.part == number], part=before + number
        )
    )


def with_printed(passage: Passage) -> Passage:
    """The passage with the addresses printed in it as links, where no annotation is."""
    links: list[Link] = []
    for part, text in enumerate(passage.texts):
        own = [link for link in passage.links if link.part == part]
        own += (replace(link, part=part) for link in beside(text, own))
        links += sorted(own, key=lambda link: link.start)
    return replace(passage, links=tuple(links))


def _whole(text: str, links: Sequence[Link], *, part: int) -> tuple[Link, ...]:
    """Links over the words that they cover, the first where several claim a word."""
    found: list[Link] = []
    for link in links:
        if safe(link.url):
            start, stop = _as_printed(text, _snapped(text, link))
            whole = Link(part, start, stop, link.url)
            if not any(overlap(whole, other) for other in found):
                found.append(whole)
    return tuple(found)


def _snapped(text: str, link: Link) -> Link:
    """The link from the first to the last word of which half is covered; where there is none, on
    the word that is covered most."""
    shares = {
        (start, stop): (min(stop, link.stop) - max(start, link.start)) / (stop - start)
        for start, stop in _words(text, link.start, link.stop)
    }
    words = [word for word, share in shares.items() if share >= 0.5]
    words = words or [max(shares, key=lambda word: shares[word])]
    return replace(link, start=words[0][0], stop=words[-1][1])


def _words(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The words that share characters with an interval that is not all spaces; each Chinese
    character, and each sign, is a word."""
    for match in re.finditer(r"\S+", text):
        if match.end() <= start or match.start() >= stop:
            continue
        for word in _parts(match[0]):
            here = match.start() + word[0], match.start() + word[1]
            if here[1] > start and here[0] < stop:
                yield here


def _parts(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(text):
        word = None if is_cjk(text[at]) else _WORD.match(text, at)
        end = at + 1
        while word and end < word.end() and not is_cjk(text[end]):
            end += 1
        yield at, end
        at = end


def _as_printed(text: str, link: Link) -> tuple[int, int]:
    """A link on a part of a printed address that leads there is on the whole of it."""
    for address in printed(text):
        same = _bare(link.url).startswith(_bare(address.url)) or _bare(address.url).startswith(
            _bare(link.url)
        )
        if same and overlap(address, link):
            return min(address.start, link.start), max(address.stop, link.stop)
    return link.start, link.stop


def _bare(url: str) -> str:
    return re.sub(r"^(?:https?://|mailto:)", "", url).rstrip("/").casefold()
