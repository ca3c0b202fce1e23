"""The looks of a page that is put together by lot."""

from __future__ import annotations

import random
from typing import Any

SERIF = {"zh": ["Noto Serif CJK SC", "AR PL UMing CN", "AR PL SungtiL GB"], "en": ["Liberation Serif", "DejaVu Serif", "Latin Modern Roman"]}  # fmt: skip
SANS = {"zh": ["Noto Sans CJK SC", "WenQuanYi Zen Hei"], "en": ["Liberation Sans", "DejaVu Sans", "Liberation Sans Narrow"]}  # fmt: skip
KAI = "AR PL UKai CN"
FOLIOS = {
    "zh": ['"- " counter(page) " -"', '"第" counter(page) "页 共" counter(pages) "页"', '"· " counter(page) " ·"', "counter(page)"],
    "en": ['"Page " counter(page) " of " counter(pages)', 'counter(page) " | {title}"', "counter(page)", '"{title} – " counter(page)'],
}  # fmt: skip
SECTIONS = [
    "border-bottom: 1pt solid #357;",
    "background: #246; color: white; padding: 1mm 3mm;",
    "text-align: center; letter-spacing: .5em;",
    "border-left: 6pt solid #a33; padding-left: 2mm;",
    "color: #a33; text-transform: uppercase;",
    "text-align: right; border-top: .5pt solid;",
    "border: .7pt solid #246; padding: 1mm; text-align: center;",
    "",
]


def css_of(draw: random.Random, issue: dict[str, Any], look: dict[str, Any], *, engine: str) -> str:
    """The style sheet; what the look draws beside it is put in `look`."""
    zh = issue["language"] == "zh"
    serif, sans = draw.choice(SERIF[issue["language"]]), draw.choice(SANS[issue["language"]])
    body, head = draw.choice([(serif, sans), (serif, serif), (sans, sans), (serif, sans)])
    columns = draw.choice([1, 1, 1, 2, 2, 3])
    size = draw.choice([8.5, 9.0, 9.5, 10.0] if columns > 1 else [10.0, 10.5, 12.0, 14.0, 16.0])
    official = zh and columns == 1 and draw.random() < 0.25
    head_size = size if official else round(size * draw.choice([1.1, 1.2, 1.4, 1.7]), 1)
    section_size = size if official else round(head_size * draw.choice([0.9, 1.0, 1.25, 1.5]), 1)
    h1 = draw.choice(SECTIONS)
    if section_size <= head_size and not h1.startswith(("background", "border: ")) and not official:
        section_size = round(head_size * 1.2, 1)
    h2 = draw.choice(["text-align: center;", "text-align: left;", "text-align: left; color: #147;"])
    weight = "normal" if official or draw.random() < 0.1 else "bold"
    section_font, head_font = (sans, KAI) if official else (head, head)
    indent = (2 if zh else 1.2) if draw.random() < (0.8 if zh else 0.3) else 0
    gap = 0 if indent else draw.choice([0.5, 0.8, 1.0])
    look["linked"] = draw.random() < 0.5
    margin = draw.choice([15, 20, 26]) if columns == 1 else draw.choice([12, 15, 18])
    folio = draw.choice(FOLIOS[issue["language"]]).format(title=issue["title"])
    name = f'"{issue["title"]}  {issue["number"]}"'
    small = f'font: {0.8 * size:.1f}pt "{body}"'
    place = draw.choice(["@bottom-center", "@bottom-right", "@top-right"])
    other = draw.choice(["@top-left", "@top-center", ""])
    running = "string(section)" if engine == "weasyprint" and draw.random() < 0.4 else name
    runhead = f"{other} {{ content: {running}; {small} }}" if other else ""
    draw.random()
    capital = "normal"
    caps = "text-transform: uppercase;" if not zh and draw.random() < 0.15 else ""
    aside = (
        "float: right; width: 42%; margin: 0 0 3mm 4mm;"
        if columns == 1
        else "margin: 3mm 0; break-inside: avoid;"
    )
    edge = draw.choice(
        [
            "border: .7pt solid #246;",
            "background: #e6edf3;",
            "border-top: 2pt solid #a33; background: #f6f3ee;",
        ]
    )
    navbox = (
        "float: right; width: 38%; margin: 0 0 4mm 5mm;"
        if columns == 1
        else "break-inside: avoid; margin-bottom: 4mm;"
    )
    rule = "column-rule: .4pt solid #999;" if draw.random() < 0.3 else ""
    look["upper"], look["upper_sections"] = bool(caps), "uppercase" in h1
    return f"""
@page {{ size: {draw.choice(["A4", "A4", "letter"])}; margin: {margin + 8}mm {margin}mm; {place} {{ content: {folio}; {small} }} {runhead} }}
@page :first {{ @top-left {{ content: none }} @top-center {{ content: none }} @top-right {{ content: none }} }}
body {{ overflow-wrap: anywhere; font: {size}pt/{draw.choice([1.5, 1.75, 2.0]) if zh else draw.choice([1.2, 1.35, 1.5])} "{body}"; margin: 0; text-align: {draw.choice(["justify", "justify", "left"])}; hyphens: {draw.choice(["auto", "manual"])} }}
.cover {{ break-after: page; padding-top: 50mm; text-align: center }} .cover p {{ text-indent: 0; margin: 0 0 8mm }}
.title {{ font: bold {3.2 * size:.0f}pt/1.2 "{head}"; text-align: {draw.choice(["center", "left"])}; margin: 0 0 3mm; text-indent: 0 !important; color: {"#c00" if look["front"] == "redhead" else "#124"}; {"letter-spacing: .3em;" if zh and draw.random() < 0.3 else ""} }}
.masthead {{ margin-bottom: 7mm }} .masthead p {{ text-indent: 0; margin: 0 0 1mm }} .number {{ text-align: center }}
.ends {{ display: flex; justify-content: space-between; border-bottom: 1.5pt solid #c00 }} .facts {{ text-align: center; border-bottom: 1pt solid #124 }}
nav p {{ text-indent: 0 !important; text-align: left; hyphens: none; margin: 0 0 1mm }} nav.page {{ break-after: {draw.choice(["page", "auto"])}; margin-bottom: 8mm }}
nav.box {{ {navbox} {edge} padding: 2mm 3mm; font-size: .92em }}
.contents {{ font: bold {1.4 * size:.1f}pt "{head}"; {"text-align: center !important;" if zh else ""} }} .part {{ font-weight: bold; margin-top: 2mm !important }}
.entry a {{ color: inherit; text-decoration: none }} nav.numbers .entry a::after {{ content: leader('{draw.choice([".", "…" if zh else ".", " "])}') target-counter(attr(href), page) }}
main {{ columns: {columns}; column-gap: {draw.choice([6, 9])}mm; {rule} }}
h1 {{ font: bold {section_size}pt/1.3 "{section_font}"; font-weight: {"normal" if official else "bold"}; margin: 7mm 0 3mm; break-after: avoid; string-set: section content(); {h1} {"column-span: all;" if columns > 1 and draw.random() < 0.3 else ""} }}
h2 {{ font: {weight} {head_size}pt/1.3 "{head_font}"; font-variant-caps: {capital}; margin: {draw.choice([4, 6])}mm 0 2mm; hyphens: manual; break-after: avoid; {h2} {caps} }}
h3 {{ font: {"normal" if official else "bold"} {size}pt/1.5 "{KAI if zh and draw.random() < 0.3 else head}"; margin: {draw.choice([0, 2])}mm 0 {draw.choice([0, 1])}mm; {"text-indent: 2em;" if zh and indent else ""} break-after: avoid; text-align: left }}
p {{ margin: 0 0 {gap}em; text-indent: {indent}em; orphans: {draw.choice([1, 2])}; widows: {draw.choice([1, 2])} }}
.initial::first-letter {{ font-size: 2.7em; float: left; line-height: .85; padding-right: 1mm }} .initial {{ text-indent: 0 }}
.kicker {{ text-indent: 0; font: bold {0.8 * size:.1f}pt "{sans}"; color: #b50; letter-spacing: .08em; margin: 6mm 0 0; break-after: avoid }} .kicker + h2 {{ margin-top: 0 }}
.subtitle {{ text-indent: 0; font-size: {1.05 * size:.1f}pt; font-family: "{sans}"; {h2} }}
.credit {{ text-indent: 0; font-style: {"normal" if zh else draw.choice(["italic", "normal"])}; font-size: {draw.choice([1.0, 0.9])}em; {h2} }}
.source {{ text-indent: {indent if draw.random() < 0.5 else 0}em; font-size: {draw.choice([1.0, 0.9])}em; text-align: {draw.choice(["left", "right", "left"])}; font-family: "{KAI if zh and draw.random() < 0.3 else body}" }}
.entry-of-list {{ padding-left: 1.6em; text-indent: -1.2em; margin: 0 0 .3em }} .entry-of-list + p:not(.entry-of-list) {{ margin-top: .5em }}
aside {{ {aside} {edge} padding: 2mm 3mm; font-size: .93em }} aside p {{ text-indent: 0; margin: 0 0 1mm; text-align: left; hyphens: manual }} .boxhead {{ font: bold {1.05 * size:.1f}pt "{sans}" }}
table {{ width: 100%; table-layout: fixed; overflow-wrap: anywhere; border-collapse: collapse; font-size: .9em; margin: 3mm 0; hyphens: none; text-align: {draw.choice(["left", "center"])} }} td, th {{ border: .5pt solid #444; padding: 1mm }}
th {{ text-align: inherit }} caption, figcaption {{ font-size: .85em; text-align: {draw.choice(["left", "center"])}; padding: 1mm 0; text-indent: 0 }} figure {{ margin: 3mm 0; break-inside: avoid }}
.imprint {{ margin-top: 10mm; border-top: 1pt solid; padding-top: 2mm; font-size: .85em; break-inside: avoid }} .imprint p {{ text-indent: 0; margin: 0 0 1mm; text-align: left }}
"""
