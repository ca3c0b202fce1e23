"""An office brings its list, adds a reader, has lists as files, and changes many at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from audit_log.models import Entry
from digests.models import Delivery, Digest, Edition, Feedback
from digests.models.feedback import FeedbackKind
from publications.models import Bulletin, Topic
from subscribers import spellings, suppressions, unsubscribing
from subscribers.importing import tables
from subscribers.models import ReaderImport, Subscriber, Subscription
from subscribers.models.subscription import EndReason
from subscribers.models.suppression import SuppressionReason
from subscribers.tasks import sweep, work_on_import
from tests.support.browsing import Page
from tests.support.factories import NOON, a_delivery, a_draft, a_reader, topics_of
from tests.support.lists import xlsx
from tests.support.readers import followed

UPLOAD = reverse("admin:subscribers_readerimport_upload")
READERS = reverse("admin:subscribers_subscriber_changelist")
BULK = reverse("admin:subscribers_subscriber_bulk")


@pytest.fixture
def topics(bulletin: Bulletin) -> list[Topic]:
    return topics_of(bulletin, ["Law", "Markets"])


@pytest.fixture
def import_page(
    editor: Client,
    topics: list[Topic],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[..., Page]:
    """Upload a list; the page that it leads to."""

    def upload(content: bytes | str, name: str = "list.csv") -> Page:
        data = content.encode() if isinstance(content, str) else content
        file = SimpleUploadedFile(name, data)
        with django_capture_on_commit_callbacks(execute=True):
            answer = editor.post(UPLOAD, {"bulletin": topics[0].bulletin_id, "file": file})
        assert answer.status_code == 302, answer.content.decode()
        return Page.at(editor, answer["Location"])

    return upload


LIST = "姓名,邮箱,主题\n张三,zs@office.example,Law\n李四,ls@office.example,\n坏,no address,Law\n"


def test_a_list_is_looked_at_taken_in_and_undone(
    import_page: Callable[..., Page],
    topics: list[Topic],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    a_reader(topics[0].bulletin, "ls@office.example", topics=topics[1:])
    page = import_page(LIST)
    for words in ("<dt>new</dt><dd>1</dd>", "<dt>known</dt><dd>1</dd>"):
        assert words in page.text
    assert "<dt>cannot be read</dt><dd>1</dd>" in page.text
    assert "no email address that can be written to" in page.text
    refused = page.press("start", "_start", ask="no")
    assert "This field is required." in refused.text
    assert "1 rows name no topic" in refused.text
    with django_capture_on_commit_callbacks(execute=True):
        page = page.press(
            "start", "_start", ask="no", consent="the spring meeting", topics=str(topics[1].pk)
        )
    page = Page.at(page.client, page.path)
    assert "The list is taken in." in page.text
    assert "the spring meeting" in page.text
    new = Subscriber.objects.get(address="zs@office.example")
    assert followed(new) == {"Law"}
    bad = page.client.get(page.path.replace("change/", "act/bad-csv/"))
    rows = list(csv.reader(io.StringIO(bad.getvalue().decode("utf-8-sig"))))
    assert rows[1] == ["坏", "no address", "Law", "4", "no email address that can be written to"]
    with django_capture_on_commit_callbacks(execute=True):
        page = page.press("undo", "_undo")
    page = Page.at(page.client, page.path)
    assert "1 reader is as before it" in page.text
    assert Subscriber.objects.get().address == "ls@office.example"
    acts = Entry.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["readers.imported", "readers.import_undone"]
    assert "office.example" not in str(list(Entry.objects.values()))


def test_columns_that_were_guessed_wrongly_are_chosen_and_another_sheet_too(
    import_page: Callable[..., Page],
    topics: list[Topic],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    content = xlsx(
        {
            "One": [["a@office.example", "Water", "Ann"], ["b@office.example", "Wood", "Bob"]],
            "Two": [["Email"], ["c@office.example"]],
        }
    )
    page = import_page(content, "list.xlsx")
    with django_capture_on_commit_callbacks(execute=True):
        page = page.press("layout", "_again", column_1="unit", column_2="name")
    page = Page.at(page.client, page.path)
    run = ReaderImport.objects.get()
    assert set(run.rows.values_list("name", "unit")) == {("Ann", "Water"), ("Bob", "Wood")}
    refused = page.press("layout", "_again", column_0="name")
    assert "Choose the column with the email addresses." in refused.text
    with django_capture_on_commit_callbacks(execute=True):
        page.press("layout", "_again", sheet="Two")
    assert list(run.rows.values_list("address", flat=True)) == ["c@office.example"]


def test_a_file_that_is_no_list_is_refused_with_a_reason(import_page: Callable[..., Page]) -> None:
    page = import_page(b"%PDF-1.7 no list", "list.xlsx")
    assert "This is no table." in page.text
    assert ReaderImport.objects.get().file == ""


def test_a_file_that_is_too_large_is_refused(
    editor: Client, topics: list[Topic], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_BYTES", 100)
    file = SimpleUploadedFile("list.csv", b"x" * 101)
    page = editor.post(UPLOAD, {"bulletin": topics[0].bulletin_id, "file": file})
    assert b"This file is too large." in page.content
    assert not ReaderImport.objects.exists()


def test_the_page_shows_by_itself_how_far_it_is(editor: Client, bulletin: Bulletin) -> None:
    run = ReaderImport.objects.create(
        bulletin=bulletin, file_name="x", uploaded_at=NOON, status="running",
        numbers={"read": 10, "taken": {"new": 4}},
    )  # fmt: skip
    page = editor.get(reverse("admin:subscribers_readerimport_change", args=[run.pk]))
    assert page["Refresh"] == "2"
    assert b"4 of 10 are taken in." in page.content


def test_a_list_whose_file_is_gone_says_so(bulletin: Bulletin) -> None:
    run = ReaderImport.objects.create(
        bulletin=bulletin, file_name="x", file="gone", uploaded_at=NOON
    )
    work_on_import(run.pk)
    run.refresh_from_db()
    assert (run.status, run.failure) == ("unreadable", "damaged")


@pytest.mark.parametrize("confirm", ["no", "yes"])
def test_a_reader_is_added_in_one_line(
    confirm: str, editor: Client, topics: list[Topic], settings: Settings
) -> None:
    page = Page.at(editor, READERS).press(
        "enter", "_add", address="Ａnn@office.example", name="Ann", consent="by telephone",
        confirm=confirm,
    )  # fmt: skip
    reader = Subscriber.objects.get()
    assert reader.name == "Ann"
    if confirm == "yes":
        assert "They are mailed a link" in page.text
        sweep()
        assert mail.outbox[0].to == ["Ann@office.example"]
        assert not reader.is_reading
    else:
        assert "The reader is added." in page.text
        assert followed(reader) == {"Law", "Markets"}
        assert {each.consent for each in reader.subscriptions.all()} == {"by telephone"}
    assert Entry.objects.get().reader_id == reader.pk


def test_who_left_or_is_suppressed_is_not_added(editor: Client, topics: list[Topic]) -> None:
    left = a_reader(topics[0].bulletin, "left@office.example")
    unsubscribing.unsubscribe(left.pk, at=NOON, reason=EndReason.LEFT)
    suppressions.suppress(
        "gone@office.example", reason=SuppressionReason.EDITOR, evidence="", at=NOON
    )
    for name, words in (("left", "They had left."), ("gone", "This address must not be mailed.")):
        page = Page.at(editor, READERS).press(
            "enter", "_add", address=f"{name}@office.example", consent="x", confirm="no"
        )
        assert words in page.text
    assert not Subscriber.objects.mailable(at=timezone.now()).exists()
    assert not Entry.objects.exists()


def exported(client: Client, address: str, **query: str) -> list[list[str]]:
    answer = client.post(f"{address}export/csv/?{'&'.join(f'{k}={v}' for k, v in query.items())}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_exactly_what_the_list_shows_is_exported_and_logged(
    editor: Client, topics: list[Topic]
) -> None:
    for n in range(3):
        a_reader(topics[0].bulletin, f"r{n}@office.example", topics=topics, name=f"=Name{n}")
    a_reader(topics[0].bulletin, "zh@office.example", language="zh-hans")
    rows = exported(editor, READERS, language__exact="en", q="r1")
    assert [row[0] for row in rows[1:]] == ["r1@office.example"]
    assert rows[1][1] == "'=Name1"
    assert rows[1][7] == "Law; Markets"
    assert rows[1][4] == "gets mail"
    assert len(exported(editor, READERS)) == 5
    entry = Entry.objects.order_by("pk")[0]
    assert (entry.act, entry.after["rows"], entry.after["searched"]) == ("list.exported", 1, True)
    assert "r1" not in str(entry.after)


def test_every_list_is_exported_in_both_formats(editor: Client, db: None) -> None:
    delivery = a_delivery()
    Feedback.objects.create(
        delivery=delivery, subscriber=delivery.subscriber, kind=FeedbackKind.SOFT_BOUNCE,
        detail="mailbox of ann@reader.example full", received_at=NOON, key="k",
    )  # fmt: skip
    suppressions.suppress("x@y.example", reason=SuppressionReason.EDITOR, evidence="+1", at=NOON)
    for model in ("subscribers_subscriber", "subscribers_suppression", "digests_delivery",
                  "digests_feedback"):  # fmt: skip
        page = reverse(f"admin:{model}_changelist")
        assert b'formaction="export/csv/"' in editor.get(page).content
        assert len(exported(editor, page)) == 2
        answer = editor.post(f"{page}export/xlsx/")
        book = load_workbook(io.BytesIO(answer.getvalue()))
        assert len(list(book.worksheets[0].rows)) == 2


def test_who_may_not_export_or_import_is_refused(bulletin: Bulletin) -> None:
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_subscriber", "view_feedback"])
    )
    viewer = Client()
    viewer.force_login(user)
    assert b"export/csv" not in viewer.get(READERS).content
    for address in (f"{READERS}export/csv/", UPLOAD, reverse("admin:subscribers_subscriber_enter")):
        assert viewer.post(address).status_code == 403
    assert viewer.post(BULK, {"chosen": "1", "act": "unsubscribe"}).status_code == 403


def test_addresses_are_masked_for_who_may_not_see_them(bulletin: Bulletin) -> None:
    reader = a_reader(bulletin, "ann@office.example")
    Feedback.objects.create(
        subscriber=reader, kind=FeedbackKind.SOFT_BOUNCE, received_at=NOON, key="k",
        detail="<ann@office.example>: full",
    )  # fmt: skip
    user = User.objects.create_user("carer", is_staff=True)
    codes = ["view_subscriber", "view_feedback", "export_subscriber"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=codes))
    client = Client()
    client.force_login(user)
    assert exported(client, READERS)[1][0] == "a•••@office.example"
    feedback = exported(client, reverse("admin:digests_feedback_changelist"))
    assert feedback[1][2] == "a•••@office.example"
    assert feedback[1][5] == "<a•••@office.example>: full"


def chosen(readers: list[Subscriber], **words: str) -> dict[str, str]:
    return {"chosen": ",".join(str(reader.pk) for reader in readers), **words}


def test_chosen_readers_are_changed_at_once(editor: Client, topics: list[Topic]) -> None:
    law, markets = topics
    ann = a_reader(law.bulletin, "ann@office.example", topics=[law])
    bob = a_reader(law.bulletin, "bob@office.example", topics=[law, markets])
    left = a_reader(law.bulletin, "left@office.example")
    unsubscribing.unsubscribe(left.pk, at=NOON, reason=EndReason.LEFT)
    readers = [ann, bob, left]
    page = editor.post(
        READERS, {"action": "change_chosen", "_selected_action": [one.pk for one in readers]}
    )
    assert b"3 readers are chosen." in page.content
    refused = editor.post(BULK, chosen(readers, act="add-topic", topic=str(markets.pk)))
    assert b"Say where their consent comes from." in refused.content
    editor.post(BULK, chosen(readers, act="add-topic", topic=str(markets.pk), consent="a letter"))
    assert followed(ann) == followed(bob) == {"Law", "Markets"}
    assert not followed(left)
    assert Subscription.objects.filter(source="editor").get().consent == "a letter"
    editor.post(BULK, chosen(readers, act="end-topic", topic=str(law.pk)))
    assert followed(ann) == followed(bob) == {"Markets"}
    editor.post(BULK, chosen(readers, act="language", language="zh-hans"))
    assert set(Subscriber.objects.confirmed().values_list("language", flat=True)) == {"zh-hans"}
    editor.post(BULK, chosen(readers, act="unsubscribe"))
    assert not Subscriber.objects.confirmed().exists()
    changed = [entry.after["changed"] for entry in Entry.objects.order_by("pk")]
    assert changed == [1, 2, 2, 2]


def test_chosen_readers_are_exported(editor: Client, topics: list[Topic]) -> None:
    readers = [a_reader(topics[0].bulletin, f"r{n}@office.example") for n in range(3)]
    answer = editor.post(
        READERS, {"action": "export_csv", "_selected_action": [readers[0].pk, readers[2].pk]}
    )
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == {"r0@office.example", "r2@office.example"}


def test_spellings_of_one_mailbox_are_shown_and_not_merged(
    editor: Client, bulletin: Bulletin
) -> None:
    for address in ("a.nn@gmail.com", "ann+x@googlemail.com", "bob@gmail.com", "a.nn@qq.com"):
        a_reader(bulletin, address)
    a_reader(bulletin, "Cat@office.example")
    a_reader(bulletin, "cat@office.example")
    found = {group.spelling: [one.address for one in group.readers] for group in spellings.groups()}
    assert found["ann@gmail.com"] == ["a.nn@gmail.com", "ann+x@googlemail.com"]
    assert set(found) <= {"ann@gmail.com", "cat@office.example"}
    page = editor.get(reverse("admin:subscribers_subscriber_look_after")).content.decode()
    assert "ann+x@googlemail.com" in page
    assert "bob@gmail.com" not in page
    assert Subscriber.objects.count() == 6


@given(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), st.integers(0, 7))
def test_dots_plus_case_and_width_are_no_other_spelling(local: str, dot: int) -> None:
    dotted = f"{local[:dot]}.{local[dot:]}" if 0 < dot < len(local) else local
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in local)
    same = {f"{local}@gmail.com", f"{dotted}+news@GMAIL.com", f"{wide}@googlemail.com"}
    assert {spellings.spelling_of(one) for one in same} == {f"{local}@gmail.com"}
    assert spellings.spelling_of(f"{local}+x@qq.com") == f"{local}+x@qq.com"


def test_who_bounced_softly_for_long_is_shown_with_the_reason(
    editor: Client, bulletin: Bulletin
) -> None:
    now = timezone.now()
    ann, bob = (a_reader(bulletin, f"{name}@office.example") for name in ("ann", "bob"))
    for n, days in enumerate((20, 9, 1)):
        for reader, said in ((ann, "mailbox is full"), (bob, "try later")):
            delivery = _a_delivery(reader, at=now - timedelta(days=days))
            Feedback.objects.create(
                delivery=delivery, subscriber=reader, kind=FeedbackKind.SOFT_BOUNCE,
                received_at=now - timedelta(days=days), key=f"{reader.pk}-{n}", status="4.2.2",
                detail=said,
            )  # fmt: skip
    Feedback.objects.create(
        subscriber=bob, kind=FeedbackKind.DELIVERED, received_at=now, key="arrived"
    )
    page = editor.get(reverse("admin:subscribers_subscriber_look_after")).content.decode()
    assert "ann@office.example" in page
    assert "4.2.2 mailbox is full" in page
    assert "bob@office.example" not in page


def _a_delivery(reader: Subscriber, *, at: datetime) -> Delivery:
    digest = Digest.draft(a_draft(reader.bulletin, {}), at=at)
    digest.save()
    edition = Edition.objects.create(digest=digest, language="en", topic_mask=1)
    return Delivery.objects.create(
        digest=digest, subscriber=reader, edition=edition, status="sent", due_at=at, settled_at=at
    )
