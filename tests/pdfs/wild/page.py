"""An issue as one HTML page with what bulletins have beside their articles: kickers, boxes, lists
of what is inside, running heads, notes, an imprint; drawn by lot."""

from __future__ import annotations

import random
from html import escape
from typing import Any

from tests.pdfs.as_html import passage_as_html
from tests.pdfs.wild.css import css_of

Issue = dict[str, Any]
INSIDE = {"zh": ["本期目录", "目 录", "本期要目", "导读"], "en": ["In this issue", "Inside this issue", "Contents"]}  # fmt: skip
IMPRINT = {
    "zh": ["主办：{p}　　地址：湖滨路8号　　邮编：100080", "电话：010-00000000　　邮箱：info@lake.example.cn"],
    "en": ["{title} is published by {p}, 8 Quay Street. Write to editor@lake.example.org.", "To unsubscribe, visit https://lake.example.org/leave. © 2026 {p}"],
}  # fmt: skip
BOX = {
    "zh": ("背景链接", "“先用后付”是指采购人先验收货物、再办理结算的做法，目前已在六个地区试行。"),
    "en": ("How to take part", "Anyone over sixteen may count. Bring boots, a pencil and a friend; the office lends the binoculars."),
}  # fmt: skip


def page_of(seed: int, issue: Issue, *, engine: str) -> str:
    """The issue as HTML, in the look of the seed, with its boxes added to `issue`."""
    draw = random.Random(seed + 7)
    language: str = issue["language"]
    look: dict[str, Any] = {}
    look["front"] = draw.choice(["cover", "masthead", "masthead", "redhead", "title"])
    look["inside"] = draw.choice(["page", "box", "", ""]) if look["front"] != "cover" else "page"
    look["numbers"] = engine == "weasyprint" and draw.random() < 0.7
    look["kicker"] = language == "en" and not issue["sections"][0]["title"] and draw.random() < 0.5
    look["box"] = draw.random() < 0.3
    look["imprint"] = draw.random() < 0.5
    look["initials"] = language == "en" and draw.random() < 0.25
    look["numbered"] = language == "zh" and draw.random() < 0.3
    look["name"] = draw.choice(INSIDE[language])
    css = css_of(draw, issue, look, engine=engine)
    if look["numbered"]:
        _number(draw, issue)
    _print_capitals(issue, look)
    parts = [_front(issue, look)]
    if look["inside"] == "page":
        parts.append(_inside(issue, look, "page"))
    parts.append("<main>")
    if look["inside"] == "box":
        parts.append(_inside(issue, look, "box"))
    for s, section in enumerate(issue["sections"]):
        if section["title"]:
            parts.append(f"<h1><span>{section['title']}</span></h1>")
        for a, article in enumerate(section["articles"]):
            kicker = draw.choice(["RESEARCH", "PEOPLE", "FUNDING"]) if look["kicker"] else ""
            parts.append(_article(article, f"a{s}-{a}", kicker, look))
    if look["box"]:
        _box(draw, issue, parts)
    parts.append("</main>")
    if look["imprint"]:
        lines = (
            line.format(p=issue["publisher"], title=issue["title"]) for line in IMPRINT[language]
        )
        parts.append("<div class=imprint>" + "".join(f"<p>{line}</p>" for line in lines) + "</div>")
    head = f"<meta charset=utf-8><title>{escape(issue['title'])}</title><style>{css}</style>"
    return f"<!doctype html><html lang={language}>{head}<body>{''.join(parts)}"


def _print_capitals(issue: Issue, look: dict[str, Any]) -> None:
    """Titles are expected as they are printed."""
    for section in issue["sections"]:
        if look["upper_sections"]:
            section["title"] = section["title"].upper()
        for article in section["articles"] if look["upper"] else ():
            article["title"] = article["title"].upper()
            article["title_lines"] = [line.upper() for line in article["title_lines"]]


def _number(draw: random.Random, issue: Issue) -> None:
    numerals = "一二三四五六七八九十"
    for number, section in zip(numerals, issue["sections"], strict=False):
        if section["title"]:
            section["title"] = f"{number}、{section['title']}"
        for part, article in zip(numerals, section["articles"], strict=False):
            words = f"（{part}）" if section["title"] else f"{part}、"
            article["title"] = words + article["title"]
            article["title_lines"] = [
                words + article["title_lines"][0],
                *article["title_lines"][1:],
            ]


def _front(issue: Issue, look: dict[str, Any]) -> str:
    title = f"<p class=title>{escape(issue['title'])}</p>"
    number, date, publisher = issue["number"], issue["printed_date"], issue["publisher"]
    match look["front"]:
        case "cover":
            return f"<div class=cover>{title}<p>{number}</p><p>{publisher}</p><p>{date}</p></div>"
        case "redhead":
            return (
                f"<div class=masthead>{title}<p class=number>{number}</p>"
                f"<p class=ends><span>{publisher}</span><span>{date}</span></p></div>"
            )
        case "title":
            return f"<div class=masthead><p class=ends><span>{number}</span><span>{date}</span></p>{title}<p>{publisher}</p></div>"
    return f"<div class=masthead>{title}<p class=facts>{publisher} | {number} | {date}</p></div>"


def _inside(issue: Issue, look: dict[str, Any], kind: str) -> str:
    rows = []
    for s, section in enumerate(issue["sections"]):
        if section["title"]:
            rows.append(f"<p class=part>{section['title']}</p>")
        for a, article in enumerate(section["articles"]):
            link = f'href="#a{s}-{a}"' if look["numbers"] or look["linked"] else ""
            rows.append(f"<p class=entry><a {link}>{escape(article['title'])}</a></p>")
    number = "numbers" if look["numbers"] else "bare"
    return f"<nav class='{kind} {number}'><p class=contents>{look['name']}</p>{''.join(rows)}</nav>"


def _article(article: Issue, name: str, kicker: str, look: dict[str, Any]) -> str:
    above = f"<p class=kicker>{kicker}</p>" if kicker else ""
    parts = [f'<article>{above}<h2 id="{name}">{"<br>".join(article["title_lines"])}</h2>']
    if article["subtitle"]:
        parts.append(f"<p class=subtitle>{article['subtitle']}</p>")
    parts += [f"<p class=credit>{line}</p>" for line in article["credits"]]
    parts += [
        passage_as_html(p, attributes=" class=initial" if not n and look["initials"] else "")
        for n, p in enumerate(article["passages"])
    ]
    if article["source_line"]:
        parts.append(f"<p class=source>{article['source_line']}</p>")
    return "".join([*parts, "</article>"])


def _box(draw: random.Random, issue: Issue, parts: list[str]) -> None:
    """A box between the paragraphs of an article is an article of its own."""
    places = [
        i for i, part in enumerate(parts) if part.startswith("<article>") and part.count("<p>") > 2
    ]
    if not places:
        return
    title, text = BOX[issue["language"]]
    at = draw.choice(places)
    cut = parts[at].index("<p>", parts[at].index("<p>") + 3)
    box = f"<aside><p class=boxhead>{title}</p><p>{text}</p></aside>"
    parts[at] = parts[at][:cut] + box + parts[at][cut:]
    passage = {"kind": "paragraph", "text": text, "spans": [{"text": text}]}
    article = {"title": title, "subtitle": "", "credits": [], "source": "", "source_line": "", "passages": [passage]}  # fmt: skip
    count = sum(part.startswith("<article>") for part in parts[: at + 1])
    for section in issue["sections"]:
        if count <= len(section["articles"]):
            section["articles"].insert(count, article)
            return
        count -= len(section["articles"])
