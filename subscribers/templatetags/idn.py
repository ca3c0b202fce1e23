"""Addresses in templates: `{% load idn %}`, then `{{ reader.address|readable }}`."""

from __future__ import annotations

from django import template

from mail.messages import idn

register = template.Library()
register.filter("readable", idn.readable)
