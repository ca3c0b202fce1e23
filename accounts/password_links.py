"""Links by which a colleague sets a password: once, within hours, mailed or given by hand."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext

from accounts import guesses
from accounts.models import PasswordLinkRequest
from audit_log.recording import record_act
from foundation.absolute_urls import absolute_url

logger = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=2)  # while the mail server is away


def address_of(user: User) -> str:
    """Return the URL, below SITE_URL, where `user` sets a password: until they do, or log in."""
    key = urlsafe_base64_encode(str(user.pk).encode())
    return absolute_url("set_password", f"{key}-{default_token_generator.make_token(user)}")


def user_of(token: str) -> User | None:
    """Return whose link has `token`, or None where it was used, is too old, or no link's."""
    key, _, rest = token.partition("-")
    try:
        number = int(urlsafe_base64_decode(key))
    except ValueError:
        return None
    user = User.objects.filter(pk=number, is_active=True, is_staff=True).first()
    return user if user and default_token_generator.check_token(user, rest) else None


def request(address: str, *, at: datetime, language: str) -> list[int]:
    """Have a link mailed to whoever has this address and may log in by a password, or was invited
    and never did. Returns the keys of what is to be mailed, one for each account; none is an answer
    that nobody outside may notice."""
    users = User.objects.filter(email__iexact=address, is_active=True, is_staff=True)
    rows = [
        PasswordLinkRequest.objects.create(user=user, language=language, asked_at=at, due_at=at)
        for user in users[:5]
        if user.email.casefold() == address.casefold()
        and (user.has_usable_password() or user.last_login is None)
    ]
    return [row.pk for row in rows]


def send_due(request_id: int, *, at: datetime) -> None:
    """Mail a link if that is due; whoever claims the row first does it, once. While the mail server
    is away it stays due, later each time, for as long as a link is good."""
    due = PasswordLinkRequest.objects.filter(pk=request_id, due_at__lte=at)
    row = due.select_related("user").first()
    if row is None or not due.update(due_at=at + AGAIN_AFTER):
        return
    if at - row.asked_at > timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT):
        row.delete()
        logger.warning("password link expired user=%s", row.user_id)
    elif _sent(row):
        row.delete()
        logger.info("password link sent user=%s", row.user_id)
        record_act("password_link.sent", by=None, at=at, subject=guesses.key_of(row.user))


def _sent(row: PasswordLinkRequest) -> bool:
    try:
        _mail(row).send()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("password link not sent user=%s: %s", row.user_id, type(error).__name__)
        return False
    return True


def _mail(row: PasswordLinkRequest) -> EmailMessage:
    context = {
        "address": address_of(row.user),
        "name": row.user.get_username(),
        "site": settings.SITE_URL,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    with translation.override(row.language):
        text = render_to_string("accounts/password_link.txt", context)
        return EmailMessage(gettext("Set a new password"), text, to=[row.user.email])
