"""Looks drawn by lot: fonts, sizes, margins, columns, leading, headings, tables, as the world
mixes them. A seed names a look, so that what was read wrong can be set again."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from samples import manuscript
from tests.pdfs import as_html

HERE = Path(__file__).parent
TEXTS = ("harbour", "yulin", "ferry")
SERIFS = {
    "en": ["Liberation Serif", "DejaVu Serif", "Libertinus Serif"],
    "zh": ["Noto Serif CJK SC", "AR PL UMing CN", "AR PL UKai CN"],
    "zh-hant": ["Noto Serif CJK TC", "AR PL UMing TW"],
}
SANSES = {
    "en": ["Liberation Sans", "DejaVu Sans"],
    "zh": ["Noto Sans CJK SC", "WenQuanYi Zen Hei"],
    "zh-hant": ["Noto Sans CJK TC", "WenQuanYi Zen Hei"],
}
TABLES = (
    "td, th { border: .5pt solid #444; padding: 1mm }",
    "td, th { border-bottom: .4pt solid #888; padding: 1mm }",
    "th { border-top: 1pt solid } th, tr:last-child td { border-bottom: 1pt solid } td, th { padding: 1mm }",
    "thead { background: #cdd } tbody tr:nth-child(even) { background: #eee } td, th { padding: 1mm }",
    "th { background: #246; color: white } td, th { padding: 1mm; border-bottom: .4pt solid #246 }",
)


def issue_of(seed: int) -> dict[str, Any]:
    """The issue of a seed."""
    issue = manuscript.read(HERE / f"{TEXTS[seed % len(TEXTS)]}.md")
    return issue | {"printed_date": as_html.printed_date(issue)}


def page_of(seed: int, issue: dict[str, Any]) -> str:
    """The issue as HTML, in the look of the seed."""
    draw = random.Random(seed)
    cover = draw.random() < 0.4
    contents = cover or draw.random() < 0.2
    return as_html.page(issue, css=css_of(draw, issue), cover=cover, contents=contents)


def css_of(draw: random.Random, issue: dict[str, Any]) -> str:
    """A look for the language of the issue."""
    language = issue["language"]
    chinese = language.startswith("zh")
    serif, sans = draw.choice(SERIFS[language]), draw.choice(SANSES[language])
    body, head = draw.choice([(serif, sans), (serif, serif), (sans, sans)])
    columns = draw.choice([1, 1, 2, 2, 3])
    sizes = [8.0, 9.0, 10.0] if columns > 1 else [9.5, 10.5, 11.0, 12.0, 14.0]
    size = draw.choice(sizes)
    leading = draw.choice([1.5, 1.7, 2.0] if chinese else [1.15, 1.3, 1.5])
    paper = draw.choice(["A4", "A4", "letter", "A3" if columns > 1 else "A5"])
    margin = draw.choice([14, 18, 25, 30] if columns == 1 else [12, 16, 20])
    indents = draw.random() < (0.8 if chinese else 0.4)
    gap = 0 if indents else draw.choice([0.5, 0.7, 1.0])
    hyphens = "auto" if draw.random() < 0.5 else "none"
    head_size = round(size * draw.choice([1.15, 1.3, 1.5]), 1)
    section_size = round(head_size * draw.choice([1.2, 1.5]), 1)
    centred = draw.random() < 0.3
    small = draw.choice([1.0, 0.9])
    section = draw.choice(
        [
            "border-bottom: 1pt solid #357;",
            "border-top: 2pt solid #a33; padding-top: 1mm;",
            "background: #dde6ee; padding: 1mm 2mm;",
            "color: #a33;",
            "font-weight: normal;",
            "letter-spacing: .05em;",
        ]
    )
    span = "column-span: all;" if columns > 1 and draw.random() < 0.4 else ""
    aligned = "text-align: center;" if centred else "text-align: left;"
    level = "none" if draw.random() < 0.5 else ""
    bookmarks = f"h1, h2, h3 {{ bookmark-level: {level} }}" if level else ""
    justified = "justify" if draw.random() < 0.7 else "left"
    return f"""
@page {{ size: {paper}; margin: {margin + 8}mm {margin}mm; {_running(draw, issue, size, body)} }}
@page :first {{ @top-left {{ content: none }} @top-right {{ content: none }} @top-center {{ content: none }} }}
body {{ font: {size}pt/{leading} "{body}"; margin: 0; text-align: {justified}; hyphens: {hyphens} }}
.cover {{ break-after: page; padding-top: 40mm; {aligned} }} .cover p {{ text-indent: 0; margin: 0 0 6mm }}
.title {{ font: bold {4 * size}pt/1.2 "{head}"; text-align: inherit; margin: 0; text-indent: 0 !important }}
.masthead {{ margin-bottom: 8mm; {aligned} }} .facts {{ text-indent: 0 !important; margin: 2mm 0 0 }}
nav {{ break-after: page }} .contents {{ font: bold {1.6 * size}pt "{head}"; text-indent: 0 !important }}
.part {{ font-weight: bold; margin: 4mm 0 1mm; text-indent: 0 !important }} .entry {{ margin: 0 0 1mm 1em; text-indent: 0; text-align: left; hyphens: none }}
.entry a {{ color: inherit; text-decoration: none }} .entry a::after {{ content: leader('.') target-counter(attr(href), page) }}
main {{ columns: {columns}; column-gap: {draw.choice([6, 8, 10])}mm }}
h1 {{ font: bold {section_size}pt/1.2 "{head}"; margin: 7mm 0 3mm; break-after: avoid; {aligned} {section} {span} }}
h2 {{ font: bold {head_size}pt/1.25 "{head}"; margin: {draw.choice([4, 6])}mm 0 2mm; hyphens: none; break-after: avoid; {aligned} }}
h3 {{ font: bold {size}pt/{leading} "{head}"; margin: {draw.choice([0, 2, 3])}mm 0 {draw.choice([0, 1])}mm; break-after: avoid; text-align: left }}
p {{ margin: 0 0 {gap}em; text-indent: {(2 if chinese else 1.3) if indents else 0}em; orphans: 1; widows: 1 }}
.subtitle {{ text-indent: 0; font-size: {1.05 * size}pt; {aligned} font-family: "{sans}" }}
.credit {{ text-indent: 0; font-size: {small}em }}
.source {{ text-indent: 0; font-size: {small}em; text-align: {draw.choice(["left", "right"])}; margin-bottom: {draw.choice([2, 5])}mm }}
.entry-of-list {{ padding-left: 1.6em; text-indent: -1.2em; margin: 0 0 .3em }} .entry-of-list + p:not(.entry-of-list) {{ margin-top: .5em }}
table {{ width: 100%; border-collapse: collapse; font-size: .9em; margin: 3mm 0; hyphens: none; text-align: {draw.choice(["left", "center"])} }} {draw.choice(TABLES)}
th {{ text-align: inherit }} caption, figcaption {{ font-size: .85em; text-align: {draw.choice(["left", "center"])}; padding: 1mm 0 }}
figure {{ margin: 3mm 0; break-inside: avoid }} {bookmarks}
"""


def _running(draw: random.Random, issue: dict[str, Any], size: float, font: str) -> str:
    """Running heads and folios, or none."""
    look = f'font: {0.8 * size:.1f}pt "{font}"'
    places = ["@bottom-center", "@bottom-right", "@top-right"]
    folio = draw.choice(["counter(page)", '"- " counter(page) " -"', '"Page " counter(page)'])
    head = f'@top-left {{ content: "{issue["title"]}"; {look} }}' if draw.random() < 0.6 else ""
    return head + f" {draw.choice(places)} {{ content: {folio}; {look} }}"
