"""The form to sign up that stands on other sites: plain HTML, without script, style or cookie."""

from __future__ import annotations

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils.translation import override

from foundation.absolute_urls import absolute_url
from publications.models import Bulletin, Topic


def snippet(bulletin: Bulletin, topics: Iterable[Topic], *, language: str, fixed: bool) -> str:
    """Return the HTML of the form, in `language`, which is also that of the mails: for whoever
    signs up to choose among `topics`, or, `fixed`, to get all of them."""
    chosen = list(topics)
    context = {
        "bulletin": bulletin,
        "topics": chosen,
        "fixed": fixed or len(chosen) == 1,
        "language": language,
        "lang": "zh-Hans" if language == "zh-hans" else language,
        "address": absolute_url("subscribers:sign_up_elsewhere", bulletin.slug),
    }
    with override(language):
        return render_to_string("subscribers/embed.html", context).strip() + "\n"
