"""Tokens with which whoever opens a proof sees the pictures of a draft, without logging in.

A token stands for one issue, and is good for its pictures alone, for some days.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from foundation.tokens import BadToken, TokenSigner
from issues.models import Issue

LIFETIME = timedelta(days=14)
_USE = "proof pictures"


def token(issue: Issue, *, at: datetime) -> str:
    """Return a token for the pictures of an issue."""
    return TokenSigner(_USE).token(issue.pk, 0, at=int(at.timestamp())).decode()


def opens(text: str, *, issue_pk: int, at: datetime) -> bool:
    """Return whether a token is one for this issue, and not too old."""
    try:
        payload = TokenSigner(_USE).read(text)
    except BadToken:
        return False
    made = timedelta(seconds=at.timestamp() - payload.at)
    return payload.number == issue_pk and made < LIFETIME
