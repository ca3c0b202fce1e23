"""The parts of a designed issue as HTML: masthead, contents, sections, articles."""

from __future__ import annotations

import base64
import random
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from tests.pdfs.as_html import ICE
from tests.pdfs.designed import looks
from tests.pdfs.designed.looks import Look

Issue = dict[str, Any]
FRONTS = ("stack", "stack", "rules", "rules", "beside", "cover")
INSIDE = {
    "en": ["In this issue", "Inside", "Contents"],
    "zh": ["本期目录", "导读"],
    "zh-hant": ["本期目錄", "導讀"],
}


def masthead(draw: random.Random, issue: Issue, look: Look) -> str:
    """The title of the issue with its number and date, in one of the forms that people give it."""
    ink, size = draw.choice([look.ink, *looks.INKS]), look.size * draw.choice([2.4, 3.2, 4.5])
    face = draw.choice(looks.FACES[issue["language"]])
    style = f"font: bold {size:.0f}pt/1.2 '{face}'; color: {ink}; margin: 0 0 2mm; "
    style += f"text-align: {draw.choice(['left', 'center', 'center'])};"
    title = f'<p style="{style}">{escape(issue["title"])}</p>' if issue["title"] else ""
    number, date, motto = issue["number"], issue["printed_date"], issue["motto"]
    facts = draw.choice([" | ", " · ", "&nbsp;&nbsp;&nbsp;"]).join(filter(None, [number, date]))
    match draw.choice(FRONTS):
        case "rules":
            cells = "".join(f"<span>{cell}</span>" for cell in (f"{date} {number}", motto))
            return f"<header>{title}<p class=rules>{cells}</p></header>"
        case "beside":
            return f"<header class=beside><div>{title}</div><p>{facts}</p></header>"
        case "cover" if issue["kind"] != "boxes":
            middle = f"{title}<p>{motto}</p><p>{number}</p><p>{date}</p>"
            return f"<header class=cover>{middle}</header>"
    return f"<header>{title}<p class=facts>{motto}</p><p class=facts>{facts}</p></header>"


def contents(draw: random.Random, issue: Issue) -> str:
    """A list of what is inside, in one or two columns, of those articles that have a headline."""
    titles = [a["title"] for s in issue["sections"] for a in s["articles"] if a["title"]]
    rows = "".join(f"<p>{escape(title)}</p>" for title in titles)
    columns = draw.choice([1, 2])
    name = draw.choice(INSIDE[issue["language"]])
    return f"<nav><p class=inside>{name}</p><div style='columns: {columns}'>{rows}</div></nav>"


def section(name: str, look: Look) -> str:
    """The name of a section."""
    return f'<p class=section style="{look.section}">{escape(name)}</p>'


def article(draw: random.Random, article: Issue, look: Look, at: int, *, style: str = "") -> str:
    """An article with the headline of its own look."""
    head = ""
    if article["title"]:
        heading = look.headline(at)
        if "uppercase" in heading:
            article["title"] = article["title"].upper()
        head = f'<p class=head style="{heading}">{escape(article["title"])}</p>'
    body = "".join(passage(draw, one, look) for one in article["passages"])
    return f'<article style="{style}">{head}<div class=body>{body}</div></article>'


def passage(draw: random.Random, part: Issue, look: Look) -> str:
    """What stands in an article."""
    text = escape(part["text"]) if "text" in part else ""
    match part["kind"]:
        case "picture":
            caption = f"<figcaption>{text}</figcaption>" if text else ""
            return f"<figure>{draw.choice([ICE, photograph()])}{caption}</figure>"
        case "table":
            rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in part["rows"])
            return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
        case "paragraph":
            return _paragraph(draw, part, text)
    return _line(draw, part["kind"], text, look)


def _line(draw: random.Random, kind: str, text: str, look: Look) -> str:
    """What is set apart from the paragraphs."""
    match kind:
        case "heading":
            return f'<p style="{look.sub_heading}; text-indent: 0">{text}</p>'
        case "quote":
            return f'<p class=quote style="color: {draw.choice(looks.INKS)}">{text}</p>'
        case "byline":
            style = draw.choice(["font-style: italic", "font-weight: bold", "font-size: .85em"])
            return f'<p style="{style}">{text}</p>'
        case "slogan":
            face = f"bold {look.size * draw.choice([1.2, 1.5, 2]):.1f}pt '{look.face}'"
            ink = draw.choice(["inherit", *looks.INKS])
            return f'<p style="font: {face}; color: {ink}; text-align: center; text-indent: 0">{text}</p>'
    return f"<p class={kind}>{text}</p>"


def _paragraph(draw: random.Random, part: Issue, text: str) -> str:
    """A paragraph, all of it or its first words set off at times."""
    if part.get("bold"):
        return f"<p><b>{text}</b></p>"
    if part.get("mark"):
        return f"<p><b>{text[: part['mark']]}</b>{text[part['mark'] :]}</p>"
    if part.get("lead"):
        at = min(len(text), draw.randint(10, 30))
        at = text.find(" ", at) if " " in text[at:] else at
        mark = {"bold": "<b>", "colour": f'<b style="color: {draw.choice(looks.INKS)}">'}
        return f"<p>{mark[part['lead']]}{text[:at]}</b>{text[at:]}</p>"
    return f"<p>{text}</p>"


@cache
def photograph() -> str:
    """A picture of dots."""
    data = base64.b64encode((Path(__file__).parents[3] / "samples/relief.jpg").read_bytes())
    return f'<img src="data:image/jpeg;base64,{data.decode()}">'
