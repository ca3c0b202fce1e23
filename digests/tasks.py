"""The bells: tasks carry keys only, run under a minute, and may be lost, late or doubled.

What is to be done stands in the tables; `sweep`, rung by Celery's beat, finds what is left over.
"""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.signals import after_task_publish, beat_init, heartbeat_sent, worker_init
from django.conf import settings
from django.utils import timezone

from digests import audience, bounces, sending
from digests.heartbeats import Pulse
from digests.models import BEAT, Batch, Digest
from foundation import graceful_shutdown

logger = logging.getLogger(__name__)

SHIFT = 40.0  # seconds that one task goes on sending
SWEEP = 15.0  # seconds from one sweep to the next; what it rang and nobody heard is rung again


@shared_task
def prepare_digest(digest_id: int) -> None:
    """Write down who gets what, then ring for every worker."""
    digest = _digest(digest_id)
    if digest is not None and audience.prepare(
        digest, at=timezone.now(), stop=graceful_shutdown.requested
    ):
        for _ in range(settings.WORKER_PROCESSES):
            send_digest.delay(digest_id)


@shared_task
def send_digest(digest_id: int) -> None:
    """Send for a while; ring again while there is work, and stamp the digest when there is none."""
    digest = _digest(digest_id)
    if digest is None or digest.prepared_at is None:
        return
    # A sweep is heard by one machine; what died on this one, only this one can settle.
    sending.recover(at=timezone.now())
    sending.send(digest, clock=timezone.now, seconds=SHIFT, stop=graceful_shutdown.requested)
    if _finished(digest):
        return
    if Batch.objects.free(at=timezone.now()).filter(digest=digest).exists():
        send_digest.delay(digest_id)


@shared_task
def collect_feedback(chain: str = "") -> None:
    """Fetch what came back from the mailbox that is set, for a while; ring again while there is
    more. Nothing is done where another chain of these tasks is at it."""
    token = bounces.chaining.begin(chain)
    if token is None:
        return
    try:
        more = bounces.collect(settings.FEEDBACK_MAILBOX, clock=timezone.now).more
    except bounces.CannotFetch as error:
        logger.warning("feedback was not collected: %s", error)
        more = False
    if more and token:
        collect_feedback.apply_async((token,), expires=bounces.chaining.HOLDS)
    else:
        bounces.chaining.end(token)


@shared_task
def sweep() -> None:
    """Take up what was dropped: claims of dead workers, unfinished digests."""
    now = timezone.now()
    sending.pause_if_restored(at=now)
    sending.recover(at=now)
    for digest in Digest.objects.unfinished():
        try:
            _ring(digest)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are to be swept
            kind = type(error).__name__  # and not its words, in which an address may be
            logger.error("digest %s was not swept: %s", digest.pk, kind)  # noqa: TRY400


def _ring(digest: Digest) -> None:
    if digest.prepared_at is None:
        prepare_digest.apply_async((digest.pk,), expires=SWEEP)
    elif Batch.objects.free(at=timezone.now()).filter(digest=digest).exists():
        send_digest.apply_async((digest.pk,), expires=SWEEP)
    else:
        _finished(digest)


def _finished(digest: Digest) -> bool:
    if not Batch.objects.filter(digest=digest).pending().exists():
        if bounces.record_rejections(digest, at=timezone.now()) >= bounces.MAX_REJECTIONS:
            send_digest.delay(digest.pk)  # the others: a task works for under a minute
            return False
        bounces.settle_uncertain(digest, at=timezone.now())
    return sending.finish(digest, at=timezone.now())


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
