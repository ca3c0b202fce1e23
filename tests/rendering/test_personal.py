"""What is the reader's own: subject, preheader, greeting, language, links."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from digests.models import Delivery, Digest, Edition
from digests.models.delivery import DeliveryStatus
from digests.rendering import delivery_of, set_blocks
from digests.rendering.delivery_tokens import mailing_key
from digests.rendering.mail_headings import date_in_words
from foundation.link_keys import random_link_key
from foundation.tokens import TokenSigner
from issues import excerpts
from issues.models import Article, Issue
from mail.messages.text_wrapping import columns
from subscribers import links
from subscribers.links import READER, Purpose
from tests.support.factories import NOON, a_reader
from tests.support.messages import RenderedDigest, html_of, read, text_of


@given(titles=st.lists(st.text(alphabet="ab汉字 …·，", min_size=1, max_size=90), min_size=1))
def test_a_subject_has_sixty_columns_at_most_and_begins_with_the_top_article(
    titles: list[str],
) -> None:
    subject = excerpts.subject(titles)
    assert columns(subject) <= 60
    assert titles[0].startswith(subject.split(" · ")[0].rstrip("…").rstrip())


def test_a_subject_cuts_no_latin_word_in_two() -> None:
    headline = "Where the night water goes: six months of listening to old pipes"
    assert excerpts.subject([headline]) == headline.replace(" pipes", "…")
    assert excerpts.subject(["汉字" * 40]) == "汉字" * 14 + "汉…"


def test_the_subject_is_made_of_the_readers_own_sections(rendered_digest: RenderedDigest) -> None:
    assert rendered_digest.mail(topic_mask=0b100)["Subject"].startswith("News of Standards")
    assert "News of Water" in rendered_digest.mail(topic_mask=0b101)["Subject"]


def test_what_a_keyword_alert_matched_leads_the_subject(rendered_digest: RenderedDigest) -> None:
    alert_articles = Article.objects.get(section__title="Energy", position=1).pk
    mail = rendered_digest.mail(topic_mask=0b100, alert_articles=[alert_articles])
    assert mail["Subject"].startswith("News of Energy")
    assert html_of(mail).index("What you watch for") < html_of(mail).index(">Standards<")


def test_the_preheader_says_what_the_subject_had_no_room_for(
    rendered_digest: RenderedDigest,
) -> None:
    html = html_of(rendered_digest.mail(topic_mask=0b111))
    hidden = re.search(r'<div style="display:none[^>]*>(.*?)</div>', html)
    assert hidden
    assert hidden[1].strip()
    assert hidden[1].split(" · ")[0] not in rendered_digest.mail(topic_mask=0b111)["Subject"]


def test_a_preheader_without_another_headline_says_why_the_mail_came(
    rendered_digest: RenderedDigest,
) -> None:
    Article.objects.filter(position__gt=1).delete()
    set_blocks(rendered_digest.digest)
    html = html_of(rendered_digest.mail(topic_mask=0b001))
    hidden = re.search(r'<div style="display:none[^>]*>(.*?)</div>', html)
    assert hidden
    assert hidden[1].strip() == "1 article from the topics that you follow."


def test_a_single_section_needs_no_contents(rendered_digest: RenderedDigest) -> None:
    one, two = rendered_digest.mail(topic_mask=0b001), rendered_digest.mail(topic_mask=0b011)
    assert "#article-" not in html_of(one)
    assert "In this email" not in html_of(one) + text_of(one)
    assert html_of(two).count('href="#article-') == 5
    assert "In this email" in text_of(two)


def test_only_a_reader_whose_name_is_known_is_greeted(rendered_digest: RenderedDigest) -> None:
    named, nameless = rendered_digest.mail(name="Ann Lee"), rendered_digest.mail()
    assert "Hello Ann Lee! 9 articles" in " ".join(html_of(named).split())
    assert "Hello Ann Lee!" in text_of(named)
    assert "Hello" not in html_of(nameless) + text_of(nameless)


def test_a_reader_of_chinese_gets_chinese_words_around_the_articles(
    rendered_digest: RenderedDigest,
) -> None:
    mail = rendered_digest.mail(language="zh-hans", name="李雷")
    html = html_of(mail)
    assert '<html lang="zh-Hans"' in html
    assert "李雷，您好！" in html
    assert "2026年9月15日" in html
    assert "退订" in html
    assert "退订" in text_of(mail)
    assert not re.findall(
        r"Read on|minute|section|Unsubscribe", re.sub("<style.*?</style>", "", html)
    )


@pytest.mark.parametrize(
    ("date", "language", "words"),
    [
        ("2026-09-15", "zh-hans", "2026年9月15日"),
        ("2026-09", "zh-hans", "2026年9月"),
        ("2026-09-05", "en", "5 September 2026"),
        ("2026-09", "en", "September 2026"),
        ("2026", "en", "2026"),
        ("2026-13", "en", "2026-13"),
        ("2026-09/10", "en", "September 2026 – October 2026"),
        ("2026-09/10", "zh-hans", "2026年9月 – 2026年10月"),
        ("2026-02-28/03-06", "en", "28 February 2026 – 6 March 2026"),
        ("2026 (Spring)", "en", "2026 (Spring)"),
        ("2026-27", "zh-hans", "2026-27"),
    ],
)
def test_dates_are_written_in_the_manner_of_the_language(
    rendered_digest: RenderedDigest, date: str, language: str, words: str
) -> None:
    issue = rendered_digest.digest.own_issue
    issue.date = date
    with translation.override(language):
        assert date_in_words(issue) == words


@pytest.mark.parametrize(
    ("zone", "offset"), [("Asia/Shanghai", "+0800"), ("America/New_York", "-0400"), ("", "+0800")]
)
def test_the_date_is_that_of_the_readers_time_zone(
    rendered_digest: RenderedDigest, zone: str, offset: str
) -> None:
    date = str(rendered_digest.mail(time_zone=zone)["Date"])
    assert date.endswith(offset)
    assert parsedate_to_datetime(date) == NOON


def test_all_links_of_a_mail_carry_one_token_and_the_one_to_the_browser_another(
    rendered_digest: RenderedDigest,
) -> None:
    mail = rendered_digest.mail()
    found = re.findall(r"/(\w+)/([\w-]{36})/", html_of(mail) + text_of(mail) + str(mail))
    tokens = {purpose: {token for name, token in found if name == purpose} for purpose, _ in found}
    (own,) = tokens["leave"]
    assert tokens["preferences"] == tokens["pause"] == tokens["stop"] == {own}
    assert own not in tokens["editions"]
    assert TokenSigner(READER).read(own).number == 7
    assert [delivery_of(token).number for token in tokens["editions"]] == [11]


@pytest.fixture
def delivered(rendered_digest: RenderedDigest) -> Delivery:
    reader = a_reader(rendered_digest.digest.bulletin, "ann@reader.example", name="Ann")
    edition = Edition.objects.create(digest=rendered_digest.digest, language="en", topic_mask=0b011)
    return Delivery.objects.create(
        digest=rendered_digest.digest,
        subscriber=reader,
        edition=edition,
        status="sent",
        due_at=NOON,
    )


def web_address_of(delivery: Delivery) -> str:
    """The path under which the mail says that it can be seen in a browser."""
    found = re.search(r'href="https?://[^/]+(/editions/[^"]+)"', html_of(read(delivery)))
    assert found
    return found[1]


def test_the_mail_in_the_browser_is_the_mail_but_for_what_is_the_readers_own(
    delivered: Delivery, client: Client
) -> None:
    page = client.get(web_address_of(delivered))
    assert page.status_code == 200
    shown, mailed = page.content.decode(), html_of(read(delivered))
    own = r'href="[^"]*"|Hello Ann!|You have been [^.]*[.]|This email was sent to a•••@[a-z.]*'
    page_alone = r'<nav.*?</nav>|role="main"|aria-roledescription="email"|role="article"'
    # Where blocks are filled up to whole threes of bytes, white space stands in one of both.
    shared = [re.sub(rf"{own}|{page_alone}|\s", "", html) for html in (shown, mailed)]
    assert shared[0] == shared[1]
    assert "Ann" not in shown
    assert "•••" not in shown
    assert shown.count('role="main"') == 1
    assert f'<a href="{reverse("issues:bulletin", args=["letters"])}"' in shown


def test_who_is_shown_a_mail_in_the_browser_gets_no_way_to_the_readers_account(
    delivered: Delivery, client: Client
) -> None:
    Issue.objects.update(status=Issue.Status.PUBLISHED, published_at=NOON)
    path = web_address_of(delivered)
    shown = client.get(path).content.decode()
    assert set(re.findall(r"[\w-]{36}", shown)) <= {path.split("/")[2]}
    assert delivered.subscriber is not None
    for link in paths_in(shown):
        assert delivered.subscriber.address not in client.get(link).content.decode()
    assert reverse("subscribers:request_link", args=["letters"]) in paths_in(shown)


def test_the_mail_in_the_browser_outlives_the_readers_row(
    delivered: Delivery, client: Client
) -> None:
    path = web_address_of(delivered)
    assert delivered.subscriber is not None
    delivered.subscriber.delete()
    page = client.get(path)
    assert page.status_code == 200
    assert b"Ann" not in page.content


def paths_in(html: str) -> set[str]:
    """The paths on this site to which a mail leads, but for the PDF, which these issues lack."""
    found = re.findall(r'href="https?://[^/]+(/[^"#]*)', html)
    return {path for path in found if not path.endswith("/pdf/")}


def test_every_link_of_a_mail_leads_to_a_page(
    delivered: Delivery, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_week_later = (NOON + timedelta(days=7)).timestamp()
    monkeypatch.setattr("subscribers.links.time.time", lambda: a_week_later)
    Issue.objects.update(status=Issue.Status.PUBLISHED, published_at=NOON)
    mail = html_of(read(delivered))
    statuses = {path: client.get(path).status_code for path in paths_in(mail)}
    assert len(statuses) > 12
    assert set(statuses.values()) == {200}


def test_when_the_readers_row_is_gone_every_link_still_leads_to_a_page(
    delivered: Delivery, client: Client
) -> None:
    Issue.objects.update(status=Issue.Status.PUBLISHED, published_at=NOON)
    path = web_address_of(delivered)
    assert delivered.subscriber is not None
    delivered.subscriber.delete()
    page = client.get(path).content.decode()
    assert {client.get(path).status_code for path in paths_in(page)} == {200}


@pytest.mark.parametrize("spoil", [str.swapcase, lambda token: token[:-1], lambda _: "x"])
def test_a_forged_link_to_a_mail_shows_nothing(
    delivered: Delivery, client: Client, spoil: object
) -> None:
    assert callable(spoil)
    token = web_address_of(delivered).split("/")[2]
    assert client.get(f"/editions/{spoil(token)}/").status_code == 404


def test_a_link_to_a_mail_shows_none_that_was_given_its_number_anew(
    delivered: Delivery, client: Client
) -> None:
    path = web_address_of(delivered)
    Digest.objects.update(
        link_key=random_link_key()
    )  # as a digest has that is opened after a restoration
    assert client.get(path).status_code == 404


def test_a_link_to_the_mail_of_an_excluded_reader_shows_nothing(
    delivered: Delivery, client: Client
) -> None:
    path = web_address_of(delivered)
    Delivery.objects.update(edition=None, status=DeliveryStatus.EXCLUDED)
    assert client.get(path).status_code == 404


def test_a_readers_other_links_do_not_show_mails(delivered: Delivery, client: Client) -> None:
    assert delivered.subscriber is not None
    token = links.token(delivered.subscriber, Purpose.LEAVE)
    assert client.get(f"/editions/{token}/").status_code == 404


def test_a_correction_that_is_stored_nowhere_answers_the_mail_that_it_corrects(
    rendered_digest: RenderedDigest,
) -> None:
    corrected = Digest(pk=99, opened_at=NOON)
    rendered_digest.digest.corrects = corrected
    delivery = rendered_digest.delivery(topic_mask=0b001)
    delivery.corrects = 4
    assert read(delivery)["In-Reply-To"].startswith(f"<{mailing_key(corrected)}.4@")


def test_the_link_under_a_section_says_how_the_mail_called_it(
    rendered_digest: RenderedDigest,
) -> None:
    html = html_of(rendered_digest.mail(topic_mask=0b111))
    stops = re.findall(r'href="[^"]+/stop/[^/"]+/(\d+)/\?title=([^"&]+)"', html)
    titles = [section.title for section in rendered_digest.digest.own_issue.sections.mailed()]
    assert sorted(unquote(title) for _topic, title in stops) == sorted(titles)
