"""The mails of a sign-off: to who is asked, with the proof; and to who submitted."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from backoffice import office_mail
from backoffice.sign_off_pages import differences
from digests import releasing, rendering
from foundation import due_rows
from foundation.absolute_urls import absolute_url
from issues import proof_tokens, release_tokens
from issues import sign_off as signing_off
from issues.models import SignOff, SignOffRequest
from mail.delivery import Accepted, Outcome

_BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)
_EMPTY = '<!doctype html><html lang="{}"><head><title>{}</title></head><body></body></html>'


def send_request(request_id: int, *, at: datetime) -> None:
    """Mail somebody who is asked, if that is due, once; the mail server is waited for. While it is
    away it stays due, later each time, for a day."""
    due = SignOffRequest.objects.due(at=at)
    due_rows.send_due(due, request_id, "due_at", partial(_ask, at=at), at=at)


def send_decision(sign_off_id: int, *, at: datetime) -> None:
    """Mail who submitted it what was decided, if that is due, as `send_request`."""
    due = SignOff.objects.answer_due(at=at)
    due_rows.send_due(due, sign_off_id, "answer_due_at", partial(_answer, at=at), at=at)


def _ask(request: SignOffRequest, *, at: datetime) -> datetime | None:
    sign_off = request.sign_off
    if not signing_off.is_of(sign_off, sign_off.issue):
        return None  # it cannot be released any more, and is submitted anew
    outcome = _send_request(sign_off, request, at=at)
    accepted = isinstance(outcome, Accepted)
    SignOffRequest.objects.filter(pk=request.pk).update(
        mailed_at=at if accepted else None, response="" if accepted else outcome.smtp_response
    )
    return office_mail.next_time(outcome, sign_off.submitted_at or at, at=at)


def _send_request(sign_off: SignOff, request: SignOffRequest, *, at: datetime) -> Outcome:
    issue = sign_off.issue
    language = issue.bulletin.language
    with translation.override(language):
        subject = _("Please release: %(issue)s") % {"issue": issue}
        context = {
            "sign_off": sign_off,
            "issue": issue,
            "days": release_tokens.LIFETIME.days,
            "differences": differences.of(sign_off, request.user),
            "most": differences.MAX_SHOWN,
            "name": request.user.get_full_name() or request.user.get_username(),
            "link": absolute_url("release", release_tokens.token(request, at=at)),
            "page": absolute_url("admin:issues_issue_sign_off", issue.pk),
        }
        head = render_to_string("release/mail.html", context)
        lead = render_to_string("release/mail.txt", context)
    html, text = _proof(sign_off, at=at)
    html = html or _EMPTY.format(language, "")
    return office_mail.send(
        request.user.email,
        subject=subject,
        text=f"{lead}\n{text}",
        html=_BODY.sub(lambda body: f"{body[0]}{head}", html, count=1),
        key=f"sign-off.{request.pk}",
        at=at,
    )


def _proof(sign_off: SignOff, *, at: datetime) -> tuple[str, str]:
    """Return the mail as readers would get it in the bulletin's language, as HTML and as text; two
    empty ones where there is none."""
    issue = sign_off.issue
    language = issue.bulletin.language
    if sign_off.kind == SignOff.Kind.CHANGE:
        return "", ""
    try:
        if sign_off.kind == SignOff.Kind.CORRECTION:
            digest = rendering.previewed(releasing.correction_of(sign_off, at=at))
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


def _answer(sign_off: SignOff, *, at: datetime) -> datetime | None:
    to: Any = sign_off.submitted_by
    if to is None or not to.email:
        return None
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
        outcome = office_mail.send(
            to.email,
            subject=subject % named,
            text="\n\n".join(filter(None, lines)) + "\n",
            key=f"decided.{sign_off.pk}",
            at=at,
        )
    return office_mail.next_time(outcome, sign_off.decided_at or at, at=at)
