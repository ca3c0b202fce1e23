"""Proofs: a digest's mails as an editor sees them before its readers do."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext

from digests.models import Digest
from digests.rendering import digest_headers
from digests.rendering.edition_fields import all_to
from digests.rendering.editions import Joined, by_language
from digests.rendering.merge_fields import nobodys_words
from foundation.absolute_urls import absolute_url
from mail.delivery import Message
from mail.messages import encoding, headers
from mail.messages.message import alternative_template
from publications import sender_headers


class Proofs:
    """The mails of a digest that has blocks, stored or not, in each of its `languages`: with all
    its sections, and with links that lead to the issue's page. No query."""

    def __init__(self, digest: Digest) -> None:
        self._digest = digest
        self._blocks = by_language(digest)
        self.languages = tuple(self._blocks)

    def whole(self, language: str) -> Joined:
        """The edition of all sections in `language`: the heaviest that there can be."""
        issue = self._digest.issue
        page = absolute_url("issues:issue", self._digest.bulletin.slug, issue.pk)
        everything = (1 << len(self._digest.topics)) - 1
        return self._blocks[language].joined(all_to(page), topic_mask=everything)

    def page(self, language: str) -> str:
        """The HTML of that edition, for a browser."""
        joined = self.whole(language)
        return encoding.decoded(joined.html.merge(nobodys_words()))

    def message(self, language: str, *, to: str, at: datetime) -> Message:
        """A mail of that edition, marked as a proof."""
        joined, recipient = self.whole(language), headers.ascii_domain(to)
        with translation.override(language):
            subject = gettext("Proof: %(subject)s") % {"subject": joined.subject}
        header = digest_headers.proof_header(
            self._digest, subject=subject, to=recipient, language=language, at=at
        )
        template = alternative_template(header, text=joined.text, html=joined.html)
        sender = sender_headers.envelope_sender(self._digest.bulletin)
        pieces = template.merge(nobodys_words())
        return Message(sender=sender, recipient=recipient, pieces=pieces)
