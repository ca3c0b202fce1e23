"""Sessions of colleagues: where they are logged in, and the end of it."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from accounts import guesses
from audit_log.recording import record_act


def of(user: User, request: HttpRequest | None = None) -> list[UserSession]:
    """Return where `user` is logged in, the newest first; also from where `request` comes, if that
    session is theirs and has a new key, as after a change of the password."""
    if request is not None and request.user == user and request.session.session_key:
        known = UserSession.objects.filter(session_key=request.session.session_key)
        if not known.exists():
            UserSession.objects.create_from_request(request)
    return sorted(UserSession.objects.purge_and_list(user), key=lambda one: -one.pk)


def end(user: User, *, by: User, at: datetime, key: int | None = None, keep: str = "") -> int:
    """End one session of `user`, or all but that called `keep`. Returns how many ended."""
    listed = UserSession.objects.filter(user=user).exclude(session_key=keep)
    ended = {one.session_key for one in (listed if key is None else listed.filter(pk=key))}
    if key is None:
        ended |= _all_of(user, at=at) - {keep}
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session_key in ended:
        store(session_key).delete()
    UserSession.objects.filter(session_key__in=ended).delete()
    if ended:
        subject, after = guesses.key_of(user), {"number": len(ended)}
        record_act("session.ended", by=by, at=at, subject=subject, after=after)
    return len(ended)


def _all_of(user: User, *, at: datetime) -> set[str]:
    """Return the keys of all sessions of `user`, also of those that are not listed."""
    sessions = Session.objects.filter(expire_date__gt=at).iterator()
    return {one.session_key for one in sessions if _owner(one) == str(user.pk)}


def _owner(session: Session) -> str:
    return str(session.get_decoded().get(SESSION_KEY, ""))
