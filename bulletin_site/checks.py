"""System checks of settings that are right on a laptop and wrong where real mail leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error

from mail.dkim import keys
from mail.dkim.keys import UnreadableKey


def proxy_settings(**_: Any) -> list[CheckMessage]:
    """Return whether visitors can be told from each other behind the proxy that speaks https."""
    if settings.PROXIES or not settings.SITE_URL.startswith("https://"):
        return []
    hint = "Set PROXIES to how many proxies stand before the site; all visitors look alike else."
    return [Error("SITE_URL has https, and PROXIES is 0.", hint=hint, id="bulletin.E003")]


def mail_settings(**_: Any) -> list[CheckMessage]:
    """Return what would go wrong with mail that leaves this machine."""
    return [*_keys(), *([] if settings.MAIL_IS_CAUGHT else _real_mail())]


def _keys() -> Iterator[CheckMessage]:
    for path in settings.DKIM_KEYS:
        try:
            keys.read(path)
        except UnreadableKey as error:
            yield Error(f"DKIM_KEYS: {error}", id="bulletin.E001")
            continue
        if path.stat().st_mode & 0o077:
            warning = f"DKIM_KEYS: others can read {path}."
            yield checks.Warning(warning, hint=f"chmod 600 {path}", id="bulletin.W001")
    if bool(settings.DKIM_KEYS) != bool(settings.DKIM_DOMAINS):
        yield Error("DKIM_KEYS and DKIM_DOMAINS belong together.", id="bulletin.E002")


def _real_mail() -> Iterator[CheckMessage]:
    if settings.DEBUG:
        yield checks.Warning("DEBUG is on, and real mail leaves.", id="bulletin.W002")
    if not settings.SITE_URL.startswith("https://"):
        hint = "Gmail and Yahoo ask for leaving by one click, which works over https alone."
        warning = "SITE_URL has no https, and real mail leaves."
        yield checks.Warning(warning, hint=hint, id="bulletin.W003")
    if not settings.RETURN_PATH:
        hint = "Without a RETURN_PATH nobody learns which addresses are gone."
        yield checks.Warning("Nobody reads what comes back.", hint=hint, id="bulletin.W004")
