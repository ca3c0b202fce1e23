"""People of an office, with their roles."""

from __future__ import annotations

from django.contrib.auth.models import Group, User
from django.test import Client

from publications.models import Bulletin, Membership


def a_colleague(name: str, *roles: str, of: Bulletin | None = None) -> User:
    """Somebody who may log in, with these roles in a bulletin, or in all of them."""
    groups = list(Group.objects.filter(role__key__in=roles))
    assert len(groups) == len(roles)
    made = User.objects.create_user(name, f"{name}@office.example", is_staff=True)
    if of is None:
        made.groups.set(groups)
    else:
        for group in groups:
            Membership.objects.create(user=made, bulletin=of, group=group)
    return made


def browser_of(user: User, language: str = "en") -> Client:
    """Their browser."""
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client
