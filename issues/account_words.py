"""The account of a reading in one line: how many characters of an issue went where."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from issues.parse_messages import listed
from pdf_reading.account import Destination, PageAccount

DESTINATIONS: Mapping[Destination, Promise] = {
    Destination.SECTION: pgettext_lazy("characters", "%(number)s in names of sections"),
    Destination.KICKER: pgettext_lazy("characters", "%(number)s in kickers"),
    Destination.FURNITURE: pgettext_lazy("characters", "%(number)s in running heads and folios"),
    Destination.FRONT_MATTER: pgettext_lazy("characters", "%(number)s on cover and masthead"),
    Destination.CONTENTS: pgettext_lazy("characters", "%(number)s in the contents"),
    Destination.BACK_MATTER: pgettext_lazy("characters", "%(number)s in the imprint"),
    Destination.FIGURE: pgettext_lazy("characters", "%(number)s inside figures"),
    Destination.LABEL: pgettext_lazy("characters", "%(number)s in labels"),
    Destination.HYPHEN: pgettext_lazy("characters", "%(number)s as hyphens at the ends of lines"),
    Destination.REPEATED: pgettext_lazy("characters", "%(number)s printed twice"),
    Destination.INVISIBLE: pgettext_lazy("characters", "%(number)s invisible"),
    Destination.ROTATED: pgettext_lazy("characters", "%(number)s rotated"),
    Destination.UNREADABLE: pgettext_lazy("characters", "%(number)s unreadable"),
    Destination.UNREAD: pgettext_lazy("characters", "%(number)s not read"),
    Destination.LEFT_OVER: pgettext_lazy("characters", "%(number)s left over"),
    Destination.LOST: pgettext_lazy("characters", "%(number)s lost"),
}


def sentence(account: PageAccount) -> str:
    """Return how many characters the pages have, and what became of them."""
    counts = {**account.counts, Destination.LOST: account.counts.get(Destination.LOST, 0)}
    parts = [_("%(number)s in articles") % {"number": _number(account.in_articles)}]
    # PostgreSQL keeps the keys of JSON in an order of its own.
    parts += [
        str(words) % {"number": _number(counts[one])}
        for one, words in DESTINATIONS.items()
        if one in counts
    ]
    whole = {"number": _number(account.characters), "parts": listed(parts)}
    return _("%(number)s characters: %(parts)s.") % whole


def _number(count: int) -> str:
    return number_format(count, force_grouping=True)
