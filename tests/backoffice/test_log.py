"""Who did what: each act of a person stands in the log, in words, and is found there."""

from __future__ import annotations

import ast
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit_log.models import Entry
from audit_log.recording import record_act
from backoffice.log_pages import entry_words
from digests import scheduling, sending
from digests.models import Digest
from issues.models import Issue
from publications.models import Bulletin, Topic
from subscribers.models import Suppression
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader, topics_of

pytestmark = pytest.mark.django_db

LIST = "admin:audit_log_entry_changelist"


@pytest.fixture
def topics() -> list[Topic]:
    return topics_of(a_bulletin(), ["Water", "Energy"])


@pytest.fixture
def draft(topics: list[Topic]) -> Issue:
    a_reader(topics[0].bulletin, "a@reader.example", topics=topics)
    return a_draft(topics[0].bulletin, {"Water": topics[0]})


def acts() -> list[str]:
    return list(Entry.objects.order_by("pk").values_list("act", flat=True))


def press(editor: Client, route: str, *args: object, **form: object) -> str:
    page = editor.post(reverse(f"admin:{route}", args=args), form, follow=True)
    assert page.status_code == 200
    return page.content.decode()


def literals() -> set[str]:
    """All acts that the code names."""
    found: set[str] = set()
    rooms = ["accounts", "backoffice", "bulletin_site", "digests", "issues"]
    rooms += ["publications", "subscribers"]
    for path in (each for room in rooms for each in Path(settings.BASE_DIR, room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                given = [each.value for each in node.keywords if each.arg == "act"]
                given += node.args[:2] if called in {"record_act", "_record", "_write"} else []
                found |= {
                    str(each.value)
                    for each in given
                    if isinstance(each, ast.Constant) and "." in str(each.value)
                }
    return found


def test_every_act_that_the_code_names_has_words() -> None:
    named = literals()
    assert {"issue.published", "topic.retired", "deliveries.pruned"} <= named
    assert named <= entry_words.WORDS.keys()


def test_publishing_is_logged_with_how_many_are_mailed_and_what_became_of_them(
    editor: Client, draft: Issue
) -> None:
    press(editor, "issues_issue_publish", draft.pk)
    press(editor, "issues_issue_publish", draft.pk)  # twice is once
    published, finished = Entry.objects.order_by("pk")
    assert (published.act, published.by_name) == ("issue.published", "editor")
    assert (published.issue_id, published.publication_id) == (draft.pk, draft.bulletin_id)
    assert entry_words.sentence(published) == "Published, and mailed to readers: 1."
    assert (finished.act, finished.by) == ("digest.finished", None)
    assert finished.after["sent"] == 1


def test_publishing_by_the_sweep_stands_in_the_log_and_in_the_history_of_the_issue(
    editor: Client, draft: Issue
) -> None:
    now = timezone.now()
    press(editor, "issues_issue_publish", draft.pk, _tomorrow="1")
    draft.refresh_from_db()
    assert draft.publish_at
    scheduling.publish(draft, at=draft.publish_at)
    assert acts() == ["issue.scheduled", "issue.published"]
    assert Entry.objects.get(act="issue.scheduled").after["mailed"] is True
    history = editor.get(reverse("admin:issues_issue_history", args=[draft.pk])).content.decode()
    assert "Scheduled for" in history
    assert "<td>the service</td><td>Published, and mailed to readers: 1.</td>" in history
    assert now < draft.publish_at


def test_what_cannot_be_published_at_its_time_is_logged(draft: Issue) -> None:
    scheduling.schedule(draft, publish_at=NOON + timedelta(hours=1), at=NOON)
    draft.refresh_from_db()
    draft.sections.all().delete()
    scheduling.publish(draft, at=NOON + timedelta(hours=1))
    assert acts() == ["issue.missed_its_time"]


def test_the_acts_around_an_issue_are_logged_once_each(editor: Client, draft: Issue) -> None:
    pk = draft.pk
    press(editor, "issues_issue_publish", pk, _tomorrow="1")
    press(editor, "issues_issue_unschedule", pk)
    press(editor, "issues_issue_unschedule", pk)
    press(editor, "issues_issue_publish", pk, _appear="1", web_only="on")
    press(editor, "issues_issue_withdraw", pk, because="A wrong number.")
    press(editor, "issues_issue_withdraw", pk, because="A wrong number.")
    press(editor, "issues_issue_restore", pk)
    assert acts() == [
        "issue.scheduled",
        "issue.unscheduled",
        "issue.published_on_the_web",
        "issue.withdrawn",
        "issue.restored",
    ]
    assert Entry.objects.get(act="issue.withdrawn").after["because"] == "A wrong number."


def test_a_draft_goes_into_the_bin_and_to_another_bulletin_on_record(
    editor: Client, draft: Issue
) -> None:
    other = a_bulletin(slug="other", name="Other")
    press(editor, "issues_issue_transfer", draft.pk, bulletin=other.pk)
    press(editor, "issues_issue_delete", draft.pk, post="yes")
    press(editor, "issues_issue_bin", take_back=draft.pk)
    assert acts() == ["issue.moved", "issue.binned", "issue.taken_from_the_bin"]
    moved = Entry.objects.get(act="issue.moved")
    assert (moved.before, moved.after) == ({"bulletin": "Letters"}, {"bulletin": "Other"})


def test_a_spell_of_editing_is_one_entry(editor: Client, draft: Issue) -> None:
    for version, title in enumerate(("Hail", "Sleet", "Frost")):
        form = {"act": '{"act":"add_section"}', "title": title, "version": version}
        press(editor, "issues_issue_act", draft.pk, **form)
    draft.refresh_from_db()
    assert draft.version == 3
    assert acts() == ["issue.edited"]


def test_a_mailing_is_steered_on_record_by_page_and_by_command(
    editor: Client, draft: Issue
) -> None:
    digest = a_digest(draft, at=NOON)
    press(editor, "digests_digest_lifecycle", digest.pk, "pause")
    call_command("steer_digest", "resume", str(digest.pk), stdout=StringIO())
    names = [(one.act, entry_words.who(one)) for one in Entry.objects.order_by("pk")]
    assert ("digest.paused", "editor") in names
    assert ("digest.resumed", "the service (manage.py steer_digest)") in names


def test_old_and_new_values_of_a_bulletin_stand_in_the_log(
    editor: Client, bulletin: Bulletin
) -> None:
    was = bulletin.name
    form = {
        "name": "Sleet",
        "language": "en",
        "accent": bulletin.accent,
        "sender_email": "new@office.example",
        "weekly_day": bulletin.weekly_day,
        "monthly_day": bulletin.monthly_day,
        "digest_hour": bulletin.digest_hour,
    }
    press(editor, "publications_bulletin_change", bulletin.pk, **form)
    entry = Entry.objects.get(act="bulletin.changed")
    assert (entry.before["name"], entry.after["name"]) == (was, "Sleet")
    assert entry.after["sender_email"] == "n•••@office.example"
    page = editor.get(reverse("admin:audit_log_entry_change", args=[entry.pk])).content.decode()
    assert "<td>Sleet</td>" in page
    assert was in page


def test_topics_are_retired_and_offered_again_on_record(
    editor: Client, topics: list[Topic]
) -> None:
    chosen = {"_selected_action": [topics[0].pk]}
    for action in ("retire", "retire", "offer_again", "offer_again"):
        press(editor, "publications_topic_changelist", **chosen, action=action)
    assert acts() == ["topic.retired", "topic.offered_again"]


def test_accounts_and_their_rights_are_changed_on_record_and_no_password_is(
    editor: Client,
) -> None:
    group = Group.objects.create(name="Publishers")
    right = Permission.objects.get(codename="publish_issue")
    press(editor, "auth_group_change", group.pk, name="Publishers", permissions=[right.pk])
    secret = "Tall trees 4 ever"
    new = {"username": "li", "password1": secret, "password2": secret, "usable_password": "true"}
    press(editor, "auth_user_add", **new)
    user = User.objects.get(username="li")
    changed = {"username": "li", "groups": [group.pk], "is_staff": "on", "is_active": "on"}
    dates = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    none = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    form = {**changed, **dates, **none, "email": "li@office.example"}
    press(editor, "auth_user_change", user.pk, **form)
    press(editor, "auth_user_password_change", user.pk, **new)
    press(editor, "auth_user_delete", user.pk, post="yes")
    wanted = ["group.changed", "user.added", "user.changed", "user.password_changed"]
    assert acts() == [*wanted, "user.deleted"]
    assert str(right) in Entry.objects.get(act="group.changed").after["permissions"][0]
    after = Entry.objects.get(act="user.changed").after
    assert (after["groups"], after["email"]) == (["Publishers"], "l•••@office.example")
    written = str(list(Entry.objects.values()))
    assert secret not in written
    assert "pbkdf2" not in written


def test_a_suppression_is_entered_and_lifted_on_record_without_the_address(
    editor: Client,
) -> None:
    press(editor, "subscribers_suppression_add", address_key="a@reader.example", evidence="Asked.")
    pk = Suppression.objects.get().pk
    press(editor, "subscribers_suppression_change", pk, lifted_because="Asked again.")
    assert acts() == ["suppression.added", "suppression.changed"]
    assert "a@reader.example" not in str(list(Entry.objects.values()))
    assert Entry.objects.get(act="suppression.changed").after["lifted_because"] == "Asked again."


def found(editor: Client, **query: Any) -> list[str]:
    page = editor.get(reverse(LIST), query)
    return [entry.act for entry in page.context["cl"].result_list]


def test_the_log_is_searched_by_person_act_bulletin_issue_reader_and_time(
    editor: Client, draft: Issue
) -> None:
    li, reader = User.objects.create_user("li", is_staff=True), draft.bulletin.subscribers.get()
    at = timezone.make_aware(datetime(2026, 3, 1, 23, 30))  # noqa: DTZ001 - until it is made aware
    later, bulletin = at + timedelta(days=2), draft.bulletin_id
    title = "Weather 7"
    record_act("issue.withdrawn", by=li, at=at, issue=draft.pk, publication=bulletin, subject=title)
    record_act("reader.paused", by=li, at=later, reader=reader.pk, publication=bulletin)
    record_act("issue.published", by=None, at=at + timedelta(days=9), issue=draft.pk + 1)
    assert len(found(editor)) == 3
    assert found(editor, who=li.pk) == ["reader.paused", "issue.withdrawn"]
    assert found(editor, who="service") == ["issue.published"]
    assert found(editor, act="reader.paused") == ["reader.paused"]
    assert found(editor, bulletin=draft.bulletin_id) == ["reader.paused", "issue.withdrawn"]
    assert found(editor, issue_id=draft.pk) == ["issue.withdrawn"]
    assert found(editor, reader_id=reader.pk) == ["reader.paused"]
    assert found(editor, q="a@reader.example") == ["reader.paused"]
    assert found(editor, q="Weather") == ["issue.withdrawn"]
    assert found(editor, **{"from": "2026-03-01", "to": "2026-03-01"}) == ["issue.withdrawn"]
    assert found(editor, **{"from": "2026-03-02", "to": "2026-03-03"}) == ["reader.paused"]
    assert len(found(editor, **{"from": "soon", "to": "2026-13-77"})) == 3


def test_the_log_is_exported_as_it_is_searched_and_that_is_logged(
    editor: Client, draft: Issue
) -> None:
    for title in ("=1+1", "Other"):
        record_act("issue.withdrawn", by=None, at=NOON, subject=title)
    page: Any = editor.post(reverse("admin:audit_log_entry_export", args=["csv"]) + "?q=%3D1")
    text = b"".join(page.streaming_content).decode("utf-8-sig")
    assert '"\'=1+1"' in text
    assert "Other" not in text
    assert acts()[-1] == "log.exported"
    sheet: Any = editor.post(reverse("admin:audit_log_entry_export", args=["xlsx"]))
    assert b"".join(sheet.streaming_content)[:2] == b"PK"


def test_who_may_not_see_the_log_sees_none_of_it(client: Client, draft: Issue) -> None:
    user = User.objects.create_user("li", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_issue"))
    client.force_login(user)
    export = reverse("admin:audit_log_entry_export", args=["csv"])
    for address in (reverse(LIST), export):
        assert client.get(address).status_code == 403
    page = client.get(reverse("admin:issues_issue_change", args=[draft.pk])).content.decode()
    assert "audit_log" not in page
    user.user_permissions.add(Permission.objects.get(codename="view_entry"))
    page = client.get(reverse("admin:issues_issue_change", args=[draft.pk])).content.decode()
    assert f"{reverse(LIST)}?issue_id={draft.pk}" in page


def test_pruning_is_logged_with_the_command(draft: Issue) -> None:
    digest = a_digest(draft, at=NOON)
    sending.cancel(digest, at=NOON)
    sending.finish(digest, at=NOON)
    assert Digest.objects.get().finished_at
    call_command("prune_deliveries", older_than=1, stdout=StringIO())
    entry = Entry.objects.get(act="deliveries.pruned")
    assert entry.by_name == "manage.py prune_deliveries"
    assert entry.after == {"days": 1, "count": 1}
