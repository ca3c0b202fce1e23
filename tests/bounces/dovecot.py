"""A real Dovecot of its own on the loopback address, with one mailbox, by IMAP and POP3 with TLS.

Needs root and Debian's dovecot-imapd and dovecot-pop3d.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CONFIGURATION = """
base_dir = {top}/run
state_dir = {top}/run
log_path = {top}/log
protocols = imap pop3
listen = 127.0.0.1
ssl = required
ssl_cert = <{top}/cert.pem
ssl_key = <{top}/key.pem
mail_location = maildir:{top}/mail
first_valid_uid = 1
default_internal_user = dovecot
default_login_user = dovenull
auth_mechanisms = plain
passdb {{
  driver = static
  args = password=p@ss
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={top}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imap}
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = 0
  }}
  inet_listener pop3s {{
    port = {pop}
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """The addresses of the mailbox, its Maildir, and the certificate to trust."""

    imap: str
    pop: str
    maildir: Path
    certificate: Path

    def deliver(self, data: bytes, name: str) -> None:
        """Put a mail into the mailbox."""
        path = self.maildir / "new" / name
        path.write_bytes(data)
        shutil.chown(path, "mail", "mail")


def missing() -> str:
    """Why there can be no Dovecot here, "" where there can."""
    if not shutil.which("dovecot", path="/usr/sbin"):
        return "Dovecot (Debian: dovecot-imapd dovecot-pop3d) is not on this machine"
    return "" if os.geteuid() == 0 else "Dovecot can be started by root only"


@contextlib.contextmanager
def running() -> Iterator[Dovecot]:
    """A Dovecot with an empty mailbox of the user `bounces`."""
    with tempfile.TemporaryDirectory(prefix="bulletin-dovecot-") as name:
        top = Path(name)
        top.chmod(0o755)
        _make_certificate(top)
        for folder in ("mail", "mail/new", "mail/cur", "mail/tmp"):
            (top / folder).mkdir()
            shutil.chown(top / folder, "mail", "mail")
        imap, pop = _free_port(), _free_port()
        (top / "dovecot.conf").write_text(_CONFIGURATION.format(top=top, imap=imap, pop=pop))
        server = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(top / "dovecot.conf")])
        try:
            _wait_for(imap)
            _wait_for(pop)
            login = "bounces:p%40ss@localhost"
            yield Dovecot(
                imap=f"imaps://{login}:{imap}/INBOX",
                pop=f"pops://{login}:{pop}",
                maildir=top / "mail",
                certificate=top / "cert.pem",
            )
        finally:
            server.terminate()
            server.wait(timeout=10)


def _make_certificate(top: Path) -> None:
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", str(top / "key.pem"), "-out", str(top / "cert.pem"),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert time.monotonic() < deadline, f"nobody listens on {port}"
        time.sleep(0.05)
