"""An edition: blocks joined for the readers who share it, once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.utils import translation
from django.utils.translation import gettext

from digests.models import Digest
from digests.models.alert_keywords import Matched
from digests.models.digest import DIGEST, Occasion
from digests.rendering import composing, html_weight
from digests.rendering.alert_fields import AlertWords
from digests.rendering.block_names import names
from digests.rendering.blocks import EncodedBlock
from digests.rendering.composing import ALL_ISSUES, Group, Mailed, Weight
from digests.rendering.edition_fields import (
    LinkTarget,
    edition_fields,
    headlines,
    html_fields,
    text_fields,
)
from digests.rendering.merge_fields import Said, said_in
from issues import excerpts
from mail.messages import headers
from mail.messages.merge_templates import MergeTemplate
from mail.messages.text_wrapping import columns


@dataclass(frozen=True, slots=True)
class Joined:
    """The parts that the readers of one edition share. `html` and `text` are encoded and have
    placeholders for what `digests.rendering.merge_fields` calls WORDS, and for the tokens of the
    links. `preheader` is what a list of mails shows beside the subject. `said` is what these words
    are made of; `weight` is what the HTML weighs at most, in
    bytes, and `trimmed` whether something was left out for that."""

    html: MergeTemplate
    text: MergeTemplate
    subject: str
    subject_field: str
    preheader: str
    said: Said
    weight: int
    trimmed: bool


class AnnouncedTopic(NamedTuple):
    """A topic that the issues in `issue_mask` announce: its `bit` in the topic masks of the digest,
    -1 where none of its articles is about it."""

    topic: int
    bit: int
    issue_mask: int = ALL_ISSUES


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of a digest or of a correction (`kind`) in one language, by their names, which
    sections there are, and the `occasion` of the digest."""

    kind: str
    occasion: str
    language: str
    html: Mapping[str, EncodedBlock]
    text: Mapping[str, EncodedBlock]
    sections: tuple[Mailed, ...]
    titles: Mapping[int, str]
    headings: Mapping[int, str]
    topics: Mapping[str, str]
    minutes: Mapping[int, int]
    tops: tuple[int, ...]
    new_topics: tuple[AnnouncedTopic, ...]
    pictured: frozenset[int]
    texts: Mapping[int, str]
    weights: Mapping[int, Weight]

    @classmethod
    def of(
        cls,
        stored: Mapping[str, Any],
        *,
        language: str,
        kind: str = DIGEST,
        occasion: str = Occasion.ISSUE,
        texts: Iterable[tuple[int, str]] = (),
    ) -> Self:
        """Return what `digests.rendering.block_rendering.blocks_of` gave for one language, with
        the `Digest.texts`."""
        sections = stored["sections"]
        html = {name: EncodedBlock.of(parts) for name, parts in stored["html"].items()}
        titles = {pk: title for *_, articles in sections for pk, title, *_bits in articles}
        return cls(
            kind=kind,
            occasion=occasion,
            language=language,
            html=html,
            text={name: EncodedBlock.of(parts) for name, parts in stored["text"].items()},
            sections=tuple(
                Mailed(
                    key,
                    topic,
                    tuple(pk for pk, *_ in articles),
                    tuple(composing.mask_of(bits) for _pk, _title, *bits in articles if bits),
                )
                for key, topic, articles in sections
            ),
            titles=titles,
            headings={
                pk: stored.get("headings", {}).get(key, "")
                for key, _topic, articles in sections
                for pk, *_ in articles
            },
            topics=stored.get("topics", {}),
            minutes={int(pk): n for pk, n in stored.get("minutes", {}).items()},
            tops=tuple(stored.get("tops", ())),
            new_topics=tuple(AnnouncedTopic(*new) for new in stored.get("new", ())),
            pictured=frozenset(pk for pk in titles if stored["html"].get(f"picture {pk}", [""])[0]),
            texts=dict(texts),
            weights={pk: html_weight.of_article(pk, html) for pk in titles},
        )

    def joined(
        self,
        links: Mapping[str, LinkTarget],
        *,
        topic_mask: int,
        issue_mask: int = ALL_ISSUES,
        alert_articles: Sequence[int] = (),
        matched: Mapping[int, Matched] | None = None,
        left_out: frozenset[int] = frozenset(),
        length: str = composing.FULL,
    ) -> Joined:
        """Return the edition of a topic mask and an issue mask, with the `alert_articles` in front,
        with what is `matched` in them, and without those that are `left_out`, with as many
        beginnings as a `length` has, and with these `links`, by the names in
        `digests.rendering.merge_fields.LINKS`."""
        known = {pk: one for pk, one in (matched or {}).items() if pk in self.texts}
        chosen = composing.marked(
            composing.groups(
                self.sections,
                topic_mask=topic_mask,
                issue_mask=issue_mask,
                alert_articles=alert_articles,
                left_out=left_out,
                tops=self.tops if self.kind == DIGEST else (),
            ),
            known,
        )
        if self.kind == DIGEST:
            short = composing.HEADLINES if self.occasion == Occasion.CATCH_UP else length
            chosen = composing.shortened(chosen, length=short, pictured=self.pictured)
        else:
            chosen = composing.whole_with_pictures(chosen)
        groups = self.fitted(chosen)
        fields = edition_fields(
            groups,
            titles=self.titles,
            language=self.language,
            kind=self.kind,
            occasion=self.occasion,
            alerts=AlertWords(known, self.texts, self.headings) if known else None,
            minutes=self.minutes,
            topics=self.topics,
        )
        order = list(names(groups, self.untold(topic_mask, issue_mask)))
        subject = self._subject(headlines(chosen, self.titles))
        shown = _found(self.html, order)
        return Joined(
            html=_template(shown, html_fields(fields, links)),
            text=_template(_found(self.text, order), text_fields(fields, links)),
            subject=subject,
            subject_field=headers.unstructured("Subject", subject),
            preheader=fields["preheader"],
            said=said_in(self.language),
            weight=sum(block.weight for block in shown),
            trimmed=groups != chosen,
        )

    def untold(self, topic_mask: int, issue_mask: int = ALL_ISSUES) -> list[int]:
        """The ids of the new topics of which readers of these masks are told: those that their
        issues announce, and that they do not follow, as far as the digest knows."""
        return [
            new.topic
            for new in self.new_topics
            if new.issue_mask & issue_mask and (new.bit < 0 or not topic_mask >> new.bit & 1)
        ]

    def _subject(self, headlines: Sequence[str]) -> str:
        if self.kind == DIGEST:
            return excerpts.subject(headlines)
        with translation.override(self.language):
            words = gettext("Correction: %(subject)s")
        room = excerpts.SUBJECT - columns(words % {"subject": ""})
        return words % {"subject": excerpts.subject(headlines, limit=room)}

    def fitted(self, groups: Sequence[Group]) -> list[Group]:
        """The groups, trimmed where their HTML would weigh more than MAX_HTML_BYTES."""
        new_topics = [new.topic for new in self.new_topics]
        return html_weight.fitted(groups, self.html, articles=self.weights, new_topics=new_topics)


def by_language(digest: Digest) -> dict[str, Blocks]:
    """The blocks of a digest whose blocks were set, by language."""
    return {
        language: Blocks.of(
            stored,
            language=language,
            kind=digest.kind,
            occasion=digest.occasion,
            texts=digest.texts,
        )
        for language, stored in digest.blocks.items()
    }


def _found(blocks: Mapping[str, EncodedBlock], names: Iterable[str]) -> list[EncodedBlock]:
    """The blocks of these names; the HTML has no list of links."""
    return [blocks[name] for name in names if name in blocks]


def _template(blocks: Iterable[EncodedBlock], known: Mapping[str, MergeTemplate]) -> MergeTemplate:
    return MergeTemplate.joined((block.template for block in blocks), known)
