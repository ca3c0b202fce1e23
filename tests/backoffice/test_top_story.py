"""The editor says with which article the mails of an issue begin."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit_log.models import Entry
from digests import rendering
from issues import content_hash
from issues.editing import acts, history
from issues.models import Article, Issue
from publications.models import Bulletin
from tests.support.factories import NOON, a_long_draft, topics_of
from tests.support.messages import html_of, rendered_digest_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(bulletin: Bulletin) -> Issue:
    topics = topics_of(bulletin, ["Water", "Energy", "Standards"])
    return a_long_draft(bulletin, topics, articles=3)


def page_of(draft: Issue) -> str:
    draft.refresh_from_db()
    return rendering.Proofs(rendering.preview_of(draft, at=NOON)).page("en")


def choose(client: Client, draft: Issue, article: object) -> str:
    page = reverse("admin:issues_issue_top_story", args=[draft.pk])
    answer = client.post(page, {"article": article}, follow=True, headers={"accept-language": "en"})
    draft.refresh_from_db()
    return answer.content.decode()


def test_one_press_marks_it_another_unmarks_it_and_the_log_has_both(
    admin_client: Client, draft: Issue
) -> None:
    article = Article.objects.filter(position=2).earliest("pk")
    for _ in range(2):  # twice is once
        page = choose(admin_client, draft, article.pk)
    assert Issue.objects.get().top_story == article.pk
    assert re.search(rf'<option value="{article.pk}" selected', page)
    choose(admin_client, draft, "")
    assert draft.top_story is None
    named = list(Entry.objects.order_by("pk").values_list("act", flat=True))
    assert named == ["top_story.chosen", "top_story.dropped"]


@pytest.mark.parametrize("article", ["x", "0", "99999999999999999999", "-1"])
def test_what_is_no_article_of_it_is_refused(
    admin_client: Client, draft: Issue, article: str
) -> None:
    assert "This article can stand in no mail." in choose(admin_client, draft, article)
    assert draft.top_story is None


def test_nothing_changes_once_it_is_published(admin_client: Client, draft: Issue) -> None:
    Issue.objects.update(status=Issue.Status.PUBLISHED, published_at=NOON)
    choose(admin_client, draft, Article.objects.earliest("pk").pk)
    assert draft.top_story is None


def test_the_mark_outlives_editing_and_comes_back_with_the_article(
    admin_client: Client, draft: Issue
) -> None:
    article = Article.objects.filter(position=2).earliest("pk")
    choose(admin_client, draft, article.pk)
    act = acts.DropArticle(article=article.pk)
    history.perform(draft, act, history.Submission(None, draft.version, timezone.now()))
    assert not Article.objects.filter(pk=article.pk).exists()
    assert "Top story" not in page_of(draft)
    draft.refresh_from_db()
    history.undo(draft, history.Submission(None, draft.version, timezone.now()))
    assert "Top story" in page_of(draft)


def test_a_release_holds_for_the_top_story_that_there_was(
    admin_client: Client, draft: Issue
) -> None:
    before = content_hash.of_issue(draft)
    choose(admin_client, draft, Article.objects.earliest("pk").pk)
    assert content_hash.of_issue(draft) != before


def test_it_stands_first_in_its_mails_once_and_only_where_its_topic_is_followed(
    draft: Issue,
) -> None:
    article = Article.objects.get(section__title=draft.sections.get(position=2).title, position=3)
    draft.top_story = article.pk
    draft.save()
    rendered = rendered_digest_of(draft)
    mail = rendered.mail()
    html, text = html_of(mail), text_of(mail)
    assert mail["Subject"].startswith(article.title[:20])
    assert html.count(f"/articles/{article.pk}/") == 1
    assert html.index("Top story") < html.index('id="part-')
    assert text.index("Top story") < text.index("In this email")
    assert '<h2 class="headline" dir="auto"' in html
    assert "Top story" not in html_of(rendered.mail(topic_mask=0b101))
    short = html_of(rendered.mail(length="headlines"))
    assert "Top story" in short
    assert 'class="lead"' not in short
