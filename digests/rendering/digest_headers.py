"""The header of a digest's messages, with placeholders for what is one reader's own."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from digests.models import Digest
from digests.rendering.blocks import Marks
from digests.rendering.delivery_tokens import mailing_key
from digests.rendering.edition_fields import LinkTarget
from digests.rendering.merge_fields import (
    CORRECTED,
    DATE,
    DELIVERY,
    HEADER,
    LEAVING,
    TO,
    TOKEN,
)
from mail.bounces.return_path import ReturnPath
from mail.messages import headers
from mail.messages.merge_templates import MergeTemplate
from publications import sender_headers

SUBJECT = "subject"


def delivery_header(
    digest: Digest, *, corrects: bool, leave: LinkTarget, choose: LinkTarget
) -> MergeTemplate:
    """The header of a digest's mails; one that `corrects` answers the mail that it corrects.

    Its placeholders: the fields SUBJECT, TO and DATE, the id DELIVERY, in a correction the key
    CORRECTED, the TOKEN of the reader's links to `leave` and to `choose`, and the address LEAVING,
    where there is a RETURN_PATH.
    """
    marks, domain = Marks(), sender_headers.domain()
    here = marks.fields([SUBJECT, *HEADER])
    by_mail = here[LEAVING] if ReturnPath() else ""
    fields = [
        *_of_digest(digest),
        here[SUBJECT],
        here[TO],
        here[DATE],
        headers.message_id(f"{mailing_key(digest)}.{here[DELIVERY]}", domain=domain),
        *(headers.in_reply_to(here[CORRECTED], domain=domain) if corrects else ()),
        *headers.one_click(f"{leave.address}{here[TOKEN]}/", address=by_mail),
        headers.link("List-Help", f"{choose.address}{here[TOKEN]}/"),
    ]
    return marks.template("\r\n".join(fields))


def proof_header(
    digest: Digest, *, subject: str, to: str, language: str, at: datetime
) -> MergeTemplate:
    """Return the header of a proof; nothing is to be filled in."""
    key = f"proof.{digest.issue_id}.{language}.{at:%Y%m%d%H%M%S%f}"
    fields = [
        *_of_digest(digest),
        headers.unstructured("Subject", subject),
        headers.mailbox("To", to),
        headers.date(timezone.localtime(at)),
        headers.message_id(key, domain=sender_headers.domain()),
    ]
    return MergeTemplate(("\r\n".join(fields).encode(),))


def _of_digest(digest: Digest) -> list[str]:
    bulletin = digest.bulletin
    mailing = (str(digest.pk), bulletin.slug, digest.kind)
    return [
        *sender_headers.sender(bulletin),
        *sender_headers.mailing_list(bulletin),
        headers.feedback_id(*mailing, sender=sender_headers.domain()),
    ]
