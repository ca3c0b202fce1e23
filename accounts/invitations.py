"""Inviting a colleague by a mail with a link to set their password: when it is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from accounts.models import Invitation

PAUSE = timedelta(minutes=1)  # in which a second press is the same press


def invite(user: User, *, language: str, at: datetime) -> int | None:
    """Make a mail to `user` due. Returns the key of the invitation; None where one is under way
    already, or went just now."""
    asked = {"language": language, "asked_at": at, "due_at": at, "response": ""}
    with transaction.atomic():
        row, created = Invitation.objects.get_or_create(user=user, defaults=asked)
        if created:
            return row.pk
        settled = Invitation.objects.filter(pk=row.pk, due_at=None)
        again = settled.exclude(mailed_at__gt=at - PAUSE).update(**asked)
    return row.pk if again else None
