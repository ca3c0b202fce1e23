"""What names a delivery: its address on the web, which is signed, and its Message-ID."""

from __future__ import annotations

from django.core import signing

from bulletin_site.stamps import Stamp
from digests.models import Digest
from subscribers.links import BadLink

DELIVERY = "d"  # in the keys of return paths (`bulletin_site.mail.return_path`)
_SALT = "digests.edition"


def edition_stamp() -> Stamp:
    """Makes the addresses under which deliveries can be seen, of their ids."""
    return Stamp("digests:edition", salt=_SALT)


def mailing_key(digest: Digest) -> str:
    """What the Message-IDs of a digest begin with, before a dot and the delivery's id: the same
    when one is tried again."""
    return f"{digest.opened_at:%Y%m%d%H%M%S}.{digest.pk}"


def delivery_of(token: str) -> int:
    """The id of the delivery whose token it is. Raises `subscribers.links.BadLink`. No query."""
    try:
        return int(signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLink from error
