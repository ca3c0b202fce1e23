"""The task that keeps the log as long as it is to be kept."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from audit_log import retention


@shared_task
def forget() -> None:
    """Delete what is older than AUDIT_LOG_DAYS."""
    retention.forget(at=timezone.now())
