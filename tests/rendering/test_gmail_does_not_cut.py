"""A mail of many articles is not longer than what Gmail shows."""

from __future__ import annotations

from publications.models import Bulletin, Topic
from tests.support.factories import a_long_draft
from tests.support.messages import html_of, rendered_digest_of


def test_the_html_of_a_long_issue_has_at_most_102_400_bytes(
    bulletin: Bulletin, topics: list[Topic]
) -> None:
    mail = rendered_digest_of(a_long_draft(bulletin, topics, articles=120)).mail()
    assert 80_000 < len(html_of(mail).encode()) <= 102_400
