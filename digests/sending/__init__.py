"""Sending a digest: workers claim batches, send them, and write down what the server said.

The delivery table is the queue. `digests.audience` fills it, `send` empties it, `recover` and
`finish` keep it true, `count` says how far it is. Every step changes state by a conditional
UPDATE, so that doing it twice, or dying in the middle, does no harm; the ledger alone writes what
became of a delivery. What a worker did with its claim stands in a journal first.
"""

from digests.sending.accounting import Counts, count, count_deliveries, finish, reasons
from digests.sending.batch_counts import recount
from digests.sending.claims import hasten, recover
from digests.sending.ledger import MAX_RESENDS
from digests.sending.left_out import make_up_for
from digests.sending.lifecycle import Hold, cancel, pause, resume, what_holds
from digests.sending.pending import keep_carried
from digests.sending.pruning import prune
from digests.sending.resending import NotResent, Obstacle, Scope, resend, resend_failed
from digests.sending.restored_backup import may_have_been_mailed, pause_if_restored
from digests.sending.uncertain import Decision, confirm_sent
from digests.sending.uncertain import resolve as resolve_uncertain
from digests.sending.worker import send

__all__ = [
    "MAX_RESENDS",
    "Counts",
    "Decision",
    "Hold",
    "NotResent",
    "Obstacle",
    "Scope",
    "cancel",
    "confirm_sent",
    "count",
    "count_deliveries",
    "finish",
    "hasten",
    "keep_carried",
    "make_up_for",
    "may_have_been_mailed",
    "pause",
    "pause_if_restored",
    "prune",
    "reasons",
    "recount",
    "recover",
    "resend",
    "resend_failed",
    "resolve_uncertain",
    "resume",
    "send",
    "what_holds",
]
