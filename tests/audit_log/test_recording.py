"""What people do is written down, and stays when they go."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from audit_log.models import Entry
from audit_log.recording import record_act

pytestmark = pytest.mark.django_db


def test_an_entry_keeps_the_name_of_who_did_it_when_the_account_is_deleted() -> None:
    person = User.objects.create_user("chen")
    entry = record_act(
        "issue.published", by=person, at=timezone.now(), issue=7, after={"mails": 211}
    )
    person.delete()
    entry.refresh_from_db()
    assert (entry.by, entry.by_name, entry.after) == (None, "chen", {"mails": 211})


def test_what_the_service_did_itself_has_no_person() -> None:
    entry = record_act("issue.published", by=None, at=timezone.now(), subject="长" * 300)
    assert (entry.by, entry.by_name, len(entry.subject)) == (None, "", 200)
    assert Entry.objects.get() == entry
