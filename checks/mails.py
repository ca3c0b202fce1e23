"""The shipped samples as mails in each language: a digest of everything, the correction of an
article, a confirmation, a goodbye, those about another address, and the last one of all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.conf import settings
from django.core.files import File

from benchmarks import empty
from bulletin_site.local import samples
from digests import audience, rendering
from digests.models import Delivery, Digest, Edition
from issues.intake import reading, upload
from issues.models import Article, Issue
from subscribers import address_mails, confirmation_mail, erasure_mail, goodbye_mail
from subscribers.models import AddressChange, ErasureNotice, Subscriber

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mail:
    """A message under a name such as "digest-zh-hans-yunze"."""

    name: str
    data: bytes

    @property
    def html(self) -> str:
        """Its HTML part."""
        mail = message_from_bytes(self.data, _class=EmailMessage, policy=policy.default)
        part = mail.get_body(("html",))
        return str(part.get_content()) if part else ""


def mails() -> Iterator[Mail]:
    """Read the PDFs of the samples and print their mails, on an empty database."""
    empty.migrate()
    settings.SITE_URL = "https://bulletin.example.org"
    settings.RETURN_PATH = "bounces@bounces.example.org"
    for sample in samples.load(at=AT):
        with sample.pdf.open("rb") as file:
            issue = upload.upload(sample.bulletin, [File(file, sample.pdf.name)], at=AT)
        reading.read(issue, at=AT)
        yield from _mails(Issue.objects.get(pk=issue.pk))


def _mails(issue: Issue) -> Iterator[Mail]:
    digest = rendering.preview_of(issue, at=AT)
    digest.pk = issue.pk
    first = Article.objects.filter(section__in=issue.sections.mailed()).earliest("pk")
    correction = audience.drafted(digest, articles=[first.pk], remark=first.title, at=AT)
    rendering.previewed(correction)
    for language, _name in settings.LANGUAGES:
        called = f"{issue.bulletin.slug}-{language}"
        reader = Subscriber(
            pk=7, bulletin=issue.bulletin, address="ann@reader.example", language=language
        )
        yield Mail(f"digest-{called}", _data(digest, reader))
        yield Mail(f"correction-{called}", _data(correction, reader))
        yield Mail(f"confirmation-{called}", confirmation_mail.message(reader, at=AT).data)
        goodbye = goodbye_mail.message(reader, left_at=AT, at=AT)
        yield Mail(f"goodbye-{called}", goodbye.data)
        change = AddressChange(
            pk=5,
            subscriber=reader,
            former_address=reader.address,
            address="ann@new.example",
            requested_at=AT,
        )
        question = address_mails.question(change, reads_already=None, at=AT)
        yield Mail(f"address-question-{called}", question.data)
        taken = address_mails.question(change, reads_already=reader, at=AT)
        yield Mail(f"address-taken-{called}", taken.data)
        yield Mail(f"address-notice-{called}", address_mails.notice(change, at=AT).data)
        last = ErasureNotice(
            pk=3,
            bulletin=issue.bulletin,
            address=reader.address,
            language=language,
            held=True,
            erased_at=AT,
        )
        yield Mail(f"erased-{called}", erasure_mail.message(last, at=AT).data)


def _data(digest: Digest, reader: Subscriber) -> bytes:
    """The mail of everything in `digest`."""
    everything = (1 << len(digest.topics)) - 1
    edition = Edition(digest=digest, language=reader.language, topic_mask=everything)
    delivery = Delivery(pk=11, digest=digest, edition=edition, subscriber=reader)
    return rendering.MessageRenderer(digest).message(delivery, at=AT).data
