"""The time that the editor's pages take beside many readers: `python -m benchmarks.pages`.

On PostgreSQL: readers with Chinese names, of whom a fifth have keyword alerts, a draft that waits
to be published, and digests that went to all of them, of which the newest is half way. Each page
is asked for by Django's test client, three times, of which the fastest counts; beside it, as a
measure of the machine, PostgreSQL counting the deliveries (`--help` names the parameters).
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks import isolation
from benchmarks.chaos.stage import of_its_own

if TYPE_CHECKING:
    from django.test import Client

    from digests.models import Digest
    from issues.models import Issue

_ALERTS = """
    INSERT INTO subscribers_keywordalert (subscriber_id, phrase, key)
    SELECT id, '第' || id % 60 || '篇', '第' || id % 60 || '篇'
    FROM subscribers_subscriber WHERE id % 5 = 0"""
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英华"
_NAMES = """
    UPDATE subscribers_subscriber
    SET name = substr(%s, 1 + (id %% 20)::int, 1) || substr(%s, 1 + (id / 20 %% 20)::int, 1)
        || substr(%s, 1 + (id / 400 %% 20)::int, 1)"""
_LOG = """
    INSERT INTO audit_log_entry (at, by_name, act, subject, reader_id, before, after)
    SELECT now() - id * interval '1 second', 'editor', 'reader.paused', '', id, '{}', '{}'
    FROM subscribers_subscriber WHERE id % 4 = 0"""
_SENT = """
    UPDATE digests_delivery
    SET status = CASE WHEN mod(id, 100) = 0 THEN 'failed' ELSE 'sent' END,
        smtp_response = CASE WHEN mod(id, 100) = 0 THEN '550 5.1.1 No such user' ELSE '' END,
        attempts = 1, settled_at = now()
    WHERE digest_id = %s AND status = 'queued' AND mod(id, 2) <= %s"""

_EDITIONS = """
    INSERT INTO digests_edition (digest_id, language, topic_mask, alert_articles, alert_keywords)
    SELECT %s, language, topic_mask, alert_articles, alert_keywords FROM digests_edition
    WHERE digest_id = %s"""
_DELIVERIES = """
    INSERT INTO digests_delivery (digest_id, subscriber_id, edition_id, status, reason, attempts,
        due_at, settled_at, smtp_response)
    SELECT %s, subscriber_id, new.id, status, reason, attempts, due_at, settled_at, smtp_response
    FROM digests_delivery AS delivery
    LEFT JOIN digests_edition AS old ON old.id = delivery.edition_id
    LEFT JOIN digests_edition AS new ON new.digest_id = %s AND new.language = old.language
        AND new.topic_mask = old.topic_mask AND new.alert_articles = old.alert_articles
        AND new.alert_keywords = old.alert_keywords
    WHERE delivery.digest_id = %s"""
_BOUNCED = """
    INSERT INTO digests_feedback (delivery_id, subscriber_id, kind, status, detail, received_at,
        key)
    SELECT id, subscriber_id, CASE WHEN mod(id, 300) = 0 THEN 'hard_bounce' ELSE 'soft_bounce' END,
        '', '', now(), 'bench ' || id
    FROM digests_delivery WHERE digest_id = %s AND status = 'failed'"""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=100_000)
    parser.add_argument("--digests", type=int, default=5)
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    arguments = parser.parse_args()
    isolation.begin(database=arguments.database)
    with tempfile.TemporaryDirectory() as name, of_its_own(arguments.database) as url:
        os.environ |= {"DATABASE_URL": url, "DATA_DIR": name, "LOG_LEVEL": "ERROR"}
        draft = laid_out(arguments.readers, arguments.digests)
        measure(draft)


def laid_out(readers: int, digests: int) -> Issue:
    """The tables as they are when `digests` were mailed to all `readers`, the last of them half
    way; the draft that comes next."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from benchmarks import audience  # noqa: PLC0415 - Django must know its settings first

    call_command("collectstatic", verbosity=0, interactive=False)
    draft = audience.made(readers, topics=8, articles=40)
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [_SURNAMES, _GIVEN, _GIVEN])
        cursor.execute(_LOG)
        first = _mailed(draft, whole=True)
        for _ in range(digests - 2):
            _copied(first, audience.drafted(draft.bulletin, articles=40))
        cursor.execute(_ALERTS)
        _mailed(draft, whole=False)
        cursor.execute("VACUUM ANALYZE")
    return draft


def _mailed(draft: Issue, *, whole: bool) -> Digest:
    """Mail one more issue to all readers, of whom one in a hundred does not take it."""
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from benchmarks import audience  # noqa: PLC0415
    from digests import sending  # noqa: PLC0415
    from digests.models import Digest  # noqa: PLC0415

    issue = audience.drafted(draft.bulletin, articles=40)
    audience.opened(issue)
    digest = Digest.objects.get(issue=issue)
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [digest.pk, int(whole)])
        cursor.execute(_BOUNCED, [digest.pk])
    sending.recount(digest)
    if whole:
        sending.finish(digest, at=timezone.now())
    digest.refresh_from_db()
    return digest


def _copied(first: Digest, issue: Issue) -> None:
    """Write down that an issue fared as the first did: to open each would take as long as to mail
    it. It has no batches, which none of the pages asks for."""
    from django.db import connection  # noqa: PLC0415

    from digests.models import Digest  # noqa: PLC0415
    from issues.models import Issue  # noqa: PLC0415

    Issue.objects.filter(pk=issue.pk).update(status="published", published_at=first.opened_at)
    digest = Digest.objects.get(pk=first.pk)
    digest.pk, digest._state.adding = None, True
    digest.issue = issue
    digest.save()
    with connection.cursor() as cursor:
        cursor.execute(_EDITIONS, [digest.pk, first.pk])
        cursor.execute(_DELIVERIES, [digest.pk, digest.pk, first.pk])


def measure(draft: Issue) -> None:
    """Print how long each page took, and how many questions it asked."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    bare = min(_seconds(_counted) for _ in range(3))
    print(f"{'the deliveries, counted':34}{bare:8.3f} s")
    client = _editor()
    for name, path in _pages(draft):
        with CaptureQueriesContext(connection) as asked:
            seconds = min(_asked(client, path) for _ in range(3))
        print(f"{name:34}{seconds:8.3f} s {seconds / bare:8.2f} x{len(asked) // 3:5} queries")


def _counted() -> None:
    from digests.models import Delivery  # noqa: PLC0415

    Delivery.objects.count()


def _editor() -> Client:
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"host": "localhost", "accept-language": "en"})
    client.force_login(User.objects.create_superuser("editor"))
    return client


def _asked(client: Client, path: str) -> float:
    """Return how many seconds a page took."""
    began = time.monotonic()
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return time.monotonic() - began


def _seconds(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


def _pages(draft: Issue) -> Iterator[tuple[str, str]]:
    """The pages that show many rows, by what they are."""
    from digests.models import Digest  # noqa: PLC0415
    from subscribers.models import Subscriber  # noqa: PLC0415

    digests = Digest.objects.order_by("-pk")
    going, ended = digests[0], digests[1]
    reader = Subscriber.objects.order_by("pk")[Subscriber.objects.count() // 2]
    yield "publish this issue?", f"/admin/issues/issue/{draft.pk}/publish/"
    yield "first page", "/admin/"
    yield "digest under way", f"/admin/digests/digest/{going.pk}/change/"
    yield "its progress", f"/admin/digests/digest/{going.pk}/progress/"
    yield "finished digest", f"/admin/digests/digest/{ended.pk}/change/"
    yield "issue under way", f"/admin/issues/issue/{going.issue_id}/change/"
    yield "sending again to those that failed", f"/admin/digests/digest/{ended.pk}/resend/"
    yield "bulletins", "/admin/publications/bulletin/"
    yield "topics", "/admin/publications/topic/"
    yield "the card of a reader", f"/admin/subscribers/subscriber/{reader.pk}/change/"
    delivery = reader.deliveries.order_by("-pk")[0]
    yield "a delivery", f"/admin/digests/delivery/{delivery.pk}/change/"
    yield "sending it again", f"/admin/digests/delivery/{delivery.pk}/resend/"
    yield "who did what", "/admin/audit_log/entry/"
    yield "who did what to a reader", f"/admin/audit_log/entry/?reader_id={reader.pk}"
    yield "readers", "/admin/subscribers/subscriber/"
    yield "readers, a whole address", f"/admin/subscribers/subscriber/?q={reader.address}"
    for words, term in (
        ("a part of an address", reader.address.partition("@")[0][2:]),
        ("a part of all", "reader"),
        ("two letters", "er"),
        ("none", "nobody.there"),
        ("a name", reader.name),
        ("a part of a name", reader.name[1:]),
        ("a surname", reader.name[:1]),
    ):
        yield f"readers, {words}", f"/admin/subscribers/subscriber/?q={quote(term)}"
    yield "deliveries, a name", f"/admin/digests/delivery/?q={quote(reader.name)}"
    yield "deliveries", "/admin/digests/delivery/"
    yield "deliveries of a bulletin", f"/admin/digests/delivery/?bulletin={draft.bulletin_id}"
    yield "what came back", "/admin/digests/feedback/"
    yield "what came back on a digest", f"/admin/digests/feedback/?digest__id__exact={ended.pk}"
    yield "deliveries, a page behind", "/admin/digests/delivery/?p=20"
    yield "deliveries, uncertain", "/admin/digests/delivery/?status__exact=uncertain"
    yield (
        "deliveries, failed, of a digest",
        f"/admin/digests/delivery/?digest__id__exact={ended.pk}&status__exact=failed",
    )
    yield "deliveries, a whole address", f"/admin/digests/delivery/?q={reader.address}"


if __name__ == "__main__":
    main()
