"""A scheduled issue is published at its time, once, as it stands then; or an editor is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from digests import obstacles, publishing, scheduling, sending, tasks
from digests.models import Digest, Origin
from issues.models import Issue
from publications.models import Bulletin
from tests.support.factories import NOON, a_draft, a_reader, topics_of

pytestmark = pytest.mark.django_db
EIGHT = NOON + timedelta(hours=20)


@pytest.fixture
def draft(bulletin: Bulletin) -> Issue:
    return a_draft(bulletin, {"Water": topics_of(bulletin, ["Water"])[0]})


def scheduled(issue: Issue, *, mailed: bool = True) -> Issue:
    scheduling.schedule(issue, publish_at=EIGHT, mailed=mailed, at=NOON)
    issue.refresh_from_db()
    return issue


def why_not(issue: Issue) -> str:
    issue.refresh_from_db()
    with translation.override("en"):
        (why,) = obstacles.kept(issue.obstacles)
    return why


def swept(*, at: object = EIGHT) -> list[Digest]:
    opened = [scheduling.publish(issue, at=at) for issue in scheduling.due(at=at)]  # type: ignore[arg-type]
    return [digest for digest in opened if digest]


def test_it_is_a_draft_until_its_time_and_is_then_published_and_mailed(draft: Issue) -> None:
    scheduled(draft)
    assert draft.status == Issue.Status.DRAFT
    assert swept(at=EIGHT - timedelta(seconds=1)) == []
    (digest,) = swept()
    draft.refresh_from_db()
    assert (draft.status, draft.published_at) == (Issue.Status.PUBLISHED, EIGHT)
    assert draft.publish_at is None
    assert digest.opened_at == EIGHT
    assert swept() == []


def test_what_is_changed_meanwhile_is_published_as_it_is_then(draft: Issue) -> None:
    scheduled(draft)
    draft.sections.update(title="Drinking water")
    swept()
    assert draft.sections.get().title == "Drinking water"
    assert Issue.objects.published().filter(pk=draft.pk).exists()


def test_two_sweeps_at_once_open_one_digest(draft: Issue) -> None:
    seen = list(scheduling.due(at=scheduled(draft).publish_at or EIGHT))
    assert [bool(scheduling.publish(one, at=EIGHT)) for one in [*seen, *seen]] == [True, False]
    assert Digest.objects.count() == 1


def test_who_took_it_back_or_chose_another_time_is_obeyed_by_a_sweep_that_saw_it_before(
    draft: Issue,
) -> None:
    (seen,) = scheduling.due(at=scheduled(draft).publish_at or EIGHT)
    assert scheduling.unschedule(draft)
    assert not scheduling.unschedule(draft)
    assert scheduling.publish(seen, at=EIGHT) is None
    scheduling.schedule(draft, publish_at=EIGHT + timedelta(days=1), at=NOON)
    assert scheduling.publish(seen, at=EIGHT) is None
    assert not Digest.objects.exists()


def test_on_the_web_only_nobody_is_mailed_and_no_topic_is_asked_for(bulletin: Bulletin) -> None:
    issue = scheduled(a_draft(bulletin, {"Gossip": None}), mailed=False)
    assert swept() == []
    issue.refresh_from_db()
    assert (issue.status, issue.web_only) == (Issue.Status.PUBLISHED, True)
    assert not Digest.objects.exists()
    assert not publishing.publish_on_the_web(issue, at=EIGHT)
    with pytest.raises(publishing.NotReady):
        publishing.publish(issue, at=EIGHT)


def test_what_is_published_with_mails_is_not_published_without(draft: Issue) -> None:
    publishing.publish(draft, at=NOON)
    with pytest.raises(publishing.NotReady):
        publishing.publish_on_the_web(draft, at=NOON)


def test_an_obstacle_at_its_time_makes_it_a_draft_without_a_time_that_keeps_why(
    draft: Issue,
) -> None:
    scheduled(draft)
    draft.sections.update(topic=None)
    assert swept() == []
    draft.refresh_from_db()
    assert (draft.status, draft.publish_at, draft.missed_at) == (Issue.Status.DRAFT, None, EIGHT)
    assert list(Issue.objects.missed()) == [draft]
    assert "what the section “Water” is about" in why_not(draft)
    assert scheduling.dismiss(draft)
    assert not Issue.objects.missed().exists()


def test_what_cannot_be_published_now_cannot_be_scheduled(bulletin: Bulletin) -> None:
    with pytest.raises(publishing.NotReady):
        scheduling.schedule(a_draft(bulletin, {"Gossip": None}), publish_at=EIGHT, at=NOON)
    assert not Issue.objects.scheduled().exists()


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=-1), timedelta(days=367)])
def test_a_time_that_has_passed_or_is_far_ahead_is_refused(draft: Issue, ahead: timedelta) -> None:
    with pytest.raises(scheduling.NotInTime):
        scheduling.schedule(draft, publish_at=NOON + ahead, at=NOON)


def test_what_is_published_cannot_be_scheduled(draft: Issue) -> None:
    publishing.publish(draft, at=NOON)
    with pytest.raises(publishing.NotReady):
        scheduling.schedule(draft, publish_at=EIGHT, at=NOON)


def test_the_sweep_publishes_and_has_it_mailed_in_one_go(
    bulletin: Bulletin, draft: Issue, mailoutbox: list[object]
) -> None:
    a_reader(bulletin, "ann@reader.example", topics=list(bulletin.topics.all()))
    Issue.objects.update(publish_at=timezone.now() - timedelta(minutes=1))
    tasks.sweep()
    assert Issue.objects.published().exists()
    assert Digest.objects.get().prepared_at
    assert len(mailoutbox) == 1


def test_one_that_cannot_be_swept_does_not_keep_the_others_from_it(
    bulletin: Bulletin, draft: Issue
) -> None:
    broken = a_draft(bulletin, {"Water": bulletin.topics.first()})
    Issue.objects.update(publish_at=timezone.now() - timedelta(minutes=1))
    Issue.objects.filter(pk=broken.pk).update(publish_at=timezone.now() - timedelta(minutes=2))
    Digest.objects.create(bulletin=bulletin, issue=broken, opened_at=NOON, corrects=None)
    Digest.objects.filter(issue=broken).update(topics="no list")
    tasks.sweep()
    assert Issue.objects.published().filter(pk=draft.pk).exists()


def test_in_a_restored_database_nothing_is_published_at_its_time(draft: Issue) -> None:
    scheduled(draft)
    assert sending.pause_if_restored(at=NOON) == 0
    Origin.objects.update(place="1 2 3")
    sending.pause_if_restored(at=EIGHT)
    assert swept() == []
    draft.refresh_from_db()
    assert draft.missed_at == EIGHT
    assert "restored from a backup" in why_not(draft)
