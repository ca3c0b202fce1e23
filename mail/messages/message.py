"""Messages of header fields and encoded blocks (RFC 5322, RFC 2046), signed by DKIM."""

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
    """Messages that differ by the placeholders of `head` and `body`; their signers are looked up
    once for all."""

    head: MergeTemplate
    body: MergeTemplate
    signers: Sequence[Signer]

    @classmethod
    def of(cls, head: MergeTemplate, body: MergeTemplate) -> Self:
        """Return a template, signed where the site has keys for the domain of From, which stands in
        `head` before any placeholder. Raises `mail.dkim.keys.UnreadableKey`."""
        return cls(head, body, signatures.signers_of(head.texts[0]))

    def merge(self, values: Mapping[str, bytes]) -> list[bytes]:
        """Return the message with these `values`: its header, and the pieces of its body, of which
        nothing is copied. It is 7-bit, unless an address in the header is not."""
        head, body = b"".join(self.head.merge(values)), self.body.merge(values)
        if self.signers:
            head = signatures.sign(head, body, by=self.signers)
        return [head, *body]


def plain_template(head: MergeTemplate, *, text: MergeTemplate) -> MessageTemplate:
    """Return a template of plain text alone; arguments are those of `alternative_template`."""
    return MessageTemplate.of(MergeTemplate.joined([head, _PLAIN]), text)


def alternative_template(
    head: MergeTemplate, *, text: MergeTemplate, html: MergeTemplate
) -> MessageTemplate:
    """Return a template that says the same as plain text and as HTML.

    `head` has lines of `mail.messages.headers`, From and Date among them, with a CRLF
    between each two; `text` and `html` are of blocks of `mail.messages.encoding`, and so
    are the values that are merged into them.
    """
    body = MergeTemplate.joined([_TEXT_PART, text, _HTML_PART, html, _END])
    return MessageTemplate.of(MergeTemplate.joined([head, _ALTERNATIVE]), body)


def alternative(
    headers: Iterable[str], *, text: Iterable[bytes], html: Iterable[bytes]
) -> list[bytes]:
    """Return one message in pieces, of header lines and blocks without placeholders."""
    head = MergeTemplate(("\r\n".join(headers).encode(),))
    parts = {"text": MergeTemplate((b"".join(text),)), "html": MergeTemplate((b"".join(html),))}
    return alternative_template(head, **parts).merge({})
