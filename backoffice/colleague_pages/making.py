"""Making a colleague: an account without a password, roles, and a mail with a link to set one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit_log.recording import record
from backoffice import office_mail, roles
from foundation.absolute_urls import absolute_url
from mail.delivery import Outcome
from publications.models import Bulletin, Membership

DAY = 24 * 3600  # seconds


def make(
    *,
    name: str,
    address: str,
    groups: Iterable[Group],
    bulletins: Iterable[Bulletin],
    by: Any,
    at: datetime,
) -> User:
    """Make an account for an address, which is what they log in with, too. They have the roles in
    these bulletins; in all, also in those that come later, where none is named."""
    groups, bulletins = list(groups), list(bulletins)
    with transaction.atomic():
        made = User.objects.create_user(address, address, first_name=name, is_staff=True)
        if bulletins:
            Membership.objects.bulk_create(
                Membership(user=made, bulletin=bulletin, group=group)
                for bulletin in bulletins
                for group in groups
            )
        else:
            made.groups.set(groups)
        record("colleague.added", by=by, at=at, subject=name, after=held(made))
    return made


def held(user: User) -> dict[str, list[str]]:
    """Return the roles of somebody for the log: in all bulletins, and in single ones."""
    members = Membership.objects.filter(user=user).select_related("bulletin", "group")
    return {
        "roles": sorted(group.name for group in user.groups.all()),
        "in": sorted(f"{one.group.name}: {one.bulletin.slug}" for one in members),
    }


def mail_link(user: User, *, at: datetime) -> Outcome:
    """Mail somebody the link by which they set their password, in the language in force."""
    token = f"{user.pk}-{default_token_generator.make_token(user)}"
    days = max(settings.PASSWORD_RESET_TIMEOUT // DAY, 1)
    name = user.get_full_name() or user.get_username()
    lines = [
        _("Dear %(name)s,") % {"name": name},
        _("there is an account for you at %(site)s. You log in as: %(login)s")
        % {"site": settings.SITE_URL, "login": user.get_username()},
        _in_words(user),
        ngettext(
            "Choose your password here; the link works once, for %(days)d day:",
            "Choose your password here; the link works once, for %(days)d days:",
            days,
        )
        % {"days": days},
        absolute_url("welcome", token),
    ]
    return office_mail.send(
        user.email,
        subject=_("Your account at %(site)s") % {"site": settings.SITE_URL},
        text="\n\n".join(filter(None, lines)) + "\n",
        key=f"welcome.{user.pk}.{at:%Y%m%d%H%M%S}",
        at=at,
    )


def _in_words(user: User) -> str:
    """Return what somebody is there for."""
    comma = _(", ")
    names = [roles.label(group) for group in user.groups.all()]
    members = Membership.objects.filter(user=user).select_related("bulletin", "group")
    names += [f"{roles.label(one.group)} ({one.bulletin})" for one in members]
    return _("Your roles: %(roles)s") % {"roles": comma.join(names)} if names else ""


def of_token(token: str) -> User | None:
    """Return whose link it is; None where it was used, is too old, or was made nowhere."""
    pk, _dash, rest = token.partition("-")
    if not pk.isdecimal() or len(pk) > 18:  # digits that a key can have
        return None
    user = User.objects.filter(pk=int(pk), is_active=True).first()
    good = user is not None and default_token_generator.check_token(user, rest)
    return user if good else None
