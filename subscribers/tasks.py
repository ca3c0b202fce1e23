"""What the readers' pages leave to a worker."""

from __future__ import annotations

import logging

from celery import Task, shared_task
from django.core.cache import cache
from django.utils import timezone

from bulletin_site.mail.transport import Accepted, Unavailable
from subscribers import notices
from subscribers.models import Subscriber

# Who presses again gets another mail, but nobody can fill a stranger's mailbox.
SECONDS_BETWEEN = 180
COUNTDOWNS = (15, 60, 180, 600, 600)

log = logging.getLogger(__name__)


@shared_task(bind=True, max_retries=len(COUNTDOWNS))
def send_confirmation(self: Task[..., None], subscriber_id: int) -> None:
    """Mail the link to confirm; at most one in `SECONDS_BETWEEN` to a reader.

    While the mail server is away it is tried again, about 25 minutes long. Then it is given
    up: the reader can sign up again.
    """
    subscriber = (
        Subscriber.objects.select_related("bulletin")
        .filter(pk=subscriber_id, unsubscribed_at__isnull=True)
        .first()
    )
    mailed = f"confirmation-{subscriber_id}"
    if subscriber is None or not cache.add(mailed, value=True, timeout=SECONDS_BETWEEN):
        log.info("confirmation not due subscriber=%s", subscriber_id)
        return
    outcome = notices.send_confirmation(subscriber, at=timezone.now())
    if not isinstance(outcome, Accepted):
        cache.delete(mailed)
    if isinstance(outcome, Unavailable) and self.request.retries < len(COUNTDOWNS):
        raise self.retry(countdown=COUNTDOWNS[self.request.retries])
