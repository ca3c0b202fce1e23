"""A bulletin's colour, made to read: contrast of 4.5:1 (WCAG 2.2, 1.4.3) on light and dark."""

from __future__ import annotations

import re
from dataclasses import dataclass

CONTRAST = 4.5
PAPER, DARK_PAPER = "#fcfbf9", "#202225"
BLACK, WHITE = "#000000", "#ffffff"  # one of them reads on every colour


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours that a mail is painted with. `band` is the bulletin's own colour, `on_band` its
    words; `link` reads on PAPER and `dark_link` on DARK_PAPER."""

    band: str
    on_band: str
    link: str
    dark_link: str


def is_colour(text: str) -> bool:
    """Return whether this is a colour as it is stored: # and six hexadecimal digits."""
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def colours(accent: str) -> Colours:
    """The colours of a bulletin whose colour is `accent`, such as "#1f4e79"."""
    return Colours(
        band=accent,
        on_band=max(WHITE, BLACK, key=lambda ink: contrast(ink, accent)),
        link=_towards(accent, BLACK, on=PAPER),
        dark_link=_towards(accent, WHITE, on=DARK_PAPER),
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _towards(colour: str, end: str, *, on: str) -> str:
    """`colour` mixed with `end` in steps of 5 % until it reads on `on`."""
    mixes = (_mix(colour, end, part / 20) for part in range(21))
    return next(mix for mix in mixes if contrast(mix, on) >= CONTRAST)


def _mix(one: str, other: str, part: float) -> str:
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
