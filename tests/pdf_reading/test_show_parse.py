"""`manage.py show_parse` prints a reading, and stores nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

SAMPLE = Path(settings.BASE_DIR, "samples", "ostermere-2026-09.pdf")


def show_parse(
    file: Path, *arguments: str, data: Path, locale: str = "C.UTF-8"
) -> subprocess.CompletedProcess[str]:
    """The command as an operator starts it, with a database that nobody can reach."""
    return subprocess.run(
        [sys.executable, "manage.py", "show_parse", str(file), *arguments],
        cwd=settings.BASE_DIR,
        env={
            "LC_ALL": locale,
            "DATA_DIR": str(data),
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_json_has_its_documented_form(tmp_path: Path) -> None:
    shown = show_parse(SAMPLE, "--format", "json", data=tmp_path)
    assert (shown.returncode, shown.stderr) == (0, "")
    issue = json.loads(shown.stdout)
    assert issue.keys() >= {"title", "number", "date", "publisher", "sections", "warnings"}
    articles = [article for section in issue["sections"] for article in section["articles"]]
    assert len(articles) == 13
    for section in issue["sections"]:
        assert section.keys() == {"title", "confidence", "articles"}
    for article in articles:
        assert article.keys() >= {
            "title", "subtitle", "source", "byline", "date", "pages", "confidence", "reasons",
            "blocks", "links",
        }  # fmt: skip
        first, last = article["pages"]
        assert 1 <= first <= last <= 15
        assert all(link.keys() == {"text", "url"} for link in article["links"])
        for block in article["blocks"]:
            assert block.keys() >= {"kind", "text", "page", "links"}
            assert all(link.keys() == {"part", "start", "stop", "url"} for link in block["links"])
    kinds = {block["kind"] for article in articles for block in article["blocks"]}
    assert kinds == {"paragraph", "heading", "list", "figure", "table"}


def test_the_text_reads_like_the_issue(tmp_path: Path) -> None:
    shown = show_parse(SAMPLE, data=tmp_path).stdout
    lines = ("The Ostermere Bulletin · Vol. 12, No. 9", "One clock for every sensor", "p. 9-10")
    places = [shown.index(line) for line in lines]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [("C.UTF-8", "The file is not a PDF"), ("zh_CN.UTF-8", "这不是 PDF 文件")],
)
def test_a_refusal_has_its_reason_in_the_operators_language(
    tmp_path: Path, locale: str, sentence: str
) -> None:
    file = tmp_path / "issue.pdf"
    file.write_bytes(b"MZ\0 this is a program")
    shown = show_parse(file, data=tmp_path, locale=locale)
    assert (shown.returncode, shown.stdout) == (1, "")
    assert sentence in shown.stderr


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    shown = show_parse(tmp_path / "none.pdf", data=tmp_path)
    assert shown.returncode == 1
    assert "There is no file" in shown.stderr
