"""What was read is stored whatever its words are."""

from __future__ import annotations

import pytest

from issues import importing
from issues.models import Article, Issue, Section
from pdf_reading.issue_text import ArticleText, IssueText, Paragraph, SectionText
from tests.support.factories import NOON, a_bulletin, a_draft

LONG = "words " * 1_000
ARTICLE = ArticleText(
    LONG, subtitle=LONG, source=LONG, byline=LONG, date=LONG, passages=(Paragraph(LONG, page=1),)
)
READ = IssueText(
    title=LONG,
    number=LONG,
    date=LONG,
    publisher=LONG,
    page_count=1,
    sections=(SectionText(LONG, articles=(ARTICLE,)),),
)


@pytest.mark.django_db
def test_words_that_are_too_long_for_their_column_are_cut_and_end_no_reading() -> None:
    importing.import_text(a_draft(a_bulletin(), {}), READ, at=NOON)
    issue, section, article = Issue.objects.get(), Section.objects.get(), Article.objects.get()
    for words, room in (
        *((words, 200) for words in (issue.title, issue.publisher, section.title)),
        (issue.number, 120),
        (issue.date, 40),
        *((words, 500) for words in (article.title, article.subtitle)),
        *((words, 300) for words in (article.source, article.byline)),
        (article.date, 40),
    ):
        assert len(words) == room
        assert words.endswith("…")
    assert article.passages == (Paragraph(LONG, page=1),)
