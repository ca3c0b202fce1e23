"""Hands messages to the mail server, and says what became of each.

The only package that knows SMTP. A `Transport` keeps several sessions and hands over many
messages by them; a `Session` hands over single ones. Every other backend of Django works as
well, more slowly.
"""

from bulletin_site.mail.transport.letters import Hurry, Letters, Note, never
from bulletin_site.mail.transport.outcomes import (
    Accepted,
    Away,
    Message,
    Outcome,
    Refused,
    ServerProblem,
    Unavailable,
    Uncertain,
    in_short,
)
from bulletin_site.mail.transport.single import Session
from bulletin_site.mail.transport.ways import Transport, transport

__all__ = [
    "Accepted",
    "Away",
    "Hurry",
    "Letters",
    "Message",
    "Note",
    "Outcome",
    "Refused",
    "ServerProblem",
    "Session",
    "Transport",
    "Unavailable",
    "Uncertain",
    "in_short",
    "never",
    "transport",
]
