"""What keeps a draft from being published, and what publishing twice does."""

from __future__ import annotations

import pytest

from digests import publishing
from digests.models import Digest
from issues.models import Issue
from publications.models import Bulletin
from tests.support.factories import NOON, a_draft, topics_of

pytestmark = pytest.mark.django_db


def test_a_section_that_nobody_knows_blocks_publishing_and_is_named(bulletin: Bulletin) -> None:
    draft = a_draft(bulletin, {"Gossip": None})
    with pytest.raises(publishing.NotReady) as error:
        publishing.publish(draft, at=NOON)
    assert "Gossip" in error.value.reasons[0]
    draft.refresh_from_db()
    assert draft.status == Issue.Status.DRAFT
    assert not Digest.objects.exists()


def test_a_section_that_is_not_for_mailing_does_not_block(bulletin: Bulletin) -> None:
    draft = a_draft(bulletin, {"Gossip": None})
    draft.sections.update(not_for_mailing=True)
    publishing.publish(draft, at=NOON)
    draft.refresh_from_db()
    assert draft.status == Issue.Status.PUBLISHED
    assert draft.published_at == NOON


def test_an_issue_without_articles_is_not_ready(bulletin: Bulletin) -> None:
    with pytest.raises(publishing.NotReady):
        publishing.publish(a_draft(bulletin, {}), at=NOON)


@pytest.mark.parametrize("status", [Issue.Status.UPLOADED, Issue.Status.UNREADABLE])
def test_only_a_draft_can_be_published(bulletin: Bulletin, status: str) -> None:
    draft = a_draft(bulletin, {"Water": topics_of(bulletin, ["Water"])[0]})
    Issue.objects.filter(pk=draft.pk).update(status=status)
    with pytest.raises(publishing.NotReady):
        publishing.publish(draft, at=NOON)


def test_more_topics_than_a_digest_can_hold_apart_are_refused(bulletin: Bulletin) -> None:
    topics = topics_of(bulletin, [f"Topic {n}" for n in range(63)])
    draft = a_draft(bulletin, {topic.name_en: topic for topic in topics})
    with pytest.raises(publishing.NotReady) as error:
        publishing.publish(draft, at=NOON)
    assert "62" in error.value.reasons[0]
