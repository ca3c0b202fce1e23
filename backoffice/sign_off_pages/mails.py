"""The mails of a sign-off: to who is asked, with the proof; and to who submitted."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from backoffice import office_mail
from backoffice.sign_off_pages import differences
from digests import rendering, signing
from foundation.absolute_urls import absolute_url
from issues import proof_tokens
from issues import sign_off as signing_off
from issues.models import SignOff, SignOffRequest
from mail.delivery import Accepted

_BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)
_EMPTY = '<!doctype html><html lang="{}"><head><title>{}</title></head><body></body></html>'


def ask(sign_off: SignOff, *, at: datetime) -> list[SignOffRequest]:
    """Mail everybody who was asked and got no mail yet. Returns those to whom none went. The mail
    server is waited for."""
    failed = []
    requests = sign_off.requests.filter(mailed_at=None).select_related("user")
    proof = _proof(sign_off, at=at)
    for request in requests:
        if request.user.email and _ask(sign_off, request, proof, at=at):
            SignOffRequest.objects.filter(pk=request.pk).update(mailed_at=at)
        else:
            failed.append(request)
    return failed


def _ask(
    sign_off: SignOff, request: SignOffRequest, proof: tuple[str, str], *, at: datetime
) -> bool:
    issue = sign_off.issue
    language = issue.bulletin.language
    with translation.override(language):
        subject = _("Please release: %(issue)s") % {"issue": issue}
        context = {
            "sign_off": sign_off,
            "issue": issue,
            "days": signing_off.LIFETIME.days,
            "differences": differences.of(sign_off, request.user),
            "most": differences.MAX_SHOWN,
            "name": request.user.get_full_name() or request.user.get_username(),
            "link": absolute_url("release", signing_off.token(request, at=at)),
            "page": absolute_url("admin:issues_issue_sign_off", issue.pk),
        }
        head = render_to_string("release/mail.html", context)
        lead = render_to_string("release/mail.txt", context)
    html, text = proof
    html = html or _EMPTY.format(language, "")
    outcome = office_mail.send(
        request.user.email,
        subject=subject,
        text=f"{lead}\n{text}",
        html=_BODY.sub(lambda body: f"{body[0]}{head}", html, count=1),
        key=f"sign-off.{request.pk}.{at:%Y%m%d%H%M%S}",
        at=at,
    )
    return isinstance(outcome, Accepted)


def _proof(sign_off: SignOff, *, at: datetime) -> tuple[str, str]:
    """Return the mail as readers would get it in the bulletin's language, as HTML and as text; two
    empty ones where there is none."""
    issue = sign_off.issue
    language = issue.bulletin.language
    if sign_off.kind == SignOff.Kind.CHANGE:
        return "", ""
    try:
        if sign_off.kind == SignOff.Kind.CORRECTION:
            digest = rendering.previewed(signing.correction_of(sign_off, at=at))
        else:
            key = proof_tokens.token(issue, at=at)
            digest = rendering.preview_of(issue, at=at, languages=[language], proof=key)
    except rendering.CannotRender:
        return "", ""
    proofs = rendering.Proofs(digest)
    if not proofs.everything:
        return "", ""
    whole = proofs.whole(language)
    return rendering.page(whole), rendering.text(whole)


def tell(sign_off: SignOff, *, at: datetime) -> None:
    """Mail who submitted it what was decided."""
    to: Any = sign_off.submitted_by
    if to is None or not to.email:
        return
    issue = sign_off.issue
    named = {"name": sign_off.decided_name, "issue": issue}
    released = sign_off.decision == SignOff.Decision.RELEASED
    with translation.override(issue.bulletin.language):
        subject = _("Released: %(issue)s") if released else _("Returned: %(issue)s")
        sentence = _("%(name)s released it.") if released else _("%(name)s returned it.")
        lines = [
            str(issue),
            sentence % named,
            sign_off.word,
            absolute_url("admin:issues_issue_change", issue.pk),
        ]
        office_mail.send(
            to.email,
            subject=subject % named,
            text="\n\n".join(filter(None, lines)) + "\n",
            key=f"decided.{sign_off.pk}.{at:%Y%m%d%H%M%S}",
            at=at,
        )
