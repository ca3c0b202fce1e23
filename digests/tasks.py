"""The bells: tasks carry keys only, run under a minute, and may be lost, late or doubled.

What is to be done stands in the tables; `sweep`, rung by Celery's beat, finds what is left over.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import after_task_publish, beat_init, heartbeat_sent, worker_init
from django.conf import settings
from django.utils import timezone

from bulletin_site import draining
from digests import feedback, mailing, page_images, reading
from digests.heartbeats import Pulse
from digests.models import BEAT, Chunk, Digest, Issue

logger = logging.getLogger(__name__)

SHIFT = 40.0  # seconds that one task goes on sending
PICTURING = 3.0  # seconds that one task makes pictures of pages
SWEEP = 15.0  # seconds from one sweep to the next; what it rang and nobody heard is rung again


@shared_task
def read_issue(issue_id: int) -> None:
    """Read an uploaded issue."""
    issue = Issue.objects.select_related("bulletin").filter(pk=issue_id).first()
    if issue is not None:
        reading.read(issue, at=timezone.now())
        make_page_images.delay(issue_id)


@shared_task
def make_page_images(issue_id: int, first: int = 1) -> None:
    """Make the pictures of pages that are missing, from the page `first` on and then the others;
    for a few seconds, since other uploads wait in the same queue, and again behind them."""
    issue = Issue.objects.select_related("bulletin").filter(pk=issue_id).first()
    if issue is not None and page_images.make_missing(issue, first=first, seconds=PICTURING):
        make_page_images.delay(issue_id, first)


@shared_task
def prepare_digest(digest_id: int) -> None:
    """Write down who gets what, then ring for every worker."""
    digest = _digest(digest_id)
    if digest is not None and mailing.prepare(digest, at=timezone.now(), stop=draining.asked):
        for _ in range(settings.WORKER_PROCESSES):
            send_digest.delay(digest_id)


@shared_task
def send_digest(digest_id: int) -> None:
    """Send for a while; ring again while there is work, and stamp the digest when there is none."""
    digest = _digest(digest_id)
    if digest is None or digest.prepared_at is None:
        return
    # A sweep is heard by one machine; what died on this one, only this one can settle.
    mailing.recover(at=timezone.now())
    mailing.send(digest, clock=timezone.now, seconds=SHIFT, stop=draining.asked)
    if _finished(digest):
        return
    if Chunk.objects.free(at=timezone.now()).filter(digest=digest).exists():
        send_digest.delay(digest_id)


@shared_task
def collect_feedback(chain: str = "") -> None:
    """Fetch what came back from the mailbox that is set, for a while; ring again while there is
    more. Nothing is done where another chain of these tasks is at it."""
    token = feedback.chaining.begin(chain)
    if token is None:
        return
    try:
        more = feedback.collect(settings.FEEDBACK_MAILBOX, clock=timezone.now).more
    except feedback.CannotFetch as error:
        logger.warning("feedback was not collected: %s", error)
        more = False
    if more and token:
        collect_feedback.apply_async((token,), expires=feedback.chaining.HOLDS)
    else:
        feedback.chaining.end(token)


@shared_task
def sweep() -> None:
    """Take up what was dropped: claims of dead workers, unread issues, unfinished digests."""
    now = timezone.now()
    mailing.notice_restore(at=now)
    mailing.recover(at=now)
    stale = now - timedelta(seconds=2 * settings.READING_SECONDS)
    for issue_id in Issue.objects.unread(before=stale).values_list("pk", flat=True):
        read_issue.apply_async((issue_id,), expires=SWEEP)
    for digest in Digest.objects.unfinished():
        try:
            _ring(digest)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are to be swept
            kind = type(error).__name__  # and not its words, in which an address may be
            logger.error("digest %s was not swept: %s", digest.pk, kind)  # noqa: TRY400


def _ring(digest: Digest) -> None:
    if digest.prepared_at is None:
        prepare_digest.apply_async((digest.pk,), expires=SWEEP)
    elif Chunk.objects.free(at=timezone.now()).filter(digest=digest).exists():
        send_digest.apply_async((digest.pk,), expires=SWEEP)
    else:
        _finished(digest)


def _finished(digest: Digest) -> bool:
    if not Chunk.objects.filter(digest=digest).pending().exists():
        if feedback.hear_refusals(digest, at=timezone.now()) >= feedback.MOST_REFUSALS:
            send_digest.delay(digest.pk)  # the others: a task works for under a minute
            return False
        feedback.settle_uncertain(digest, at=timezone.now())
    return mailing.finish(digest, at=timezone.now())


def _digest(digest_id: int) -> Digest | None:
    unfinished = Digest.objects.unfinished().select_related("issue__bulletin")
    return unfinished.filter(pk=digest_id).first()


def _worker_begins(sender: Any, **_kwargs: Any) -> None:
    """Have it written down of which queues a worker takes tasks, as long as its loop turns."""
    heartbeat_sent.connect(Pulse(sender.app.amqp.queues.consume_from).feel, weak=False)


def _beat_begins(**_kwargs: Any) -> None:
    """Have it written down that the beat hands over tasks, as long as it does."""
    after_task_publish.connect(Pulse([BEAT]).feel, weak=False)


worker_init.connect(_worker_begins, weak=False)
beat_init.connect(_beat_begins, weak=False)
