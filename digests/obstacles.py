"""The obstacles to publishing a draft: values that can be kept, and their sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from digests import audience
from issues import sign_off
from issues.models import Article, Issue, Section


class Reason(StrEnum):
    """The kinds of obstacles."""

    NO_ARTICLES = "no_articles"
    EMPTY_ARTICLE = "empty_article"
    UNKNOWN_SECTION = "unknown_section"
    TOO_MANY_TOPICS = "too_many_topics"
    NO_DRAFT = "no_draft"
    RESTORED = "restored"
    NOT_RELEASED = "not_released"
    CHANGED_SINCE = "changed_since"


_SENTENCES: Mapping[str, Promise] = {
    Reason.NO_ARTICLES: _("The issue has no articles."),
    Reason.EMPTY_ARTICLE: _("An article has neither a headline nor a text."),
    Reason.UNKNOWN_SECTION: _(
        "Nobody has said yet what the section “%(title)s” is about. Choose its topic, "
        "make a topic of it, or mark it as not for mailing."
    ),
    Reason.TOO_MANY_TOPICS: _("The sections of one issue can be about at most %(most)d topics."),
    Reason.NO_DRAFT: _("Only a draft can be published."),
    Reason.RESTORED: _(
        "The database was restored from a backup: it may have been published and mailed since."
    ),
    Reason.NOT_RELEASED: _(
        "This bulletin asks for the release of a second person, and nobody has released this yet."
    ),
    Reason.CHANGED_SINCE: _(
        "It was changed after it was released. Submit it again: what is published is what was "
        "released."
    ),
}


class Obstacle(NamedTuple):
    """One obstacle; `title` is that of the section that it is about."""

    reason: str
    title: str = ""

    def __str__(self) -> str:
        """The sentence in the language in force."""
        words = {"title": self.title, "most": audience.MAX_TOPICS}
        return str(_SENTENCES[self.reason]) % words


def of_draft(issue: Issue, *, mailed: bool = True) -> tuple[Obstacle, ...]:
    """Return what keeps a draft from being published; `mailed` says whether readers are to get
    it. Four queries at most, and six where the bulletin asks for a release."""
    articles = Article.objects.filter(section__issue=issue)
    found = []
    if not articles.exists():
        found.append(Obstacle(Reason.NO_ARTICLES))
    if articles.filter(title="", passages=[]).exists():
        found.append(Obstacle(Reason.EMPTY_ARTICLE))
    return (*found, *(_of_mails(issue) if mailed else ()), *of_release(issue))


def of_release(issue: Issue) -> tuple[Obstacle, ...]:
    """Return that nobody released a draft as it stands, where its bulletin asks for that."""
    if not issue.bulletin.needs_sign_off or sign_off.release_of(issue):
        return ()
    return (
        Obstacle(Reason.CHANGED_SINCE if sign_off.was_released(issue) else Reason.NOT_RELEASED),
    )


def kept(stored: Iterable[Iterable[str]]) -> list[str]:
    """Return the sentences of the obstacles in `Issue.obstacles`."""
    return [str(Obstacle(*each)) for each in stored]


def _of_mails(issue: Issue) -> list[Obstacle]:
    found = [
        Obstacle(Reason.UNKNOWN_SECTION, str(section))
        for section in Section.objects.filter(issue=issue).unknown()
    ]
    if audience.too_many_topics(issue):
        found.append(Obstacle(Reason.TOO_MANY_TOPICS))
    return found
