"""Who signs an article is said beside its headline, and what nothing stands below heads nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdf_reading import Limits
from pdf_reading.issue_text import ArticleText, Heading, Paragraph
from pdf_reading.pipeline import read
from tests.pdf_reading.printed import printed

A = "The gauge at the weir was read each morning of the winter by pupils of the mill school, and "
B = "the figures hang in the hall. Whoever wants a copy may ask at the door on Mondays."
TEXT = f"<p>{A * 3}{B}</p><p>{B} {A}{B}</p>"
HEAD = "<h1>The Weir Post</h1><p style='text-align:center'>No. 7 · 3 May 2026</p>"
OTHERS = f"<h3>A bench at the weir</h3>{TEXT}<h3>The boats of the spring</h3>{TEXT}"
RIGHT = "text-align:right;font-size:9pt"


def first_article(end: str, folder: Path) -> ArticleText:
    html = f"{HEAD}<h3>Pupils read the gauge</h3>{TEXT}{end}{OTHERS}"
    return read(printed(html, folder / "issue.pdf"), limits=Limits()).sections[0].articles[0]


def last_words(article: ArticleText) -> str:
    last = article.passages[-1]
    assert isinstance(last, Paragraph)
    return last.text


@pytest.mark.parametrize(
    ("end", "name"),
    [
        (f"<p style='{RIGHT}'>Ned Alder, second year</p>", "Ned Alder, second year"),
        (f"<p style='{RIGHT}'>王小明</p>", "王小明"),
        ("<p><b>Olive Marsh</b></p>", "Olive Marsh"),
        ("<p><b>Jo O’Brien-Marsh</b></p>", "Jo O’Brien-Marsh"),
    ],
)
def test_who_signs_an_article_is_its_byline(end: str, name: str, tmp_path: Path) -> None:
    article = first_article(end, tmp_path)
    assert article.byline == name
    assert last_words(article).endswith("ask at the door on Mondays.")


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("<p style='text-align:right'>Ada Quill, chair of the council</p>", "Ada Quill"),
        (f"<p style='{RIGHT}'>Tickets: 12.50</p>", "Tickets"),
        ("<p><b>MEN OF THE WEIR</b></p>", "MEN OF"),
        ("<p style='margin-top:40pt'><b>Spring Meeting</b></p>", "Spring Meeting"),
        ("<p><b>Return service requested</b></p>", "Return service"),
    ],
)
def test_other_words_at_the_end_are_text(end: str, words: str, tmp_path: Path) -> None:
    article = first_article(end, tmp_path)
    assert not article.byline
    assert last_words(article).startswith(words)


def test_a_bold_name_with_text_below_is_a_sub_heading(tmp_path: Path) -> None:
    article = first_article(f"<p><b>Olive Marsh</b></p>{TEXT}", tmp_path)
    assert not article.byline
    assert [one.text for one in article.passages if isinstance(one, Heading)] == ["Olive Marsh"]


def test_a_source_at_the_right_is_the_source(tmp_path: Path) -> None:
    article = first_article(f"<p style='{RIGHT}'>来源：湖区日报</p>", tmp_path)
    assert (article.byline, article.source) == ("", "湖区日报")
