"""Mails to the people of the office, by a worker.

The rows say what is due; `sweep`, which Celery's beat enqueues, finds what is left over.
"""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts.models import Invitation
from backoffice.colleague_pages import welcome
from backoffice.sign_off_pages import mails
from foundation.enqueue import enqueue
from issues.models import SignOff, SignOffRequest

MAX_ENQUEUED = 100  # of each kind in one sweep


@shared_task
def send_request(request_id: int) -> None:
    """Mail somebody who is asked for a release, if that is due."""
    mails.send_request(request_id, at=timezone.now())


@shared_task
def send_decision(sign_off_id: int) -> None:
    """Mail who submitted an issue what was decided, if that is due."""
    mails.send_decision(sign_off_id, at=timezone.now())


@shared_task
def send_invitation(invitation_id: int) -> None:
    """Mail a colleague the link to set their password, if that is due."""
    welcome.send_due(invitation_id, at=timezone.now())


@shared_task
def sweep() -> None:
    """Enqueue the mails that are due."""
    at = timezone.now()
    for task, due in (
        (send_request, SignOffRequest.objects.due(at=at).order_by("due_at")),
        (send_decision, SignOff.objects.answer_due(at=at).order_by("answer_due_at")),
        (send_invitation, Invitation.objects.due(at=at).order_by("due_at")),
    ):
        for key in due.values_list("pk", flat=True)[:MAX_ENQUEUED]:
            enqueue(task, key, expires=settings.SWEEP_SECONDS)
