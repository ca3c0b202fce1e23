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
from subscribers import confirmation_mail, goodbye_mail, retention
from subscribers.importing import forgetting, working
from subscribers.models import ReaderImport, Subscriber

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
def work_on_import(import_id: int) -> None:
    """Go on with an import; the next task goes on where this one stops."""
    until = time.monotonic() + IMPORT_SECONDS

    def should_stop() -> bool:
        return graceful_shutdown.requested() or time.monotonic() > until

    if working.work(import_id, clock=timezone.now, should_stop=should_stop):
        enqueue(work_on_import, import_id)


@shared_task
def sweep() -> None:
    """Enqueue the confirmations and goodbyes that are due, and imports that nobody works on."""
    now = timezone.now()
    confirmations = Subscriber.objects.due_confirmation(at=now).order_by("confirmation_due_at")
    for subscriber_id in confirmations.values_list("pk", flat=True)[:MAX_ENQUEUED]:
        enqueue(send_confirmation, subscriber_id, expires=settings.SWEEP_SECONDS)
    goodbyes = Subscriber.objects.due_goodbye(at=now).order_by("goodbye_due_at")
    for subscriber_id in goodbyes.values_list("pk", flat=True)[:MAX_ENQUEUED]:
        enqueue(send_goodbye, subscriber_id, expires=settings.SWEEP_SECONDS)
    for import_id in ReaderImport.objects.unattended(at=now).values_list("pk", flat=True):
        enqueue(work_on_import, import_id, expires=settings.SWEEP_SECONDS)


@shared_task
def forget() -> None:
    """Forget who did not confirm within a week, step by step; the next task goes on. Forget lists
    that nobody took in, and what undoing one would need when it can be undone no more."""
    forgetting.forget(at=timezone.now())
    for _ in range(MAX_STEPS):
        if graceful_shutdown.requested() or not retention.forget(at=timezone.now()):
            return


@shared_task
def clear_sessions() -> None:
    """Delete the sessions that ran out."""
    call_command("clearsessions")
