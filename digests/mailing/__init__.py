"""Mailing a digest: who gets what is written down once, then workers hand it over.

The delivery table is the queue. `open_digest` (or `open_correction`) and `prepare` fill it,
`send` empties it, `recover` and `finish` keep it true, `count` says how far it is without reading
it. Every step
changes state by a conditional UPDATE, so that doing it twice, or dying in the middle, does no
harm. Deliveries are claimed by the chunk; what a worker did with its claim stands in a journal
first.
"""

from digests.mailing.accounting import Counts, count, counted, finish, why
from digests.mailing.bookkeeping import recount
from digests.mailing.claiming import recover
from digests.mailing.corrections import StillSending, drafted, open_correction
from digests.mailing.deciding import Decision, accept, decide
from digests.mailing.opening import MOST_TOPICS, open_digest, prepare, too_many_topics
from digests.mailing.pruning import prune
from digests.mailing.restoring import notice as notice_restore
from digests.mailing.sending import send
from digests.mailing.stopping import cancel, pause, resume

__all__ = [
    "MOST_TOPICS",
    "Counts",
    "Decision",
    "StillSending",
    "accept",
    "cancel",
    "count",
    "counted",
    "decide",
    "drafted",
    "finish",
    "notice_restore",
    "open_correction",
    "open_digest",
    "pause",
    "prepare",
    "prune",
    "recount",
    "recover",
    "resume",
    "send",
    "too_many_topics",
    "why",
]
