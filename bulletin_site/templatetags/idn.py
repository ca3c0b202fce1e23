"""Addresses in templates: `{% load idn %}`, then `{{ reader.address|readable }}`."""

from __future__ import annotations

from django import template

from bulletin_site.mail import idn

register = template.Library()
register.filter("readable", idn.readable)
