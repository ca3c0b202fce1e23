"""An `IssueText` as JSON values and back: what `show_parse` prints and what the child hands over.

    {"title", "number", "date", "publisher", "page_count",
     "sections": [{"title", "confidence", "articles": [
        {"title", "subtitle", "source", "byline", "date", "pages": [first, last],
         "places": [[page, x0, top, x1, bottom]], "confidence", "reasons": [],
         "blocks": [{"kind": "paragraph|heading|list|figure|table", "text", "page",
                     "links": [{"part", "start", "stop", "url"}], ...}],
         "links": [{"text", "url"}]}]}],
     "warnings": [{"code", "page", "words"}]}

A list also has `entries`; a table `rows` and `header`, and its caption as `text`; a figure its
`place`, its caption as `text`, and its picture as `png` in base64.

A link of a block is on the characters from `start` to before `stop` of one of its texts. These
are counted by `part` from 0: its `text`; of a list its `entries`; of a table its `text`, then its
cells row by row. An article's `links` are the words and addresses of all of them, in order.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from pdf_reading.issue_text import (
    ArticleText,
    Figure,
    Heading,
    IssueText,
    Listing,
    Paragraph,
    ParseWarning,
    Passage,
    Place,
    SectionText,
    Table,
)
from pdf_reading.linking import from_json, to_json

Record = dict[str, Any]


def to_record(issue: IssueText) -> Record:
    """The issue as values that `json.dumps` takes."""
    return {
        "title": issue.title,
        "number": issue.number,
        "date": issue.date,
        "publisher": issue.publisher,
        "page_count": issue.page_count,
        "sections": [
            {
                "title": section.title,
                "confidence": section.confidence,
                "articles": [_article(article) for article in section.articles],
            }
            for section in issue.sections
        ],
        "warnings": [
            {"code": notice.code, "page": notice.page, "words": notice.words}
            for notice in issue.warnings
        ],
    }


def from_record(record: Record) -> IssueText:
    """The issue again. Raises KeyError, TypeError or ValueError for anything else."""
    return IssueText(
        title=record["title"],
        number=record["number"],
        date=record["date"],
        publisher=record["publisher"],
        page_count=record["page_count"],
        sections=tuple(
            SectionText(
                section["title"],
                tuple(_read_article(article) for article in section["articles"]),
                section["confidence"],
            )
            for section in record["sections"]
        ),
        warnings=tuple(ParseWarning(n["code"], n["page"], n["words"]) for n in record["warnings"]),
    )


def without_pictures(record: Record) -> Record:
    """The same record for people to read: each picture gives way to its size in bytes."""
    for section in record["sections"]:
        for article in section["articles"]:
            for block in article["blocks"]:
                if "png" in block:
                    block["bytes"] = len(base64.b64decode(block.pop("png")))
    return record


def _article(article: ArticleText) -> Record:
    return {
        "title": article.title,
        "subtitle": article.subtitle,
        "source": article.source,
        "byline": article.byline,
        "date": article.date,
        "pages": list(article.pages),
        "places": [_place(place) for place in article.places],
        "confidence": article.confidence,
        "reasons": list(article.reasons),
        "blocks": [_block(passage) for passage in article.passages],
        "links": [
            {"text": passage.texts[link.part][link.start : link.stop], "url": link.url}
            for passage in article.passages
            for link in passage.links
        ],
    }


def _read_article(record: Record) -> ArticleText:
    return ArticleText(
        title=record["title"],
        subtitle=record["subtitle"],
        source=record["source"],
        byline=record["byline"],
        date=record["date"],
        passages=tuple(_passage(block) for block in record["blocks"]),
        places=tuple(_read_place(place) for place in record["places"]),
        confidence=record["confidence"],
        reasons=tuple(record["reasons"]),
    )


def _block(passage: Passage) -> Record:
    links = to_json(passage.links)
    match passage:
        case Paragraph(text, page):
            return {"kind": "paragraph", "text": text, "page": page, "links": links}
        case Heading(text, page):
            return {"kind": "heading", "text": text, "page": page, "links": links}
        case Listing(entries, page):
            return {
                "kind": "list",
                "text": "\n".join(entries),
                "page": page,
                "entries": list(entries),
                "links": links,
            }
        case Figure(caption, page, place, png):
            return {
                "kind": "figure",
                "text": caption,
                "page": page,
                "place": _place(place),
                "png": base64.b64encode(png).decode("ascii"),
                "links": links,
            }
        case Table(rows, caption, page, header):
            return {
                "kind": "table",
                "text": caption,
                "page": page,
                "rows": [list(row) for row in rows],
                "header": header,
                "links": links,
            }


def _passage(block: Record) -> Passage:
    text, page, links = block["text"], block["page"], tuple(from_json(block["links"]))
    match block["kind"]:
        case "paragraph":
            return Paragraph(text, page, links)
        case "heading":
            return Heading(text, page, links)
        case "list":
            return Listing(tuple(block["entries"]), page, links)
        case "figure":
            png = base64.b64decode(block["png"], validate=True)
            return Figure(text, page, _read_place(block["place"]), png, links)
        case "table":
            rows = tuple(tuple(row) for row in block["rows"])
            return Table(rows, text, page, block["header"], links)
    raise ValueError(block["kind"])


def _place(place: Place) -> list[float]:
    return [place.page, place.x0, place.top, place.x1, place.bottom]


def _read_place(values: Sequence[float]) -> Place:
    page, x0, top, x1, bottom = values
    return Place(int(page), x0, top, x1, bottom)
