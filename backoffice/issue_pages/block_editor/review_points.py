"""The points to review in a draft, where they are, and the likely mending as one press."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.issue_pages.block_editor.menus import Action, value_of
from backoffice.issue_pages.block_editor.shown import UNSURE
from issues import parse_messages
from issues.editing import acts
from issues.editing.describing import name_of
from issues.editing.document import Draft, DraftArticle
from issues.editing.passages import MAX_HEADLINE, headline
from issues.models import Issue
from pdf_reading.issue_text import Heading, ParseWarning

MANY = 3  # sub-headings of an article to be reviewed, that may be headlines
MAX_SPOTS = 12  # of each kind
LEFT_OVER, NO_HEADLINES = "left_over", "no_headlines"  # codes of warnings


@dataclass(frozen=True, slots=True)
class Spot:
    """A place to look at: the anchor of an article or "", a page or 0, the words in question, and
    the likely mending."""

    anchor: str
    page: int
    words: str
    mending: Action | None = None


@dataclass(frozen=True, slots=True)
class ReviewPoint:
    """A sentence, the places that it is about, how many more there are, and a press that mends
    them all."""

    sentence: str
    spots: tuple[Spot, ...]
    more: int = 0
    mending: Action | None = None


def review_points_of(issue: Issue, draft: Draft) -> list[ReviewPoint]:
    """Return what is still to be reviewed; what an editor mended is not."""
    titles, untitled = _titles(draft), _untitled(draft)
    articles = {one.key: one for one in draft.articles}
    found = []
    for hint in parse_messages.hints(_standing(issue, draft), titles=titles, untitled=untitled):
        spots = [
            Spot(
                f"article-{spot.article}" if spot.article else "",
                spot.page,
                spot.words,
                _mending(hint.code, articles.get(spot.article or 0)),
            )
            for spot in hint.spots
        ]
        found.append(_point(hint.sentence, spots, _mending_of_all(hint.code, draft)))
    unsure = [one for one in draft.articles if one.confidence < UNSURE]
    if unsure:
        sentence = _("It is not certain that these articles are right:")
        found.append(_point(sentence, map(_spot, unsure)))
    return found


def pages_to_review(issue: Issue, draft: Draft) -> dict[int, int]:
    """Return the pages on which something is to be reviewed or left over, with how often."""
    pages = [one.page for one in _standing(issue, draft) if one.code != LEFT_OVER]
    pages += [one.pages[0] for one in draft.articles if one.confidence < UNSURE]
    pages += [one.page for one in draft.remnants]
    return {page: pages.count(page) for page in pages if page}


def _point(sentence: str, spots: Iterable[Spot], mending: Action | None = None) -> ReviewPoint:
    listed = list(spots)
    return ReviewPoint(
        sentence, tuple(listed[:MAX_SPOTS]), max(len(listed) - MAX_SPOTS, 0), mending
    )


def _spot(article: DraftArticle) -> Spot:
    return Spot(f"article-{article.key}", article.pages[0], name_of(article))


def _titles(draft: Draft) -> dict[str, int]:
    return {one.title: one.key for one in draft.articles if one.title}


def _untitled(draft: Draft) -> dict[int, int]:
    return {one.pages[0]: one.key for one in draft.articles if not one.title}


def _standing(issue: Issue, draft: Draft) -> list[ParseWarning]:
    """Return the warnings about what is still as it was read."""
    titled = {one.title: one for one in draft.articles if one.title}
    untitled = _untitled(draft)
    return [one for one in issue.warnings if _stands(one, draft, titled, untitled)]


def _stands(
    warning: ParseWarning,
    draft: Draft,
    titled: Mapping[str, DraftArticle],
    untitled: Mapping[int, int],
) -> bool:
    """Return whether a warning is about something that is still as it was read."""
    if warning.code == LEFT_OVER:
        words = warning.words.rstrip("…")
        return any(
            one.page == warning.page and one.text.startswith(words) for one in draft.remnants
        )
    if warning.code == NO_HEADLINES:
        return bool(untitled)
    if warning.code == "article_without_headline":
        return warning.page in untitled
    if warning.code in _ABOUT_AN_ARTICLE and warning.words:
        article = titled.get(warning.words)
        return article is not None and _is_about(warning.code, article)
    return True


def _is_about(code: str, article: DraftArticle) -> bool:
    if code == "headings_like_headlines":
        return any(isinstance(one.passage, Heading) for one in article.blocks)
    return code == "article_holds_much" or not article.blocks


_ABOUT_AN_ARTICLE = {"headings_like_headlines", "article_holds_much", "article_without_text"}


def _mending(code: str, article: DraftArticle | None) -> Action | None:
    if article is None:
        return None
    if code in {"headings_like_headlines", "article_holds_much"}:
        return _sub_headings(article)
    return _first_words(article) if code == "article_without_headline" else None


def _first_words(article: DraftArticle) -> Action | None:
    """Return the press that makes the first words of an article its headline, if they can be."""
    first = article.blocks[0] if article.blocks else None
    if first is None or headline(first.passage, longest=MAX_HEADLINE) is None:
        return None
    label = _("Make its first words the headline")
    return Action(label, value_of(acts.BeginArticle(first.handle)))


def _sub_headings(article: DraftArticle) -> Action | None:
    heads = [one.handle for one in article.blocks if isinstance(one.passage, Heading)]
    if len(heads) < MANY:
        return None
    label = ngettext(
        "Make this %(number)d sub-heading an article",
        "Make these %(number)d sub-headings articles",
        len(heads),
    ) % {"number": len(heads)}
    return Action(label, value_of(acts.Several(tuple(map(acts.BeginArticle, heads)))))


def _mending_of_all(code: str, draft: Draft) -> Action | None:
    if code == NO_HEADLINES:
        untitled = [one for one in draft.articles if not one.title]
        return _first_words(untitled[0]) if len(untitled) == 1 else None
    if code != LEFT_OVER or len(draft.remnants) < 2:
        return None
    every = acts.Several(tuple(acts.TakeIn(one.key) for one in draft.remnants))
    label = _("Take in all %(number)d pieces, each as an article") % {"number": len(draft.remnants)}
    return Action(label, value_of(every))
