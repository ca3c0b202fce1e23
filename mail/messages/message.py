"""Joins header fields and encoded blocks to messages (RFC 5322, RFC 2046), and has them signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from mail.dkim import signatures
from mail.dkim.signatures import Signer
from mail.messages.merge_templates import MergeTemplate

_BOUNDARY = "=_part_of_a_bulletin"  # a base64 line has "=" at its end only, so no block has it
_VERSION = "MIME-Version: 1.0"
_TWO_PARTS = f'Content-Type: multipart/alternative;\r\n boundary="{_BOUNDARY}"'
_TEXT, _HTML = (
    [f"Content-Type: text/{kind}; charset=utf-8", "Content-Transfer-Encoding: base64"]
    for kind in ("plain", "html")
)


def _fixed(lines: Sequence[str]) -> MergeTemplate:
    return MergeTemplate(("\r\n".join([*lines, "", ""]).encode(),))


_PLAIN, _ALTERNATIVE = _fixed(["", _VERSION, *_TEXT]), _fixed(["", _VERSION, _TWO_PARTS])
_TEXT_PART, _HTML_PART = (_fixed([f"--{_BOUNDARY}", *fields]) for fields in (_TEXT, _HTML))
_END = MergeTemplate((f"--{_BOUNDARY}--\r\n".encode(),))


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """Messages that differ by what stands in the holes of `head` and `body`; who signs them is
    looked up once for all."""

    head: MergeTemplate
    body: MergeTemplate
    signers: Sequence[Signer]

    @classmethod
    def of(cls, head: MergeTemplate, body: MergeTemplate) -> Self:
        """Signed where the site has keys for the domain of From, which stands in `head` before
        any hole. Raises `mail.dkim.keys.UnreadableKey` where one of them is none.
        """
        return cls(head, body, signatures.signers_of(head.texts[0]))

    def merge(self, values: Mapping[str, bytes]) -> list[bytes]:
        """The message with these words: its header, and the pieces of what stands behind it,
        of which nothing is copied. It is 7-bit, unless an address in the header is not."""
        head, body = b"".join(self.head.merge(values)), self.body.merge(values)
        if self.signers:
            head = signatures.signed(head, body, by=self.signers)
        return [head, *body]


def plain_form(head: MergeTemplate, *, text: MergeTemplate) -> MessageTemplate:
    """Messages that are plain text alone; arguments are those of `alternative_form`."""
    return MessageTemplate.of(MergeTemplate.joined([head, _PLAIN]), text)


def alternative_form(
    head: MergeTemplate, *, text: MergeTemplate, html: MergeTemplate
) -> MessageTemplate:
    """Messages that say the same as plain text and as HTML.

    `head` has lines of `mail.messages.headers`, From and Date among them, with a CRLF
    between each two; `text` and `html` are of blocks of `mail.messages.encoding`, and so
    is what they are filled with.
    """
    body = MergeTemplate.joined([_TEXT_PART, text, _HTML_PART, html, _END])
    return MessageTemplate.of(MergeTemplate.joined([head, _ALTERNATIVE]), body)


def alternative(
    headers: Iterable[str], *, text: Iterable[bytes], html: Iterable[bytes]
) -> list[bytes]:
    """One message in pieces, of header lines and blocks in which nothing is to be filled in."""
    head = MergeTemplate(("\r\n".join(headers).encode(),))
    parts = {"text": MergeTemplate((b"".join(text),)), "html": MergeTemplate((b"".join(html),))}
    return alternative_form(head, **parts).merge({})
