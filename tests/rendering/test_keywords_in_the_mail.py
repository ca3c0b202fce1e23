"""An article that stands in front for a phrase says for which, and shows where it stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.models import Delivery, Digest, alert_keywords
from digests.models.alert_keywords import Matched
from digests.rendering import MessageRenderer
from issues import excerpts
from issues.models import Article, Issue
from mail.messages.text_wrapping import columns
from pdf_reading.issue_text import Paragraph
from publications.models import Bulletin, Topic
from subscribers.keywords.query import phrase_of
from subscribers.models import KeywordAlert
from tests.support.factories import a_digest, a_draft, a_reader
from tests.support.messages import html_of, read, text_of

WORDS = "Stone is cold. The council pays for heat pumps in houses <of> stone, it says. Ask it now."


@pytest.fixture
def digest(bulletin: Bulletin, topics: list[Topic]) -> Issue:
    """The digest of an issue whose articles speak of heat pumps and of 热泵."""
    draft = a_draft(bulletin, {topic.name_en: topic for topic in topics})
    texts = {"Water": WORDS, "Energy": "前面一句。今年推广热泵机组，节能显著；后面一句。"}
    for title, text in texts.items():
        Article.objects.filter(section__title=title).update(passages=(Paragraph(text, 1),))
    Article.objects.filter(section__title="Standards").update(title="Heat pumps at rest")
    return draft


def mail_of(draft: Issue, *keywords: str, language: str = "en") -> tuple[Delivery, str, str]:
    """The only reader's delivery, its HTML and its text on one line."""
    made = a_reader(draft.bulletin, "ann@reader.example", language=language)
    for phrase in keywords:
        KeywordAlert.objects.create(subscriber=made, phrase=phrase, key=phrase_of(phrase).key)
    a_digest(draft)
    delivery = Delivery.objects.select_related("edition", "subscriber__bulletin", "digest").get()
    mail = read(delivery)
    return delivery, html_of(mail), " ".join(text_of(mail).split())


def test_the_phrase_and_the_section_stand_above_and_the_sentence_is_the_lead(
    digest: Issue,
) -> None:
    _, html, text = mail_of(digest, "heat pump")
    assert re.search(r"<div[^>]*> *heat pump · Water *</div><h3", html)
    said = "The council pays for <strong>heat pumps</strong> in houses &lt;of&gt; stone, it says."
    assert said in html
    assert "Stone is cold" not in html
    assert "heat pump · Water News of Water" in text
    assert "The council pays for heat pumps in houses <of> stone, it says." in text


def test_where_only_the_headline_has_it_the_lead_is_the_usual_one_and_it_stands_first(
    digest: Issue,
) -> None:
    _, html, text = mail_of(digest, "heat pump")
    assert html.index("heat pump · Standards") < html.index("heat pump · Water")
    assert "What is new about Standards." in html
    assert html.count("<strong>") == 1
    assert "What is new about Standards." in text


def test_a_sentence_of_chinese_ends_where_its_clause_does(digest: Issue) -> None:
    _, html, _ = mail_of(digest, "热泵", language="zh-hans")
    assert "今年推广<strong>热泵</strong>机组，节能显著；" in html
    assert "后面一句" not in html


def test_two_keywords_of_an_article_are_both_named_and_each_can_be_stopped(
    digest: Issue,
) -> None:
    _, html, text = mail_of(digest, "stone", "heat pump", "houses")
    assert "heat pump, houses · Water" in html
    stops = re.findall(r'href="[^"]+/stop/[\w-]{36}/phrase/\?phrase=([^" ]+) *"', html)
    assert stops == ["heat%20pump", "houses"]
    assert re.search("> *Stop watching for “heat pump” *</a>", html)
    assert re.search(r"Stop watching for “houses” https?://\S+/phrase/\?phrase=houses", text)


def test_the_page_in_the_browser_names_no_phrase(digest: Issue) -> None:
    delivery, _, _ = mail_of(digest, "heat pump")
    page = MessageRenderer(delivery.digest).page(delivery)
    assert "News of Water" in page
    assert "heat pump" not in page.replace("Heat pumps at rest", "").replace(WORDS, "").replace(
        "heat pumps in houses", ""
    )
    assert "<strong>" not in page


def test_the_sentence_is_that_of_the_day_on_which_the_digest_was_opened(digest: Issue) -> None:
    delivery, html, _ = mail_of(digest, "heat pump")
    Article.objects.update(passages=(Paragraph("All other words.", 1),))
    again = Delivery.objects.select_related("edition", "subscriber__bulletin", "digest").get()
    assert html_of(read(again)) == html
    assert delivery.pk == again.pk


def test_a_digest_of_before_shows_the_usual_leads(digest: Issue) -> None:
    delivery, _, _ = mail_of(digest, "heat pump")
    Digest.objects.update(texts=[])
    delivery.digest.refresh_from_db()
    html = html_of(read(delivery))
    assert "heat pump ·" not in html
    assert "What is new about Standards." in html


KEYWORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=60)


@given(
    st.lists(KEYWORDS, min_size=1, max_size=10, unique=True).flatmap(
        lambda keywords: st.lists(
            st.builds(
                Matched,
                st.lists(st.sampled_from(keywords), min_size=1, max_size=2, unique=True).map(tuple),
                st.integers(0, 99_999),
                st.integers(0, 60),
            ),
            min_size=1,
            max_size=20,
        )
    )
)
def test_what_a_row_keeps_is_read_back_and_fits_an_index(matched: list[Matched]) -> None:
    kept = alert_keywords.stored(matched)
    assert len(kept.encode()) <= alert_keywords.MAX_BYTES
    found = alert_keywords.loaded(kept, range(len(matched)))
    assert list(found.values()) == matched[: len(found)]


@given(
    before=st.text("ab 汉字。，. ", max_size=200),
    found=st.text("热泵ab", min_size=1, max_size=20),
    after=st.text("ab 汉字。，. ", max_size=200),
)
def test_a_sentence_is_short_and_has_the_phrase(before: str, found: str, after: str) -> None:
    text = f"headline\n{before}{found}{after}\nnext"
    start = len("headline\n" + before)
    quote = excerpts.sentence(text, start, start + len(found))
    assert quote.found == found
    assert columns(quote.text) <= excerpts.SENTENCE + 1
    assert quote.before.removeprefix("…") in before
    assert quote.after.removesuffix("…") in after
