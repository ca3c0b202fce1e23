"""Deliver messages to mail servers, and report the outcome of each.

A `Transport` keeps several SMTP sessions open and delivers many messages through them; a `Session`
delivers single ones. Every other backend of Django works as well, more slowly.
"""

from mail.delivery.single_messages import Session
from mail.delivery.transport import Transport, transport
from mail.outcomes import (
    Accepted,
    Deferred,
    Message,
    Outcome,
    Rejected,
    ServerProblem,
    ServerUnreachable,
    Uncertain,
    sanitized,
)
from mail.smtp.outgoing_queue import OnProgress, OutgoingMessages, ShouldStop, never_stop

__all__ = [
    "Accepted",
    "Deferred",
    "Message",
    "OnProgress",
    "Outcome",
    "OutgoingMessages",
    "Rejected",
    "ServerProblem",
    "ServerUnreachable",
    "Session",
    "ShouldStop",
    "Transport",
    "Uncertain",
    "never_stop",
    "sanitized",
    "transport",
]
