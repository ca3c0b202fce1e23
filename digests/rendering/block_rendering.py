"""Rendering a digest's blocks: each once per language, stored with the digest."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Prefetch
from django.utils import translation

from digests.models import Digest
from digests.rendering import merge_fields
from digests.rendering.blocks import Block, Marks
from digests.rendering.composing import ALERTS, Group
from digests.rendering.context import RenderContext
from issues import excerpts
from issues.models import Issue, Section
from mail.messages import template_rendering
from mail.messages.template_rendering import CannotRender

logger = logging.getLogger(__name__)

LANGUAGES = tuple(language for language, _name in settings.LANGUAGES)


def set_blocks(digest: Digest) -> None:
    """Render the digest in every language, and store its blocks as `digest.blocks`.

    Raises CannotRender. Five queries, whatever the number of sections and articles.
    """
    digest.blocks = blocks_of(digest)
    Digest.objects.filter(pk=digest.pk).update(blocks=digest.blocks)
    logger.info("digest %s: blocks set", digest.pk)


def preview_of(
    issue: Issue, *, at: datetime, languages: Iterable[str] = LANGUAGES, proof: str = ""
) -> Digest:
    """Return the digest that publishing `issue` opens, with its blocks in these `languages`;
    nothing is stored. With the token `proof` whoever opens its mails sees their pictures.

    Raises CannotRender. Five queries.
    """
    draft = Digest.draft(issue, at=at)
    draft.blocks = blocks_of(draft, languages, proof=proof)
    return draft


def previewed(digest: Digest) -> Digest:
    """Return `digest`, such as a correction that is drafted, with its blocks; nothing is stored.

    Raises CannotRender. Four queries.
    """
    digest.blocks = blocks_of(digest)
    return digest


def blocks_of(
    digest: Digest, languages: Iterable[str] = LANGUAGES, *, proof: str = ""
) -> dict[str, dict[str, object]]:
    """Return the blocks of a digest, also of one that is not stored, by language, as JSON.

    Raises CannotRender. Four queries.
    """
    sections = mailed_sections(digest)
    listed = [
        [str(section.pk), digest.topics.index(section.topic_id), _articles(section)]
        for section in sections
    ]
    return {
        language: {
            kind: {block.name: block.stored() for block in blocks}
            for kind, blocks in rendered(digest, sections, language=language, proof=proof).items()
        }
        | {"sections": listed}
        for language in languages
    }


def mailed_sections(digest: Digest) -> list[Section]:
    """Return the sections that can stand in the digest, with topics and articles, in their order.

    Raises CannotRender when there is none, or one whose topic the digest does not know.
    """
    articles = Prefetch("articles", digest.articles().order_by("position", "pk"))
    sections = [
        section
        for section in digest.mailed_sections()
        .select_related("topic", "issue__bulletin")
        .prefetch_related(articles)
        .order_by("position", "pk")
        if section.articles.all()
    ]
    if not sections:
        raise CannotRender("there is no section with an article to mail")
    for section in sections:
        if section.topic_id not in digest.topics:
            raise CannotRender(f"section {section.pk} was given another topic meanwhile")
    return sections


def rendered(
    digest: Digest, sections: Sequence[Section], *, language: str, proof: str = ""
) -> dict[str, list[Block]]:
    """Return the blocks of the HTML and of the text, in the order in which they were rendered.

    What can stand in a mail is rendered once: each article with its lead and without, each
    section with a line for articles that are left out, and the head of what keyword alerts match.
    """
    marks = Marks()
    everything = [Group(ALERTS, (), left=1), *map(_all_of, sections)]
    context = RenderContext(
        digest=digest,
        sections=sections,
        language=language,
        cut=marks.cut,
        fields=marks.fields(_fields(everything)),
        proof=proof,
    )
    return {
        "html": list(marks.blocks(html(context, everything))),
        "text": list(
            marks.blocks(text(context, everything), finish=template_rendering.wrapped_for_mail)
        ),
    }


def html(context: RenderContext, groups: Iterable[Group]) -> str:
    """Return the HTML of `groups`, in one piece."""
    with translation.override(context.language):
        return template_rendering.html(f"email/{context.digest.kind}.mjml", context.context(groups))


def text(context: RenderContext, groups: Iterable[Group]) -> str:
    """Return the plain text of `groups`, in one piece and not yet wrapped."""
    with translation.override(context.language):
        return template_rendering.plain(f"email/{context.digest.kind}.txt", context.context(groups))


def _all_of(section: Section) -> Group:
    ids = tuple(article.pk for article in section.articles.all())
    return Group(str(section.pk), whole=ids, brief=ids, left=1)


def _fields(groups: Iterable[Group]) -> list[str]:
    """The merge fields of a reader, and those of an edition."""
    of_groups = [f"{name}_{group.key}" for group in groups for name in ("count", "more")]
    articles = [article for group in groups for article in group.whole]
    numbers = [f"{name}_{article}" for name in ("number", "read_on") for article in articles]
    return [*merge_fields.NAMES, "preheader", "sentence", *of_groups, *numbers]


def _articles(section: Section) -> list[tuple[int, str]]:
    """The articles' ids and headlines, for subjects."""
    return [(article.pk, excerpts.one_line(str(article))) for article in section.articles.all()]
