"""A forgotten password: a link by mail, and the page that it leads to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import guesses, hashing, login_limit, password_links
from accounts.forms import AddressForm
from accounts.tasks import send_password_link
from audit_log.recording import record_act
from foundation.enqueue import enqueue
from subscribers.sign_up_limit import visitor_of


@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the address, and say the same whoever has it."""
    form = AddressForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "accounts/forgotten.html", _("Forgotten your password?"), form=form)
    address = form.cleaned_data["email"]
    seconds = login_limit.wait_for_link(address, visitor_of(request))
    if seconds:
        return guesses.too_many(request, seconds=seconds)
    rows = password_links.request(address, at=timezone.now(), language=get_language() or "zh-hans")
    # Also for nobody, so that the answer takes as long.
    for key in rows or [0]:
        enqueue(send_password_link, key)
    return _page(request, "accounts/link_sent.html", _("Look into your mail"))


@never_cache
@sensitive_post_parameters()
def set_password(request: HttpRequest, token: str) -> HttpResponse:
    """Have whose link it is set a password; their sessions end, and the link with it."""
    user = password_links.user_of(token)
    if user is None:
        title = _("This link is not valid any more")
        return _page(request, "accounts/bad_link.html", title, status=403)
    form: SetPasswordForm[User] = SetPasswordForm(user, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "accounts/set_password.html", _("Set a new password"), form=form)
    form.save()
    _write_changed(user, by="link")
    return _page(request, "accounts/password_set.html", _("The new password is set"))


@sensitive_post_parameters()
def change(request: HttpRequest) -> HttpResponse:
    """Have one's own password changed by Django's page, where the old one is asked for; guesses at
    it are slowed down as at the log-in. All other sessions end."""
    if request.method != "POST":
        return admin.site.password_change(request)
    hashing.ensure_room()
    user: Any = request.user
    guess = guesses.at_code(request, user)
    if refusal := guesses.too_early(request, guess):
        return refusal
    answer = admin.site.password_change(request)
    if answer.status_code == 302:
        login_limit.was_right(guess)
        _write_changed(user, by="old password")
    else:
        login_limit.was_wrong(guess)
    return answer


def _write_changed(user: User, *, by: str) -> None:
    subject = guesses.key_of(user)
    record_act("password.changed", by=user, at=timezone.now(), subject=subject, after={"by": by})


def _page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    shared = admin.site.each_context(request)
    return TemplateResponse(request, template, {**shared, "title": title, **context}, status=status)
