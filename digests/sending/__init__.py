"""Sending a digest: workers claim deliveries, send them, and write down what the server said.

The delivery table is the queue. `digests.audience` fills it, `send` empties it, `recover` and
`finish` keep it true, `count` says how far it is. Every step changes state by a conditional
UPDATE, so that doing it twice, or dying in the middle, does no harm. Deliveries are claimed by
the batch; what a worker did with its claim stands in a journal first.
"""

from digests.sending.accounting import Counts, count, counted, finish, why
from digests.sending.batch_counts import recount
from digests.sending.claims import recover
from digests.sending.lifecycle import cancel, pause, resume
from digests.sending.pruning import prune
from digests.sending.restored_backup import notice as notice_restore
from digests.sending.uncertain import Decision, accept, decide
from digests.sending.worker import send

__all__ = [
    "Counts",
    "Decision",
    "accept",
    "cancel",
    "count",
    "counted",
    "decide",
    "finish",
    "notice_restore",
    "pause",
    "prune",
    "recount",
    "recover",
    "resume",
    "send",
    "why",
]
