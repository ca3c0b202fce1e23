"""The pages of the mail catcher: what was caught, newest first, and each mail."""

from __future__ import annotations

import contextlib
import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

MAX_SHOWN = 500

# At the end it is read as in the head (HTML, 13.2.6.4.7), and whatever the mail is, it stays whole.
OPEN_BESIDE = '<base target="_blank">'


# Content-Security-Policy of our pages, and of a mail: shown as in a mail program, nothing runs.
PAGE = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
MAIL = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src *; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer to a browser, and what it may do with it."""

    content_type: str
    body: bytes
    policy: str = PAGE


def page(maildir: Path, path: str, *, search: str = "") -> Response | None:
    """The page at `path`: "/", "/style.css", "/KEY/", "/KEY/html", "/KEY/text" or
    "/KEY/source"."""
    if path == "/":
        return _list(maildir, search)
    if path == "/style.css":
        return Response("text/css; charset=utf-8", render_to_string("local/style.css").encode())
    key, _, part = path.strip("/").partition("/")
    file = next((f for f in _files(maildir) if f.name == key), None)
    if file is None:
        return None
    mail = _parse(file.read_bytes())
    parts = {
        "": lambda: _html("mail", mail=mail, key=key, headers=_headers(mail)),
        "html": lambda: Response("text/html; charset=utf-8", _framed(mail).encode(), MAIL),
        "text": lambda: Response("text/plain; charset=utf-8", _body(mail, "plain").encode()),
        "source": lambda: Response("text/plain; charset=utf-8", file.read_bytes()),
    }
    return parts[part]() if part in parts else None


def language(accepted: str) -> str:
    """The first of our languages that a browser asks for (`Accept-Language`, RFC 9110, 12.5.4),
    that of the site where it asks for none."""
    for code, _weight in parse_accept_lang_header(accepted.lower()):
        with contextlib.suppress(LookupError):
            return get_supported_language_variant(code)
    return settings.LANGUAGE_CODE


def _files(maildir: Path) -> list[Path]:
    """The mails, newest first."""
    files = (file for folder in ("new", "cur") for file in (maildir / folder).glob("*"))
    return sorted(files, key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)


def _list(maildir: Path, search: str) -> Response:
    found = list(islice(_found(maildir, search), MAX_SHOWN + 1))
    most = MAX_SHOWN if len(found) > MAX_SHOWN else None
    return _html("list", mails=found[:MAX_SHOWN], most=most, search=search)


def _found(maildir: Path, search: str) -> Iterator[dict[str, object]]:
    """The mails with `search` in their address or subject, newest first."""
    for file in _files(maildir):
        with file.open("rb") as opened:
            head = email.message_from_bytes(_head(opened.read(20_000)), policy=email.policy.default)
        words = f"{head['X-Caught-For']} {head['Subject']}"
        if search.casefold() in words.casefold():
            yield {"key": file.name, "head": head, "to": head["X-Caught-For"]}


def _head(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").partition(b"\n\n")[0]


def _parse(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, _class=EmailMessage, policy=email.policy.default)


def _headers(mail: EmailMessage) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in mail.items()]


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return "" if part is None else str(part.get_content())


def _framed(mail: EmailMessage) -> str:
    """The mail's HTML, with links that open in a page of their own: the site lets no other
    site frame it."""
    body = _body(mail, "html")
    return body and body + OPEN_BESIDE


def _html(template: str, **context: object) -> Response:
    html = render_to_string(f"local/{template}.html", context)
    return Response("text/html; charset=utf-8", html.encode())
