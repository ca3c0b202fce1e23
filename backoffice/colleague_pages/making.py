"""Making a colleague: an account without a password, roles, and a mail with a link to set one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import password_links
from audit_log.recording import record
from backoffice import office_mail, roles
from mail.delivery import Outcome
from publications.models import Bulletin, Membership


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
