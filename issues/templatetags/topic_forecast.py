"""The forecast for topics, in templates: `{% forecast bulletin as expected %}`, then
`{{ expected|of_topics:topic_ids }}` or `{{ expected|of_topic:topic.pk }}`."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from issues.forecast import Forecast, forecast

register = template.Library()
register.simple_tag(forecast)


@register.filter
def of_topic(expected: Forecast, topic_id: int) -> str:
    """Return what to expect of one topic."""
    return expected.sentence([topic_id])


@register.filter
def of_topics(expected: Forecast, topic_ids: Iterable[int]) -> str:
    """Return what to expect of all these topics together."""
    return expected.sentence(topic_ids)
