"""The look of a bulletin's mails, beside the form in which it is chosen."""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digests.rendering import sample
from foundation.response_headers import MAIL, has_policy
from publications import branding
from publications.branding import Masthead
from publications.colours import is_colour
from publications.models import Bulletin
from publications.models.bulletin import IMAGE_TYPES, is_light

# A picture that was not saved yet stands in the page itself.
SAMPLE = MAIL | {"img-src": [*MAIL["img-src"], "data:"]}
TEXTS = ("name", "publisher", "postal_address", "sender_email", "reply_to")


class ImageForm(forms.Form):
    """The picture that was chosen and is not saved yet."""

    image = forms.ImageField(
        required=False,
        validators=[FileExtensionValidator(IMAGE_TYPES), is_light],
        widget=forms.FileInput,
    )


@has_policy(SAMPLE)
def look_view(request: HttpRequest, bulletin: Bulletin | None) -> HttpResponse:
    """Show a mail as it would be with what was posted of the form, valid or not; `bulletin` is the
    stored one. Nothing is stored. An image that cannot be taken is answered in words, with 422."""
    shown = bulletin or Bulletin(language=settings.LANGUAGE_CODE)
    masthead = None
    if request.method == "POST":
        form = ImageForm(request.POST, request.FILES)
        if not form.is_valid():
            words = " ".join(map(str, form.errors["image"]))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)
        _take(shown, request.POST)
        masthead = _masthead(form.cleaned_data["image"])
    shown.name = shown.name or _("The name of the bulletin")
    return HttpResponse(sample.page(shown, masthead=masthead, at=timezone.now()))


def _take(bulletin: Bulletin, sent: Any) -> None:
    """Take what the form says, as far as it can be shown."""
    for name in TEXTS:
        if name in sent:
            setattr(bulletin, name, sent[name][: _room(name)].strip())
    if sent.get("language") in dict(settings.LANGUAGES):
        bulletin.language = sent["language"]
    if is_colour(sent.get("accent", "")):
        bulletin.accent = sent["accent"]
    if "image-clear" in sent:
        bulletin.image = ""


def _room(name: str) -> int | None:
    return getattr(Bulletin._meta.get_field(name), "max_length", None)


def _masthead(image: UploadedFile | None) -> Masthead | None:
    if image is None:
        return None
    picture: Any = image
    image.seek(0)
    data = base64.b64encode(image.read()).decode()
    url = f"data:{picture.content_type};base64,{data}"
    return branding.masthead_of(url, *picture.image.size)
