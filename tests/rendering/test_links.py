"""The links and the emphasis of an article in its mail: at their words, in the lead and in the
caption."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from issues import excerpts
from issues.models import Article
from issues.models.issue import figure_path
from pdf_reading.issue_text import Emphasis, Link, Listing, Mark, Paragraph, Quotation, StoredFigure
from pdf_reading.linking import Piece, Run
from publications.models import Bulletin, Topic
from tests.support.factories import EN, PNG, a_link, a_long_draft
from tests.support.messages import RenderedDigest, html_of, rendered_digest_of, text_of

URL = "https://robots.example.org/%s?a=1&b"


def links_on(text: str, *words: str) -> tuple[Link, ...]:
    return tuple(a_link(text, one, URL % n) for n, one in enumerate(words))


def paragraph(text: str, *words: str) -> Paragraph:
    return Paragraph(text, page=1, links=links_on(text, *words))


@pytest.fixture
def linked(bulletin: Bulletin, topics: list[Topic]) -> RenderedDigest:
    """A digest of which each article has the lead "A robot met robots, a second robot.", the last
    word a link, and after it an address."""
    text = f"A robot met robots, a second robot at https://example.org/ of all. {EN}"
    start = text.index("robot at")
    links = (
        Link(0, start, start + 5, URL % 2),
        a_link(text, "https://example.org/", "https://example.org/"),
    )
    issue = a_long_draft(bulletin, topics, articles=1)
    Article.objects.filter(section__issue=issue).update(
        passages=(Paragraph(text, page=1, links=links),)
    )
    return rendered_digest_of(issue)


def test_the_html_links_the_words_that_were_linked_and_no_others(linked: RenderedDigest) -> None:
    html = html_of(linked.mail(topic_mask=0b001))
    lead = html.split('class="lead"')[1].split("</p>")[0]
    assert lead.count("<a ") == 2
    assert 'A robot met robots, a second <a href="https://robots.example.org/2?a=1&amp;b"' in lead
    assert ">robot</a> at <a " in lead
    assert ">https://example.org/</a> of all." in lead


def test_the_text_names_the_address_behind_the_words_once(linked: RenderedDigest) -> None:
    text = " ".join(text_of(linked.mail(topic_mask=0b001)).split())
    assert (
        "A robot met robots, a second robot <https://robots.example.org/2?a=1&b> at"
        " https://example.org/ of all."
    ) in text
    assert text.count("robots.example.org") == text.count("https://example.org/") == 1


def test_only_web_and_mail_addresses_become_links(bulletin: Bulletin, topics: list[Topic]) -> None:
    words = ("robot", "robots", "harbour")
    text = f"A robot met robots in a harbour. {EN}"
    urls = ("javascript:alert(1)", "data:text/html,x", "https://example.org/harbour")
    links = tuple(a_link(text, f" {one}", url) for one, url in zip(words, urls, strict=True))
    issue = a_long_draft(bulletin, topics, articles=1)
    Article.objects.filter(section__issue=issue).update(
        passages=(Paragraph(text, page=1, links=links),)
    )
    mail = rendered_digest_of(issue).mail(topic_mask=0b001)
    for body in (html_of(mail), text_of(mail)):
        assert "example.org/harbour" in body
        assert "javascript:" not in body
        assert "data:text" not in body


def test_a_lead_keeps_the_links_of_what_is_in_it_over_paragraphs_and_spaces() -> None:
    passages = [
        paragraph("A  robot met\na robot.", "robot met\na"),
        paragraph("Mr Robot.", "Robot"),
    ]
    assert excerpts.lead(passages) == (
        Run("A "),
        Run("robot met a", URL % 0),
        Run(" robot. Mr "),
        Run("Robot", URL % 0),
        Run("."),
    )


def test_a_link_that_is_cut_off_with_the_lead_is_none() -> None:
    text = f"{EN} {EN} {EN} the last robot"
    (run,) = excerpts.lead([paragraph(text, "robot")])
    assert not run.url
    (short, *_) = excerpts.lead([paragraph("word " * 60 + "robot", "robot")])
    assert (short.text[-1], short.url) == ("…", "")


def test_a_caption_has_its_links() -> None:
    figure = StoredFigure("A robot of AR", 1, "a.png", links_on("A robot of AR", "AR"))
    assert excerpts.caption(figure) == (
        Run("A robot of "),
        Run("AR", URL % 0),
    )


def test_the_html_has_bold_and_italic_words_and_the_text_their_words(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    text = f"Two robots <met> here. {EN}"
    marks = (Mark(0, 4, 16, Emphasis.BOLD), Mark(0, 11, 16, Emphasis.ITALIC))
    issue = a_long_draft(bulletin, topics, articles=1)
    Article.objects.filter(section__issue=issue).update(
        passages=(Paragraph(text, 1, (Link(0, 4, 10, URL % 1),), marks),)
    )
    mail = rendered_digest_of(issue).mail(topic_mask=0b001)
    lead = html_of(mail).split('class="lead"')[1].split("</p>")[0]
    assert "<b>robots</b></a><b> </b><b><i>&lt;met&gt;</i></b> here." in lead
    plain = " ".join(text_of(mail).split())
    assert "Two robots <https://robots.example.org/1?a=1&b> <met> here." in plain


def test_a_lead_keeps_emphasis_over_paragraphs_and_none_that_is_cut_off() -> None:
    bold = (Mark(0, 2, 9, Emphasis.BOLD),)
    passages = [Paragraph("A  robot.", 1, (), bold), Paragraph("B   robot.", 1)]
    assert excerpts.lead(passages) == (
        Run(
            "A robot. B robot.",
            pieces=(Piece("A "), Piece("robot.", bold=True), Piece(" B robot.")),
        ),
    )
    long = Paragraph(f"{EN} {EN} {EN}", 1, (), (Mark(0, 0, 280, Emphasis.BOLD),))
    (run,) = excerpts.lead([long])
    assert run.pieces == ()


def test_an_article_of_quotations_alone_begins_with_one_in_quotation_marks() -> None:
    listing = Listing(1, ("An entry.",))
    assert excerpts.lead([Quotation("Be brief.", 1), listing]) == (
        Run("“"),
        Run("Be brief."),
        Run("”"),
    )
    assert excerpts.lead([Quotation("「短。」", 1)]) == (Run("「短。」"),)
    assert excerpts.lead([Quotation("Be brief.", 1), Paragraph("He was.", 1)]) == (Run("He was."),)
    assert excerpts.first_words([Quotation("Be brief.", 1)]) == "Be brief."
    assert excerpts.minutes([Quotation("word " * 300, 1)]) == 2


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (
            StoredFigure("A cloud", 3, "cloud.png", alternative='A "grey" one'),
            "A &quot;grey&quot; one",
        ),
        (StoredFigure("A cloud", 3, "cloud.png"), "A cloud"),
        (StoredFigure("", 3, "cloud.png"), "Figure on page 3 of the PDF"),
        (StoredFigure("A cloud", 0, "cloud.png"), "A cloud"),
        (StoredFigure("", 0, "cloud.png"), "Picture"),
    ],
)
def test_a_picture_has_words_where_pictures_are_off(
    bulletin: Bulletin, topics: list[Topic], figure: StoredFigure, words: str
) -> None:
    issue = a_long_draft(bulletin, topics, articles=1)
    default_storage.save(figure_path(issue, "cloud.png"), ContentFile(PNG))
    Article.objects.filter(section__issue=issue).update(passages=(figure,))
    html = html_of(rendered_digest_of(issue).mail(topic_mask=0b001))
    assert f'alt="{words}"' in html
