"""The page on which an editor sends a correction to those who got an issue's mails."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.history import LogChange
from backoffice.issue_pages import proofs
from backoffice.mailing_pages import progress
from backoffice.sign_off_pages import decisions
from backoffice.sign_off_pages import page as sign_off_page
from digests import audience, preview, publishing
from digests import proofs as proofing
from digests.audience.corrections import MAX_ARTICLES
from digests.models import Digest
from digests.rendering import CannotRender
from foundation.response_headers import WITH_MAIL, allows
from issues.models import Article, Issue


class CorrectionForm(forms.Form):
    """The articles that were wrong, and the editor's remark."""

    articles = forms.ModelMultipleChoiceField(
        Article.objects.none(),
        label=gettext_lazy("Articles that were wrong"),
        widget=forms.CheckboxSelectMultiple,
    )
    remark = forms.CharField(
        label=gettext_lazy("What was wrong, in a sentence or two"),
        max_length=Digest._meta.get_field("remark").max_length,
        widget=forms.Textarea(attrs={"rows": 4, "class": "body"}),
    )

    def __init__(self, digest: Digest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.digest = digest
        articles = cast("forms.ModelMultipleChoiceField[Article]", self.fields["articles"])
        articles.queryset = (
            digest.articles()
            .defer("passages", "places")
            .order_by("section__position", "section", "position", "pk")
        )

    def clean_articles(self) -> Any:
        articles = self.cleaned_data["articles"]
        if len(articles) > MAX_ARTICLES:
            raise forms.ValidationError(
                _("A correction can hold %(most)d articles."), params={"most": MAX_ARTICLES}
            )
        return articles

    def clean_remark(self) -> str:
        """Write line ends as they are stored, so that the same words are the same."""
        return "\n".join(self.cleaned_data["remark"].splitlines())

    def drafted(self) -> Digest:
        """Return the correction that a valid form describes, not stored."""
        return audience.drafted(
            self.digest,
            articles=[article.pk for article in self.cleaned_data["articles"]],
            remark=self.cleaned_data["remark"],
            at=timezone.now(),
        )


@allows(WITH_MAIL)
def correction_view(
    request: HttpRequest, issue: Issue, context: dict[str, Any], *, log_change: LogChange
) -> HttpResponse:
    """Ask on GET what was wrong. Show on POST the mails and how many readers would get them; mail
    a proof to the editor, or the correction, when that was pressed. Twice is once."""
    digest = Digest.objects.without_corrections().of_issue(issue).defer("blocks", "texts").first()
    if digest is None:
        messages.warning(request, _("Only what was published can be corrected by mail."))
        return redirect("admin:issues_issue_change", issue.pk)
    if digest.finished_at is None:
        messages.warning(request, _("The mails of this issue are not all sent yet."))
        return redirect("admin:issues_issue_change", issue.pk)
    form = CorrectionForm(digest, request.POST if request.method == "POST" else None)
    context = context | {"title": _("Send a correction"), "issue": issue, "form": form}
    if not form.is_valid() or "_again" in request.POST:
        return render(request, "admin/issues/issue/correction.html", context)
    draft = form.drafted()
    if "_send" in request.POST:
        return _send(request, draft, log_change=log_change)
    try:
        context["proof"] = _proof(request, draft)
        context["preview"] = preview.preview_correction(draft)
    except CannotRender as error:
        messages.error(request, _("The mails cannot be printed: %(error)s") % {"error": error})
        return render(request, "admin/issues/issue/correction.html", context)
    return render(request, "admin/issues/issue/correction_asked.html", context)


def _proof(request: HttpRequest, draft: Digest) -> proofs.ProofForm:
    """Return the form of a proof's address; mail the proof when that was pressed."""
    form = proofs.proof_form(request, sent="_proof" in request.POST)
    if form.is_valid():
        to = form.cleaned_data["address"]
        proofs.report(request, proofing.of_correction(draft, to=to, at=timezone.now()), to=to)
    return form


def _send(request: HttpRequest, draft: Digest, *, log_change: LogChange) -> HttpResponse:
    if draft.bulletin.needs_sign_off:
        return _submit(request, draft)
    try:
        with transaction.atomic():
            correction, new = publishing.correct(draft)
            if new:
                after = {"remark": draft.remark, "articles": len(draft.corrected_articles)}
                act = "correction.sent"
                log_change(request, draft.issue, str(correction), act=act, after=after)
    except audience.StillSending:
        messages.warning(request, _("The mails of this issue are not all sent yet."))
        return redirect("admin:issues_issue_change", draft.issue_id)
    if new:
        messages.success(request, _("The correction is on its way."))
        progress.enqueue_sending(request, correction)
    else:
        messages.info(request, _("This correction was sent before."))
    return redirect("admin:digests_digest_change", correction.pk)


def _submit(request: HttpRequest, draft: Digest) -> HttpResponse:
    """Submit the correction to all who may release it."""
    issue = draft.own_issue
    asked = list(sign_off_page.others(issue, request.user))
    described = {"articles": list(draft.corrected_articles), "remark": draft.remark}
    if not asked:
        messages.warning(request, _("Nobody else may release issues of this bulletin yet."))
    else:
        try:
            sign_off_page.submit(request, issue, asked=asked, correction=described)
        except decisions.NotDone as error:
            messages.warning(request, str(error))
    return redirect("admin:issues_issue_sign_off", issue.pk)
