"""Preparing and sending digests, and collecting feedback, in tasks.

Tasks carry keys only, run under a minute, and may be lost, late or doubled. What is to be done
stands in the tables; `sweep`, which Celery's beat enqueues, finds what is left over.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import after_task_publish, beat_init, heartbeat_sent, worker_init
from django.conf import settings
from django.utils import timezone

from digests import audience, bounces, cadence, scheduling, sending
from digests.heartbeats import HeartbeatThread
from digests.models import BEAT, Batch, Digest
from foundation import graceful_shutdown
from foundation.enqueue import enqueue
from foundation.steady_clock import clock

logger = logging.getLogger(__name__)

SEND_SECONDS = 40.0  # that one task goes on sending
PRUNE_SECONDS = 40.0


@shared_task
def prepare_digest(digest_id: int) -> None:
    """Write down who gets what, then enqueue the sending for every worker."""
    digest = _digest(digest_id)
    if digest is not None and audience.prepare(
        digest, at=timezone.now(), stop=graceful_shutdown.requested
    ):
        for _ in range(settings.WORKER_PROCESSES):
            enqueue(send_digest, digest_id)


@shared_task
def send_digest(digest_id: int) -> None:
    """Send for a while; enqueue the next task while there is work, and stamp the digest when there
    is none."""
    digest = _digest(digest_id)
    if digest is None or digest.prepared_at is None:
        return
    if Digest.objects.withdrawn().filter(pk=digest_id, cancelled_at=None).exists():
        return
    # A sweep runs on one machine; what died on this one, only this one can recover.
    sending.recover(at=timezone.now())
    sending.send(digest, clock=timezone.now, seconds=SEND_SECONDS, stop=graceful_shutdown.requested)
    if _finished(digest):
        return
    if Batch.objects.free(at=timezone.now()).filter(digest=digest).exists():
        enqueue(send_digest, digest_id)


@shared_task
def collect_feedback(chain: str = "") -> None:
    """Fetch what came back from the mailbox that is set, for a while; enqueue the next visit while
    there is more. Nothing is done while another chain of these tasks runs."""
    token = bounces.chaining.begin(chain)
    if token is None:
        return
    try:
        more = bounces.collect(settings.FEEDBACK_MAILBOX, clock=timezone.now).more
    except bounces.CannotFetch as error:
        logger.warning("feedback was not collected: %s", error)
        more = False
    expires = bounces.chaining.LOCK_SECONDS
    if not (more and token and enqueue(collect_feedback, token, expires=expires)):
        bounces.chaining.end(token)


@shared_task
def forget_feedback() -> None:
    """Forget what came back longer than FEEDBACK_DAYS ago, unless the clock has jumped."""
    if clock.is_steady():
        bounces.forget(before=timezone.now() - timedelta(days=settings.FEEDBACK_DAYS))


@shared_task
def prune_deliveries() -> None:
    """Delete the deliveries of digests that were finished longer than DELIVERY_DAYS ago, for a
    while; the next hour goes on. Not where that is 0, nor while the clock is not steady."""
    if not settings.DELIVERY_DAYS or not clock.is_steady():
        return
    until = time.monotonic() + PRUNE_SECONDS

    def should_stop() -> bool:
        return graceful_shutdown.requested() or time.monotonic() > until

    days = max(settings.DELIVERY_DAYS, settings.CATCH_UP_DAYS)
    sending.prune(before=timezone.now() - timedelta(days=days), stop=should_stop)


@shared_task
def sweep() -> None:
    """Publish and open what is due; take up what is left over: claims of dead workers, unfinished
    digests."""
    now = timezone.now()
    sending.pause_if_restored(at=now)
    sending.recover(at=now)
    sending.hasten(at=now)
    for issue in scheduling.due(at=now):
        with _isolated(f"issue {issue.pk}"):
            scheduling.publish(issue, at=now)
    with _isolated("what is due by the calendar"):
        for digest in cadence.open_due(at=now):
            enqueue(prepare_digest, digest.pk)
    for digest in Digest.objects.unfinished():
        with _isolated(f"digest {digest.pk}"):
            _take_up(digest)


@contextmanager
def _isolated(what: str) -> Iterator[None]:
    """Log what goes wrong with one, whatever it is: the others are to be swept."""
    try:
        yield
    except Exception as error:  # noqa: BLE001
        kind = type(error).__name__  # and not its words, in which an address may be
        logger.error("%s was not swept: %s", what, kind)  # noqa: TRY400


def _take_up(digest: Digest) -> None:
    if digest.prepared_at is None:
        enqueue(prepare_digest, digest.pk, expires=settings.SWEEP_SECONDS)
    elif Batch.objects.free(at=timezone.now()).filter(digest=digest).exists():
        enqueue(send_digest, digest.pk, expires=settings.SWEEP_SECONDS)
    else:
        _finished(digest)


def _finished(digest: Digest) -> bool:
    if not Batch.objects.filter(digest=digest).pending().exists():
        if bounces.record_rejections(digest, at=timezone.now()) >= bounces.MAX_REJECTIONS:
            enqueue(send_digest, digest.pk)  # the others: a task works for under a minute
            return False
        bounces.settle_uncertain(digest, at=timezone.now())
    return sending.finish(digest, at=timezone.now())


def _digest(digest_id: int) -> Digest | None:
    unfinished = Digest.objects.unfinished().select_related("bulletin")
    return unfinished.filter(pk=digest_id).first()


def _on_worker_init(sender: Any, **_kwargs: Any) -> None:
    """Record the heartbeat of each queue of a worker, as long as its loop turns."""
    heartbeat_sent.connect(HeartbeatThread(sender.app.amqp.queues.consume_from).notify, weak=False)


def _on_beat_init(**_kwargs: Any) -> None:
    """Record the heartbeat of the beat, as long as it publishes tasks."""
    after_task_publish.connect(HeartbeatThread([BEAT]).notify, weak=False)


worker_init.connect(_on_worker_init, weak=False)
beat_init.connect(_on_beat_init, weak=False)
