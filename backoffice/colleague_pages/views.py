"""The page that makes a colleague, who sets their password by a link in a mail."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group, User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from accounts import invitations
from audit_log.recording import record_act
from backoffice import roles
from backoffice.colleague_pages import making
from backoffice.tasks import send_invitation
from foundation.enqueue import enqueue
from publications import rights
from publications.models import Bulletin
from subscribers import addresses

ADDRESS_LENGTH = 150  # of what one logs in with


class RolesField(forms.ModelMultipleChoiceField[Group]):
    """Roles, each with what it is for."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Group) -> str:
        role = getattr(obj, "role", None)
        name, meaning = roles.label(obj), roles.MEANINGS.get(role.key if role else "")
        return _("%(role)s: %(meaning)s") % {"role": name, "meaning": meaning} if meaning else name


class ColleagueForm(forms.Form):
    """A name, an address, roles and bulletins."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=150)
    address = forms.EmailField(label=gettext_lazy("Email address"), max_length=ADDRESS_LENGTH)
    groups = RolesField(Group.objects.none(), label=gettext_lazy("Roles"))
    bulletins = forms.ModelMultipleChoiceField(
        Bulletin.objects.all(),
        label=gettext_lazy("In these bulletins alone"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "None chosen: in all bulletins, also in those that come later. Somebody with a role in "
            "some bulletins sees nothing of the others. Accounts and new bulletins are for those "
            "whose role holds in all."
        ),
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = [one.pk for one in Group.objects.all() if rights.outranks(user, one)]
        field = cast("forms.ModelMultipleChoiceField[Group]", self.fields["groups"])
        found = Group.objects.filter(pk__in=given).select_related("role")
        field.queryset = found.order_by("role__pk", "name")

    def clean_address(self) -> str:
        """Raise ValidationError for what no mail can be sent to, and for who is there already."""
        try:
            text = addresses.parse(self.cleaned_data["address"]).text
        except addresses.NotAnAddress as error:
            raise forms.ValidationError(_("This is not an email address.")) from error
        taken = User.objects.filter(username__iexact=text) | User.objects.filter(email__iexact=text)
        if taken.exists():
            raise forms.ValidationError(_("Somebody with this address has an account already."))
        return text


def colleague_view(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Ask who it is on GET; make the account on POST, and mail the link."""
    form = ColleagueForm(request.user, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = context | {"title": _("A new colleague"), "form": form}
        return render(request, "admin/auth/user/colleague.html", context)
    made = making.make(**form.cleaned_data, by=request.user, at=timezone.now())
    mail_link(request, made)
    return redirect("admin:auth_user_change", made.pk)


def mail_link(request: HttpRequest, user: User) -> None:
    """Have somebody mailed the link to set their password, and say so."""
    at = timezone.now()
    key = invitations.invite(user, language=get_language() or "zh-hans", at=at)
    if key is None:
        sentence = _("A mail to %(address)s is on its way already. None was sent a second time.")
        messages.info(request, sentence % {"address": user.email})
        return
    record_act("colleague.invited", by=request.user, at=at, subject=user.get_full_name())
    enqueue(send_invitation, key)
    sentence = _("A mail with the link to set a password is on its way to %(address)s.")
    messages.success(request, sentence % {"address": user.email})
