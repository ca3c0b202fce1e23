"""Articles are found by words of their headlines and texts, in Chinese as in English."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from issues import search, tasks
from issues.models import Article, Issue
from pdf_reading.issue_text import Paragraph
from publications.models import Bulletin
from tests.support.factories import NOON, a_draft, a_long_draft, an_issue, topics_of, weather

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    return [str(hit.article) for hit in search.find(query).hits]


@pytest.fixture
def issue() -> Issue:
    return an_issue(weather())


def an_article(issue: Issue, title: str, text: str) -> Article:
    section = issue.sections.get(title="Wind")
    passages = (Paragraph(text, page=1),)
    return section.articles.create(title=title, position=2, passages=passages)


def test_words_are_found_in_headlines_and_texts_whatever_their_case(issue: Issue) -> None:
    assert titles("MUCH rain") == ["Much rain"]
    assert titles("BOOTS") == ["Much rain", "Little rain", "No wind"]
    assert titles("boots no") == ["No wind"]
    assert titles("hail") == titles(" ") == titles("\0") == []


def test_chinese_is_found_without_spaces_and_by_one_character(issue: Issue) -> None:
    an_article(issue, "湖区 水质公报", "全年水质总体稳定，Ｎｏ．３断面好转。")
    assert titles("区水质") == titles("稳") == titles("no.3") == ["湖区 水质公报"]


def test_the_excerpt_shows_the_words_where_they_stand(issue: Issue) -> None:
    an_article(issue, "Storms", f"{'Calm. ' * 40}The harbour was shut, harbour by harbour.")
    (hit,) = search.find("HARBOUR").hits
    assert [one.text for one in hit.excerpt if one.found] == ["harbour"] * 3
    text = "".join(one.text for one in hit.excerpt)
    assert text.startswith("…")
    assert text.endswith("The harbour was shut, harbour by harbour.")
    assert len(text) <= search.BEFORE + search.AFTER + len("harbour") + 2


def test_the_excerpt_keeps_the_signs_of_the_text(issue: Issue) -> None:
    an_article(issue, "x", "前文，关于ＰＭ２．５的通知：附表。")
    (hit,) = search.find("pm2.5").hits
    assert [(one.text, one.found) for one in hit.excerpt] == [
        ("前文，关于", False),
        ("ＰＭ２．５", True),
        ("的通知：附表。", False),
    ]


def test_a_line_break_between_two_characters_hides_nothing(issue: Issue) -> None:
    an_article(issue, "x", "关于水\n质的通知")
    (hit,) = search.find("水质").hits
    assert [one.text for one in hit.excerpt if one.found] == ["水 质"]


@pytest.mark.parametrize("how", ["save", "save some", "update", "bulk update"])
def test_what_was_changed_is_found_as_it_is_now(issue: Issue, how: str) -> None:
    assert titles("boots no") == ["No wind"]
    article = Article.objects.get(title="No wind")
    article.passages = (Paragraph("A breeze.", page=1),)
    match how:
        case "save":
            article.save()
        case "save some":
            article.save(update_fields=["passages"])
        case "update":
            Article.objects.filter(pk=article.pk).update(passages=article.passages)
        case _:
            Article.objects.bulk_update([article], ["passages"])
    assert titles("breeze") == ["No wind"]
    assert titles("boots no") == []


def test_a_change_of_order_writes_nothing_anew(issue: Issue) -> None:
    search.write_missing(limit=10)
    article = Article.objects.get(title="No wind")
    article.position = 7
    article.save(update_fields=["position"])
    Article.objects.update(position=8)
    assert search.write_missing(limit=10) == 0


def test_the_newest_issue_stands_first_and_there_is_an_end(bulletin: Bulletin) -> None:
    topics = topics_of(bulletin, ["Snow"])
    old = a_long_draft(bulletin, topics, articles=search.MAX_HITS)
    Article.objects.filter(section__issue=old).update(title="Sleet")
    new = a_draft(bulletin, {"Hail": None})
    Issue.objects.filter(pk=old.pk).update(uploaded_at=NOON.replace(year=2025))
    Article.objects.filter(section__issue=new).update(title="Sleet again")
    found = search.find("sleet")
    assert str(found.hits[0].article) == "Sleet again"
    assert (len(found.hits), found.more) == (search.MAX_HITS, True)


def test_it_costs_three_queries_whatever_is_found(
    issue: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    search.find("rain")
    with django_assert_num_queries(3):
        found = search.find("boots")
        assert [str(hit.article.section.issue.bulletin) for hit in found.hits] == [
            "The weather"
        ] * 3


def test_an_article_of_which_the_json_is_wrong_is_found_by_its_headline(issue: Issue) -> None:
    from django.db import connection  # noqa: PLC0415 - nothing else writes such a row

    with connection.cursor() as cursor:
        cursor.execute("UPDATE issues_article SET passages = '{\"no\": 1}' WHERE title = 'No wind'")
    assert titles("no wind") == ["No wind"]


def test_the_sweep_writes_down_what_is_new(issue: Issue) -> None:
    assert Article.objects.filter(search_text=None).count() == 3
    tasks.sweep()
    assert not Article.objects.filter(search_text=None).exists()


def test_what_is_in_the_bin_is_not_found(issue: Issue) -> None:
    Issue.objects.update(status=Issue.Status.BINNED)
    assert titles("boots") == []
