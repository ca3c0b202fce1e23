"""An article without a headline is called by its first words, and can be published and mailed."""

from __future__ import annotations

from issues import parse_messages
from issues.models import Article
from pdf_reading.issue_text import Paragraph, ParseWarning

WORDS = "Dear friends of the weir, the gauge was read each morning of the winter by pupils."


def untitled() -> Article:
    return Article(title="", passages=(Paragraph(WORDS, page=1),))


def test_it_is_called_by_its_first_words() -> None:
    assert str(untitled()).startswith("Dear friends of the weir, the gauge")
    assert str(untitled()).endswith("…")
    assert str(Article(title="", passages=())) != ""


def test_each_warning_is_said_once_with_all_its_places() -> None:
    warnings = [
        *(ParseWarning("page_without_article", page) for page in (4, 5, 6)),
        ParseWarning("article_without_headline", 1, "Dear friends"),
    ]
    pages, text = parse_messages.hints(warnings, untitled={1: 7})
    assert [spot.page for spot in pages.spots] == [4, 5, 6]
    assert [(spot.article, spot.words) for spot in text.spots] == [(7, "Dear friends")]
