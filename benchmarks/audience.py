"""Readers, an issue and its digest for the benchmarks of sending."""

from __future__ import annotations

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_site.settings")
django.setup()

from django.core.mail import EmailMultiAlternatives  # noqa: E402 - after Django is set up
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from digests import audience, cadence, publishing, rendering, sending, tasks  # noqa: E402
from digests.models import Digest  # noqa: E402
from digests.models.digest import Occasion  # noqa: E402
from digests.rendering import MessageRenderer  # noqa: E402
from issues.models import Article, Issue  # noqa: E402
from pdf_reading.issue_text import Paragraph  # noqa: E402
from publications.models import Bulletin  # noqa: E402
from subscribers.models import Subscriber  # noqa: E402
from tests.support.factories import a_bulletin, a_draft, topics_of  # noqa: E402

_TEXT = "水是生命之源，生产之要，生态之基。本周多地通报了水质监测的最新结果，专家建议继续观察。"
_READERS = """
    INSERT INTO subscribers_subscriber (bulletin_id, address, address_key, name, language,
        signed_up_at, confirmed_at, format, time_zone)
    SELECT %s, 'reader' || n || '@example.org', 'reader' || n || '@example.org', 'Reader ' || n,
        CASE WHEN n %% 2 = 0 THEN 'en' ELSE 'zh-hans' END, now(), now(), 'html', ''
    FROM generate_series(1, %s) AS n"""
_SUBSCRIPTIONS = """
    INSERT INTO subscribers_subscription (subscriber_id, topic_id, started_at, source, ended_reason)
    SELECT id, topic, now(), 'import', ''
    FROM subscribers_subscriber, unnest(%s::bigint[]) WITH ORDINALITY AS followed (topic, bit)
    WHERE bit = 1 + id %% %s OR hashint8(id * 16 + bit) %% 3 = 0"""


def made(readers: int, *, topics: int, articles: int) -> Issue:
    """A draft of so many articles in sections of so many topics, and its readers, each of whom
    follows one of the topics and about a third of the others: a mail of some 60 KB."""
    call_command("migrate", verbosity=0)
    bulletin = a_bulletin()
    followed = topics_of(bulletin, [f"Topic {n}" for n in range(topics)])
    with connection.cursor() as cursor:
        cursor.execute(_READERS, [bulletin.pk, readers])
        cursor.execute(_SUBSCRIPTIONS, [[topic.pk for topic in followed], topics])
        cursor.execute("VACUUM ANALYZE")  # as PostgreSQL itself does it after a while
    return drafted(bulletin, articles=articles)


def drafted(bulletin: Bulletin, *, articles: int) -> Issue:
    """Make one more draft of so many articles in a section of each of the topics."""
    followed = list(bulletin.topics.all())
    draft = a_draft(bulletin, {topic.name_en: topic for topic in followed})
    Article.objects.filter(section__issue=draft).delete()
    sections = list(draft.sections.order_by("position"))
    Article.objects.bulk_create(
        Article(
            section=sections[n % len(sections)],
            position=n,
            title=f"第{n}篇：{_TEXT[:18]}",
            source="水利部",
            passages=(Paragraph(_TEXT * 6, page=1),),
        )
        for n in range(articles)
    )
    return draft


def published(issue: Any) -> Digest:
    """Publish it. Returns its digest, for which a task is enqueued."""
    digest = publishing.publish(issue, at=timezone.now())
    tasks.prepare_digest.delay(digest.pk)
    connections.close_all()
    return digest


def opened(issue: Any) -> sending.Counts:
    """Return what is written down about who gets what when the issue is published."""
    digest = publishing.publish(issue, at=timezone.now())
    audience.prepare(digest, at=timezone.now())
    return sending.count(digest)


def mailed_weekly() -> None:
    """Have all readers get a weekly mail."""
    Subscriber.objects.update(cadence=Subscriber.Cadence.WEEKLY)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE subscribers_subscriber")


def opened_weekly(issue: Issue) -> sending.Counts:
    """Return what is written down about who gets what when the weekly mail is opened that is due
    next after the issue."""
    at = cadence.next_due(issue.bulletin, Occasion.WEEKLY, at=timezone.now())
    (digest,) = cadence.open_due(at=at)
    audience.prepare(digest, at=at)
    return sending.count(digest)


def prepared(digest: Digest) -> bool:
    """Return whether it is written down who gets what."""
    return Digest.objects.filter(pk=digest.pk, prepared_at__isnull=False).exists()


def finished(digest: Digest) -> bool:
    """Return whether every reader is accounted for."""
    return Digest.objects.filter(pk=digest.pk, finished_at__isnull=False).exists()


def sent(digest: Digest) -> int:
    """Return how many messages the mail server took."""
    return sending.count(digest).sent


def size(issue: Any) -> int:
    """Return how many bytes a message has, on the average of a thousand from all editions."""
    digest = Digest.objects.of_issue(issue).with_titles().get()
    renderer, at = MessageRenderer(digest), timezone.now()
    mailed = digest.deliveries.exclude(edition=None)
    ids = list(mailed.order_by("edition_id", "pk").values_list("pk", flat=True))
    some = mailed.filter(pk__in=ids[:: max(1, len(ids) // 1000)])
    each = some.select_related("edition", "subscriber")
    sizes = [len(renderer.message(one, at=at).data) for one in each]
    return sum(sizes) // len(sizes)


def send_plainly(issue: Any, messages: int) -> None:
    """Send as a task per reader does in many projects: render the mail, make it, send it."""
    digest = Digest.objects.of_issue(issue).with_titles().get()
    some = digest.deliveries.exclude(edition=None).select_related("edition", "subscriber")
    for delivery in some[:messages]:
        html = MessageRenderer(rendering.preview_of(digest.own_issue, at=digest.opened_at)).page(
            delivery
        )
        mail = EmailMultiAlternatives("News", html[:20_000], "a@example.org", ["b@example.org"])
        mail.attach_alternative(html, "text/html")
        mail.send()
