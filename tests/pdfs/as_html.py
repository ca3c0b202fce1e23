"""A manuscript as one HTML page, for the engines that print HTML."""

from __future__ import annotations

from html import escape
from typing import Any

ICE = """<svg viewBox="0 0 400 150" width="100%" role="img">
<path d="M40 120 C90 40 130 30 190 80 S300 130 380 30" fill="none" stroke="#345" stroke-width="3"/>
<path d="M40 10 V130 H390" fill="none" stroke="#888"/>
<path d="M60 100 L120 60 L200 95 L280 70 L370 110" fill="none" stroke="#a33" stroke-width="2"/>
</svg>"""


def page(issue: dict[str, Any], *, css: str, cover: bool, contents: bool) -> str:
    """The whole issue; the look is all in `css`."""
    parts = [
        _cover(issue) if cover else _masthead(issue),
        _contents(issue) if contents else "",
        "<main>",
        *(_section(section, n) for n, section in enumerate(issue["sections"])),
        "</main>",
    ]
    head = f"<meta charset=utf-8><title>{escape(issue['title'])}</title><style>{css}</style>"
    return f"<!doctype html><html lang={issue['language']}>{head}<body>{''.join(parts)}"


def _cover(issue: dict[str, Any]) -> str:
    return (
        f"<div class=cover><p class=title>{issue['title']}</p><p>{issue['number']}</p>"
        f"<p>{printed_date(issue)}</p><p class=publisher>{issue['publisher']}</p></div>"
    )


def _masthead(issue: dict[str, Any]) -> str:
    return (
        f"<div class=masthead><p class=title>{issue['title']}</p>"
        f"<p class=facts>{issue['number']} · {printed_date(issue)} · {issue['publisher']}</p></div>"
    )


def printed_date(issue: dict[str, Any]) -> str:
    """The date as the cover says it."""
    year, month, *day = issue["date"].split("-")
    if issue["language"].startswith("zh"):
        return f"{year}年{int(month)}月" + (f"{int(day[0])}日" if day else "")
    months = "January February March April May June July August September October November December"
    return f"{months.split()[int(month) - 1]} {year}"


def _contents(issue: dict[str, Any]) -> str:
    head = "目录" if issue["language"] == "zh" else "目錄"
    head = head if issue["language"].startswith("zh") else "Contents"
    rows = []
    for s, section in enumerate(issue["sections"]):
        rows.append(f"<p class=part>{section['title']}</p>")
        rows += [
            f'<p class=entry><a href="#a{s}-{a}">{article["title"]}</a></p>'
            for a, article in enumerate(section["articles"])
        ]
    return f"<nav><p class=contents>{head}</p>{''.join(rows)}</nav>"


def _section(section: dict[str, Any], s: int) -> str:
    title = f"<h1>{section['title']}</h1>" if section["title"] else ""
    return title + "".join(
        _article(article, f"a{s}-{a}") for a, article in enumerate(section["articles"])
    )


def _article(article: dict[str, Any], name: str) -> str:
    parts = [f'<article><h2 id="{name}">{"<br>".join(article["title_lines"])}</h2>']
    if article["subtitle"]:
        parts.append(f"<p class=subtitle>{article['subtitle']}</p>")
    parts += [f"<p class=credit>{line}</p>" for line in article["credits"]]
    parts += [passage_as_html(passage) for passage in article["passages"]]
    if article["source_line"]:
        parts.append(f"<p class=source>{article['source_line']}</p>")
    return "".join([*parts, "</article>"])


def passage_as_html(passage: dict[str, Any], *, attributes: str = "") -> str:
    """A passage; `attributes` are those of a paragraph."""
    match passage["kind"]:
        case "heading":
            return f"<h3>{passage['text']}</h3>"
        case "list":
            return "".join(f"<p class=entry-of-list>{entry}</p>" for entry in passage["entries"])
        case "figure":
            return f"<figure>{ICE}<figcaption>{passage['caption']}</figcaption></figure>"
        case "table":
            return _table(passage)
    spans = (
        f'<a href="{span["url"]}">{escape(span["text"])}</a>'
        if "url" in span
        else escape(span["text"])
        for span in passage["spans"]
    )
    return f"<p{attributes}>{''.join(spans)}</p>"


def _table(passage: dict[str, Any]) -> str:
    head, *rows = passage["rows"]
    cells = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    caption = f"<caption>{passage['caption']}</caption>" if passage["caption"] else ""
    return f"<table>{caption}<thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"
