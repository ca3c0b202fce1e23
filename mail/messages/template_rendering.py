"""Render templates to HTML, by MJML, and to plain text. The only module that knows MJML."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.template.loader import render_to_string
from mjml import mjml2html

from mail.messages.text_wrapping import wrap_all

# What HTML may not hold, and the marks that turn the direction of all that follows them.
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class CannotRender(Exception):
    """A template cannot be rendered. The message says which one and why."""


def html(template: str, context: Mapping[str, object]) -> str:
    """Return the HTML of an MJML `template`, its lines ended by CRLF.

    Nothing in it is fetched from anywhere but where the template says. Raises CannotRender.
    """
    source = _UNSAFE.sub("", render_to_string(template, dict(context)))
    try:
        # Without `fonts` MJML would have each mail fetch its fonts from a third party.
        return _with_crlf(mjml2html(source, fonts={}))
    except ValueError as error:
        raise CannotRender(f"{template}: {error}") from error


def text(template: str, context: Mapping[str, object]) -> str:
    """Return the plain text of a `template`, wrapped, its lines ended by CRLF."""
    return wrapped_for_mail(plain(template, context))


def plain(template: str, context: Mapping[str, object]) -> str:
    """Return the plain text of a `template` before it is wrapped."""
    return _UNSAFE.sub("", render_to_string(template, dict(context)))


def wrapped_for_mail(plain: str) -> str:
    """Return plain text as it stands in mail: wrapped, its lines ended by CRLF."""
    return _with_crlf(wrap_all(plain))


def _with_crlf(rendered: str) -> str:
    """Return the text with the line ends of mail (RFC 2046, section 4.1.1)."""
    return rendered.replace("\n", "\r\n")
