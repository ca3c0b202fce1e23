"""Rendering a digest's blocks: each once per language, stored with the digest."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation

from digests.models import Digest
from digests.rendering import alert_fields, merge_fields, searched
from digests.rendering.blocks import Block, Marks
from digests.rendering.composing import ALERTS, TOP, Group
from digests.rendering.context import RenderContext
from digests.rendering.mail_headings import heading_of
from digests.rendering.mailed_sections import MailedSection, mailed_sections, tops_of
from issues import excerpts
from issues.models import Issue, Section
from mail.messages import template_rendering
from subscribers.keywords.query import MAX_KEYWORD_ALERTS

logger = logging.getLogger(__name__)

LANGUAGES = tuple(language for language, _name in settings.LANGUAGES)


def set_blocks(digest: Digest) -> None:
    """Render the digest in every language, and store its blocks as `digest.blocks`, with the
    `digest.texts` of its articles.

    Raises CannotRender. Five queries, whatever the number of sections and articles.
    """
    _set_blocks(digest)
    Digest.objects.filter(pk=digest.pk).update(blocks=digest.blocks, texts=digest.texts)
    logger.info("digest %s: blocks set", digest.pk)


def preview_of(
    issue: Issue, *, at: datetime, languages: Iterable[str] = LANGUAGES, proof: str = ""
) -> Digest:
    """Return the digest that publishing `issue` opens, with its blocks in these `languages`;
    nothing is stored. With the token `proof` whoever opens its mails sees their pictures.

    Raises CannotRender. Five queries.
    """
    draft = Digest.draft(issue, at=at)
    _set_blocks(draft, languages, proof=proof)
    return draft


def previewed(digest: Digest) -> Digest:
    """Return `digest`, such as a correction that is drafted, with its blocks; nothing is stored.

    Raises CannotRender. Four queries.
    """
    _set_blocks(digest)
    return digest


def _set_blocks(digest: Digest, languages: Iterable[str] = LANGUAGES, *, proof: str = "") -> None:
    sections = mailed_sections(digest)
    digest.blocks = blocks_of(digest, sections, languages, proof=proof)
    articles = (article for section in sections for article in section.articles)
    digest.texts = [[article.pk, searched.text_of(article)] for article in articles]


def blocks_of(
    digest: Digest, sections: Sequence[MailedSection], languages: Iterable[str], *, proof: str = ""
) -> dict[str, dict[str, object]]:
    """Return the blocks of a digest of these sections, also of one that is not stored, by language,
    as JSON. Raises CannotRender."""
    articles = [article for section in sections for article in section.articles]
    announced = digest.announced()
    shared: dict[str, object] = {
        "minutes": {str(one.pk): excerpts.minutes(one.passages) for one in articles},
        "tops": tops_of(sections),
        "new": [
            [pk, digest.topics.index(pk) if pk in digest.topics else -1, issue_mask]
            for pk, issue_mask in announced.items()
        ],
    }
    listed = [
        [one.key, digest.topics.index(one.section.topic_id), _articles(one, digest)]
        for one in sections
    ]
    return {
        language: {
            "sections": listed,
            "headings": _headings(sections, language=language),
            "topics": {one.key: _topic(one.section, language) for one in sections},
            **shared,
        }
        | {
            kind: {block.name: block.stored() for block in blocks}
            for kind, blocks in rendered(
                digest, sections, language=language, proof=proof, new_topics=tuple(announced)
            ).items()
        }
        for language in languages
    }


def rendered(
    digest: Digest,
    sections: Sequence[MailedSection],
    *,
    language: str,
    proof: str = "",
    new_topics: Sequence[int] = (),
) -> dict[str, list[Block]]:
    """Return the blocks of the HTML and of the text, in the order in which they were rendered.

    What can stand in a mail is rendered once: each article with its lead and without, and as one
    that keyword alerts match, with that sentence and with its lead; each section with a line for
    articles that are left out, and the head of what keyword alerts match.
    """
    marks = Marks()
    tops = Group(TOP, tops_of(sections))
    everything = [tops, _all_alerted(sections), *map(_all_of, sections)]
    context = RenderContext(
        digest=digest,
        sections=sections,
        language=language,
        cut=marks.cut,
        fields=marks.fields(_fields(everything)),
        proof=proof,
        every_form=True,
        new_topics=new_topics,
    )
    return {
        "html": list(marks.blocks(html(context, everything))),
        "text": list(
            marks.blocks(text(context, everything), finish=template_rendering.wrapped_for_mail)
        ),
    }


def html(context: RenderContext, groups: Sequence[Group]) -> str:
    """Return the HTML of `groups`, in one piece."""
    with translation.override(context.language):
        return template_rendering.html(f"email/{context.digest.kind}.mjml", context.context(groups))


def text(context: RenderContext, groups: Sequence[Group]) -> str:
    """Return the plain text of `groups`, in one piece and not yet wrapped."""
    with translation.override(context.language):
        return template_rendering.plain(f"email/{context.digest.kind}.txt", context.context(groups))


def _all_alerted(sections: Iterable[MailedSection]) -> Group:
    ids = frozenset(article.pk for section in sections for article in section.articles)
    numbers = tuple(map(str, range(MAX_KEYWORD_ALERTS)))
    return Group(ALERTS, tuple(ids), left=1, keywords=numbers, marked=ids, quoted=ids)


def _all_of(section: MailedSection) -> Group:
    ids = tuple(article.pk for article in section.articles)
    return Group(section.key, whole=ids, brief=ids, left=1)


def _fields(groups: Iterable[Group]) -> list[str]:
    """The merge fields of a reader, and those of an edition."""
    of_groups = [f"{name}_{group.key}" for group in groups for name in ("count", "more")]
    articles = list(dict.fromkeys(article for group in groups for article in group.whole))
    numbers = [f"{name}_{article}" for name in ("number", "read_on") for article in articles]
    alerts = alert_fields.field_names(articles)
    shared = ("preheader", "sentence", "follows", "others")
    return [*merge_fields.NAMES, *shared, *of_groups, *numbers, *alerts]


def _topic(section: Section, language: str) -> str:
    return excerpts.one_line(section.topic.name_in(language)) if section.topic else ""


def _headings(sections: Iterable[MailedSection], *, language: str) -> dict[str, str]:
    """The titles of the sections for readers of a language, by their keys."""
    with translation.override(language):
        return {one.key: heading_of(one.section, language=language)[0] for one in sections}


def _articles(section: MailedSection, digest: Digest) -> list[tuple[int | str, ...]]:
    """The articles' ids, their headlines for subjects, and the bits of an issue mask by which they
    are there."""
    return [
        (
            article.pk,
            excerpts.one_line(str(article)),
            *digest.bits_of(article.pk, article.section.issue_id),
        )
        for article in section.articles
    ]
