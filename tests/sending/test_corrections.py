"""A correction goes to exactly those who got the article that was wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from pytest_django import DjangoAssertNumQueries

from digests import audience, cadence, preview, publishing, sending
from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.rendering import MessageRenderer, Recipient
from digests.rendering.html_weight import MAX_HTML_BYTES
from issues.models import Article, Issue
from pdf_reading.issue_text import Paragraph
from publications.models import Bulletin, Topic
from subscribers import suppressions
from subscribers.keywords.query import phrase_of
from subscribers.models import KeywordAlert, Subscriber
from subscribers.models.suppression import SuppressionReason as Why
from tests.support.factories import NOON, a_draft, a_reader, topics_of
from tests.support.mail_server import MailServer
from tests.support.messages import html_of, text_of

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=1)
NEXT_DAY = NOON + timedelta(days=1)
REMARK = "The figure was 40, not 4.\nWe had read it from the wrong column."


@pytest.fixture
def topics(bulletin: Bulletin) -> list[Topic]:
    return topics_of(bulletin, ["Water", "Energy"])


@pytest.fixture
def readers(bulletin: Bulletin, topics: list[Topic]) -> dict[str, Subscriber]:
    """Ann and Li follow Water, Bob Energy, Cat both; Dan watches for Water's article."""
    follows = {"ann": topics[:1], "bob": topics[1:], "cat": topics, "dan": [], "li": topics[:1]}
    readers = {
        name: a_reader(
            bulletin,
            f"{name}@example.org",
            topics=own,
            language="zh-hans" if name == "li" else "en",
        )
        for name, own in follows.items()
    }
    KeywordAlert.objects.create(
        subscriber=readers["dan"], phrase="about Water", key=phrase_of("about Water").key
    )
    return readers


@pytest.fixture
def issue(bulletin: Bulletin, topics: list[Topic], readers: dict[str, Subscriber]) -> Issue:
    return a_draft(bulletin, {topic.name_en: topic for topic in topics})


def sent(digest: Digest, *, at: datetime = NEXT_DAY) -> Digest:
    assert audience.prepare(digest, at=at)
    sending.send(digest, clock=lambda: at, seconds=30)
    assert sending.finish(digest, at=at)
    digest.refresh_from_db()
    return digest


@pytest.fixture
def earlier(issue: Issue, mail_server: MailServer) -> dict[str, EmailMessage]:
    """The mails of the issue by their recipients; the server has forgotten them."""
    sent(publishing.publish(issue, at=LATER))
    mails = {to: mail_server.mail_to(to) for to in mail_server.recipients}
    mail_server.mails.clear()
    return mails


@pytest.fixture
def digest(earlier: dict[str, EmailMessage]) -> Digest:
    """Its mails were sent."""
    return Digest.objects.get()


def drafted(digest: Digest, *titles: str, remark: str = REMARK) -> Digest:
    articles = Article.objects.filter(title__in=titles).values_list("pk", flat=True)
    return audience.drafted(digest, articles=articles, remark=remark, at=NEXT_DAY)


def corrected(digest: Digest, *titles: str) -> Digest:
    correction, new = audience.open_correction(drafted(digest, *titles))
    assert new
    return sent(correction)


def addresses(*names: str) -> list[str]:
    return [f"{name}@example.org" for name in names]


def test_who_got_the_article_gets_the_correction_and_nobody_else(
    digest: Digest, mail_server: MailServer
) -> None:
    correction = corrected(digest, "News of Water")
    assert mail_server.recipients == addresses("ann", "cat", "dan", "li")
    counts = sending.count(correction)
    assert (counts.candidates, counts.sent, counts.balanced) == (4, 4, True)


def test_of_several_articles_each_reader_gets_those_that_they_got(
    digest: Digest, mail_server: MailServer
) -> None:
    corrected(digest, "News of Water", "News of Energy")
    assert mail_server.recipients == addresses("ann", "bob", "cat", "dan", "li")
    for name, water, energy in (("ann", 1, 0), ("bob", 0, 1), ("cat", 1, 1), ("dan", 1, 0)):
        html = html_of(mail_server.mail_to(f"{name}@example.org"))
        assert (html.count("News of Water</a></h3>"), html.count("News of Energy</a></h3>")) == (
            water,
            energy,
        )


def test_it_stands_beside_the_mail_that_it_corrects(
    digest: Digest, earlier: dict[str, EmailMessage], mail_server: MailServer
) -> None:
    corrected(digest, "News of Water")
    for to in addresses("ann", "cat", "dan", "li"):
        mail = mail_server.mail_to(to)
        assert mail["In-Reply-To"] == mail["References"] == earlier[to]["Message-ID"]
        assert mail["Message-ID"] != earlier[to]["Message-ID"]
        assert mail["Feedback-ID"].split(":")[2] == "correction"


def test_it_answers_the_mail_in_which_each_reader_got_the_article_at_the_cost_of_one_query(
    bulletin: Bulletin,
    topics: list[Topic],
    issue: Issue,
    mail_server: MailServer,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for cadence_of_theirs in ("weekly", "monthly"):
        a_reader(
            bulletin,
            f"{cadence_of_theirs}@example.org",
            topics=topics,
            cadence=cadence_of_theirs,
        )
    digest = publishing.publish(issue, at=LATER)
    sent(digest)
    for day in (timedelta(days=7), timedelta(days=31)):
        for opened in list(cadence.open_due(at=NOON + day)):
            sent(opened, at=NOON + day)
    names = addresses("ann", "weekly", "monthly")
    ids = [mail_server.mail_to(to)["Message-ID"] for to in names]
    assert len({each.split(".")[1] for each in ids}) == 3  # of three digests
    mail_server.mails.clear()
    correction = corrected(digest, "News of Water")
    assert [mail_server.mail_to(to)["In-Reply-To"] for to in names] == ids
    rows = Delivery.objects.filter(digest=correction, edition__isnull=False)
    recipients = [Recipient.of(row) for row in rows.select_related("edition", "subscriber")]
    renderer = MessageRenderer(Digest.objects.get(pk=correction.pk))
    renderer.messages_to(recipients[:1], at=NEXT_DAY)
    renderer.messages_to([each for each in recipients if each.language == "zh-hans"], at=NEXT_DAY)
    with django_assert_num_queries(1):
        renderer.messages_to(recipients, at=NEXT_DAY)


def test_its_subject_says_what_it_is_in_the_readers_language(
    digest: Digest, mail_server: MailServer
) -> None:
    corrected(digest, "News of Water", "News of Energy")
    assert mail_server.mail_to("ann@example.org")["Subject"] == "Correction: News of Water"
    assert mail_server.mail_to("li@example.org")["Subject"] == "更正：News of Water"
    both = mail_server.mail_to("cat@example.org")["Subject"]
    assert both == "Correction: News of Water · News of Energy"


def test_a_long_headline_leaves_room_for_saying_what_it_is(
    digest: Digest, mail_server: MailServer
) -> None:
    Article.objects.filter(title="News of Water").update(title="汉" * 500)
    corrected(digest, "汉" * 500)
    subject = str(mail_server.mail_to("li@example.org")["Subject"])
    assert subject.startswith("更正：汉汉")
    assert len(subject) == 30


def both_parts(mail: EmailMessage) -> list[str]:
    return [" ".join(part.split()) for part in (html_of(mail), text_of(mail))]


def test_it_has_the_words_of_the_editor_and_the_article_as_it_stands_now(
    digest: Digest, mail_server: MailServer
) -> None:
    water = Article.objects.get(title="News of Water")
    water.passages = (Paragraph("Forty litres.", page=1),)
    water.save()
    corrected(digest, "News of Water")
    for said in both_parts(mail_server.mail_to("ann@example.org")):
        assert "The figure was 40, not 4." in said
        assert "from the wrong column." in said
        assert "Forty litres." in said
        assert "/leave/" in said


def test_twice_is_once_and_another_remark_is_another_correction(
    digest: Digest, mail_server: MailServer
) -> None:
    first = corrected(digest, "News of Water")
    assert audience.open_correction(drafted(digest, "News of Water")) == (first, False)
    other, new = audience.open_correction(drafted(digest, "News of Water", remark="And not 40."))
    assert new
    assert sent(other) != first
    assert mail_server.recipients == sorted(addresses("ann", "cat", "dan", "li") * 2)


def test_who_left_paused_or_was_suppressed_since_is_accounted_for_and_gets_nothing(
    digest: Digest, readers: dict[str, Subscriber], mail_server: MailServer
) -> None:
    Subscriber.objects.filter(pk=readers["ann"].pk).update(unsubscribed_at=NEXT_DAY)
    Subscriber.objects.filter(pk=readers["cat"].pk).update(paused_until=NEXT_DAY + timedelta(1))
    suppressions.suppress("dan@example.org", reason=Why.HARD_BOUNCE, evidence="", at=NEXT_DAY)
    draft = drafted(digest, "News of Water")
    correction_preview = preview.preview_correction(draft)
    assert (
        correction_preview.reached,
        correction_preview.unreached,
        correction_preview.uncertain,
    ) == ({"zh-hans": 1}, 3, 0)
    correction = corrected(digest, "News of Water")
    assert mail_server.recipients == addresses("li")
    reasons = correction.deliveries.exclude(reason="").values_list("reason", flat=True)
    assert sorted(reasons) == sorted([SkipReason.LEFT, SkipReason.PAUSED, SkipReason.SUPPRESSED])
    assert sending.count(correction).balanced


def test_whose_mail_of_the_issue_failed_gets_no_correction(
    issue: Issue, mail_server: MailServer
) -> None:
    mail_server.responses["ann@example.org"] = "550 no such user"
    digest = sent(publishing.publish(issue, at=LATER))
    assert Delivery.objects.get(status=DeliveryStatus.FAILED).subscriber is not None
    mail_server.responses.clear()
    mail_server.mails.clear()
    corrected(digest, "News of Water")
    assert mail_server.recipients == addresses("cat", "dan", "li")


def test_who_was_forgotten_since_is_no_candidate(
    digest: Digest, readers: dict[str, Subscriber], mail_server: MailServer
) -> None:
    readers["ann"].delete()
    assert corrected(digest, "News of Water").candidates == 3
    assert mail_server.recipients == addresses("cat", "dan", "li")


def test_while_the_mails_of_the_issue_are_being_sent_nothing_is_corrected(issue: Issue) -> None:
    digest = publishing.publish(issue, at=LATER)
    with pytest.raises(audience.StillSending):
        audience.open_correction(drafted(digest, "News of Water"))
    assert Digest.objects.count() == 1


def test_publishing_again_finds_the_digest_and_no_correction(digest: Digest, issue: Issue) -> None:
    corrected(digest, "News of Water")
    assert publishing.publish(issue, at=NEXT_DAY) == digest


def test_a_correction_of_many_articles_is_no_heavier_than_other_mails(
    digest: Digest, issue: Issue, mail_server: MailServer
) -> None:
    section = issue.sections.get(title="Water")
    passages = (Paragraph("Forty litres. " * 40, page=1),)
    for n in range(2, 21):
        section.articles.create(title=f"Article {n} " * 25, position=n, passages=passages)
    titles = section.articles.values_list("title", flat=True)
    corrected(digest, *titles)
    html = html_of(mail_server.mail_to("ann@example.org"))
    assert html.count("<h3") == 20
    assert len(html.encode()) < MAX_HTML_BYTES
