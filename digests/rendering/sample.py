"""A mail of a bulletin that has no issue yet: its look, with words that stand for articles."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from digests.rendering.template_values import Entry, Line, Part
from issues import issue_dates
from mail.messages import template_rendering
from pdf_reading.linking import Run
from publications.branding import Masthead, brand
from publications.models import Bulletin

NOWHERE = "#"  # where the links of the sample lead


@dataclass(frozen=True, slots=True)
class _Issue:
    number: str


def page(bulletin: Bulletin, *, masthead: Masthead | None = None, at: datetime) -> str:
    """Return the HTML of the sample for a browser, by the template of the mails and in the
    language of the bulletin, which need not be stored. `masthead` goes before its own image. No
    query. Raises CannotRender."""
    with translation.override(bulletin.language):
        look = brand(bulletin)
        context = {
            **look,
            "masthead": masthead or look["masthead"],
            "language": bulletin.language,
            "issue": _Issue(gettext("No. 1")),
            "date": date_format(timezone.localtime(at), issue_dates.day_format()),
            "parts": [_part(key, bulletin) for key in ("1", "2")],
            "listed": [_part(key, bulletin) for key in ("1", "2")],
            "cut": defaultdict(str),
            "fields": defaultdict(lambda: NOWHERE, _words()),
            "archive": NOWHERE,
            "sign_up": NOWHERE,
            "on_the_web": NOWHERE,
            "pdf": NOWHERE,
        }
        return template_rendering.html("email/digest.mjml", context)


def _words() -> dict[str, str]:
    return {
        "preheader": "",
        "greeting": "",
        "follows": "",
        "sent": "",
        "sentence": gettext("This is how the mails of the bulletin look."),
    }


def _part(key: str, bulletin: Bulletin) -> Part:
    whole = Entry(
        pk=int(key),
        cut="",
        brief=False,
        title=gettext("The headline of an article"),
        headed=True,
        url=NOWHERE,
        link="",
        number="",
        read_on="",
        source=gettext("Where it was published"),
        minutes=2,
        lead=(
            Run(gettext("Here stand the first sentences of the article.") + " "),
            Run(gettext("A link looks like this."), NOWHERE),
        ),
    )
    brief = replace(whole, brief=True, title=gettext("One more article of this section"))
    lines = [Line(cut="", pk=one.pk, title=one.title) for one in (whole, brief)]
    return Part(
        key=key,
        title=gettext("Section %(number)s") % {"number": key},
        rule="",
        language=bulletin.language,
        topic=None,
        count="2",
        more="",
        entries=[whole, brief],
        cuts=defaultdict(str),
        lines=lines,
    )
