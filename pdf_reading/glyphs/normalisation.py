"""Character normalisation: look-alikes from bad font maps become what the eye sees.

NFKC as a whole would also turn ％ into %, ① into 1 and ㈠ into (一), so it is applied only to
the blocks where it changes nothing that a reader could see.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# The supplement's radicals have no compatibility mapping in Unicode except two.
_RADICALS = dict(
    zip(
        "⺁⺇⺌⺠⺩⺫⻁⻄⻅⻆⻈⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻞⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "厂几小民王目虎西见角讠贝车長长门雨青韦页风飞食食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
# A font map without 日 often gives ㈰: running text never has the bracketed weekday.
_WEEKDAYS = dict(zip("㈪㈫㈬㈭㈮㈯㈰", "月火水木金土日", strict=True))
# Symbol fonts keep their bullets in the private use area, TeX's (TS1) at 0x88.
_BULLETS = dict.fromkeys("\uf0b7\uf06c\uf06e\uf0a7\uf0d8\uf0fc\uf075\uf0a8\x88", "•")
# As wrong are the small marks of kanbun, and enclosed ideographs but for those that people print as
# signs: (一) to (十), ㈱ and ㈲, secret, correct and the like.
_ENCLOSED = {
    chr(code): unicodedata.normalize("NFKC", chr(code)).strip("()")
    for code in (*range(0x3192, 0x31A0), *range(0x3233, 0x3244), *range(0x328A, 0x3291))
}
_ENCLOSED |= dict(
    zip("㊚㊛㊜㊢㊤㊥㊦㊧㊨㊩㊪㊫㊬㊭㊮㊯㊰", "男女適写上中下左右医宗学監企資協夜", strict=True)
)
LOOK_ALIKES = frozenset(map(ord, _WEEKDAYS | _ENCLOSED))
_SAME = (
    _RADICALS
    | _WEEKDAYS
    | _ENCLOSED
    | _BULLETS
    | {"\x02": "-", "\u00a0": " ", "\u00ad": "-", "⸺": "——"}
)

_CJK = re.compile(
    r"[\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
# Words that open an English compound: a hyphen after one belongs to the word.
_COMPOUND = re.compile(
    r"(?<![^\W_])(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty|all|cross|ex|mid|multi|non|quasi|"
    r"self|semi|so|well)[-‐]$",
    re.IGNORECASE,
)
SOFT_BREAK = "\u00ad"  # where a hyphen was removed that `dehyphenation` may restore
_WIDE_QUOTES = "“”‘’…—·⸺"


@lru_cache(maxsize=8192)
def normalised(character: str) -> str:
    """The character normalised: "" for zero-width, control and private-use characters."""
    if character < "\x7f":
        return character if character >= " " else _SAME.get(character, "")
    if character in _SAME:
        return _SAME[character]
    if (
        "\u2f00" <= character <= "\u2fdf"
        or "\uf900" <= character <= "\ufb06"
        or ("\U0002f800" <= character <= "\U0002fa1f")
    ):
        return unicodedata.normalize("NFKC", character)
    if unicodedata.category(character) in {"Cf", "Cc", "Co", "Cs", "Cn"}:
        return ""
    return " " if character.isspace() and character != "\u3000" else character


def is_odd(character: str) -> bool:
    """Accented Latin letters and signs: common only where a font does not say what it draws."""
    return "\u0080" <= character <= "\u02ff" and character not in "\u00a0·×÷°±§©®"


@lru_cache(maxsize=8192)
def is_cjk(character: str) -> bool:
    """Chinese or Japanese script, its punctuation and full-width forms: no space beside it."""
    return bool(_CJK.match(character))


def has_ideographs(text: str) -> bool:
    return bool(_IDEOGRAPH.search(text))


def mostly_cjk(text: str) -> bool:
    """Return whether a text reads as Chinese: a third of its characters, as Latin words take
    more."""
    return len(_IDEOGRAPH.findall(text)) * 3 > len(text)


def compact(text: str) -> str:
    """A text for comparing: NFKC, no white space, no case, one kind of dash and quote."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[—―–‒−⸺]", "-", text)
    text = re.sub(r"[“”„‟\"‘’']", "'", text)
    return re.sub(r"\s+", "", text)


def joined(first: str, second: str) -> str:
    """Two pieces of one text joined: a broken word made whole, a space between Latin words."""
    if not first or not second:
        return first + second
    if whole := _unhyphenated(first, second):
        return whole
    if first[-1].isspace() or second[0].isspace():
        return (
            first.rstrip() + " " + second.lstrip()
            if _spaced(first, second)
            else first.rstrip() + second.lstrip()
        )
    return first + (" " if _spaced(first, second) else "") + second


def _spaced(first: str, second: str) -> bool:
    a, b = first.rstrip()[-1:], second.lstrip()[:1]
    return not (
        is_cjk(a)
        or is_cjk(b)
        or (a in _WIDE_QUOTES and has_ideographs(first))
        or (b in _WIDE_QUOTES and has_ideographs(second))
    )


def _unhyphenated(first: str, second: str) -> str:
    """Both pieces with the hyphen of a line's end removed, or "" when none is there."""
    if not re.search(r"[^\W\d_]{2}[-‐]$", first) or not second[0].islower():
        return ""
    written = first[-1] == "-" and (re.search(r"\S-\S*-$", first) or _COMPOUND.search(first))
    if written:  # typesetters that tell the two apart set U+2010 where they break a word
        return first + second
    return first[:-1] + SOFT_BREAK + second
