"""A real Postfix of its own on the loopback address, and the mail servers that it talks to.

Needs root and Debian's postfix; nothing of the machine's own Postfix is touched.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

RETURN_DOMAIN = "bounces.example.org"  # mail for it comes to the collector, all other is refused

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Refuser:
    """Refuses each recipient with the answer kept under the name before its @, and keeps the
    mails for the others."""

    responses: dict[str, str] = field(default_factory=dict)
    mails: list[bytes] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.responses.get(address.partition("@")[0], "250 2.1.5 Ok")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mails.append(envelope.original_content or b"")
        return "250 2.0.0 Kept"


@dataclass
class Collector:
    """Keeps what came back, with its recipients."""

    mails: list[tuple[list[str], bytes]] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mails.append((envelope.rcpt_tos, envelope.original_content or b""))
        return "250 2.0.0 Kept"


class _Lmtp(Controller):
    def factory(self) -> LMTP:
        return LMTP(self.handler, enable_SMTPUTF8=False)


@dataclass
class Postfix:
    """Takes mail by SMTP on `port`; bounces what `refuser` refuses, temporary refusals too."""

    port: int
    refuser: Refuser
    collector: Collector
    log: Path

    def has_logged(self, words: str) -> bool:
        """Whether these words are in its log."""
        return self.log.exists() and words in self.log.read_text()

    def wait_until(self, done: Callable[[], bool]) -> None:
        """Return when it is done; fail after 30 seconds."""
        deadline = time.monotonic() + 30
        while not done():
            assert time.monotonic() < deadline, "nothing came back"
            time.sleep(0.05)

    def send(self, *, sender: str, recipient: str, data: bytes, options: tuple[str, ...]) -> None:
        """Hand over one message, with options of RCPT such as NOTIFY=SUCCESS."""
        with smtplib.SMTP("127.0.0.1", self.port, local_hostname="bulletin.example.org") as server:
            server.ehlo()
            server.mail(sender, ["RET=HDRS", "ENVID=KEY"])
            code, answer = server.rcpt(recipient, options)
            assert code == 250, answer
            server.data(data)


def missing() -> str:
    """Why there can be no Postfix here, "" where there can."""
    if not shutil.which("postfix", path="/usr/sbin"):
        return "Postfix (Debian: postfix) is not on this machine"
    return "" if os.geteuid() == 0 else "Postfix can be started by root only"


@contextlib.contextmanager
def running(*, collector_port: int = 0, **settings: str) -> Iterator[Postfix]:
    """A Postfix with `settings` in its main.cf, which delivers what comes back to the LMTP
    server on `collector_port`, or to a collector of its own."""
    refuser, collector = Refuser(), Collector()
    with contextlib.ExitStack() as stack:
        refuser_port = stack.enter_context(_serving(refuser))
        returns_port = collector_port or stack.enter_context(_serving(collector))
        port = _free_port()
        main = {
            "transport_maps": f"inline:{{{{{RETURN_DOMAIN}=lmtp:inet:127.0.0.1:{returns_port}}}}}",
            "default_transport": f"lmtp:inet:127.0.0.1:{refuser_port}",
            **settings,
        }
        log = stack.enter_context(_started(port, main))
        yield Postfix(port, refuser, collector, log)


@contextlib.contextmanager
def _serving(handler: object) -> Iterator[int]:
    port = _free_port()
    controller = _Lmtp(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@contextlib.contextmanager
def _started(port: int, settings: dict[str, str]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bulletin-postfix-") as name:
        top = Path(name)
        top.chmod(0o755)
        for directory in ("etc", "queue", "data"):
            (top / directory).mkdir()
        shutil.chown(top / "data", "postfix")
        main = {
            "compatibility_level": "3.6",
            "queue_directory": str(top / "queue"),
            "data_directory": str(top / "data"),
            "maillog_file_prefixes": str(top),
            "maillog_file": str(top / "log"),
            "inet_protocols": "ipv4",
            "myhostname": "mail.example.net",
            "mydestination": "",
            "mynetworks": "127.0.0.0/8",
            "smtpd_peername_lookup": "no",
            "alias_maps": "",
            "local_recipient_maps": "",
            **settings,
        }
        lines = "".join(f"{key} = {value}\n" for key, value in main.items())
        (top / "etc/main.cf").write_text(lines)
        (top / "etc/master.cf").write_text(_MASTER.format(port=port))
        command = ["/usr/sbin/postfix", "-c", str(top / "etc")]
        subprocess.run([*command, "start"], check=True, capture_output=True)
        try:
            yield top / "log"
        finally:
            subprocess.run([*command, "abort"], check=False, capture_output=True)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
