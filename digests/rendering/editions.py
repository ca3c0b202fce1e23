"""An edition: blocks joined for the readers who share it, once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.utils import translation
from django.utils.translation import gettext

from digests.models import Digest
from digests.models.digest import DIGEST
from digests.rendering import composing
from digests.rendering.blocks import OPENING, EncodedBlock
from digests.rendering.composing import ALERTS, Group, Mailed, Weight
from digests.rendering.edition_fields import (
    LinkTarget,
    edition_fields,
    headlines,
    html_fields,
    text_fields,
)
from issues import excerpts
from mail.messages import headers
from mail.messages.merge_templates import MergeTemplate
from mail.messages.text_wrapping import columns

MAX_HTML_BYTES = 102_400  # bytes of HTML; Gmail cuts what is longer


@dataclass(frozen=True, slots=True)
class Joined:
    """The parts that the readers of one edition share. `html` and `text` are encoded and have
    placeholders for what `digests.rendering.merge_fields` calls WORDS, and for the tokens of the
    links. `preheader` is what a list of mails shows beside the subject. `hello` is how a reader
    whose name is known is greeted, with %(name)s; `weight` is what the HTML weighs at most, in
    bytes, and `trimmed` whether something was left out for that."""

    html: MergeTemplate
    text: MergeTemplate
    subject: str
    subject_field: str
    preheader: str
    hello: str
    weight: int
    trimmed: bool


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of a digest or of a correction (`kind`) in one language, by their names, and
    which sections there are."""

    kind: str
    language: str
    html: Mapping[str, EncodedBlock]
    text: Mapping[str, EncodedBlock]
    sections: tuple[Mailed, ...]
    titles: Mapping[int, str]
    weights: Mapping[int, Weight]

    @classmethod
    def of(cls, stored: Mapping[str, Any], *, language: str, kind: str = DIGEST) -> Self:
        """Return what `digests.rendering.block_rendering.blocks_of` gave for one language."""
        sections = stored["sections"]
        html = {name: EncodedBlock.of(parts) for name, parts in stored["html"].items()}
        titles = {pk: title for _key, _topic, articles in sections for pk, title in articles}
        return cls(
            kind=kind,
            language=language,
            html=html,
            text={name: EncodedBlock.of(parts) for name, parts in stored["text"].items()},
            sections=tuple(
                Mailed(key, topic, tuple(pk for pk, _ in articles))
                for key, topic, articles in sections
            ),
            titles=titles,
            weights={
                pk: Weight(html[f"article {pk}"].weight, html[f"brief {pk}"].weight)
                for pk in titles
            },
        )

    def joined(
        self,
        links: Mapping[str, LinkTarget],
        *,
        topic_mask: int,
        alert_articles: Sequence[int] = (),
        left_out: frozenset[int] = frozenset(),
    ) -> Joined:
        """Return the edition of a topic mask, with the `alert_articles` in front and without those
        that are `left_out`, and with these `links`, by the names in
        `digests.rendering.merge_fields.LINKS`."""
        chosen = composing.groups(
            self.sections, topic_mask=topic_mask, alert_articles=alert_articles, left_out=left_out
        )
        groups = self.fitted(chosen)
        fields = edition_fields(groups, titles=self.titles, language=self.language, kind=self.kind)
        order = list(names(groups))
        subject = self._subject(headlines(chosen, self.titles))
        return Joined(
            html=_template(self.html, order, html_fields(fields, links)),
            text=_template(self.text, order, text_fields(fields, links)),
            subject=subject,
            subject_field=headers.unstructured("Subject", subject),
            preheader=fields["preheader"],
            hello=_hello(self.language),
            weight=sum(block.weight for block in _found(self.html, order)),
            trimmed=groups != chosen,
        )

    def _subject(self, headlines: Sequence[str]) -> str:
        if self.kind == DIGEST:
            return excerpts.subject(headlines)
        with translation.override(self.language):
            words = gettext("Correction: %(subject)s")
        room = excerpts.SUBJECT - columns(words % {"subject": ""})
        return words % {"subject": excerpts.subject(headlines, limit=room)}

    def fitted(self, groups: Sequence[Group]) -> list[Group]:
        """The groups, trimmed where their HTML would weigh more than MAX_HTML_BYTES."""
        frame = [name for name in names(groups) if name.split()[0] not in {"article", "brief"}]
        frame += [f"more {group.key}" for group in groups]
        room = MAX_HTML_BYTES - sum(block.weight for block in _found(self.html, frame))
        return composing.fitted(groups, weights=self.weights, room=room)


def by_language(digest: Digest) -> dict[str, Blocks]:
    """The blocks of a digest whose blocks were set, by language."""
    return {
        language: Blocks.of(stored, language=language, kind=digest.kind)
        for language, stored in digest.blocks.items()
    }


def names(groups: Sequence[Group]) -> Iterator[str]:
    """The names of the blocks of an edition, in their order."""
    yield OPENING
    if len(groups) > 1:
        yield "contents"
        yield from (f"listed {group.key}" for group in groups)
        yield "listed"
    yield "body"
    for group in groups:
        yield f"head {group.key}"
        yield from (f"article {pk}" for pk in group.whole)
        yield from (f"brief {pk}" for pk in group.brief)
        if group.left:
            yield f"more {group.key}"
        if group.key != ALERTS:
            yield f"tail {group.key}"
    yield "links"
    yield from (f"link {pk}" for group in groups for pk in group.shown)
    yield "closing"


def _found(blocks: Mapping[str, EncodedBlock], names: Iterable[str]) -> list[EncodedBlock]:
    """The blocks of these names; the HTML has no list of links."""
    return [blocks[name] for name in names if name in blocks]


def _hello(language: str) -> str:
    with translation.override(language):
        return gettext("Hello %(name)s!")


def _template(
    blocks: Mapping[str, EncodedBlock], names: Iterable[str], known: Mapping[str, MergeTemplate]
) -> MergeTemplate:
    return MergeTemplate.joined((block.template for block in _found(blocks, names)), known)
