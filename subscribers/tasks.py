"""What the readers' pages leave to a worker.

The rows say what is due; a task is a bell, and `sweep`, rung by Celery's beat, finds what no
bell was heard for.
"""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from subscribers import asking
from subscribers.models import Subscriber

SWEEP = 15.0  # seconds from one sweep to the next; what it rang and nobody heard is rung again
MOST = 500  # rung in one sweep


@shared_task
def send_confirmation(subscriber_id: int) -> None:
    """Mail a reader the link to confirm, if that is due."""
    asking.ask(subscriber_id, at=timezone.now())


@shared_task
def sweep() -> None:
    """Ring for the confirmations that are due."""
    due = Subscriber.objects.to_ask(at=timezone.now()).order_by("confirmation_due_at")
    for subscriber_id in due.values_list("pk", flat=True)[:MOST]:
        send_confirmation.apply_async((subscriber_id,), expires=SWEEP)
