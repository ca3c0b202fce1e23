"""The mail to somebody who had everything erased: when it is due, who mails it, what it says."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

from django.utils import translation
from django.utils.translation import gettext

from foundation import due_rows, retries
from mail.delivery import Deferred, Message, Outcome
from subscribers import notices
from subscribers.models import ErasureNotice

log = logging.getLogger(__name__)


def send_due(notice_id: int, *, at: datetime) -> None:
    """Mail the notice if it is due; whoever claims the row first does it, once.

    While the mail server is away it stays due, later each time, for a day.
    """
    due = ErasureNotice.objects.due(at=at)
    due_rows.send_due(due, notice_id, "due_at", partial(_send, at=at), at=at)


def _send(notice: ErasureNotice, *, at: datetime) -> datetime | None:
    """Send it. Returns when to try again; None where its row is deleted, because it was mailed or
    cannot be."""
    next_due = retries.next_time(notice.erased_at, at=at)
    if next_due is None:
        log.warning("notice of erasing given up notice=%s", notice.pk)
    elif isinstance(_mail(notice, at=at), Deferred):
        return next_due
    notice.delete()
    return None


def _mail(notice: ErasureNotice, *, at: datetime) -> Outcome:
    name = f"notice of erasing for erasurenotice {notice.pk}"
    return notices.send(partial(message, notice, at=at), name=name)


def message(notice: ErasureNotice, *, at: datetime) -> Message:
    """Return the mail that says what was erased and what stays. Nothing in it is signed, and what
    comes back of it says nothing of anybody. Raises CannotRender."""
    with translation.override(notice.language):
        subject = gettext("Your data has been deleted: %(bulletin)s")
    return notices.compose(
        "email/erased",
        notice.bulletin,
        {
            "language": notice.language,
            "subject": subject,
            "mailbox": notice.address,
            "held": notice.held,
        },
        to=notice.address,
        key=f"erased.{notice.pk}.{notice.erased_at:%Y%m%d%H%M%S}",
        at=at,
    )
