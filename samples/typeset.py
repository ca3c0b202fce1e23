"""Sets both sample issues, and writes what is to be read from them: python -m samples.typeset

An issue NAME comes from NAME.md (the text) and NAME.typ (the look), and becomes NAME.pdf and
NAME.expected.json. The same sources and fonts give the same bytes.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import typst

from samples import manuscript

HERE = Path(__file__).parent


def typeset(text: Path, *, look: Path | None = None) -> manuscript.Issue:
    """Set a manuscript by Typst beside its text; the issue with the pages of each article."""
    issue = manuscript.read(text)
    setting = {
        "input": look or text.with_suffix(".typ"),
        "root": HERE.parent,
        "sys_inputs": {"issue": json.dumps(issue, ensure_ascii=False)},
    }
    typst.compile(
        output=text.with_suffix(".pdf"),
        timestamp=int(datetime(2026, 9, 1, tzinfo=UTC).timestamp()),
        pdf_tags=issue.get("tagged", False),
        **setting,
    )
    edges = {
        edge: json.loads(typst.query(selector=f"<{edge}>", field="value", **setting))
        for edge in ("begins", "ends")
    }
    articles = [article for section in issue["sections"] for article in section["articles"]]
    for article, *pages in zip(articles, edges["begins"], edges["ends"], strict=True):
        article["pages"] = pages
    return issue


def write_expected(issue: manuscript.Issue, text: Path) -> None:
    """Write down, beside the manuscript, what a careful reader finds in its PDF."""
    reading = json.dumps(manuscript.expected(issue), ensure_ascii=False, indent=1)
    text.with_suffix(".expected.json").write_text(reading + "\n", encoding="utf-8")


if __name__ == "__main__":
    for manuscript_file in sorted(HERE.glob("*-20*.md")):
        write_expected(typeset(manuscript_file), manuscript_file)
        print(manuscript_file.with_suffix(".pdf").name)
