"""Template to HTML, by MJML, and to plain text. The only module that knows MJML."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.template.loader import render_to_string
from mjml import mjml2html

from mail.messages.text_wrapping import wrap_all

# What HTML may not hold, and the marks that turn the direction of all that follows them.
_UNFIT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class CannotRender(Exception):
    """A mail cannot be set from its template. The message says which one and why."""


def html(template: str, context: Mapping[str, object]) -> str:
    """The HTML of an MJML `template`, its lines ended by CRLF.

    Nothing in it is fetched from anywhere but where the template says. Raises CannotPrint.
    """
    source = _UNFIT.sub("", render_to_string(template, dict(context)))
    try:
        # Without `fonts` MJML would have each mail fetch its fonts from a third party.
        return _wired(mjml2html(source, fonts={}))
    except ValueError as error:
        raise CannotRender(f"{template}: {error}") from error


def text(template: str, context: Mapping[str, object]) -> str:
    """The plain text of a `template`, wrapped, its lines ended by CRLF."""
    return wrapped(plain(template, context))


def plain(template: str, context: Mapping[str, object]) -> str:
    """The plain text of a `template` before it is wrapped."""
    return _UNFIT.sub("", render_to_string(template, dict(context)))


def wrapped(plain: str) -> str:
    """Plain text as it stands in mail: wrapped, its lines ended by CRLF."""
    return _wired(wrap_all(plain))


def _wired(printed: str) -> str:
    """With the line ends that text has in mail (RFC 2046, section 4.1.1)."""
    return printed.replace("\n", "\r\n")
