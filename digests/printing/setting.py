"""Setting a digest's blocks: each once per language, stored with the digest."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db.models import Prefetch
from django.utils import translation

from bulletin_site.mail import printing
from bulletin_site.mail.printing import CannotPrint
from digests import composing
from digests.models import Article, Digest, Section
from digests.printing.blocks import Cut, Marks
from digests.printing.contents import context

logger = logging.getLogger(__name__)

FIELDS = ("preheader", "hello", "view", "preferences", "leave")


def set_blocks(digest: Digest) -> None:
    """Print the digest in every language, and store its blocks as `digest.blocks`.

    Raises CannotPrint. Five queries, whatever the number of sections and articles.
    """
    sections = mailed_sections(digest)
    digest.blocks = {
        language: _in_language(digest, sections, language=language)
        for language, _name in settings.LANGUAGES
    }
    Digest.objects.filter(pk=digest.pk).update(blocks=digest.blocks)
    logger.info("digest %s: blocks set", digest.pk)


def mailed_sections(digest: Digest) -> list[Section]:
    """The sections that can stand in the digest, with topics and articles, in their order.

    Raises CannotPrint when there is none, or one whose topic the digest does not know.
    """
    articles = Prefetch("articles", Article.objects.order_by("position", "pk"))
    sections = [
        section
        for section in digest.issue.sections.mailed()
        .select_related("topic")
        .prefetch_related(articles)
        .order_by("position", "pk")
        if section.articles.all()
    ]
    if not sections:
        raise CannotPrint("there is no section with an article to mail")
    for section in sections:
        if section.topic_id not in digest.topics:
            raise CannotPrint(f"section {section.pk} was given another topic meanwhile")
    return sections


def html(
    digest: Digest,
    sections: Sequence[Section],
    *,
    language: str,
    cut: Cut,
    reader: Mapping[str, str],
) -> str:
    """The HTML of `sections`, in one piece."""
    with translation.override(language):
        told = context(digest, sections, language=language, cut=cut, reader=reader)
        return printing.html("email/digest.mjml", told)


def text(
    digest: Digest,
    sections: Sequence[Section],
    *,
    language: str,
    cut: Cut,
    reader: Mapping[str, str],
) -> str:
    """The plain text of `sections`, in one piece."""
    with translation.override(language):
        told = context(digest, sections, language=language, cut=cut, reader=reader)
        return printing.text("email/digest.txt", told)


def _in_language(
    digest: Digest, sections: Sequence[Section], *, language: str
) -> dict[str, object]:
    marks = Marks()
    reader = marks.fields(FIELDS)
    pages = {
        "html": html(digest, sections, language=language, cut=marks.cut, reader=reader),
        "text": text(digest, sections, language=language, cut=marks.cut, reader=reader),
    }
    return {
        **{kind: [block.stored() for block in marks.blocks(pages[kind])] for kind in pages},
        "titles": [_titles(digest, section) for section in sections],
    }


def _titles(digest: Digest, section: Section) -> list[object]:
    """The topic's bit, and the headlines under it, for subjects."""
    headlines = [composing.one_line(article.title) for article in section.articles.all()]
    return [digest.topics.index(section.topic_id), headlines]
