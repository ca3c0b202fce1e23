"""A designed issue as one HTML page: text that flows, or boxes that a script puts on pages."""

from __future__ import annotations

import random
from typing import Any

from tests.pdfs.designed import looks, parts
from tests.pdfs.designed.looks import Look

Issue = dict[str, Any]
CSS = """
* { box-sizing: border-box } p { margin: 0 0 .5em } img, svg { width: 100%; max-height: 45mm }
.rules { display: flex; justify-content: space-between; border: solid; border-width: 1pt 0; padding: 1mm 0 }
.facts { text-align: center } .beside { display: flex; justify-content: space-between; align-items: flex-end }
.cover { height: 180mm; padding-top: 50mm; text-align: center; break-after: page } header { margin-bottom: 5mm }
nav { border: .8pt solid #888; padding: 2mm 4mm; margin: 0 0 5mm } .inside { font-weight: bold; font-size: 1.2em }
.head, .section { break-after: avoid; text-indent: 0 } .signed { text-align: right; font-style: italic }
.quote { font-size: 1.4em; text-align: center; margin: .8em 4%; border: solid; border-width: 1pt 0; padding: .4em 0 }
figure { margin: 2mm 0; break-inside: avoid } figcaption { font-size: .85em; text-align: center }
table { border-collapse: collapse; margin: 2mm 0 } td { border: .5pt solid; padding: 1mm 4mm }
.sheet { position: relative; overflow: hidden; break-after: page; display: flex }
.sheet > div { position: relative; overflow: hidden } .foot { position: absolute; bottom: 5mm; left: 0; right: 0; text-align: center; font-size: 8pt }
"""
# Each item goes below the last one of its column; if it does not fit, into the next.
PACK = """
const items = [...document.getElementById("items").children], widths = WIDTHS, pad = PAD;
let sheet, column, at = widths.length;
function next() {
  if (++at >= widths.length) {
    at = 0; sheet = document.createElement("div"); sheet.className = "sheet";
    document.body.append(sheet);
    const count = document.querySelectorAll(".sheet").length;
    sheet.innerHTML = BAND + "<span class=foot>" + count + "</span>";
  }
  column = document.createElement("div"); column.style.width = widths[at]; column.style.height = "100%";
  column.style.paddingBottom = "12mm"; sheet.append(column);
}
for (const item of items) {
  if (!column || item.dataset.opens) next();
  column.append(item);
  if (column.scrollHeight > column.clientHeight + 1 && column.children.length > 1) { next(); column.append(item); }
}
document.getElementById("items").remove();
"""
SIZES = {"boxes": ("210mm", "297mm"), "cards": ("210mm", "297mm"), "slides": ("297mm", "167mm")}


def page_of(draw: random.Random, issue: Issue) -> str:
    """The issue as HTML. Headlines in capitals are put in capitals in `issue`."""
    kind, language = issue["kind"], issue["language"]
    look = looks.look_of(draw, language, kind=kind)
    body = _packed(draw, issue, look) if kind in SIZES else _flowing(draw, issue, look)
    title = draw.choice([issue["title"], "", "Microsoft Word - Document1", "untitled"])
    text = f'font: {look.size}pt/{look.leading} "{look.face}"; color: {look.ink}; margin: 0'
    align = draw.choice(["left", "left", "justify"])
    head = f"<meta charset=utf-8><title>{title}</title>"
    style = f"<style>{CSS} body {{ {text}; text-align: {align} }}</style>"
    return f"<!doctype html><html lang={language}>{head}{style}<body>{body}"


def _flowing(draw: random.Random, issue: Issue, look: Look) -> str:
    """As a word processor sets it, or a newspaper with columns below each headline."""
    news = issue["kind"] == "news"
    paper = "280mm 400mm" if news else draw.choice(["A4", "letter"])
    columns = draw.choice([3, 4]) if news else draw.choice([1, 1, 1, 2])
    indent = draw.choice([0, 0, 1.5]) if issue["language"] == "en" else draw.choice([0, 2, 2])
    running = f'@top-left {{ content: "{issue["title"]} {issue["number"]}" }}'
    css = (
        f"@page {{ size: {paper}; margin: {draw.choice([14, 18, 22])}mm; "
        f"{draw.choice(['', running])} {draw.choice(['', '@bottom-center { content: counter(page) }'])} }}"
        f".body p {{ text-indent: {indent}em; margin-bottom: {draw.choice([0, 0.5, 0.9])}em }}"
        f"{'.body' if news else 'main'} {{ columns: {columns}; column-gap: {draw.choice([4, 6, 9])}mm }}"
    )
    blocks = [parts.masthead(draw, issue, look)]
    if draw.random() < 0.25:
        blocks.append(parts.contents(draw, issue))
    blocks += ["<main>", *_items(draw, issue, look, framed=0.15), "</main>"]
    return f"<style>{css}</style>{''.join(blocks)}"


def _items(draw: random.Random, issue: Issue, look: Look, *, framed: float) -> list[str]:
    """Sections and articles in order, some articles in frames or on tints."""
    items, at = [], 0
    for section in issue["sections"]:
        if section["title"]:
            items.append(parts.section(section["title"], look))
        for article in section["articles"]:
            style = _frame(draw) if draw.random() < framed and article["title"] else ""
            items.append(parts.article(draw, article, look, at, style=style))
            if draw.random() < 0.2:
                items.append("<p>&nbsp;</p>")
            at += bool(article["title"])
        if section.get("picture"):
            items.append(f"<figure>{parts.photograph()}</figure>")
    return items


def _frame(draw: random.Random) -> str:
    ground = draw.choice(["white", *looks.TINTS])
    edge = draw.choice(["none", "solid .8pt #333", "solid 1.5pt #14407a", "dashed 1pt #a00000"])
    if edge == "none" and ground == "white":
        edge = "solid .8pt #333"
    more = f"border-radius: {draw.choice([0, 0, 3])}mm; break-inside: avoid; color: black"
    return f"background: {ground}; border: {edge}; padding: 2mm 3mm; margin: 0 0 4mm; {more}"


def _packed(draw: random.Random, issue: Issue, look: Look) -> str:
    """As boxes on pages: of Publisher with frames, of Canva on colour, or one slide an article."""
    width, height = SIZES[issue["kind"]]
    slides = issue["kind"] == "slides"
    widths = ["100%"] if slides else draw.choice([["50%", "50%"], ["34%", "66%"], ["100%"]])
    framed = {"boxes": 0.8, "cards": 0.5, "slides": 0.0}[issue["kind"]]
    items = [parts.masthead(draw, issue, look)]
    items += [item for item in _items(draw, issue, look, framed=framed) if "&nbsp;" not in item[:9]]
    if slides:
        items = _opening(items)
    band = f"<b style='position: absolute; top: 4mm; right: 8mm'>{issue['title']}</b>"
    script = PACK.replace("WIDTHS", str(widths)).replace("PAD", "0")
    script = script.replace("BAND", f'"{draw.choice(["", band]) if slides else ""}"')
    ground = f"background: {look.ground}; -webkit-print-color-adjust: exact"
    css = (
        f"@page {{ size: {width} {height}; margin: 0 }} .sheet {{ width: {width}; height: {height}; {ground}; "
        f"padding: 8mm }} .sheet > div {{ padding: 0 3mm }} .cover {{ height: auto; padding: 20mm 0 }}"
    )
    hidden = f"<div id=items>{''.join(items)}</div>"
    return f"<style>{css}</style>{hidden}<script>{script}</script>"


def _opening(items: list[str]) -> list[str]:
    """Each article opens a slide, together with the name of its section where it is the first."""
    opened, after_section = [], False
    for item in items:
        is_section = item.startswith("<p class=section")
        opens = not after_section
        opened.append(item.replace(" ", " data-opens=1 ", 1) if opens and " " in item else item)
        after_section = is_section
    return opened
