"""Makes the genuine bounces of this folder with a real Postfix.

Run it as root: `python -m tests.bounces.mails.make`.
`KEY` stands in them where a signed key stands in life.
"""

from __future__ import annotations

from pathlib import Path

from tests.bounces import postfix

HERE = Path(__file__).parent
MESSAGE = b"""\
From: Letters <letters@example.org>\r
To: %(to)s\r
Subject: News of Water\r
Date: Tue, 15 Sep 2026 12:00:00 +0000\r
Message-ID: <20260915120000.1.1@bulletin.example.org>\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=utf-8\r
\r
What is new about Water.\r
"""

# The name of a mail is the name of its recipient; the answers are those of large providers.
BOUNCES = {
    "gone": "550 5.1.1 <gone@reader.example>: Recipient address rejected: User unknown",
    "full": "452 4.2.2 The email account that you tried to reach is over quota",
    "gmail-disabled": "550 5.2.1 The email account that you tried to reach is inactive",
    "gmail-rate": "450 4.2.1 The user you are trying to contact is receiving mail at a rate that "
    "prevents additional messages from being delivered",
    "qq-frequency": "550 Connection frequency limited",
    "qq-busy": "550 Mailbox unavailable or access denied",
    "qq-gone": "550 Mailbox not found",
    "outlook-policy": "550 5.7.515 Access denied, sending domain bulletin.example.org does not "
    "meet the required authentication level",
    "163-spam": "554 DT:SPM 163 smtp, please see http://mail.163.com/help/help_spam_16.htm",
    "163-gone": "550 User not found: 163-gone@reader.example",
    "bare-550": "550 Requested action not taken",
    "too-large": "552 5.3.4 Message size exceeds fixed limit",
}


def main() -> None:
    """Write one file for each bounce, one for a delay and one for a success."""
    with postfix.running(maximal_queue_lifetime="0", bounce_queue_lifetime="0") as server:
        server.refuser.responses = BOUNCES
        for count, name in enumerate(BOUNCES, start=1):
            _mail(server, name, options=())
            _keep(server, name, count=count)
        _mail(server, "well", options=("NOTIFY=SUCCESS",))
        _keep(server, "success", count=len(BOUNCES) + 1)
    with postfix.running(delay_warning_time="1s", queue_run_delay="1s") as server:
        server.refuser.responses = {"slow": "451 4.3.0 Please come back later"}
        _mail(server, "slow", options=("NOTIFY=DELAY",))
        _keep(server, "delay", count=1)


def _mail(server: postfix.Postfix, name: str, *, options: tuple[str, ...]) -> None:
    to = f"{name}@reader.example"
    server.send(
        sender=f"bounces+KEY@{postfix.RETURN_DOMAIN}",
        recipient=to,
        data=MESSAGE % {b"to": to.encode()},
        options=options,
    )


def _keep(server: postfix.Postfix, name: str, *, count: int) -> None:
    server.wait_until(lambda: len(server.collector.mails) >= count)
    _, data = server.collector.mails[-1]
    (HERE / f"postfix-{name}.eml").write_bytes(data)


if __name__ == "__main__":
    main()
