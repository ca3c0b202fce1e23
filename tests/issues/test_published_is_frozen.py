"""What is published stays as it was when it was written down who gets it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from issues import filing, importing
from issues.editing.history import Submission
from issues.editing.refusals import ActRefused
from issues.models import Article, Issue, Section
from pdf_reading.issue_text import ArticleText, IssueText, Paragraph, SectionText
from publications.models import Alias, Topic
from tests.support.factories import NOON, a_bulletin, a_draft, topics_of

LATER = NOON + timedelta(1)
READ_AGAIN = IssueText(
    title="Another",
    number="No. 10",
    date="2026-10-15",
    publisher="",
    page_count=1,
    sections=(
        SectionText(
            title="Energy",
            articles=(ArticleText("Other news", passages=(Paragraph("Other.", page=1),)),),
        ),
    ),
)


@pytest.fixture
def topics(db: None) -> list[Topic]:
    return topics_of(a_bulletin(), ["Water", "Energy"])


@pytest.fixture
def issue(topics: list[Topic]) -> Issue:
    return a_draft(topics[0].bulletin, {"Drinking water": topics[0]})


def frozen(issue: Issue) -> Issue:
    Issue.objects.filter(pk=issue.pk).update(status=Issue.Status.PUBLISHED, published_at=NOON)
    issue.refresh_from_db()
    return issue


def rows() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Issue, Section, Article)]


def test_a_reading_that_comes_after_publication_replaces_nothing(issue: Issue) -> None:
    published = frozen(issue)
    before = rows()
    with pytest.raises(importing.NotImported):
        importing.import_text(published, READ_AGAIN, at=LATER)
    assert rows() == before


def test_a_reading_of_a_draft_replaces_it(issue: Issue) -> None:
    importing.import_text(issue, READ_AGAIN, at=LATER)
    assert [article.title for article in Article.objects.all()] == ["Other news"]


def sent(issue: Issue) -> Submission:
    issue.refresh_from_db()
    return Submission(by=None, made_from=issue.version, at=LATER)


def test_a_published_section_cannot_be_filed_under_another_topic(
    issue: Issue, topics: list[Topic]
) -> None:
    section = frozen(issue).sections.get()
    before = rows()
    presses: tuple[Callable[[], object], ...] = (
        lambda: filing.file_under(section, topics[1], sent(issue)),
        lambda: filing.file_under(section, None, sent(issue)),
        lambda: filing.leave_out(section, sent(issue)),
        lambda: filing.make_topic(section, sent(issue)),
    )
    for press in presses:
        with pytest.raises(ActRefused):
            press()
    assert rows() == before
    assert not Alias.objects.exists()
    assert Topic.objects.count() == 2


def test_a_section_of_a_draft_can_be_filed_under_another_topic(
    issue: Issue, topics: list[Topic]
) -> None:
    section = issue.sections.get()
    filing.file_under(section, topics[1], sent(issue))
    assert issue.sections.get().topic == topics[1]
    filing.leave_out(section, sent(issue))
    assert issue.sections.get().not_for_mailing
