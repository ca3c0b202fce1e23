"""What comes back by mail after sending: bounces, complaints, wishes to leave.

Values of bytes: nothing here knows who was mailed. `read` says what a mail means and where in
it the sealed key of `mail.bounces.return_path` may stand; whoever has the tables decides.
"""

from mail.bounces.classification import classify
from mail.bounces.interpretation import read
from mail.bounces.kinds import BounceKind, Returned
from mail.bounces.mime_parts import MOST_BYTES

__all__ = ["MOST_BYTES", "BounceKind", "Returned", "classify", "read"]
