"""opendataloader-pdf (Apache-2.0, on Java) as the peer to beat, measured like our own reading.

It knows headings and paragraphs, not sections, articles or sources. So it is given the benefit
of the doubt: of its heading levels those two count that fit the expected titles best, what
stands below a headline is its article, and neither numbers before titles nor lines that name a
source are held against it.
"""

from __future__ import annotations

import importlib.util
import itertools
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from benchmarks.scoring import Scores
from pdf_reading.issue_text import (
    ArticleText,
    IssueText,
    Listing,
    Paragraph,
    Passage,
    SectionText,
    Table,
)
from pdf_reading.lexicon import is_source, without_label

_CONVERT = """
import sys, opendataloader_pdf
opendataloader_pdf.convert(sys.argv[1], output_dir=sys.argv[2], format="json", quiet=True,
                           image_output="off")
"""
_LACKING = {"source", "link"}
Node = dict[str, Any]


def missing() -> str:
    """Return why the peer cannot run here; "" when it can."""
    if importlib.util.find_spec("opendataloader_pdf") is None:
        return "the package is not installed"
    return "" if shutil.which("java") else "there is no Java (default-jre-headless)"


def best_of(nodes: list[Node], merit: Callable[[IssueText], float]) -> IssueText:
    """The peer's reading by those two of its heading levels that have most merit."""
    levels = sorted({_level(node) for node in nodes if node["type"] == "heading"}) or [1]
    return max(
        (
            _issue(nodes, upper, lower)
            for upper, lower in itertools.product([0, *levels], levels)
            if upper < lower
        ),
        key=merit,
    )


def plain(nodes: list[Node]) -> IssueText:
    """The peer's reading with every heading a headline."""
    return _issue(nodes, 0, max((_level(node) for node in nodes), default=1))


def known(found: Scores) -> Scores:
    """The measures of what the peer reads."""
    return {key: score for key, score in found.items() if key not in _LACKING}


def nodes_of(pdf: Path) -> tuple[list[Node], dict[str, float]]:
    """What the peer reads, flat, and its CPU seconds and peak memory, Java's start included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _CONVERT, str(pdf), folder]
        subprocess.run(command, check=True, capture_output=True)
        read = json.loads(Path(folder, f"{pdf.stem}.json").read_text("utf-8"))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return list(_flat(read["kids"])), {"cpu": spent, "peak": after.ru_maxrss / 1024}


def _flat(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if node["type"] not in {"list", "table", "table row", "table cell"}:
            yield from _flat(node.get("kids", []))


def _level(node: Node) -> int:
    return int(node.get("heading level") or 1)


def _issue(nodes: list[Node], upper: int, lower: int) -> IssueText:
    """Headings of level `upper` as sections (0: none), those down to `lower` as headlines."""
    sections = [SectionText("")]
    for node in nodes:
        heads = node["type"] == "heading" and _level(node) <= lower
        if heads and _level(node) <= upper:
            sections.append(SectionText(without_label(node["content"])))
            continue
        last = sections[-1]
        if heads:
            more = (*last.articles, ArticleText(node["content"]))
            sections[-1] = replace(last, articles=more)
        elif last.articles and (passage := _passage(node)):
            *others, article = last.articles
            longer = replace(article, passages=(*article.passages, passage))
            sections[-1] = replace(last, articles=(*others, longer))
    kept = tuple(section for section in sections if section.articles or section.title)
    return IssueText("", "", "", "", page_count=0, sections=kept)


def _passage(node: Node) -> Passage | None:
    page = node.get("page number", 0)
    match node["type"]:
        case "paragraph" if not is_source(node["content"]):
            return Paragraph(node["content"], page)
        case "list":
            return Listing(page, tuple(item["content"] for item in node["list items"]))
        case "table":
            rows = tuple(tuple(_words(cell) for cell in row["cells"]) for row in node["rows"])
            return Table("", page, rows, header=False)
    return None


def _words(node: Node) -> str:
    return " ".join(kid.get("content", "") for kid in node.get("kids", []))
