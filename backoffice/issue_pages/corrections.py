"""The page on which an editor sends a correction to those who got an issue's mails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.issue_pages import proofs
from backoffice.mailing_pages import progress
from digests import audience, preview
from digests import proofs as proofing
from digests.audience.corrections import MOST
from digests.models import Digest
from digests.rendering import CannotRender
from foundation.response_headers import WITH_MAIL, allows
from issues.models import Article, Issue

Log = Callable[[HttpRequest, Issue, str], object]


class CorrectionForm(forms.Form):
    """What was wrong, and what the editor says of it."""

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
            .defer("passages", "places", "reasons")
            .order_by("section__position", "section", "position", "pk")
        )

    def clean_articles(self) -> Any:
        articles = self.cleaned_data["articles"]
        if len(articles) > MOST:
            raise forms.ValidationError(
                _("A correction can hold %(most)d articles."), params={"most": MOST}
            )
        return articles

    def clean_remark(self) -> str:
        """With line ends as they are stored, so that the same words are the same."""
        return "\n".join(self.cleaned_data["remark"].splitlines())

    def drafted(self) -> Digest:
        """The correction that a valid form describes, not stored."""
        return audience.drafted(
            self.digest,
            articles=[article.pk for article in self.cleaned_data["articles"]],
            remark=self.cleaned_data["remark"],
            at=timezone.now(),
        )


@allows(WITH_MAIL)
def page(request: HttpRequest, issue: Issue, context: dict[str, Any], *, log: Log) -> HttpResponse:
    """GET asks what was wrong; POST shows the mails, says how many readers will get them and
    asks; then it mails a proof to the editor, or the correction. Twice is once."""
    digest = Digest.objects.without_corrections().of_issue(issue).defer("blocks").first()
    if digest is None:
        messages.warning(request, _("Only what was published can be corrected by mail."))
        return redirect("admin:issues_issue_change", issue.pk)
    if digest.finished_at is None:
        messages.warning(request, _("The mails of this issue are not all sent yet."))
        return redirect("admin:issues_issue_change", issue.pk)
    form = CorrectionForm(digest, request.POST if request.method == "POST" else None)
    told = context | {"title": _("Send a correction"), "issue": issue, "form": form}
    if not form.is_valid() or "_again" in request.POST:
        return render(request, "admin/issues/issue/correction.html", told)
    draft = form.drafted()
    if "_send" in request.POST:
        return _send(request, draft, log=log)
    try:
        told["proof"] = _proof(request, draft)
        told["prospect"] = preview.preview_correction(draft)
    except CannotRender as error:
        messages.error(request, _("The mails cannot be printed: %(error)s") % {"error": error})
        return render(request, "admin/issues/issue/correction.html", told)
    return render(request, "admin/issues/issue/correction_asked.html", told)


def _proof(request: HttpRequest, draft: Digest) -> proofs.ProofForm:
    """Where a proof is to go; it is sent when that was pressed."""
    form = proofs.asked(request, sent="_proof" in request.POST)
    if form.is_valid():
        to = form.cleaned_data["address"]
        proofs.say(request, proofing.of_correction(draft, to=to, at=timezone.now()), to=to)
    return form


def _send(request: HttpRequest, draft: Digest, *, log: Log) -> HttpResponse:
    try:
        correction, new = audience.open_correction(draft)
    except audience.StillSending:
        messages.warning(request, _("The mails of this issue are not all sent yet."))
        return redirect("admin:issues_issue_change", draft.issue_id)
    if new:
        log(request, draft.issue, str(correction))
        messages.success(request, _("The correction is on its way."))
        progress.enqueue_sending(request, correction)
    else:
        messages.info(request, _("This correction was sent before."))
    return redirect("admin:digests_digest_change", correction.pk)
