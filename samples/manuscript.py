"""Reads a manuscript: the one source of a sample PDF and of its expected reading.

A manuscript is Markdown with few marks, a block to a paragraph and a line to a block:

    # section        ## headline        ### sub-heading        > sub-title
    ~ By office      ~ 3 March 2026     who wrote it, and when
    [words](https://…)   https://…      links, under words or printed
    ![caption](name)                    a figure, drawn by the layout under that name
    | cell | cell |                     a table; its first row is the header
    : caption                           the table's caption, below its last row
    • entry   1. entry   （1）entry      a list; entries keep their mark
    (Source: office)  （来源：单位）       the source line

`\\` in a headline breaks its line. Before all that stands a TOML block between +++ lines.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

LINK = re.compile(
    r"\[(?P<words>[^\]]+)\]\((?P<under>[^)]+)\)|(?P<printed>https?://[!-~]*[0-9A-Za-z/])"
)
BYLINE = re.compile(r"By |作者：")
FIGURE = re.compile(r"!\[(?P<caption>[^\]]*)\]\((?P<name>[\w-]+)\)")
SOURCE = re.compile(r"(?:（来源：|（來源：|\(Source: )(?P<source>.+)[）)]")
ENTRY = re.compile(r"(?:[•–]|\d+\.|（\d+）)\s*\S")

Issue = dict[str, Any]
Article = dict[str, Any]


def read(path: Path) -> Issue:
    """The issue of a manuscript: its front matter and `sections` of `articles` of `passages`."""
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    issue: Issue = tomllib.loads(front) | {"sections": []}
    for block in re.split(r"\n{2,}", body.strip()):
        _add(issue["sections"], block)
    return issue


def expected(issue: Issue) -> Issue:
    """Return what a careful reader finds in the PDF of that issue."""
    return {key: issue[key] for key in ("title", "number", "date", "publisher")} | {
        "sections": [
            {"title": section["title"], "articles": [_reading(a) for a in section["articles"]]}
            for section in issue["sections"]
        ]
    }


def _add(sections: list[Issue], block: str) -> None:
    mark, _, words = block.partition(" ")
    if mark == "#":
        sections.append({"title": words, "articles": []})
        return
    if not sections:
        sections.append({"title": "", "articles": []})
    articles = sections[-1]["articles"]
    if mark == "##":
        articles.append(_article(words))
    elif mark == ">":
        articles[-1]["subtitle"] = words
    elif mark == "~":
        articles[-1]["credits"].append(words)
    elif source := SOURCE.fullmatch(block):
        articles[-1] |= {"source": source["source"], "source_line": block}
    else:
        articles[-1]["passages"].append(_passage(block))


def _article(headline: str) -> Article:
    return {
        "title": headline.replace("\\", ""),
        "title_lines": headline.split("\\"),
        "subtitle": "",
        "credits": [],
        "source": "",
        "source_line": "",
        "passages": [],
    }


def _passage(block: str) -> Issue:
    lines = block.splitlines()
    if block.startswith("### "):
        return {"kind": "heading", "text": block[4:]}
    if block.startswith("|"):
        rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in lines]
        caption = rows.pop()[0].removeprefix(": ") if lines[-1].startswith(":") else ""
        return {"kind": "table", "rows": rows, "caption": caption}
    if figure := FIGURE.fullmatch(block):
        return {"kind": "figure", **figure.groupdict()}
    if all(ENTRY.match(line) for line in lines):
        return {"kind": "list", "entries": lines}
    return {"kind": "paragraph", "text": block, "spans": _spans(block)}


def _spans(text: str) -> list[dict[str, str]]:
    """The pieces of a paragraph; those that are links carry a `url`."""
    spans, at = [], 0
    for link in LINK.finditer(text):
        words = link["words"] or link["printed"]
        spans += [{"text": text[at : link.start()]}]
        spans += [{"text": words, "url": link["under"] or link["printed"]}]
        at = link.end()
    return [span for span in [*spans, {"text": text[at:]}] if span["text"]]


def _credits(lines: list[str]) -> dict[str, str]:
    """Return who wrote an article, and when; nothing where the manuscript says nothing."""
    who = next((BYLINE.sub("", line) for line in lines if BYLINE.match(line)), "")
    when = next((line for line in lines if not BYLINE.match(line)), "")
    return {"byline": who, "date": when} if lines else {}


def _reading(article: Article) -> Article:
    def parts(kind: str, key: str) -> list[Any]:
        return [part[key] for part in article["passages"] if part["kind"] == kind]

    paragraphs = parts("paragraph", "spans")
    return {
        "title": article["title"],
        "subtitle": article["subtitle"],
        **_credits(article["credits"]),
        "source": article["source"],
        **({"pages": article["pages"]} if "pages" in article else {}),
        "subheadings": parts("heading", "text"),
        "paragraphs": ["".join(span["text"] for span in spans) for spans in paragraphs],
        "lists": parts("list", "entries"),
        "links": [span for spans in paragraphs for span in spans if "url" in span],
        "figures": parts("figure", "caption"),
        "tables": parts("table", "rows"),
        "table_captions": parts("table", "caption"),
    }
