"""What the readers' pages leave to a worker.

The rows say what is due; a task is a bell, and `sweep`, rung by Celery's beat, finds what no
bell was heard for.
"""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from foundation import graceful_shutdown
from subscribers import confirmation_mail, goodbye_mail, retention
from subscribers.models import Subscriber

SWEEP = 15.0  # seconds from one sweep to the next; what it rang and nobody heard is rung again
MOST = 500  # of each kind rung in one sweep
PIECES = 20  # forgotten in one task, which works for under a minute


@shared_task
def send_confirmation(subscriber_id: int) -> None:
    """Mail a reader the link to confirm, if that is due."""
    confirmation_mail.ask(subscriber_id, at=timezone.now())


@shared_task
def send_goodbye(subscriber_id: int) -> None:
    """Mail who left a goodbye, if that is due."""
    goodbye_mail.send_due(subscriber_id, at=timezone.now())


@shared_task
def sweep() -> None:
    """Ring for the confirmations and goodbyes that are due."""
    now = timezone.now()
    asked = Subscriber.objects.to_ask(at=now).order_by("confirmation_due_at")
    for subscriber_id in asked.values_list("pk", flat=True)[:MOST]:
        send_confirmation.apply_async((subscriber_id,), expires=SWEEP)
    left = Subscriber.objects.to_say_goodbye(at=now).order_by("goodbye_due_at")
    for subscriber_id in left.values_list("pk", flat=True)[:MOST]:
        send_goodbye.apply_async((subscriber_id,), expires=SWEEP)


@shared_task
def forget() -> None:
    """Forget who did not confirm within a week, in pieces; what is left over is for the next."""
    for _ in range(PIECES):
        if graceful_shutdown.requested() or not retention.forget(at=timezone.now()):
            return


@shared_task
def clear_sessions() -> None:
    """Delete the sessions that ran out."""
    call_command("clearsessions")
