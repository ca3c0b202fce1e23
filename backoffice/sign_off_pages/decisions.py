"""A press on “Release” or “Return”, on the page or by the link in a mail: done once, told to who
submitted it, and kept in the history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from backoffice.issue_pages.block_editor import act_words
from backoffice.tasks import send_decision
from digests import audience, releasing
from digests.releasing import Decided
from digests.tasks import prepare_digest
from foundation.enqueue import enqueue
from issues import sign_off as signing_off
from issues.editing.conflicts import Conflict
from issues.editing.document import Gone
from issues.editing.history import NotEditable
from issues.editing.refusals import ActRefused
from issues.models import SignOff


class NotDone(Exception):
    """It was not done; the words of the exception say why, in the language in force."""


def release(
    sign_off: SignOff, *, by: Any, at: datetime, word: str = "", by_link: bool = False
) -> Decided:
    """Release what was submitted. Raises NotDone."""
    try:
        decided = releasing.release(sign_off, by=by, at=at, word=word, by_link=by_link)
    except signing_off.CannotDecide as error:
        raise NotDone(why_not(error)) from error
    except audience.StillSending as error:
        raise NotDone(_("The mails of this issue are not all sent yet.")) from error
    except (ActRefused, Gone, Conflict, NotEditable) as error:
        raise NotDone(str(act_words.why_not(error))) from error
    if decided.correction is not None:
        enqueue(prepare_digest, decided.correction.pk)
    enqueue(send_decision, decided.sign_off.pk)
    return decided


def send_back(
    sign_off: SignOff, *, by: Any, at: datetime, word: str, by_link: bool = False
) -> Decided:
    """Return what was submitted, with a word. Raises NotDone."""
    if not word.strip():
        raise NotDone(_("Say in a word what is to be changed."))
    try:
        decided = releasing.send_back(sign_off, by=by, at=at, word=word, by_link=by_link)
    except signing_off.CannotDecide as error:
        raise NotDone(why_not(error)) from error
    enqueue(send_decision, decided.sign_off.pk)
    return decided


def why_not(error: signing_off.CannotDecide) -> str:
    """Return the sentence for something that cannot be decided."""
    if isinstance(error, signing_off.DecidedBefore):
        return decided_before(error.sign_off)
    if isinstance(error, signing_off.SubmittedIt):
        return _("You submitted it yourself: somebody else has to release it.")
    if isinstance(error, signing_off.MayNot):
        return _("You may not release issues of this bulletin.")
    return _(
        "The issue was changed after this was submitted. Nothing was released; it has to be "
        "submitted again as it stands now."
    )


def decided_before(sign_off: SignOff) -> str:
    """Return who decided, what, and when."""
    when = localtime(sign_off.decided_at) if sign_off.decided_at else None
    words = {
        "name": sign_off.decided_name,
        "time": date_format(when, "DATETIME_FORMAT") if when else "",
    }
    if sign_off.decision == SignOff.Decision.RELEASED:
        return _("%(name)s released it on %(time)s.") % words
    if sign_off.decision == SignOff.Decision.RETURNED:
        return _("%(name)s returned it on %(time)s.") % words
    return _("It was taken back, or submitted anew, on %(time)s.") % words
