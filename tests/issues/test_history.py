"""The history of an issue: acts are stored as they are made, and any state comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from issues.editing import acts, history, revisions, storage
from issues.editing.acts import Act
from issues.editing.conflicts import Conflict
from issues.editing.document import Draft, Gone
from issues.editing.history import NothingToUndo, Submission
from issues.editing.refusals import ActRefused, Refusal
from issues.models import Article, Issue, Revision
from pdf_reading.issue_text import Paragraph, Place, to_json
from tests.issues.test_acts import an_act
from tests.support.factories import NOON, an_issue, weather

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> Issue:
    made = an_issue(weather(), Issue.Status.DRAFT)
    made.pieces.create(position=1, places=(Place(2, 0, 0, 9, 9),), text="A piece.\n\nMore.")
    return made


def now_of(issue: Issue) -> Draft:
    issue.refresh_from_db()
    return storage.load(issue)


def sent(issue: Issue, **more: Any) -> Submission:
    return Submission(**({"by": None, "made_from": issue.version, "at": NOON} | more))


def perform(issue: Issue, act: Act, **more: Any) -> history.Made:
    issue.refresh_from_db()
    made = history.perform(issue, act, sent(issue, **more))
    issue.refresh_from_db()
    return made


def undo(issue: Issue) -> None:
    history.undo(issue, sent(issue))
    issue.refresh_from_db()


def key(issue: Issue, title: str) -> int:
    return Article.objects.get(section__issue=issue, title=title).pk


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_undo_gives_the_same_draft_back_and_redo_what_was_undone(
    data: st.DataObject,
) -> None:
    issue = an_issue(weather(f"w{Issue.objects.count()}"), Issue.Status.DRAFT)
    issue.pieces.create(position=1, places=(Place(2, 0, 0, 9, 9),), text="A piece.")
    states = [replace(now_of(issue), version=0)]
    for _ in range(data.draw(st.integers(1, 6))):
        try:
            perform(issue, an_act(now_of(issue), data))
        except (Gone, ActRefused):
            continue
        states.append(replace(now_of(issue), version=0))
    for back in reversed(states[:-1]):
        history.undo(issue, sent(issue))
        assert replace(now_of(issue), version=0) == back
    with pytest.raises(NothingToUndo):
        history.undo(issue, sent(issue))
    for forth in states[1:]:
        history.redo(issue, sent(issue))
        assert replace(now_of(issue), version=0) == forth
    with pytest.raises(NothingToUndo):
        history.redo(issue, sent(issue))


def test_what_is_stored_is_what_was_done(issue: Issue) -> None:
    made = perform(issue, acts.MergeArticle(key(issue, "Much rain")))
    assert now_of(issue) == made.after
    assert issue.version == 1
    assert list(issue.revisions.values_list("number", flat=True)) == [1, 0]


def test_an_article_that_comes_back_has_the_id_that_it_had(issue: Issue) -> None:
    rain = key(issue, "Much rain")
    perform(issue, acts.DropArticle(rain))
    assert not Article.objects.filter(pk=rain).exists()
    now = now_of(issue)
    perform(issue, acts.TakeBack(now.bin[0].key))
    assert Article.objects.get(pk=rain).title == "Much rain"


def test_any_earlier_state_comes_back_and_that_is_undone_as_any_act(issue: Issue) -> None:
    first = replace(now_of(issue), version=0)
    perform(issue, acts.MergeArticle(key(issue, "Much rain")))
    second = replace(now_of(issue), version=0)
    perform(issue, acts.DropSection(now_of(issue).sections[0].key))
    history.restore(issue, 0, sent(issue))
    assert replace(now_of(issue), version=0) == first
    undo(issue)
    undo(issue)
    assert replace(now_of(issue), version=0) == second
    assert replace(revisions.state(issue, 1), version=0) == second


def test_a_form_that_is_sent_twice_acts_once(issue: Issue) -> None:
    act = acts.DropBlock(f"r{key(issue, 'Much rain')}-1")
    assert perform(issue, act, token="t1").new
    again = perform(issue, act, token="t1", made_from=0)
    assert not again.new
    assert issue.revisions.count() == 2


def test_acts_at_different_words_merge(issue: Issue) -> None:
    rain, wind = key(issue, "Much rain"), key(issue, "No wind")
    perform(issue, acts.EditArticle(rain, title="More rain"), made_from=0)
    perform(issue, acts.EditArticle(rain, source="The lake"), made_from=0)
    perform(issue, acts.EditArticle(wind, title="Some wind"), made_from=0)
    perform(issue, acts.BeginArticle(f"r{rain}-2"), made_from=0)
    titles = [one.title for one in now_of(issue).articles]
    assert titles == ["More rain", "What to wear", "Little rain", "Some wind"]
    assert next(one.source for one in now_of(issue).articles if one.title == "What to wear")


def test_acts_at_the_same_words_conflict_and_the_second_sees_what_is_stored(issue: Issue) -> None:
    block = f"r{key(issue, 'Much rain')}-1"
    perform(issue, acts.EditBlock(block, (Paragraph("Mine.", 2),)), made_from=0)
    with pytest.raises(Conflict) as conflict:
        perform(issue, acts.EditBlock(block, (Paragraph("Yours.", 2),)), made_from=0)
    assert conflict.value.stored == (Paragraph("Mine.", 2),)
    assert issue.version == 1


def test_the_same_change_twice_is_no_conflict(issue: Issue) -> None:
    rain = key(issue, "Much rain")
    perform(issue, acts.EditArticle(rain, title="More rain"), made_from=0)
    with pytest.raises(ActRefused) as refused:
        perform(issue, acts.EditArticle(rain, title="More rain"), made_from=0)
    assert refused.value.refusal is Refusal.NOTHING_CHANGED


def test_of_two_undos_at_once_the_second_does_nothing(issue: Issue) -> None:
    perform(issue, acts.DropSection(now_of(issue).sections[0].key))
    perform(issue, acts.AddSection("New"))
    seen = issue.version
    history.undo(issue, sent(issue, made_from=seen))
    with pytest.raises(NothingToUndo):
        history.undo(issue, sent(issue, made_from=seen))
    assert [one.title for one in now_of(issue).sections] == ["Wind"]


def test_of_a_published_issue_words_change_and_nothing_else(issue: Issue) -> None:
    Issue.objects.update(status=Issue.Status.PUBLISHED)
    rain = key(issue, "Much rain")
    perform(issue, acts.EditArticle(rain, title="More rain"))
    section = now_of(issue).sections[0].key
    for act in (
        acts.DropArticle(rain),
        acts.BeginArticle(f"r{rain}-2"),
        acts.EditSection(section, "Other"),
        acts.MailArticle(rain, mailed=False),
        acts.MoveSection(section),
        acts.TakeIn(issue.pieces.get().pk),
    ):
        with pytest.raises(ActRefused) as refused:
            perform(issue, act)
        assert refused.value.refusal is Refusal.PUBLISHED
    history.undo(issue, sent(issue))
    assert Article.objects.get(pk=rain).title == "Much rain"


def test_what_is_not_read_yet_cannot_be_edited(issue: Issue) -> None:
    Issue.objects.update(status=Issue.Status.UPLOADED)
    with pytest.raises(history.NotEditable):
        perform(issue, acts.AddSection("New"))


def test_a_state_that_never_was_is_gone(issue: Issue) -> None:
    perform(issue, acts.AddSection("New"))
    with pytest.raises(Gone):
        perform(issue, acts.AddSection("New"), made_from=77)


def test_a_revision_names_who_made_it_and_stays_without_them(issue: Issue) -> None:
    editor = get_user_model().objects.create_user("editor")
    made = perform(issue, acts.AddSection("New"), by=editor.pk, at=NOON + timedelta(1))
    assert made.revision.made_by == editor
    editor.delete()
    assert Revision.objects.get(pk=made.revision.pk).made_by is None


def test_an_act_costs_a_bounded_number_of_queries(
    issue: Issue, django_assert_max_num_queries: Any
) -> None:
    perform(issue, acts.AddSection("New"))
    section = now_of(issue).sections[0]
    for n in range(50):
        perform(issue, acts.AddArticle(section.key, f"Article {n}"))
    rain = key(issue, "Much rain")
    with django_assert_max_num_queries(19):
        perform(issue, acts.EditArticle(rain, title="More rain"))


def test_an_act_keeps_what_it_changes_and_nothing_else_anew(issue: Issue) -> None:
    rain = key(issue, "Much rain")
    perform(issue, acts.DropArticle(key(issue, "Little rain")))
    with CaptureQueriesContext(connection) as asked:
        perform(issue, acts.EditArticle(rain, title="More rain"))
    kept = [one["sql"] for one in asked if 'INTO "issues_articlestate"' in one["sql"]]
    assert len(kept) == 1
    assert "More rain" in kept[0]
    for words in ("No wind", "A piece", "Little rain"):
        assert words not in kept[0]
        assert words not in str(Revision.objects.get(number=issue.version).state)


def test_a_state_that_an_earlier_version_of_the_software_kept_comes_back(issue: Issue) -> None:
    perform(issue, acts.DropArticle(key(issue, "Little rain")))
    before = now_of(issue)
    revision = Revision.objects.get(number=issue.version)
    revision.state |= {"remnants": to_json(before.remnants), "bin": to_json(before.bin)}
    revision.save()
    assert revisions.state(issue, issue.version) == before


def test_what_a_damaged_row_holds_is_never_written_over(issue: Issue) -> None:
    rain = key(issue, "Much rain")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE issues_article SET passages = %s WHERE id = %s", ('[{"kind": "poem"}]', rain)
        )
        perform(issue, acts.EditArticle(rain, title="More rain"))
        cursor.execute("SELECT title, passages FROM issues_article WHERE id = %s", [rain])
        title, passages = cursor.fetchone()
    assert title == "More rain"
    assert "poem" in str(passages)
