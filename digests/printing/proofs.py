"""Proofs: a digest's mails as an editor sees them before its readers do."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext

from bulletin_site.links import absolute
from bulletin_site.mail import encoding, headers
from bulletin_site.mail.message import alternative_form
from bulletin_site.mail.transport import Message
from digests.models import Digest
from digests.printing import heads
from digests.printing.editions import Joined, by_language
from digests.printing.fields import all_to
from digests.printing.greeting import greeting
from subscribers import letterhead


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
        page = absolute("digests:issue", issue.bulletin.slug, issue.pk)
        everything = (1 << len(self._digest.topics)) - 1
        return self._blocks[language].joined(all_to(page), selection=everything)

    def page(self, language: str) -> str:
        """The HTML of that edition, for a browser."""
        joined = self.whole(language)
        return encoding.decoded(joined.html.filled(greeting("", joined.hello)))

    def message(self, language: str, *, to: str, at: datetime) -> Message:
        """A mail of that edition, marked as a proof."""
        joined, recipient = self.whole(language), headers.ascii_domain(to)
        with translation.override(language):
            subject = gettext("Proof: %(subject)s") % {"subject": joined.subject}
        head = heads.of_proof(self._digest, subject=subject, to=recipient, language=language, at=at)
        letter = alternative_form(head, text=joined.text, html=joined.html)
        sender = letterhead.envelope_sender(self._digest.issue.bulletin)
        pieces = letter.filled(greeting("", joined.hello))
        return Message(sender=sender, recipient=recipient, pieces=pieces)
