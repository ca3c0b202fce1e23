"""The names of a delivery: its address on the web, which is signed, and its Message-ID."""

from __future__ import annotations

from collections.abc import Iterable

from digests.models import Delivery, Digest
from foundation.tokens import BadToken, TokenPayload, TokenSigner
from mail.bounces.return_path import Key
from subscribers.links import BadLink

DELIVERY = "d"  # in the keys of return paths (`mail.bounces.return_path`)
EDITION = "edition"  # the use of the tokens under which deliveries can be seen


def mailing_key(digest: Digest) -> str:
    """Return what the Message-IDs of a digest begin with, before a dot and the delivery's id: the
    same when one is tried again."""
    return f"{digest.opened_at:%Y%m%d%H%M%S}.{digest.pk}"


def message_keys(deliveries: Iterable[int | None]) -> dict[int, str]:
    """Return what the Message-ID of each of these deliveries has in front of its "@"; nothing for
    those that were pruned. One query."""
    rows = Delivery.objects.filter(pk__in=filter(None, deliveries)).select_related("digest")
    found = rows.order_by().only("digest__opened_at")
    return {row.pk: f"{mailing_key(row.digest)}.{row.pk}" for row in found}


def return_key(digest: Digest, delivery: int) -> Key:
    """Return what names a delivery of `digest` in the return path of its mail."""
    return Key(DELIVERY, delivery, digest.link_key)


def delivery_of(token: str) -> TokenPayload:
    """The id of the delivery whose token it is, and the link key of its digest. Raises
    `subscribers.links.BadLink`. No query."""
    try:
        return TokenSigner(EDITION).read(token)
    except BadToken as error:
        raise BadLink from error
