"""Whatever happens to readers and issues: no article comes twice, none is missed, and nothing comes
after leaving (docs/cadence.md)."""

from __future__ import annotations

import email.policy
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from digests import audience, cadence, publishing, sending, taking_back, withdrawal
from digests.models import Delivery, Digest
from digests.models.delivery import DeliveryStatus
from digests.rendering import MessageRenderer
from digests.rendering.edition_contents import article_ids
from digests.sending import claims, due_recipients, ledger, withdrawn
from issues.models import Article, Issue
from mail.delivery import Accepted, Deferred, Outcome, Rejected, Uncertain
from publications.models import Topic
from subscribers import addresses, preferences, signing_up, undoing, unsubscribing
from subscribers.models import KeywordAlert, Subscriber
from subscribers.models.subscription import EndReason
from tests.support.factories import NOON, a_bulletin, a_draft, a_reader, topics_of

KEPT: Outcome = Accepted("Kept", 250)
ARTICLE = re.compile(r"/articles/(\d+)/")
OUTCOMES: list[Outcome] = [
    KEPT,
    KEPT,
    Rejected("5.1.1 No such user", 550),
    Deferred("Later", 451),
    Uncertain(""),
]
MAILED = (DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN)
STEPS = [timedelta(minutes=30), timedelta(hours=9), timedelta(days=2), timedelta(days=8)]


@dataclass
class History:
    """What can happen, one thing after another, in any order."""

    topics: list[Topic]
    readers: list[Subscriber]
    at: datetime = NOON + timedelta(hours=1)
    got: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    changed: dict[tuple[int, int], datetime] = field(default_factory=dict)  # reader, topic
    began: dict[int, datetime] = field(default_factory=dict)  # reader
    away: dict[int, list[tuple[datetime, datetime | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def reader(self, n: int) -> Subscriber:
        return Subscriber.objects.get(pk=self.readers[n % len(self.readers)].pk)

    def publish(self, n: int) -> None:
        chosen = [topic for bit, topic in enumerate(self.topics) if (n % 7 + 1) >> bit & 1]
        draft = a_draft(self.topics[0].bulletin, {topic.name_en: topic for topic in chosen})
        if n % 2:
            second = Article(section=draft.sections.first(), position=2, title="A second one")
            second.save()
        self.prepare(publishing.publish(draft, at=self.at))

    def publish_and_take_back(self, n: int) -> None:
        self.publish(n)
        issue = Issue.objects.latest("pk")
        taking_back.take_back(issue, at=self.at)
        if n % 2:
            self.prepare(publishing.publish(issue, at=self.at))

    def prepare(self, digest: Digest) -> None:
        assert audience.prepare(digest, at=self.at)

    def wait(self, n: int) -> None:
        self.at += STEPS[n % len(STEPS)]
        self.sweep(n)

    def sweep(self, n: int) -> None:
        for digest in list(cadence.open_due(at=self.at)):
            self.prepare(digest)
        for digest in Digest.objects.unfinished():
            self.send(digest, n)

    def send(self, digest: Digest, n: int) -> None:
        sending.resume(digest, at=self.at)
        if digest.prepared_at is None:
            return
        renderer = MessageRenderer(digest)
        withdrawn.skip_empty(digest, renderer, at=self.at)
        while claim := claims.claim(digest, at=self.at, most=3):
            due = due_recipients.load_due_recipients(claim.name, at=self.at)
            ledger.skip(
                [(one.delivery, one.skip_reason) for one in due if one.skip_reason], at=self.at
            )
            outcomes = [
                (one.delivery, OUTCOMES[(n + one.delivery) % len(OUTCOMES)] if n >= 0 else KEPT)
                for one in due
                if not one.skip_reason
            ]
            ledger.settle(outcomes, at=self.at)
            self.note_what_came(digest, renderer, [pk for pk, _ in outcomes])
            claims.give_back(claim)
            claim.journal.close()
        sending.finish(digest, at=self.at)

    def note_what_came(
        self, digest: Digest, renderer: MessageRenderer, deliveries: list[int]
    ) -> None:
        """Read in the mails themselves which articles came."""
        rows = Delivery.objects.filter(
            pk__in=deliveries, status__in=MAILED, digest__corrects=None
        ).select_related("edition", "subscriber")
        for row in rows:
            mail = b"".join(renderer.message(row, at=self.at).pieces)
            parsed = message_from_bytes(mail, policy=email.policy.default)
            body = parsed.get_body(("plain",))
            assert body
            words = body.get_content()
            assert row.subscriber_id
            self.got[row.subscriber_id].update({int(pk) for pk in ARTICLE.findall(words)})

    def follow(self, n: int) -> None:
        topic = self.topics[n // 3 % 3]
        if preferences.change_topics(self.reader(n).pk, begin=[topic], end=[], at=self.at):
            self.changed[self.reader(n).pk, topic.pk] = self.at

    def drop(self, n: int) -> None:
        topic = self.topics[n // 3 % 3]
        preferences.change_topics(self.reader(n).pk, begin=[], end=[topic], at=self.at)
        self.changed[self.reader(n).pk, topic.pk] = self.at

    def cadence(self, n: int) -> None:
        preferences.change_cadence(
            self.reader(n).pk, Subscriber.Cadence.values[n // 3 % 3], at=self.at
        )

    def pause(self, n: int) -> None:
        preferences.pause(self.reader(n).pk, at=self.at)

    def resume(self, n: int) -> None:
        preferences.resume(self.reader(n).pk, at=self.at)

    def leave(self, n: int) -> None:
        reader = self.reader(n).pk
        if unsubscribing.unsubscribe(reader, at=self.at, reason=EndReason.LEFT):
            self.away[reader].append((self.at, None))

    def undo(self, n: int) -> None:
        reader = self.reader(n)
        left_at = reader.unsubscribed_at
        if left_at and undoing.undo_leaving(reader.pk, left_at=left_at, at=self.at):
            self.away[reader.pk][-1] = (left_at, self.at)

    def come_back(self, n: int) -> None:
        reader = self.reader(n)
        if reader.unsubscribed_at is None:
            return
        address = addresses.parse(reader.address)
        signing_up.sign_up(
            reader.bulletin, address=address, topics=self.topics, language="en", at=self.at
        )
        if signing_up.confirm(reader.pk, at=self.at):
            self.away[reader.pk][-1] = (reader.unsubscribed_at, self.at)
            self.began[reader.pk] = self.at
            for topic in self.topics:
                self.changed[reader.pk, topic.pk] = self.at

    def withdraw_article(self, n: int) -> None:
        found = Article.objects.filter(section__issue__status=Issue.Status.PUBLISHED)
        article = found.select_related("section__issue").order_by("-pk")[n % 3 :].first()
        if article and not article.withdrawn_at:
            withdrawal.withdraw_article(article, because="", at=self.at)

    def withdraw_issue(self, n: int) -> None:
        issue = Issue.objects.filter(status=Issue.Status.PUBLISHED).order_by("-pk")[n % 2 :].first()
        if issue:
            withdrawal.withdraw_issue(issue, because="", at=self.at)

    def restore(self, _n: int) -> None:
        for issue in Issue.objects.filter(status=Issue.Status.WITHDRAWN):
            withdrawal.restore_issue(issue)
        for article in Article.objects.filter(withdrawn_at__isnull=False):
            withdrawal.restore_article(article)

    def restore_one(self, n: int) -> None:
        found = Article.objects.filter(withdrawn_at__isnull=False).order_by("-pk")[n % 3 :].first()
        if found:
            withdrawal.restore_article(found)

    def correct(self, n: int) -> None:
        digest = (
            Digest.objects.without_corrections()
            .exclude(issue=None)
            .filter(taken_back_at=None, issue__status=Issue.Status.PUBLISHED)[n % 2 :]
            .first()
        )
        if digest is None:
            return
        articles = list(digest.articles().order_by("pk").values_list("pk", flat=True)[:1])
        draft = audience.drafted(digest, articles=articles, remark=f"{n}", at=self.at)
        try:
            self.prepare(audience.open_correction(draft)[0])
        except audience.StillSending:
            return

    def put_the_clock_back(self, n: int) -> None:
        """The sweep looks at a clock that is slow, once."""
        for digest in list(cadence.open_due(at=self.at - STEPS[n % len(STEPS)])):
            self.prepare(digest)

    def offer(self, n: int) -> None:
        bulletin = self.topics[0].bulletin
        name = f"Topic {Topic.objects.count()}"
        Topic.objects.create(bulletin=bulletin, name_en=name, offered_at=self.at)

    # What is to hold.

    def listed(self, reader: Subscriber) -> Counter[int]:
        """The articles that stood in the mails to a reader, as the page of their mails says."""
        rows = Delivery.objects.filter(
            subscriber=reader, status__in=MAILED, digest__corrects=None
        ).select_related("digest", "edition")
        return Counter(pk for row in rows for pk in article_ids(row))

    def wanted(self, reader: Subscriber) -> set[int]:
        """The articles that appeared while somebody read who reads on, of what they followed all
        the time since."""
        if not reader.is_reading:
            return set()
        follows = set(reader.subscriptions.current().values_list("topic", flat=True))
        began = self.began.get(reader.pk, reader.confirmed_at)
        assert began
        standing = Article.objects.standing()
        rows = standing.filter(section__issue__status=Issue.Status.PUBLISHED).values_list(
            "pk", "section__topic", "section__issue__published_at"
        )
        return {
            pk
            for pk, topic, at in rows
            if topic in follows
            and at is not None
            and at > began
            and at >= self.changed.get((reader.pk, topic), NOON)
        }

    def announced(self, reader: Subscriber) -> Counter[int]:
        """The topics that the mails to a reader told of as new."""
        rows = Delivery.objects.filter(
            subscriber=reader, status__in=MAILED, digest__corrects=None
        ).select_related("digest", "edition")
        return Counter(
            topic
            for row in rows
            for topic, issues in row.digest.announced().items()
            if row.edition and row.edition.issue_mask & issues
        )

    def to_announce(self, reader: Subscriber) -> set[int]:
        """The topics that were new while somebody read, and still reads and follows something,
        announced with issues that are published."""
        if self.away[reader.pk] or not self.wanted(reader):
            return set()
        digests = Digest.objects.filter(occasion="issue", corrects=None, taken_back_at=None)
        return {topic for digest in digests.exclude(new_topics=[]) for topic in digest.new_topics}

    def check(self) -> None:
        for reader in Subscriber.objects.all():
            announced = self.announced(reader)
            assert [pk for pk, times in announced.items() if times > 1] == [], f"new: {reader.pk}"
            assert self.to_announce(reader) - set(announced) == set(), f"not new: {reader.pk}"
            mailed = self.got[reader.pk]
            assert self.listed(reader) == mailed, f"what the page of mails says: {reader.pk}"
            assert [pk for pk, times in mailed.items() if times > 1] == [], f"twice: {reader.pk}"
            assert self.wanted(reader) - set(mailed) == set(), f"missed: {reader.pk}"
            for left, back in self.away[reader.pk]:
                late = Delivery.objects.filter(
                    subscriber=reader, status=DeliveryStatus.SENT, settled_at__gt=left
                )
                if back is not None:
                    late = late.filter(settled_at__lt=back)
                assert not late.exists(), f"mailed after leaving: {reader.pk}"
        for digest in Digest.objects.without_corrections():
            assert sending.count_deliveries(digest).balanced


HAPPENS = [
    name
    for name, what in vars(History).items()
    if callable(what)
    and not name.startswith("_")
    and name
    not in {
        "reader",
        "prepare",
        "send",
        "note_what_came",
        "listed",
        "wanted",
        "check",
        "announced",
        "to_announce",
    }
]
EVENTS = st.lists(st.tuples(st.sampled_from(HAPPENS), st.integers(0, 40)), max_size=20)


@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
@hypothesis_settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=EVENTS)
@example(events=[("cadence", 3), ("publish", 6), ("wait", 3), ("cadence", 0), ("publish", 6)])
@example(events=[("pause", 0), ("publish", 6), ("wait", 2), ("resume", 0), ("wait", 0)])
@example(events=[("publish", 6), ("wait", 2), ("publish", 6), ("wait", 0)])
@example(events=[("publish", 6), ("leave", 0), ("publish", 6), ("undo", 0), ("wait", 0)])
@example(events=[("publish", 6), ("wait", 0), ("leave", 0), ("come_back", 0), ("wait", 0)])
@example(events=[("publish", 6), ("offer", 0), ("publish", 1), ("cadence", 3), ("wait", 3)])
@example(events=[("publish", 6), ("offer", 0), ("pause", 0), ("publish", 3), ("cadence", 5)])
@example(events=[("publish", 6), ("withdraw_article", 0), ("wait", 1), ("restore", 0)])
@example(events=[("publish", 7), ("withdraw_article", 0), ("wait", 3), ("restore_one", 0)])
def test_no_article_comes_twice_and_none_is_missed(
    events: list[tuple[str, int]], settings: Settings
) -> None:
    settings.CATCH_UP_DAYS = 3650
    with transaction.atomic():
        bulletin = a_bulletin()
        topics = topics_of(bulletin, ["Water", "Energy", "Air"])
        readers = [
            a_reader(bulletin, "all@reader.example", topics=topics),
            a_reader(bulletin, "water@reader.example", topics=topics[:1]),
            a_reader(bulletin, "weekly@reader.example", topics=topics, cadence="weekly"),
        ]
        KeywordAlert.objects.create(subscriber=readers[1], phrase="energy", key="energy")
        history = History(topics, readers)
        for name, n in events:
            history.at += timedelta(minutes=1)
            getattr(history, name)(n)
        # In the end everything is put back, nobody pauses, every server takes mail.
        history.restore(0)
        for n in range(len(readers)):
            history.resume(n)
        for _ in range(3):
            for _ in range(5):
                history.at += timedelta(days=7)
                history.sweep(-1)
            history.publish(6)  # what waits for the next issue comes with it
        history.at += timedelta(days=35)
        history.sweep(-1)
        history.at += timedelta(hours=1)
        history.sweep(-1)
        history.check()
        transaction.set_rollback(True)
