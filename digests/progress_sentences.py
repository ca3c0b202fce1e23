"""The progress of a digest, in words."""

from __future__ import annotations

from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from digests import alarms
from digests.models import Digest
from digests.reporting import Progress, State, restored


def in_a_word(digest: Digest) -> str:
    """The state of a digest as progress as its own row tells."""
    for stamped, word in (
        (digest.failure, _("cannot be made")),
        (digest.taken_back_at, _("taken back")),
        (digest.cancelled_at, _("stopped for good")),
        (digest.finished_at, _("finished")),
        (digest.restored_at, _("restored, wants a decision")),
        (digest.paused_at, _("paused")),
    ):
        if stamped:
            return word
    return _("being mailed")


def sentence(digest: Digest, progress: Progress) -> str:
    """The state in words."""
    if digest.taken_back_at is not None:
        return _("Taken back before its first mail left: nobody gets it.")
    return _of_state(digest, progress)


def _of_state(digest: Digest, progress: Progress) -> str:
    match progress.state:
        case State.STUCK if digest.failure:
            return _("The digest cannot be made: %(failure)s") % {"failure": digest.failure}
        case State.STUCK:
            return _("The accounting does not hold: some readers are not accounted for.")
        case State.FINISHED:
            return _finished(digest, progress)
        case State.UNDECIDED:
            return _undecided(digest, progress)
        case State.STANDING_STILL:
            return " ".join([_sending(digest, progress), *alarms.sentences(progress.standstill)])
    return _sending(digest, progress)


def _undecided(digest: Digest, progress: Progress) -> str:
    if not restored(digest):
        return _("Finished, but for some readers it is uncertain whether their mail arrived.")
    return ngettext(
        "Paused, because the database was restored from a backup. %(count)d reader waits in it "
        "who may have got the mail since; when it is resumed, that is a second copy.",
        "Paused, because the database was restored from a backup. %(count)d readers wait in it "
        "who may have got the mail since; when it is resumed, that is a second copy for each.",
        progress.counts.waiting,
    ) % {"count": progress.counts.waiting}


def _finished(digest: Digest, progress: Progress) -> str:
    counts = progress.counts
    if digest.cancelled_at is not None:
        return _("Stopped for good: %(sent)d of %(readers)d readers got it.") % {
            "sent": counts.sent,
            "readers": counts.candidates,
        }
    if counts.candidates == counts.excluded:
        return _("Finished: there was nobody to mail it to.")
    return _("Finished: every reader is accounted for, %(sent)d of %(readers)d got it.") % {
        "sent": counts.sent,
        "readers": counts.candidates,
    }


def _sending(digest: Digest, progress: Progress) -> str:
    if digest.cancelled_at is not None:
        return _("Cancelled: what is in hand is finished, then nothing more is sent.")
    if digest.paused_at is not None:
        return _("Paused: nothing is sent until it is resumed.")
    if digest.prepared_at is None:
        return _("Working out who gets what.")
    done = {"settled": progress.counts.settled, "readers": progress.counts.candidates}
    if progress.seconds_left is None:
        return _("%(settled)d of %(readers)d readers are done.") % done
    minutes = ceil(progress.seconds_left / 60)
    said = ngettext(
        "%(settled)d of %(readers)d readers are done; about %(minutes)d minute is left.",
        "%(settled)d of %(readers)d readers are done; about %(minutes)d minutes are left.",
        minutes,
    )
    return said % (done | {"minutes": minutes})
