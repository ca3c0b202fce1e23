"""The small requests of the page: a part opened, a text kept, who else is here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.i18n import set_language

from backoffice.issue_pages.block_editor import (
    act_words,
    anchors,
    answers,
    editors,
    page,
    sent_forms,
)
from backoffice.issue_pages.block_editor.acting import keep_typed
from backoffice.issue_pages.block_editor.page import user_id
from digests import releasing
from issues import at_work
from issues.editing.document import Gone
from issues.models import Issue


def part_view(request: HttpRequest, issue: Issue, anchor: str) -> HttpResponse:
    """Return a part of the page, its menu or editor open as `?open=` says; without the page's
    script, the whole page with that part open."""
    if not answers.is_script(request):
        here = reverse("admin:issues_issue_change", args=(issue.pk,))
        query = urlencode({"at": anchor, "open": request.GET.get("open", "")})
        return redirect(f"{here}?{query}#{anchor}")
    draft = releasing.as_edited(issue)
    try:
        kept = at_work.kept(issue, user_id(request))
        opened = page.open_part(issue, draft, anchor, request.GET.get("open", ""), kept)
        return answers.part(request, issue, draft, opened=opened, anchor=anchor)
    except Gone:
        return answers.changes(
            request, issue, says=str(act_words.NOT_THERE), gone=anchors.part_of(anchor)
        )


@sent_forms.without_nul
def keep_view(request: HttpRequest, issue: Issue) -> HttpResponse:
    """Keep the words of an editor that are not saved, or forget them. Without the page's script
    a press on the other language comes this way, too, and goes on to where the words are."""
    anchor = request.POST.get("anchor", "")
    if "forget" in request.POST:
        at_work.forget(issue, user_id(request), [f"{anchor}:{name}" for name in editors.NAMES])
        if not answers.is_script(request):
            return redirect("admin:issues_issue_change", issue.pk)
        return HttpResponse(status=204)
    keep_typed(request, issue, version=sent_forms.number(request.POST.get("version", "")))
    if "language" in request.POST:
        return set_language(request)
    if "later" in request.POST:
        here = reverse("admin:issues_issue_change", args=(issue.pk,))
        return redirect(f"{here}#{request.POST.get('look_at', '')}")
    return render(request, "admin/issues/block_editor/_kept_at.html", {"kept_at": timezone.now()})


@sent_forms.without_nul
def here_view(request: HttpRequest, issue: Issue) -> HttpResponse:
    """Note that the editor is here, and return who else is, and what they changed."""
    at = timezone.now()
    at_work.report(issue, user_id(request), where=request.POST.get("where", ""), at=at)
    others = at_work.others(issue, user_id(request), at=at)
    if sent_forms.number(request.POST.get("seen", "")) != issue.version:
        return answers.changes(request, issue, others=others)
    context = {"others": others, "issue": issue, "oob": True}
    return render(request, "admin/issues/block_editor/_others.html", context)
