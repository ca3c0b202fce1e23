"""What names a delivery: its address on the web, which is sealed, and its Message-ID."""

from __future__ import annotations

from bulletin_site.tokens import BadToken, Stamp
from digests.models import Digest
from subscribers.links import BadLink

DELIVERY = "d"  # in the keys of return paths (`bulletin_site.mail.return_path`)
EDITION = "edition"  # the use of the tokens under which deliveries can be seen


def mailing_key(digest: Digest) -> str:
    """What the Message-IDs of a digest begin with, before a dot and the delivery's id: the same
    when one is tried again."""
    return f"{digest.opened_at:%Y%m%d%H%M%S}.{digest.pk}"


def delivery_of(token: str) -> int:
    """The id of the delivery whose token it is. Raises `subscribers.links.BadLink`. No query."""
    try:
        return Stamp(EDITION).read(token).number
    except BadToken as error:
        raise BadLink from error
