"""A mail server on the loopback address that keeps what it gets, or answers as it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """Keeps mails by recipient; `responses` says otherwise for some of them. `asked` are the
    recipients that it was asked for, by domain. `seen` is what `watch` gave when it had the text
    for a recipient, before it said so."""

    port: int = 0
    mails: list[tuple[str, bytes]] = field(default_factory=list)
    responses: dict[str, str] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    watch: Callable[[], list[str]] = list
    seen: list[tuple[str, list[str]]] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked.setdefault(address.partition("@")[2], []).append(address)
        answer = self.responses.get(address, self.responses.get("*", "250 OK"))
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        self.seen += [(recipient, self.watch()) for recipient in envelope.rcpt_tos]
        self.mails += [(recipient, content) for recipient in envelope.rcpt_tos]
        return "250 Kept"

    @property
    def recipients(self) -> list[str]:
        """Who got a mail, one entry for each copy, in alphabetical order."""
        return sorted(recipient for recipient, _ in self.mails)

    def mail_to(self, address: str) -> EmailMessage:
        """The one mail to `address`."""
        (content,) = [content for recipient, content in self.mails if recipient == address]
        return message_from_bytes(content, _class=EmailMessage, policy=policy.default)
