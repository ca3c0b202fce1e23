"""Which delivery or subscriber something that came back is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bulletin_site.mail.return_path import Key, ReturnPath
from digests.models import Delivery
from digests.printing.tokens import DELIVERY
from subscribers.links import LEAVING, NOTICE, BadLink, Purpose, subscriber_id
from subscribers.models import Subscriber

_MOST = 2**63 - 1  # of an id in the database
_LEAVE_LINK = re.compile(r"/leave/([A-Za-z0-9_-]{36})/")


@dataclass(frozen=True, slots=True)
class About:
    """`leaving` is whether it came to the address to which readers write to leave."""

    delivery_id: int | None
    subscriber_id: int | None
    leaving: bool = False


def about(places: Iterable[str]) -> About | None:
    """What the first sealed key in `places` names; without one, whose signed link to leave
    stands there, as in the header of a mail that a provider returned. None for strangers.

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


def _of_key(key: Key) -> About | None:
    letter, number = key
    if number > _MOST:
        return None
    if letter == DELIVERY:
        row = Delivery.objects.filter(pk=number).values_list("pk", "subscriber_id").first()
        return About(*row) if row else None
    if letter in {LEAVING, NOTICE} and Subscriber.objects.filter(pk=number).exists():
        return About(None, number, leaving=letter == LEAVING)
    return None


def _of_link(token: str) -> About | None:
    try:
        number = subscriber_id(token, Purpose.LEAVE)
    except BadLink:
        return None
    known = Subscriber.objects.filter(pk=number).exists()
    return About(None, number) if known else None
