"""The sections of a digest that are mailed, with their articles and top stories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch

from digests.models import Digest
from issues.models import Article, Section
from mail.messages.template_rendering import CannotRender


@dataclass(frozen=True, slots=True)
class MailedSection:
    """A section as a digest mails it, with its `articles`, and those of other issues that are about
    the same topic."""

    section: Section
    articles: list[Article] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The name of the section in those of its blocks."""
        return str(self.section.pk)


def mailed_sections(digest: Digest) -> list[MailedSection]:
    """Return the sections that can stand in the digest, with topics and articles: in the order of
    its issue; of several issues, one for each topic, in the order in which they come first.

    Raises CannotRender when there is none, or one whose topic the digest does not know.
    """
    articles = Prefetch("articles", digest.articles().order_by("position", "pk"))
    rows = digest.mailed_sections().select_related("topic", "issue__bulletin")
    order = {issue: n for n, issue in enumerate(digest.held_issues)}
    sections = sorted(
        rows.prefetch_related(articles).order_by("position", "pk"),
        key=lambda section: order[section.issue_id],
    )
    found: dict[object, MailedSection] = {}
    for section in sections:
        if not section.articles.all():
            continue
        if section.topic_id not in digest.topics:
            raise CannotRender(f"section {section.pk} was given another topic meanwhile")
        key = section.topic_id if len(order) > 1 else section.pk
        mailed = found.setdefault(key, MailedSection(section))
        mailed.articles.extend(section.articles.all())
    if not found:
        raise CannotRender("there is no section with an article to mail")
    return list(found.values())


def tops_of(sections: Iterable[MailedSection]) -> tuple[int, ...]:
    """The top stories of the issues that have one among these sections, in their order."""
    return tuple(
        article.pk
        for section in sections
        for article in section.articles
        if article.pk == article.section.issue.top_story
    )
