"""Taking text that stood in no article into the draft."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import F
from msgspec import structs

from issues import drafts
from issues.models import Article, Issue, Piece, Section
from pdf_reading.account import Destination, PageAccount
from pdf_reading.issue_text import Paragraph, ParseWarning

logger = logging.getLogger(__name__)

CONFIDENCE = 0.4


def take_in(piece: Piece, *, into: Article | None = None) -> Article | None:
    """Make a piece of text an article without a headline, or the end of the article `into`.

    Returns the article, or None if somebody took the piece in before. Raises NotADraft.
    """
    with transaction.atomic():
        issue = drafts.lock(piece.issue_id)
        deleted, _rows = Piece.objects.filter(pk=piece.pk).delete()
        if not deleted:
            return None
        article = _appended(piece, into) if into else _made(piece, issue)
        issue.account = tuple(_moved(one, piece) for one in issue.account)
        issue.warnings = tuple(one for one in issue.warnings if not _is_about(one, piece))
        issue.save(update_fields=["account", "warnings"])
    logger.info("issue %s: piece taken into article %s", issue.pk, article.pk)
    return article


def _made(piece: Piece, issue: Issue) -> Article:
    """Put an article of its own behind the last one that begins on its page or before."""
    page = piece.place.page
    above = Article.objects.filter(section__issue=issue, first_page__lte=page)
    before = above.order_by("section__position", "position").last()
    section, position = (before.section, before.position + 1) if before else (_first(issue), 0)
    section.articles.filter(position__gte=position).update(position=F("position") + 1)
    return Article.objects.create(
        section=section,
        position=position,
        passages=_passages(piece),
        places=piece.places,
        first_page=page,
        last_page=page,
        confidence=CONFIDENCE,
    )


def _first(issue: Issue) -> Section:
    return issue.sections.first() or issue.sections.create(position=1)


def _appended(piece: Piece, article: Article) -> Article:
    page = piece.place.page
    article.passages = (*article.passages, *_passages(piece))
    article.places = (*article.places, *piece.places)
    article.first_page = min(article.first_page or page, page)
    article.last_page = max(article.last_page, page)
    article.save(update_fields=["passages", "places", "first_page", "last_page"])
    return article


def _passages(piece: Piece) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(text, piece.place.page) for text in piece.paragraphs)


def _moved(account: PageAccount, piece: Piece) -> PageAccount:
    """The account with the characters of the piece in articles."""
    counts = dict(account.counts)
    size = min(len("".join(piece.text.split())), counts.get(Destination.LEFT_OVER, 0))
    counts[Destination.PARAGRAPH] = counts.get(Destination.PARAGRAPH, 0) + size
    counts[Destination.LEFT_OVER] = counts.get(Destination.LEFT_OVER, 0) - size
    return structs.replace(account, counts={one: n for one, n in counts.items() if n})


def _is_about(warning: ParseWarning, piece: Piece) -> bool:
    words = warning.words.rstrip("…")
    here = warning.code == "left_over" and warning.page == piece.place.page
    return here and piece.text.startswith(words)
