"""The second factor: who must have one, and who has."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.utils.text import slugify

EVERYBODY = "everybody"
ADMINISTRATOR = "administrator"  # the group; whoever may do everything is one without it

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_required(user: Any) -> bool:
    """Return whether MFA_REQUIRED_FOR names a group that `user` is in."""
    named = {_plain(name) for name in settings.MFA_REQUIRED_FOR}
    if not named:
        return False
    return EVERYBODY in named or bool(named & set(_groups(user)))


def has(user: Any) -> bool:
    """Return whether `user` has an authenticator app or a passkey; recovery codes are none."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def remove(user: User) -> int:
    """Take all factors and recovery codes from `user`. Returns how many there were."""
    deleted, _ = Authenticator.objects.filter(user_id=user.pk).delete()
    return int(deleted)


def _groups(user: Any) -> set[str]:
    names = {_plain(name) for name in user.groups.values_list("name", flat=True)}
    return names | ({ADMINISTRATOR} if user.is_superuser else set())


def _plain(name: str) -> str:
    return slugify(name.replace("_", "-"), allow_unicode=True)
