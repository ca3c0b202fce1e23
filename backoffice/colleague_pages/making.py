"""Making a colleague: an account without a password, and roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction

from audit_log.recording import record_act
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
        record_act("colleague.added", by=by, at=at, subject=name, after=held(made))
    return made


def held(user: User) -> dict[str, list[str]]:
    """Return the roles of somebody for the log: in all bulletins, and in single ones."""
    members = Membership.objects.filter(user=user).select_related("bulletin", "group")
    return {
        "roles": sorted(group.name for group in user.groups.all()),
        "in": sorted(f"{one.group.name}: {one.bulletin.slug}" for one in members),
    }
