"""The mail that comes back after sending: bounces, complaints, replies, requests to unsubscribe.

Functions of bytes: nothing here knows who was mailed. `read` says what a mail means and where in
it the signed key of `mail.bounces.return_path` may stand; whoever has the tables decides.
"""

from mail.bounces.classification import classify
from mail.bounces.events import BounceEvent, BounceKind
from mail.bounces.interpretation import read
from mail.bounces.mime_parts import MAX_BYTES

__all__ = ["MAX_BYTES", "BounceEvent", "BounceKind", "classify", "read"]
