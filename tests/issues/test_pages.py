"""The public archive: what everybody may see, what only editors see."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from issues.models import Article, Issue
from pdf_reading.issue_text import (
    Emphasis,
    Heading,
    Link,
    Listing,
    Mark,
    Paragraph,
    Quotation,
    StoredFigure,
    Table,
)
from tests.support.factories import PNG, an_article, an_issue, weather

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def issue() -> Issue:
    return an_issue(weather())


def address(issue: Issue, *, page: str = "issue", more: tuple[object, ...] = ()) -> str:
    return reverse(f"issues:{page}", args=(issue.bulletin.slug, issue.pk, *more))


def article_address(article: Article) -> str:
    return address(article.section.issue, page="article", more=(article.pk,))


def test_the_only_bulletin_is_the_home(reading: Client) -> None:
    weather()
    assert reading.get("/").headers["Location"] == "/b/weather/"


def test_the_home_lists_bulletins_with_one_query(
    reading: Client, issue: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    weather("science")
    with django_assert_num_queries(1):
        page = reading.get("/").content.decode()
    assert "The weather" in page
    assert "The science" in page
    assert "Latest issue published on 15 September 2026" in page


def test_a_site_without_bulletins_says_so(reading: Client) -> None:
    assert "There is no bulletin yet." in reading.get("/").content.decode()


def test_a_bulletin_lists_its_published_issues_beside_the_form(
    reading: Client, issue: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    an_issue(issue.bulletin, title="Not yet", status=Issue.Status.DRAFT)
    with django_assert_num_queries(7):
        page = reading.get("/b/weather/").content.decode()
    assert address(issue) in page
    assert "Not yet" not in page
    assert 'action="/b/weather/subscribe/"' in page


def test_an_issue_shows_its_sections_in_order(
    reading: Client, issue: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(7):
        page = reading.get(address(issue)).content.decode().partition("<main")[2]
    places = [
        page.index(words) for words in ("Rain</h2>", "Much", "Little", "Wind</h2>", "No wind")
    ]
    assert places == sorted(places)
    assert address(issue, page="pdf") in page


def test_an_article_shows_all_that_was_read(
    reading: Client, issue: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    middle = article_address(Article.objects.get(title="Little rain"))
    with django_assert_num_queries(5):
        page = reading.get(middle).content.decode()
    assert "<h2>What to wear</h2>" in page
    assert '<ul class="marked">' in page
    assert 'alt="A cloud"' in page
    assert '<th scope="col">City</th>' in page
    assert "(Source: the sky)" in page
    assert f"{address(issue, page='pdf')}#page=2" in page
    assert [page.index("Much rain"), page.index("No wind")]


def test_the_words_of_a_link_lead_to_its_address(reading: Client, issue: Issue) -> None:
    page = reading.get(article_address(Article.objects.get(title="No wind"))).content.decode()
    link = '<a href="https://example.org/forecast" rel="noopener noreferrer">the forecast</a>'
    assert f"No wind, says {link}." in page


def test_like_words_lead_each_to_its_own_address(reading: Client, issue: Issue) -> None:
    text = "A robot, a robots' robot & a robot"
    links = (
        Link(0, 2, 7, "https://example.org/1"),
        Link(0, 29, 34, "https://example.org/2?a&b"),
    )
    passages = (Paragraph(text, page=1, links=links),)
    article = an_article(issue.sections.all()[0], "Robots", passages=passages)
    page = reading.get(article_address(article)).content.decode()
    first = '<a href="https://example.org/1" rel="noopener noreferrer">robot</a>'
    last = '<a href="https://example.org/2?a&amp;b" rel="noopener noreferrer">robot</a>'
    assert f"A {first}, a robots&#x27; robot &amp; a {last}" in page


def test_emphasis_goes_through_links_and_is_no_html_of_the_text(
    reading: Client, issue: Issue
) -> None:
    text = "Bold & <b>both</b>"
    marks = (Mark(0, 0, 13, Emphasis.BOLD), Mark(0, 10, 14, Emphasis.ITALIC))
    passages = (Paragraph(text, 1, (Link(0, 5, 14, "https://example.org/"),), marks),)
    article = an_article(issue.sections.all()[0], "Marked", passages=passages)
    page = reading.get(article_address(article)).content.decode()
    link = '<a href="https://example.org/" rel="noopener noreferrer">'
    inside = "<strong>&amp; &lt;b&gt;</strong><strong><em>bot</em></strong><em>h</em>"
    assert f"<p><strong>Bold </strong>{link}{inside}</a>&lt;/b&gt;</p>" in page


def test_a_quotation_is_one(reading: Client, issue: Issue) -> None:
    passages = (Quotation("Be brief.", 1, (), (Mark(0, 3, 8, Emphasis.ITALIC),)),)
    article = an_article(issue.sections.all()[0], "Quoted", passages=passages)
    page = reading.get(article_address(article)).content.decode()
    assert "<blockquote>Be <em>brief</em>.</blockquote>" in page


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (
            StoredFigure("A cloud", 3, "cloud.png", alternative='A "grey" cloud'),
            "A &quot;grey&quot; cloud",
        ),
        (StoredFigure("A cloud", 3, "cloud.png"), "A cloud"),
        (StoredFigure("", 3, "cloud.png"), "Figure on page 3 of the PDF"),
        (StoredFigure("", 0, "cloud.png"), "Picture"),
    ],
)
def test_a_picture_has_words_for_who_does_not_see_it(
    reading: Client, issue: Issue, figure: StoredFigure, words: str
) -> None:
    article = an_article(issue.sections.all()[0], "Pictured", passages=(figure,))
    assert f'alt="{words}"' in reading.get(article_address(article)).content.decode()


def test_links_stand_in_headings_lists_captions_and_cells(reading: Client, issue: Issue) -> None:
    def linked(part: int) -> tuple[Link, ...]:
        return (Link(part, 0, 2, "https://example.org/"),)

    passages = (
        Heading("AA heading", 1, linked(0)),
        Listing(1, ("An entry", "BB entry"), linked(1)),
        StoredFigure("CC caption", 1, "cloud.png", linked(0)),
        Table("A table", 1, (("a", "b"), ("c", "DD\nd")), True, linked(4)),
    )
    article = an_article(issue.sections.all()[0], "Everywhere", passages=passages)
    page = reading.get(article_address(article)).content.decode()
    for words in ("AA", "BB", "CC", "DD"):
        assert f'rel="noopener noreferrer">{words}</a>' in page
    assert page.count("noopener") == 4


def test_only_web_and_mail_addresses_become_links(reading: Client, issue: Issue) -> None:
    links = (Link(0, 0, 3, "javascript:alert(1)"), Link(0, 4, 7, "data:text/html,x"))
    passages = (Paragraph("One two.", page=1, links=links),)
    bad = an_article(issue.sections.all()[0], "Bad", passages=passages)
    page = reading.get(article_address(bad)).content.decode()
    assert "javascript:" not in page
    assert "data:" not in page


def test_what_was_read_is_never_markup(reading: Client, issue: Issue) -> None:
    evil = "<script>alert(1)</script>"
    passages = (
        Paragraph(evil, page=1),
        Heading(evil, page=1),
        Listing(page=1, entries=(evil,)),
        StoredFigure(evil, page=1, image="cloud.png"),
        Table(evil, page=1, rows=((evil,),), header=False),
    )
    article = an_article(
        issue.sections.all()[0], evil, source=evil, subtitle=evil, passages=passages
    )
    page = reading.get(article_address(article)).content.decode()
    assert evil not in page
    assert evil not in reading.get(address(issue)).content.decode()


def test_drafts_are_hidden_with_all_that_belongs_to_them(reading: Client) -> None:
    draft = an_issue(weather(), status=Issue.Status.DRAFT)
    article = Article.objects.filter(section__issue=draft)[0]
    for hidden in (
        address(draft),
        address(draft, page="pdf"),
        address(draft, page="figure", more=("cloud.png",)),
        article_address(article),
    ):
        assert reading.get(hidden).status_code == 404


def test_editors_see_drafts_marked_as_such(admin_client: Client) -> None:
    draft = an_issue(weather(), status=Issue.Status.DRAFT)
    headers = {"accept-language": "en"}
    article = Article.objects.filter(section__issue=draft)[0]
    for seen in (address(draft), article_address(article)):
        page = admin_client.get(seen, headers=headers).content.decode()
        assert "Only editors see this page until the issue is published." in page
    assert address(draft) in admin_client.get("/b/weather/").content.decode()
    pdf = admin_client.get(address(draft, page="pdf"))
    assert pdf.getvalue().startswith(b"%PDF-")


def test_staff_who_may_not_see_issues_see_no_drafts(client: Client) -> None:
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    draft = an_issue(weather(), status=Issue.Status.DRAFT)
    assert client.get(address(draft)).status_code == 404


def test_files_are_what_they_say_and_nothing_else(reading: Client, issue: Issue) -> None:
    pdf = reading.get(address(issue, page="pdf"))
    png = reading.get(address(issue, page="figure", more=("cloud.png",)))
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["Content-Disposition"].startswith("inline")
    assert pdf.getvalue().startswith(b"%PDF-")
    assert png.headers["Content-Type"] == "image/png"
    assert png.getvalue() == PNG
    assert {pdf.headers["X-Content-Type-Options"], png.headers["X-Content-Type-Options"]} == {
        "nosniff"
    }


@pytest.mark.parametrize("name", ["none.png", "..", "cloud.svg", "..%2F..%2Fsecret.png", "%00.png"])
def test_no_other_file_can_be_had(reading: Client, issue: Issue, name: str) -> None:
    folder = address(issue, page="figure", more=("cloud.png",)).removesuffix("cloud.png")
    assert reading.get(f"{folder}{name}").status_code == 404


def test_an_issue_is_found_only_under_its_own_bulletin(reading: Client, issue: Issue) -> None:
    weather("science")
    assert reading.get(f"/b/science/issues/{issue.pk}/").status_code == 404


def test_an_article_is_found_only_under_its_own_issue(reading: Client, issue: Issue) -> None:
    other = an_issue(issue.bulletin)
    article = Article.objects.filter(section__issue=other)[0]
    assert reading.get(address(issue, page="article", more=(article.pk,))).status_code == 404
