"""Correlation: which delivery or subscriber something that came back is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, Q, When

from digests.models import Delivery
from digests.rendering.delivery_tokens import DELIVERY
from mail.bounces.return_path import Key, ReturnPath
from subscribers.links import LEAVING, NOTICE, BadLink, Purpose, reader_of
from subscribers.models import Subscriber

_LEAVE_LINK = re.compile(r"/leave/([A-Za-z0-9_-]{36})/")


@dataclass(frozen=True, slots=True)
class Correlation:
    """A delivery, a subscriber or both. `leaving` is whether the mail came to the address to which
    readers write to leave."""

    delivery_id: int | None
    subscriber_id: int | None
    leaving: bool = False


def correlate(places: Iterable[str]) -> Correlation | None:
    """Return what the first signed key in `places` names; without one, whose signed link to leave
    stands there, as in the header of a mail that a provider returned. Returns None
    where there is none.

    Nothing unsigned is believed: no address, and no Message-ID. Two queries at most.
    """
    texts, return_path = list(places), ReturnPath()
    for text in texts:
        for key in return_path.keys_in(text):
            found = _of_key(key)
            if found is not None:
                return found
    for text in texts:
        for token in _LEAVE_LINK.findall(text):
            found = _of_link(token)
            if found is not None:
                return found
    return None


def _of_key(key: Key) -> Correlation | None:
    if key.letter == DELIVERY:
        return _of_delivery(key)
    readers = Subscriber.objects.filter(pk=key.number, link_key=key.link_key)
    if key.letter in {LEAVING, NOTICE} and readers.exists():
        return Correlation(None, key.number, leaving=key.letter == LEAVING)
    return None


def _of_delivery(key: Key) -> Correlation | None:
    """The delivery, and its reader, unless they signed up again since: what comes back of a mail
    to an earlier subscription says nothing about the present one."""
    since = Q(subscriber__confirmed_at__gt=F("digest__opened_at"))
    found = Delivery.objects.filter(pk=key.number, digest__link_key=key.link_key)
    reader = Case(When(since, then=None), default="subscriber_id")
    row = found.values_list("pk", reader).first()
    return Correlation(*row) if row else None


def _of_link(token: str) -> Correlation | None:
    try:
        return Correlation(None, reader_of(token, Purpose.LEAVE).pk)
    except BadLink:
        return None
