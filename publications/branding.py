"""The branding of a bulletin's mails: its colours, and the image in their heads."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePath

from foundation.absolute_urls import absolute_url
from publications.colours import colours
from publications.models import Bulletin

COLUMN = 544  # pixels that a mail is wide


@dataclass(frozen=True, slots=True)
class Masthead:
    """The image in the head of a mail, `width` and `height` in pixels."""

    url: str
    width: int
    height: int


def brand(bulletin: Bulletin) -> dict[str, object]:
    """Return what every template of a mail is told of the bulletin. No query."""
    return {
        "bulletin": bulletin,
        "colours": colours(bulletin.accent),
        "masthead": masthead(bulletin),
        "write_to": bulletin.reply_to or bulletin.sender_email,
    }


def masthead(bulletin: Bulletin) -> Masthead | None:
    """The bulletin's image at half its size, so that it is sharp on every screen; None where
    there is none. Reads the image."""
    wide, high = bulletin.image_width, bulletin.image_height
    if not (bulletin.image and wide and high):
        return None
    name = masthead_name(bulletin)
    if not name:
        return None
    return masthead_of(absolute_url("issues:masthead", bulletin.slug, name), wide, high)


def masthead_of(url: str, wide: int, high: int) -> Masthead:
    """Return the image at that address, so many pixels wide and high, as a mail shows it."""
    width = min(COLUMN, (wide + 1) // 2)
    return Masthead(url=url, width=width, height=max(1, round(high * width / wide)))


def masthead_name(bulletin: Bulletin) -> str:
    """The name of the bulletin's image in addresses, which says what is in it; "" for none."""
    if not bulletin.image:
        return ""
    try:
        with bulletin.image.storage.open(bulletin.image.name) as image:
            digest = hashlib.file_digest(image, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
    return f"{digest[:24]}{PurePath(bulletin.image.name).suffix.lower()}"
