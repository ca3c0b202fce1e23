"""A provider's events are feedback like any other: with its secret, and once."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

import pytest
from django.test import Client
from django.urls import include, path
from pytest_django.fixtures import Settings

from bulletin_site.urls import urlpatterns as site
from digests.bounces import webhooks
from digests.models import Delivery, Feedback
from digests.models.feedback import FeedbackKind
from subscribers.models import Suppression
from tests.support.returned_mails import key_of

pytestmark = pytest.mark.urls("tests.bounces.test_webhooks")
urlpatterns = [path("anymail/", include("anymail.urls")), *site]

PAGE = "/anymail/postmark/tracking/"
BOUNCE = {
    "RecordType": "Bounce",
    "ID": 901542550,
    "Type": "HardBounce",
    "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed",
    "Description": "The server was unable to deliver your message (ex: unknown user).",
    "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
    "Email": "ann@reader.example",
    "BouncedAt": "2026-09-15T12:00:04Z",
}
COMPLAINT = {
    "RecordType": "SpamComplaint",
    "ID": 901542551,
    "Type": "SpamComplaint",
    "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed",
    "Email": "ann@reader.example",
    "BouncedAt": "2026-09-15T13:00:04Z",
}


@pytest.fixture(autouse=True)
def _set_up(settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "provider:secret"}
    webhooks.listen()


def post(payload: Mapping[str, object], *, password: str = "secret") -> int:
    login = base64.b64encode(f"provider:{password}".encode()).decode()
    client = Client(headers={"authorization": f"Basic {login}"}, raise_request_exception=False)
    return client.post(PAGE, json.dumps(payload), content_type="application/json").status_code


def about(delivery: Delivery, payload: Mapping[str, object]) -> Mapping[str, object]:
    sender = f"bounces+{key_of(delivery)}@bounces.example.org"
    return {**payload, "Metadata": {"sender": sender}}


@pytest.mark.parametrize(
    ("payload", "kind"), [(BOUNCE, FeedbackKind.HARD_BOUNCE), (COMPLAINT, FeedbackKind.COMPLAINED)]
)
def test_an_event_is_recorded_once_and_acted_on(
    payload: Mapping[str, object], kind: FeedbackKind, delivery: Delivery
) -> None:
    for _ in range(2):
        assert post(about(delivery, payload)) == 200
    event = Feedback.objects.get()
    assert (event.delivery, event.kind) == (delivery, kind)
    assert Suppression.objects.get().address_key == "ann@reader.example"


def test_without_the_secret_nothing_is_believed(delivery: Delivery) -> None:
    assert post(about(delivery, BOUNCE), password="guessed") == 400
    assert not Feedback.objects.exists()


def test_an_event_about_no_mail_of_ours_changes_nothing(delivery: Delivery) -> None:
    assert post(BOUNCE) == 200
    assert not Feedback.objects.exists()


def test_an_event_is_known_by_a_message_id_of_ours(delivery: Delivery) -> None:
    own = f"<20260915130000.{delivery.digest_id}.{delivery.pk}@localhost>"
    assert post(BOUNCE | {"MessageID": own}) == 200
    assert Feedback.objects.get().delivery == delivery


def test_an_event_about_a_mail_of_a_digest_that_a_restored_backup_lost_changes_nothing(
    delivery: Delivery,
) -> None:
    own = f"<20260915125959.{delivery.digest_id}.{delivery.pk}@localhost>"
    assert post(BOUNCE | {"MessageID": own}) == 200
    assert not Feedback.objects.exists()


def test_an_opened_mail_is_not_written_down(delivery: Delivery) -> None:
    opened = {"RecordType": "Open", "MessageID": "1", "Recipient": "ann@reader.example"}
    assert post(about(delivery, opened)) == 200
    assert not Feedback.objects.exists()
