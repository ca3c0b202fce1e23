"""The act that a sent form is, and who sent it, made from which version."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from msgspec import structs

from backoffice.issue_pages.block_editor import menus
from backoffice.issue_pages.block_editor.page import user_id
from issues import markup, pictures
from issues.editing import acts
from issues.editing.acts import Act
from issues.editing.document import Draft, article_at, block_at, spot_of_article, spot_of_block
from issues.editing.history import Submission
from issues.issue_dates import check_date
from issues.models import Issue
from pdf_reading.issue_text import InvalidContent, StoredFigure, StoredPassage

MAX_ACT = 100_000  # bytes of an act's JSON
MAX_TOKEN = 40
NUL = "\x00"
View = Callable[[HttpRequest, Issue], HttpResponse]
_OF_THE_PAGE = {"csrfmiddlewaretoken", "seen"}  # which differ when a form is sent again
_WITH_PASSAGES = (acts.EditBlock, acts.AddBlocks, acts.EditText)
_ONE_FIELD = (acts.EditSection, acts.AddSection)


class NoAct(Exception):
    """The form that was sent is no act."""


def submission_of(request: HttpRequest) -> Submission:
    """Return who sent a form now, made from which version of the draft."""
    return Submission(
        by=user_id(request),
        made_from=number(request.POST.get("version", "")),
        at=timezone.now(),
        token=_name_of(request.POST),
    )


def number(text: str) -> int:
    """Return a number of a form; -1 of what is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def without_nul(view: View) -> View:
    """Return a view that gets what was sent without the character NUL: some programs copy it, no
    text has it, and PostgreSQL takes none."""

    @wraps(view)
    def cleaned(request: HttpRequest, issue: Issue) -> HttpResponse:
        sent = request.POST.copy()
        for name, values in sent.lists():
            sent.setlist(name, [value.replace(NUL, "") for value in values])
        request.POST = sent  # type: ignore[assignment]
        return view(request, issue)

    return cleaned


def act_of(sent: Mapping[str, str], *, base: Draft, issue: Issue) -> Act:
    """Return the act of a sent form about an issue, with the words of its fields; `base` is the
    state that it was made from. Raises NoAct, Gone, markup.NoSuchFigure."""
    act = _decoded(sent.get("act", ""))
    match act:
        case acts.EditBlock(block=handle):
            before = block_at(base, spot_of_block(base, handle)).passage
            return acts.EditBlock(handle, _passages(sent, (before,), issue))
        case acts.AddBlocks(article=key, after=after):
            article = article_at(base, spot_of_article(base, key))
            page = _page_of(base, after) if after else article.pages[0]
            return acts.AddBlocks(key, _on_page(_passages(sent, (), issue), page), after)
        case acts.EditArticle() | acts.EditSection() | acts.EditFacts() | acts.AddSection():
            return _with_words(act, sent)
        case acts.AddArticle(section=key):
            return acts.AddArticle(key, sent.get("title", ""))
        case acts.DivideSection(article=key):
            return acts.DivideSection(key, sent.get("title", ""))
        case acts.EditText():
            raise NoAct
        case acts.Several(acts=several):
            if any(isinstance(one, _WITH_PASSAGES) for one in several):
                raise NoAct
    return act


def _name_of(sent: Mapping[str, str]) -> str:
    """Return the name of a sent form, by which it acts once: of its token and all that is in it,
    since a form whose answer was lost may be sent with other words; "" where it has no token."""
    if not sent.get("token"):
        return ""
    words = sorted(item for item in sent.items() if item[0] not in _OF_THE_PAGE)
    return hashlib.sha256(repr(words).encode()).hexdigest()[:MAX_TOKEN]


def _decoded(text: str) -> Act:
    if not 0 < len(text) <= MAX_ACT or r"\u0000" in text:
        raise NoAct
    try:
        return menus.act_of_value(text)
    except (InvalidContent, ValueError, RecursionError) as error:
        raise NoAct from error


def _with_words(act: Act, sent: Mapping[str, str]) -> Act:
    """Return the act with the words of those fields that were sent and are not as they were."""
    names = [name for name in act.__struct_fields__ if name in sent]
    words = {name: " ".join(sent[name].split()) for name in names}
    changed = {
        name: value
        for name, value in words.items()
        if value != " ".join(sent.get(f"was-{name}", "\x00").split())
    }
    if isinstance(act, acts.EditFacts) and changed.get("date"):
        check_date(changed["date"])
    return type(act)(**{**_target(act), **(words if isinstance(act, _ONE_FIELD) else changed)})


def _target(act: Act) -> dict[str, Any]:
    return {name: getattr(act, name) for name in ("article", "section") if hasattr(act, name)}


def _passages(
    sent: Mapping[str, str], before: tuple[StoredPassage, ...], issue: Issue
) -> tuple[StoredPassage, ...]:
    return markup.read(sent.get("text", ""), before=before, pictures=pictures.of_issue(issue))


def _on_page(passages: tuple[StoredPassage, ...], page: int) -> tuple[StoredPassage, ...]:
    """Return new passages as of a page, but for pictures, which have their own."""
    return tuple(
        passage if isinstance(passage, StoredFigure) else structs.replace(passage, page=page)
        for passage in passages
    )


def _page_of(draft: Draft, handle: str) -> int:
    return block_at(draft, spot_of_block(draft, handle)).passage.page
