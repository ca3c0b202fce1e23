"""The links in the two mails about a change of address: one to confirm it, from the new mailbox,
and one to stop or undo it, from the former. Neither is good for the other."""

from __future__ import annotations

import time
from enum import StrEnum

from foundation.absolute_urls import absolute_url
from foundation.tokens import BadToken, TokenSigner
from subscribers.links import BadLink, GoneLink
from subscribers.models import AddressChange


class Side(StrEnum):
    """The mailbox to which a link is mailed; also the name of the route that takes its token."""

    NEW = "new_address"
    FORMER = "former_address"


_USES = {Side.NEW: "new address", Side.FORMER: "former address"}


def link(change: AddressChange, side: Side) -> str:
    """The absolute address of the page."""
    return absolute_url(f"subscribers:{side}", token(change, side))


def token(change: AddressChange, side: Side) -> str:
    """Return what stands in the address."""
    at = int(time.time())
    return TokenSigner(_USES[side]).token(change.pk, change.link_key, at=at).decode()


def change_of(token: str, side: Side) -> AddressChange:
    """Return the change whose token it is. Raises BadLink, and GoneLink, which is one, for one that
    is forgotten. How long it can be confirmed or undone the change knows itself. One query."""
    try:
        made = TokenSigner(_USES[side]).read(token)
    except BadToken as error:
        raise BadLink from error
    rows = AddressChange.objects.select_related("subscriber__bulletin")
    change = rows.filter(pk=made.number, link_key=made.link_key).first()
    if change is None:
        raise GoneLink
    return change
