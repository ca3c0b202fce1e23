"""Addresses in templates: `{% load idn %}`, then `{{ reader.address|readable }}`, and
`{{ reader.address|readable|masked }}` for who may not be its owner."""

from __future__ import annotations

from django import template

from foundation.masking import masked
from mail.messages import idn

register = template.Library()
register.filter("readable", idn.readable)
register.filter("masked", masked)
