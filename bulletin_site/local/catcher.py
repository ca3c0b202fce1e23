"""A mail server that delivers nothing: what it accepts is kept, and shown in the browser.

`python -m bulletin_site.local.catcher` listens with SMTP on EMAIL_PORT and with HTTP on
CATCHER_PORT, both on the loopback address only, because mails hold their readers' links.
"""

from __future__ import annotations

import asyncio
import logging
import mailbox
import signal
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import django
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.utils import translation

from bulletin_site.local import inbox

LARGEST = 20 * 1024 * 1024  # bytes of one mail


class Catcher:
    """Keeps every mail in a Maildir; an aiosmtpd handler."""

    def __init__(self, maildir: Path) -> None:
        self._box = mailbox.Maildir(maildir, create=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        recipients = ", ".join(envelope.rcpt_tos).encode("ascii", "replace")
        self._box.add(b"X-Caught-For: " + recipients + b"\r\n" + content)
        return "250 Caught"


class Pages(BaseHTTPRequestHandler):
    """The list of what was caught, and each mail as HTML, as text and as it came."""

    maildir: Path

    def do_GET(self) -> None:
        """Answer one request; 404 for what is not there."""
        address = urlsplit(self.path)
        words = parse_qs(address.query)
        with translation.override(inbox.language(self.headers.get("Accept-Language", ""))):
            page = inbox.page(self.maildir, unquote(address.path), search=words.get("q", [""])[0])
        if page is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", page.content_type)
        self.send_header("Content-Length", str(len(page.body)))
        self.send_header("Content-Security-Policy", page.policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(page.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the addresses of pages name readers."""


def serve(maildir: Path, *, smtp_port: int, http_port: int) -> None:
    """Catch mail and show it until the process is ended."""
    pages = type("PagesOfBox", (Pages,), {"maildir": maildir})
    http = ThreadingHTTPServer(("127.0.0.1", http_port), pages)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    asyncio.run(_catch(maildir, port=smtp_port))


async def _catch(maildir: Path, *, port: int) -> None:
    catcher = Catcher(maildir)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with await loop.create_server(
        lambda: SMTP(catcher, data_size_limit=LARGEST, enable_SMTPUTF8=True, loop=loop),
        host="127.0.0.1",
        port=port,
    ):
        await ended.wait()


if __name__ == "__main__":
    django.setup()
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    serve(
        Path(settings.DATA_DIR, "caught"),
        smtp_port=settings.EMAIL_PORT,
        http_port=settings.CATCHER_PORT,
    )
