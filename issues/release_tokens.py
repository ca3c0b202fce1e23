"""Tokens of the links in mails by which whoever is asked for it releases or returns an issue."""

from __future__ import annotations

from datetime import datetime, timedelta

from foundation.tokens import BadToken, TokenSigner
from issues.models import SignOffRequest

LIFETIME = timedelta(days=7)
_USE = "sign-off"


def token(request: SignOffRequest, *, at: datetime) -> str:
    """Return the token of a link by which the person of a request decides, once, for some days."""
    return TokenSigner(_USE).token(request.pk, request.user_id, at=int(at.timestamp())).decode()


def request_of(text: str, *, at: datetime) -> SignOffRequest | None:
    """Return the request that a token is of; None for one that is too old or was not made here."""
    try:
        payload = TokenSigner(_USE).read(text)
    except BadToken:
        return None
    if timedelta(seconds=at.timestamp() - payload.at) > LIFETIME:
        return None
    rows = SignOffRequest.objects.select_related("user", "sign_off__issue__bulletin")
    return rows.filter(pk=payload.number, user=payload.link_key).first()
