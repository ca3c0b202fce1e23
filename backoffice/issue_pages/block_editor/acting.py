"""A press on the block editor: an act is done, and the page gets what changed.

With the page's script the answer is the changed parts; without it, the page itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.issue_pages.block_editor import (
    act_words,
    anchors,
    answers,
    editing_spells,
    editors,
    sent_forms,
)
from backoffice.issue_pages.block_editor.page import user_id
from digests import releasing
from issues import at_work, filing, markup
from issues.editing import freezing, history, revisions, storage
from issues.editing.conflicts import Conflict
from issues.editing.document import Draft, Gone
from issues.editing.history import Made, NotEditable, NothingToUndo, Submission
from issues.editing.refusals import ActRefused
from issues.models import Issue, Revision, Section

NEW_TOPIC, NOT_MAILED = "new", "none"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a press: the sentence to say where it was not done, or the anchor of what to
    look at. What was `gathered` is done once a second person releases it. What it was about may be
    `gone`."""

    made: Made | None = None
    sentence: str = ""
    anchor: str = ""
    gathered: bool = False
    gone: bool = False


@sent_forms.without_nul
def act_view(request: HttpRequest, issue: Issue) -> HttpResponse:
    """Do what was pressed: an act, undo, redo, filing a section, making topics."""
    sent = sent_forms.submission_of(request)
    try:
        outcome = _outcome(request, issue, sent)
    except Conflict as conflict:
        return _in_conflict(request, issue, conflict)
    done = outcome.made or outcome.gathered
    if done and outcome.anchor:
        at_work.forget(issue, user_id(request), _fields_of(request, outcome.anchor))
    elif not outcome.made:
        keep_typed(request, issue, version=sent.made_from)
    if outcome.made and outcome.made.new:
        editing_spells.note(request.user, issue, at=sent.at)
    issue.refresh_from_db()
    if answers.is_script(request):
        return answers.changes(
            request,
            issue,
            says=outcome.sentence,
            look_at=_look_at(outcome),
            made=outcome.made,
            closes=outcome.anchor if done else "",
            gone=anchors.part_of(request.POST.get("anchor", "")) if outcome.gone else "",
        )
    if outcome.sentence:
        messages.add_message(
            request, messages.INFO if outcome.made else messages.WARNING, outcome.sentence
        )
    here = reverse("admin:issues_issue_change", args=(issue.pk,))
    return redirect(f"{here}#{_look_at(outcome) or request.POST.get('look_at', '')}")


def _outcome(request: HttpRequest, issue: Issue, sent: Submission) -> Outcome:
    try:
        return _pressed(request)(request, issue, sent)
    except (
        Gone,
        ActRefused,
        NothingToUndo,
        NotEditable,
        ValidationError,
        markup.NoSuchFigure,
        sent_forms.NoAct,
    ) as error:
        return Outcome(sentence=act_words.why_not(error), gone=isinstance(error, Gone))


def _pressed(request: HttpRequest) -> Callable[[HttpRequest, Issue, Submission], Outcome]:
    for name, handler in _PRESSES.items():
        if name in request.POST:
            return handler
    raise sent_forms.NoAct


def _act(request: HttpRequest, issue: Issue, sent: Submission) -> Outcome:
    signed = freezing.is_signed(issue)
    base = releasing.as_edited(issue) if signed else base_of(issue, sent.made_from)
    act = sent_forms.act_of(request.POST, base=base, issue=issue)
    if signed:
        kept = releasing.gather(issue, act, by=request.user, at=sent.at)
        sentence = act_words.GATHERED if kept else act_words.AS_RELEASED
        return Outcome(sentence=str(sentence), anchor=anchors.anchor_of(act), gathered=True)
    made = history.perform(issue, act, sent)
    return Outcome(made, anchor=anchors.anchor_of(act))


def _undo(_request: HttpRequest, issue: Issue, sent: Submission) -> Outcome:
    return _said(issue, history.undo(issue, sent))


def _redo(_request: HttpRequest, issue: Issue, sent: Submission) -> Outcome:
    return _said(issue, history.redo(issue, sent))


def _said(issue: Issue, made: Made) -> Outcome:
    """Return the outcome of an undo, which says what it was that was undone: it may stand far off,
    and be somebody else's."""
    number = act_words.is_about(made.revision)
    about = issue.revisions.filter(number=number).select_related("made_by").defer("state").first()
    return Outcome(made, act_words.sentence_to(made.revision, about))


def _restore(request: HttpRequest, issue: Issue, sent: Submission) -> Outcome:
    try:
        made = history.restore(issue, sent_forms.number(request.POST["restore"]), sent)
    except Revision.DoesNotExist as error:
        raise Gone from error
    return Outcome(made)


def _make_topics(_request: HttpRequest, issue: Issue, sent: Submission) -> Outcome:
    return Outcome(filing.make_topics(issue, sent))


def _file(request: HttpRequest, issue: Issue, sent: Submission) -> Outcome:
    section = issue.sections.filter(pk=sent_forms.number(request.POST["file"])).first()
    if section is None:
        raise Gone
    section.issue = issue
    return Outcome(_filed(section, request.POST.get("about", ""), sent))


def _filed(section: Section, about: str, sent: Submission) -> Made:
    if about == NOT_MAILED:
        return filing.leave_out(section, sent)
    if about == NEW_TOPIC:
        if not filing.can_name_a_topic(section.title):
            raise ValidationError(_("To make a topic of a section, give it a short title first."))
        return filing.make_topic(section, sent)
    topic = section.issue.bulletin.topics.filter(pk=sent_forms.number(about)).first()
    if about and topic is None:
        raise Gone
    return filing.file_under(section, topic, sent)


_PRESSES: dict[str, Callable[[HttpRequest, Issue, Submission], Outcome]] = {
    "undo": _undo,
    "redo": _redo,
    "restore": _restore,
    "make_topics": _make_topics,
    "file": _file,
    "act": _act,
}


def _in_conflict(request: HttpRequest, issue: Issue, conflict: Conflict) -> HttpResponse:
    """Show both texts: what somebody else stored, and what was to be stored in its place."""
    issue.refresh_from_db()
    draft = storage.load(issue)
    anchor = anchors.anchor_of(conflict.act)
    if not anchor:  # what a section is about: the other one's choice stands, and is shown
        sentence = str(act_words.CHOSEN_MEANWHILE)
        if answers.is_script(request):
            return answers.changes(request, issue, says=sentence)
        messages.warning(request, sentence)
        return redirect("admin:issues_issue_change", issue.pk)
    keep_typed(request, issue, version=draft.version)
    editor = editors.in_conflict(issue, draft, anchor, request.POST)
    if answers.is_script(request):
        return answers.part(request, issue, draft, editor=editor)
    return render(
        request,
        "admin/issues/block_editor/conflict.html",
        {**answers.page_context(request, issue), "editor": editor},
        status=409,
    )


def keep_typed(request: HttpRequest, issue: Issue, *, version: int) -> None:
    """Keep the words of an editor's fields that are not as they were shown."""
    anchor = request.POST.get("anchor", "")
    for name in editors.NAMES if anchor else ():
        text = request.POST.get(name)
        if text is not None and text != request.POST.get(f"was-{name}"):
            at_work.keep(
                issue,
                user_id(request),
                field=f"{anchor}:{name}",
                text=text,
                version=max(version, 0),
                at=timezone.now(),
            )


def base_of(issue: Issue, version: int) -> Draft:
    """Return the state that a form was made from. Raises Gone."""
    try:
        return revisions.state(issue, version)
    except Revision.DoesNotExist as error:
        raise Gone from error


def _fields_of(request: HttpRequest, anchor: str) -> list[str]:
    return [f"{anchor}:{name}" for name in request.POST if name in editors.NAMES]


def _look_at(outcome: Outcome) -> str:
    """Return the anchor of what to look at after an act: what it was about, or what is new."""
    if outcome.made is None or not outcome.made.new:
        return ""
    before = {one.key for one in outcome.made.before.articles}
    for article in outcome.made.after.articles:
        if article.key not in before:
            return f"article-{article.key}"
    return outcome.anchor
