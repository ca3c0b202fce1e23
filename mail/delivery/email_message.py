"""A finished message in the shape that Django's mail backends expect."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage, Message
from email.policy import Policy

from django.core.mail import EmailMultiAlternatives

_SET_BY_DJANGO = {"from", "to", "subject", "reply-to", "mime-version"}


class VerbatimMessage(Message):
    """A message that is serialized as it was composed. Python's policies would begin the address
    of List-Unsubscribe on a second line or, from 3.12 on, make encoded words of it, which no mail
    program reads (RFC 8058, section 3.1)."""

    data = b""

    def as_bytes(
        self,
        unixfrom: bool = False,  # noqa: ARG002, FBT001, FBT002 - the signature of Message
        policy: Policy | None = None,  # noqa: ARG002
        *,
        linesep: str = "\n",
    ) -> bytes:
        """Return the message with these line ends; Django's backends ask for them by `linesep`."""
        return self.data.replace(b"\r\n", linesep.encode())


class VerbatimEmail(EmailMultiAlternatives):
    """A message that is its own bytes. Its attributes say the same, for backends that pass a
    message to a web service in pieces."""

    def __init__(self, *, sender: str, recipient: str, data: bytes) -> None:
        parsed = email.message_from_bytes(data, policy=email.policy.default)
        super().__init__(
            subject=str(parsed["Subject"]),
            body=_part(parsed, "plain"),
            from_email=str(parsed["From"]),
            to=[recipient],
            reply_to=[str(value) for value in parsed.get_all("Reply-To", [])],
            headers={
                name: str(value)
                for name, value in parsed.items()
                if name.lower() not in _SET_BY_DJANGO and not name.lower().startswith("content-")
            },
        )
        self.envelope_sender = sender
        self.metadata = {"sender": sender}  # comes back with the events of Anymail's providers
        self.data = data
        self.attach_alternative(_part(parsed, "html"), "text/html")

    def message(self) -> Message:
        """Return the message as it was composed, not as Django would make it of the attributes."""
        message = email.message_from_bytes(self.data, _class=VerbatimMessage)
        message.data = self.data
        return message


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
