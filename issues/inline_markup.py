r"""The markup inside of one text, there and back: emphasis, links, and what is none of these.

    **bold**, *italic*, ***both***, [words](https://example.org/), https://example.org/

⏎ starts a new line, and a backslash before a sign has it be that sign. Stars switch emphasis on
and off, so that it may overlap a link; they are signs where they stand alone, between two Latin
letters or figures (5*3), or do not touch words. A backslash and a space are nothing: they part
stars from what would keep them from being read.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass, field

from pdf_reading.addresses import beside
from pdf_reading.issue_text import Emphasis, Link, Mark
from pdf_reading.linking import SAFE, RichText, tidy

BULLETS = "•·●○■□◆▪▫➢✓"  # as Word copies them, a tab behind them
_SIGNS = re.escape(string.punctuation) + "⏎｜" + BULLETS
_URL = rf"(?:\\[{_SIGNS}]|[^\s()]|\([^\s()]*\))*+"
_TOKEN = re.compile(
    rf"(?P<nothing>\\ )|\\(?P<sign>[{_SIGNS}])|(?P<stars>\*+)|(?P<begin>\[)"
    rf"|(?P<end>\]\((?P<url>{_URL})\))|(?P<line>⏎)|(?P<text>[^\\*\[\]⏎]+|.)",
    re.DOTALL,
)
_ESCAPED = re.compile(rf"\\([{_SIGNS}])")
_BALANCED = re.compile(r"(?:[^()\\]|\([^()\\]*\))*")
_SIGN = re.compile(f"[{_SIGNS}]")
_LATIN = re.compile(r"[^\W_\u2e80-\u9fff\uf900-\ufaff]")
_STARS = {Emphasis.BOLD: "**", Emphasis.ITALIC: "*"}
_NOTHING = "\\ "
_BESIDE = "."  # what stands beside stars, as it were, where a link begins or ends


def read(typed: str) -> RichText:
    """Return what was typed in one text."""
    return _built(_paired(_tokens(typed)))


def write(rich: RichText, *, apart: str = "") -> str:
    """Return a text as it is typed. The signs of `apart` mean something around it, and are
    escaped.

    Signs are escaped only where that makes a difference.
    """
    rich = tidy(rich)
    for signs, bare in (("⏎\\" if apart else "⏎", True), ("⏎\\*[]", True)):
        typed = _written(rich, signs + apart, bare=bare)
        if read(typed) == rich:
            return typed
    return _written(rich, "⏎\\*[]" + apart, bare=False)


def unescaped(typed: str) -> str:
    """Return what was typed without the backslashes before signs."""
    return _ESCAPED.sub(r"\1", typed)


@dataclass(slots=True)
class _Token:
    """A piece of what was typed: `text` is what it puts into the text, `switches` what it switches
    on or off there."""

    kind: str
    text: str = ""
    url: str = ""
    switches: set[Emphasis] = field(default_factory=set)


def _tokens(typed: str) -> list[_Token]:
    """Cut what was typed; the brackets around the words of a link are found."""
    tokens: list[_Token] = []
    begun: int | None = None
    at = 0
    while match := _TOKEN.match(typed, at):
        at, kind = match.end(), match.lastgroup or ""
        token = _Token(kind, match["sign"] or match[0])
        if kind == "begin":
            begun = len(tokens)
        elif kind == "line":
            token.text = "\n"
        elif kind == "nothing":
            token.text = ""
        elif kind == "end":
            url = _address(unescaped(match["url"]))
            if url and begun is not None and _has_words(tokens[begun + 1 :]):
                tokens[begun] = _Token("link")
                token, begun = _Token("over", url=url), None
            else:
                token, at = _Token("text", "]"), match.start() + 1
        tokens.append(token)
    return tokens


def _address(typed: str) -> str:
    """Return the address that was typed, with its scheme; "" if it is none."""
    if SAFE.match(typed):
        return typed
    found = beside(typed, ())
    return found[0].url if found and found[0].stop - found[0].start == len(typed) else ""


def _has_words(tokens: Iterable[_Token]) -> bool:
    return any(token.text.strip() and token.kind != "stars" for token in tokens)


def _paired(tokens: list[_Token]) -> list[_Token]:
    """Return the tokens, their stars switching what they begin and end; stars without others that
    belong to them are left as text."""
    begun: dict[Emphasis, _Token] = {}
    for number, token in enumerate(tokens):
        if token.kind != "stars" or len(token.text) > 3:
            continue
        before = (tokens[number - 1].text or _BESIDE)[-1] if number else ""
        after = (tokens[number + 1].text or _BESIDE)[0] if number + 1 < len(tokens) else ""
        if _LATIN.match(before) and _LATIN.match(after):
            continue
        for kind in [one for one, stars in _STARS.items() if len(token.text) in {len(stars), 3}]:
            if kind in begun and before and not before.isspace():
                begun.pop(kind).switches.add(kind)
                token.switches.add(kind)
            elif after and not after.isspace():
                begun[kind] = token
    return tokens


def _built(tokens: Iterable[_Token]) -> RichText:
    """Return the text of tokens; addresses in it are links, but where a backslash is in them."""
    parts: list[str] = []
    links: list[Link] = []
    marks: list[Mark] = []
    signs: set[int] = set()
    begun: dict[Emphasis, int] = {}
    at = first = 0
    for token in tokens:
        ends = [kind for kind in token.switches if kind in begun]
        marks += (Mark(0, begun.pop(kind), at, kind) for kind in ends)
        if token.kind == "stars":
            token.text = token.text[sum(len(_STARS[kind]) for kind in token.switches) :]
        elif token.kind == "sign":
            signs.add(at)
        elif token.kind == "link":
            first = at
        elif token.kind == "over":
            links.append(Link(0, first, at, token.url))
        parts.append(token.text)
        at += len(token.text)
        begun |= {kind: at for kind in token.switches if kind not in ends}
    text = "".join(parts)
    plain = (one for one in beside(text, links) if signs.isdisjoint(range(one.start, one.stop)))
    return tidy(RichText(text, (*links, *plain), tuple(marks)))


def _written(rich: RichText, signs: str, *, bare: bool) -> str:
    """Write a text with a backslash before `signs`; with `bare` the addresses in it that lead where
    they say are written as they are."""
    text = rich.text
    printed = beside(text, ()) if bare else []
    spelled = [
        link
        for link in rich.links
        if link in printed and not set(signs) & set(text[link.start : link.stop])
    ]
    links = [link for link in rich.links if link not in spelled]
    plain = [one for one in beside(text, links) if one not in spelled]
    ends = {link.stop: link.url for link in links}
    begins = {link.start for link in links}
    broken = {match.start() for one in plain if (match := _SIGN.search(text, one.start))}
    switched = {at for mark in rich.marks for at in (mark.start, mark.stop)}
    cuts = sorted({0, len(text), *ends, *begins, *broken, *switched})
    escaped = re.compile(f"([{re.escape(signs)}])")
    parts: list[str] = []
    for at, stop in zip(cuts, [*cuts[1:], len(text)], strict=True):
        if at in ends:
            parts.append(f"]({_written_url(ends[at], signs)})")
        if at in switched:
            before = _BESIDE if at in ends else text[at - 1 : at]
            after = _BESIDE if at in begins else text[at : at + 1]
            parts.append(_written_stars(rich.marks, at, before=before, after=after))
        if at in begins:
            parts.append("[")
        if at in broken and text[at] not in signs:
            parts.append("\\")
        parts.append(escaped.sub(r"\\\1", text[at:stop]).replace("\n", "⏎"))
    return "".join(parts)


def _written_stars(marks: Iterable[Mark], at: int, *, before: str, after: str) -> str:
    begin = [mark for mark in marks if mark.start == at]
    end = [mark for mark in marks if mark.stop == at]
    stars = "".join(_STARS[mark.kind] for mark in begin + end)
    inside = _LATIN.match(before) and _LATIN.match(after)
    ahead = _NOTHING if inside or (end and before.isspace()) else ""
    behind = _NOTHING if begin and after.isspace() else ""
    return f"{ahead}{stars}{behind}"


def _written_url(url: str, signs: str) -> str:
    brackets = "" if _BALANCED.fullmatch(url) else "()"
    return re.sub(f"([{re.escape(signs + brackets)}\\\\])", r"\\\1", url)
