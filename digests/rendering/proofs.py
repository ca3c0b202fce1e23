"""Proofs: a digest's mails as an editor sees them before its readers do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext

from digests.models import Digest
from digests.models.alert_keywords import Matched
from digests.rendering import composing, digest_headers
from digests.rendering.edition_fields import all_to
from digests.rendering.editions import Joined, by_language
from digests.rendering.merge_fields import Recipient, nobodys_words, readers_words
from foundation.absolute_urls import absolute_url
from mail.delivery import Message
from mail.messages import encoding, headers
from mail.messages.message import alternative_template
from publications import sender_headers


class Proofs:
    """The mails of a digest that has blocks, stored or not, in each of its `languages`, and with
    links that lead to the issue's page. No query."""

    def __init__(self, digest: Digest) -> None:
        self._digest = digest
        self._blocks = by_language(digest)
        self.languages = tuple(self._blocks)
        self.everything = (1 << len(digest.topics)) - 1

    def edition(
        self,
        language: str,
        *,
        topic_mask: int,
        alert_articles: Sequence[int] = (),
        matched: Mapping[int, Matched] | None = None,
        length: str = composing.FULL,
    ) -> Joined:
        """The edition of a topic mask in `language` and of that `length`, with the `alert_articles`
        in front, and what is `matched` in them."""
        page = absolute_url("issues:issue", self._digest.bulletin.slug, self._digest.issue_id)
        return self._blocks[language].joined(
            all_to(page),
            topic_mask=topic_mask,
            alert_articles=alert_articles,
            matched=matched,
            length=length,
        )

    def sections(self, language: str, *, topic_mask: int) -> tuple[int, ...]:
        """Return the ids of the sections in the edition of a topic mask, in their order."""
        sections = self._blocks[language].sections
        return tuple(int(one.key) for one in sections if topic_mask >> one.topic & 1)

    def weight(self, language: str, *, topic_mask: int) -> int:
        """Return what the articles of an edition weigh, in bytes, before anything is trimmed:
        without joining it."""
        blocks = self._blocks[language]
        chosen = [one for one in blocks.sections if topic_mask >> one.topic & 1]
        return sum(blocks.weights[pk].whole for one in chosen for pk in one.articles)

    def whole(self, language: str) -> Joined:
        """The edition of all sections in `language`: the heaviest that there can be."""
        return self.edition(language, topic_mask=self.everything)

    def page(self, language: str) -> str:
        """The HTML of that edition, for a browser."""
        return page(self.whole(language))

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


def page(joined: Joined, recipient: Recipient | None = None) -> str:
    """The HTML of an edition for a browser, with the words of one reader, or of nobody."""
    return encoding.decoded(joined.html.merge(_words(joined, recipient)))


def text(joined: Joined, recipient: Recipient | None = None) -> str:
    """The plain text of an edition, as `page`."""
    return encoding.decoded(joined.text.merge(_words(joined, recipient)))


def _words(joined: Joined, recipient: Recipient | None) -> dict[str, bytes]:
    return readers_words(recipient, joined.said) if recipient else nobodys_words()
