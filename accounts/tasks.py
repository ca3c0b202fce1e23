"""Mails to colleagues, by a worker; `sweep` finds what is left over."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from accounts import password_links
from accounts.models import PasswordLinkRequest
from foundation.enqueue import enqueue

MAX_ENQUEUED = 100  # in one sweep


@shared_task
def send_password_link(request_id: int) -> None:
    """Mail a link to set a password, if that is due."""
    password_links.send_due(request_id, at=timezone.now())


@shared_task
def sweep() -> None:
    """Enqueue the links that are due."""
    due = PasswordLinkRequest.objects.filter(due_at__lte=timezone.now()).order_by("due_at")
    for request_id in due.values_list("pk", flat=True)[:MAX_ENQUEUED]:
        enqueue(send_password_link, request_id, expires=settings.SWEEP_SECONDS)
