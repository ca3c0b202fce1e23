"""The tasks that the readers' pages leave to a worker.

Tasks carry keys only, and may be lost, late or doubled. The rows say what is due; `sweep`, which
Celery's beat enqueues, finds what is left over.
"""

from __future__ import annotations

import time

from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from foundation import graceful_shutdown
from foundation.enqueue import enqueue
from foundation.steady_clock import clock
from subscribers import (
    address_mails,
    confirmation_mail,
    erasure_mail,
    goodbye_mail,
    greeting_mail,
    retention,
)
from subscribers.importing import forgetting, working
from subscribers.models import AddressChange, ErasureNotice, ReaderImport, Subscriber

MAX_ENQUEUED = 500  # of each kind in one sweep
IMPORT_SECONDS = 30.0  # that one task works on an import
MAX_STEPS = 20  # of forgetting in one task, which works for under a minute


@shared_task
def send_confirmation(subscriber_id: int) -> None:
    """Mail a reader the link to confirm, if that is due."""
    confirmation_mail.send_due(subscriber_id, at=timezone.now())


@shared_task
def send_goodbye(subscriber_id: int) -> None:
    """Mail who left a goodbye, if that is due."""
    goodbye_mail.send_due(subscriber_id, at=timezone.now())


@shared_task
def send_greeting(subscriber_id: int) -> None:
    """Mail a new reader that they are one, if that is due."""
    greeting_mail.send_due(subscriber_id, at=timezone.now())


@shared_task
def send_erasure_notice(notice_id: int) -> None:
    """Mail somebody that everything was erased, if that is due."""
    erasure_mail.send_due(notice_id, at=timezone.now())


@shared_task
def send_address_change(change_id: int) -> None:
    """Mail what is due of a change of address."""
    address_mails.send_due(change_id, at=timezone.now())


@shared_task
def work_on_import(import_id: int) -> None:
    """Go on with an import; the next task goes on where this one stops."""
    until = time.monotonic() + IMPORT_SECONDS

    def should_stop() -> bool:
        return graceful_shutdown.requested() or time.monotonic() > until

    if working.work(import_id, clock=timezone.now, should_stop=should_stop):
        enqueue(work_on_import, import_id)


@shared_task
def sweep() -> None:
    """Enqueue the confirmations, greetings, goodbyes and notices of changed addresses and of what
    was erased that are due, and imports that nobody works on."""
    now, readers = timezone.now(), Subscriber.objects
    for task, due, column in (
        (send_confirmation, readers.due_confirmation(at=now), "confirmation_due_at"),
        (send_greeting, readers.due_greeting(at=now), "greeting_due_at"),
        (send_goodbye, readers.due_goodbye(at=now), "goodbye_due_at"),
    ):
        for subscriber_id in due.order_by(column).values_list("pk", flat=True)[:MAX_ENQUEUED]:
            enqueue(task, subscriber_id, expires=settings.SWEEP_SECONDS)
    erased = ErasureNotice.objects.due(at=now).order_by("due_at")
    for notice_id in erased.values_list("pk", flat=True)[:MAX_ENQUEUED]:
        enqueue(send_erasure_notice, notice_id, expires=settings.SWEEP_SECONDS)
    changes = AddressChange.objects.due(at=now).order_by("requested_at")
    for change_id in changes.values_list("pk", flat=True)[:MAX_ENQUEUED]:
        enqueue(send_address_change, change_id, expires=settings.SWEEP_SECONDS)
    for import_id in ReaderImport.objects.unattended(at=now).values_list("pk", flat=True):
        enqueue(work_on_import, import_id, expires=settings.SWEEP_SECONDS)


@shared_task
def forget() -> None:
    """Forget who did not confirm within a week and who left long ago, step by step; the next task
    goes on. Forget lists that nobody took in, and what undoing one would need when it can be undone
    no more. While the clock is not steady nothing is forgotten: it could not be had back."""
    if not clock.is_steady():
        return
    forgetting.forget(at=timezone.now())
    for _ in range(MAX_STEPS):
        if graceful_shutdown.requested() or not retention.forget(at=timezone.now()):
            return


@shared_task
def clear_sessions() -> None:
    """Delete the sessions that ran out."""
    call_command("clearsessions")
