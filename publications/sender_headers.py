"""The headers by which each mail of a bulletin says who it is from."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from foundation.absolute_urls import absolute_url
from mail.bounces.return_path import Key, ReturnPath
from mail.messages import headers
from publications.models import Bulletin


def sender(bulletin: Bulletin) -> list[str]:
    """Return From, and Reply-To where the bulletin has an address for answers. There is no Sender:
    it would say the same as From, and then should not be there (RFC 5322, section 3.6.2)."""
    name = bulletin.sender_name or bulletin.name
    fields = [headers.mailbox("From", bulletin.sender_email, display_name=name)]
    if bulletin.reply_to:
        fields.append(headers.mailbox("Reply-To", bulletin.reply_to))
    return fields


def in_words(bulletin: Bulletin) -> str:
    """Return who its mails are from, as mail programs show it."""
    return f"{bulletin.sender_name or bulletin.name} <{bulletin.sender_email}>"


def mailing_list(bulletin: Bulletin) -> list[str]:
    """Return what says that this went to many, and where their list is (RFC 2369, RFC 2919)."""
    return [
        headers.list_id(bulletin.name, f"{bulletin.slug}.{domain()}"),
        headers.link("List-Archive", absolute_url("issues:bulletin", bulletin.slug)),
        headers.link("List-Subscribe", absolute_url("subscribers:sign_up", bulletin.slug)),
        "List-Post: NO",
        "Precedence: bulk",
    ]


def envelope_sender(bulletin: Bulletin, key: Key | None = None) -> str:
    """Return where a mail that cannot be delivered goes back to: the signed address of `key`, or
    without one, or without a RETURN_PATH, the bulletin's own."""
    return_path = ReturnPath().address(key) if key else ""
    return return_path or headers.ascii_domain(bulletin.sender_email)


def domain() -> str:
    """The host of this site, for what has to be unique in the world."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"
