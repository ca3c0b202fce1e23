"""The forecast of phrases, for the pages of readers (`digests.keyword_forecast`)."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

from digests.keyword_forecast import Forecast, forecast
from publications.models import Bulletin

register = template.Library()


@register.simple_tag(name="keyword_forecast")
def _keyword_forecast(bulletin: Bulletin, keywords: Sequence[str]) -> Forecast:
    return forecast(bulletin, keywords)
