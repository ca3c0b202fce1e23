"""The looks of a designed issue, drawn by lot: faces, headlines of one look or of many, grounds."""

from __future__ import annotations

import random
from dataclasses import dataclass

# Only what comes with DejaVu and Noto CJK, so that a seed looks the same elsewhere.
FACES = {
    "en": ["DejaVu Serif", "DejaVu Sans", "DejaVu Sans Condensed", "DejaVu Serif Condensed", "DejaVu Sans Mono", "Noto Sans CJK SC", "Noto Serif CJK SC"],
    "zh": ["Noto Serif CJK SC", "Noto Sans CJK SC"],
    "zh-hant": ["Noto Serif CJK TC", "Noto Sans CJK TC"],
}  # fmt: skip
INKS = ["#a00000", "#14407a", "#1b6b3a", "#6a2c86", "#b85c00", "#0a6f86"]
TINTS = ["#eef3f8", "#fdf3d7", "#e9f5ea", "#f8e8ec", "#efefef", "#fffbe8"]
GROUNDS = ["#fff8ee", "#f1ede4", "#e8f4f2", "#1f2f4a", "#f7d9c4", "linear-gradient(#f4f4ff,#fff)"]
DARK = {"#1f2f4a"}


@dataclass(frozen=True, slots=True)
class Look:
    """The style of an issue: of its text, its sections, and of each headline in turn."""

    face: str
    size: float
    leading: float
    section: str
    headings: tuple[str, ...]
    sub_heading: str
    ink: str
    ground: str

    def headline(self, at: int) -> str:
        """The style of the headline of an article."""
        return self.headings[at % len(self.headings)]


def look_of(draw: random.Random, language: str, *, kind: str) -> Look:
    """A look for a kind of design."""
    face = draw.choice(FACES[language])
    slide = kind == "slides"
    size = draw.choice(
        [13.0, 15.0, 17.0] if slide else [8.5, 9.0, 10.0] if kind == "news" else [10.0, 11.0, 12.0]
    )
    ground = draw.choice(GROUNDS) if kind == "cards" else "white"
    ink = "white" if ground in DARK else "black"
    count = draw.choice([1, 1, 2, 3, 12])
    headings = tuple(
        _headline(draw, language, face, size, plain=ground in DARK) for _ in range(count)
    )
    return Look(
        face=face,
        size=size,
        leading=draw.choice([1.2, 1.35, 1.5]) if language == "en" else draw.choice([1.5, 1.8]),
        section=_section(draw, language, size, headings),
        headings=headings,
        sub_heading=f"font: {draw.choice(['italic ', ''])}bold {size}pt '{face}'; margin: 1em 0 .3em",
        ink=ink,
        ground=ground,
    )


def _headline(draw: random.Random, language: str, face: str, size: float, *, plain: bool) -> str:
    factor = draw.choice([1.0, 1.1, 1.2, 1.2, 1.35, 1.6, 2.0])
    other = draw.choice([face, *FACES[language]])
    bold = factor < 1.35 or draw.random() < 0.6
    ink = "inherit" if plain or draw.random() < 0.5 else draw.choice(INKS)
    italic = language == "en" and draw.random() < 0.2
    line = draw.choice(["", "", "", "", "", "underline", "rule", "band", "frame"])
    extra = {
        "underline": "text-decoration: underline;",
        "rule": "border-bottom: 1.2pt solid currentColor;",
        "band": f"background: {draw.choice(INKS)}; color: white; padding: 1mm 2mm;",
        "frame": "border: .8pt solid currentColor; padding: 1mm;",
        "": "",
    }[line]
    return (
        f"font: {'italic ' if italic else ''}{'bold' if bold else 'normal'} "
        f"{size * factor:.1f}pt/1.25 '{other}'; color: {ink}; "
        f"text-align: {draw.choice(['left', 'left', 'center', 'right'])}; "
        f"margin: {draw.choice([1.2, 1.6, 2.2])}em 0 {draw.choice([0.2, 0.5, 0.8])}em; "
        f"{'text-transform: uppercase;' if language == 'en' and draw.random() < 0.15 else ''}{extra}"
    )


def _section(draw: random.Random, language: str, size: float, headings: tuple[str, ...]) -> str:
    """Larger than the headlines, or a band of colour."""
    largest = max(float(one.split("pt/")[0].rsplit(" ", 1)[1]) for one in headings)
    face, ink = draw.choice(FACES[language]), draw.choice(INKS)
    if draw.random() < 0.5:
        return (
            f"font: bold {max(1.1 * size, draw.choice([1, 0.8]) * largest):.1f}pt/1.4 '{face}'; "
            f"background: {ink}; color: white; padding: 1mm 3mm; margin: 6mm 0 3mm;"
        )
    return (
        f"font: bold {1.25 * largest:.1f}pt/1.3 '{face}'; color: {draw.choice(['inherit', ink])}; "
        f"text-align: {draw.choice(['left', 'center'])}; margin: 7mm 0 3mm;"
    )
