"""The mail to a new colleague: what they are there for, and a link to set their password."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.conf import settings
from django.contrib.auth.models import User
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import password_links
from accounts.models import Invitation
from backoffice import office_mail, roles
from foundation import due_rows
from mail.delivery import Accepted, Outcome
from publications.models import Membership


def send_due(invitation_id: int, *, at: datetime) -> None:
    """Mail the invitation if it is due, once; the mail server is waited for. While it is away it
    stays due, later each time, for a day."""
    due = Invitation.objects.due(at=at)
    due_rows.send_due(due, invitation_id, "due_at", partial(_send, at=at), at=at)


def _send(invitation: Invitation, *, at: datetime) -> datetime | None:
    with translation.override(invitation.language):
        outcome = _mail(invitation, at=at)
    rows = Invitation.objects.filter(pk=invitation.pk)
    if isinstance(outcome, Accepted):
        rows.update(mailed_at=at, response="")
    else:
        rows.update(response=outcome.smtp_response)
    return office_mail.next_time(outcome, invitation.asked_at, at=at)


def _mail(invitation: Invitation, *, at: datetime) -> Outcome:
    user = invitation.user
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    name = user.get_full_name() or user.get_username()
    lines = [
        _("Dear %(name)s,") % {"name": name},
        _("there is an account for you at %(site)s. You log in as: %(login)s")
        % {"site": settings.SITE_URL, "login": user.get_username()},
        _in_words(user),
        _(
            "Choose your password here; the link works once, for %(hours)d hours. Later, have a "
            "new one mailed to you from the page of the log-in."
        )
        % {"hours": hours},
        password_links.address_of(user),
    ]
    return office_mail.send(
        user.email,
        subject=_("Your account at %(site)s") % {"site": settings.SITE_URL},
        text="\n\n".join(filter(None, lines)) + "\n",
        key=f"welcome.{invitation.pk}.{invitation.asked_at:%Y%m%d%H%M%S%f}",
        at=at,
    )


def _in_words(user: User) -> str:
    """Return what somebody is there for."""
    comma = _(", ")
    names = [roles.label(group) for group in user.groups.all()]
    members = Membership.objects.filter(user=user).select_related("bulletin", "group")
    names += [f"{roles.label(one.group)} ({one.bulletin})" for one in members]
    return _("Your roles: %(roles)s") % {"roles": comma.join(names)} if names else ""
