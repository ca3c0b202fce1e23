"""Passages, places and warnings are typed in Python, and JSON in the table."""

from __future__ import annotations

import json

import pytest
from django.core import serializers
from django.db import connection
from django.test import Client
from django.urls import reverse

from issues.models import Article, Issue
from pdf_reading.issue_text import InvalidContent, Paragraph, ParseWarning, Place
from tests.support.factories import an_article, an_issue, weather

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    return an_article(an_issue(weather()).sections.all()[0], "Typed")


def spoil(article: Article, passages: object, *, title: str = "Typed") -> Article:
    """The row with JSON that no editor and no reading wrote."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE issues_article SET passages = %s, title = %s WHERE id = %s",
            [json.dumps(passages), title, article.pk],
        )
    return Article.objects.get(pk=article.pk)


def test_what_is_stored_comes_back_as_it_was(article: Article) -> None:
    article.places = (Place(1, 10.0, 20.5, 30.0, 40.0),)
    article.save()
    again = Article.objects.get(pk=article.pk)
    assert (again.passages, again.places) == (article.passages, article.places)
    assert Article.objects.defer("passages").get(pk=article.pk).passages == article.passages
    issue = article.section.issue
    Issue.objects.filter(pk=issue.pk).update(warnings=(ParseWarning("vertical_text", 3),))
    issue.refresh_from_db()
    assert issue.warnings == (ParseWarning("vertical_text", 3),)


def test_a_serialized_row_comes_back_as_it_was(article: Article) -> None:
    text = json.dumps(serializers.serialize("python", [article]))
    (read,) = serializers.deserialize("python", json.loads(text))
    assert isinstance(read.object, Article)
    assert read.object.passages == article.passages


def test_articles_without_passages_are_found(article: Article) -> None:
    bare = an_article(article.section, "Bare", passages=())
    assert list(Article.objects.filter(passages=())) == [bare]


@pytest.mark.parametrize("passages", [[{"kind": "poem"}], [{"text": "old"}], {"old": 1}, "old", 5])
def test_wrong_json_is_an_error_that_names_the_row(article: Article, passages: object) -> None:
    spoiled = spoil(article, passages)
    with pytest.raises(InvalidContent, match=rf"issues\.article {article.pk}: passages: "):
        _ = spoiled.passages


@pytest.mark.parametrize("passages", [[{"kind": "poem"}], {"old": 1}])
def test_a_list_names_all_its_articles_whatever_their_json_is(
    article: Article, passages: object, client: Client, admin_client: Client
) -> None:
    spoil(article, passages, title="")
    an_article(article.section, "", position=3, passages=(Paragraph("First words.", page=1),))
    issue = article.section.issue
    pages = (
        (client, reverse("issues:issue", args=[issue.bulletin.slug, issue.pk])),
        (client, reverse("issues:feed", args=[issue.bulletin.slug])),
        (admin_client, reverse("admin:issues_issue_change", args=[issue.pk])),
    )
    for browser, address in pages:
        page = browser.get(address, headers={"accept-language": "en"})
        assert page.status_code == 200
        assert "(without a title)" in page.content.decode()
        assert "First words." in page.content.decode()
