"""Addresses in other scripts are shown as their owners write them, or refused with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mail.messages.headers import ascii_domain
from mail.messages.idn import readable
from publications.models import Bulletin, Topic
from subscribers import suppressions
from subscribers.links import Purpose
from subscribers.models import Subscriber, Suppression
from subscribers.models.suppression import SuppressionReason
from tests.support.factories import NOON, a_reader
from tests.support.readers import address_of

SignUp = Callable[..., str]
TYPED, KEPT = "li.lei@例子.中国", "li.lei@xn--fsqu00a.xn--fiqs8s"


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        (KEPT, TYPED),
        ("xn--fsqu00a.xn--fiqs8s", "例子.中国"),
        ("ann@post.xn--mnchen-3ya.example", "ann@post.münchen.example"),
        ("ann@XN--FSQU00A.cn", "ann@例子.cn"),
        ("ann@office.org", "ann@office.org"),
        ("xn--ann@office.org", "xn--ann@office.org"),
        ("ann@xn--999999999.org", "ann@xn--999999999.org"),  # stands for nothing
        ("", ""),
    ],
)
def test_a_domain_is_shown_in_its_own_script(kept: str, shown: str) -> None:
    assert readable(kept) == shown


@given(st.text(alphabet="例子中国ümlautαβя", min_size=1, max_size=20))
def test_what_is_shown_leads_to_the_same_mailbox(label: str) -> None:
    kept = ascii_domain(f"ann@{label}.example")
    assert ascii_domain(readable(kept)) == kept


def test_no_page_of_a_reader_shows_the_form_that_machines_use(
    sign_up: SignUp, browser: Client, bulletin: Bulletin, topics: list[Topic]
) -> None:
    Bulletin.objects.update(reply_to=KEPT)
    assert f"<strong>{TYPED}</strong>" in sign_up(TYPED, topics[0])
    reader = Subscriber.objects.get()
    pages = [browser.get(address_of(reader, Purpose.CONFIRM))]
    Subscriber.objects.update(confirmed_at=NOON)
    suppressions.suppress(KEPT, reason=SuppressionReason.HARD_BOUNCE, evidence="", at=NOON)
    pages += [browser.get(address_of(reader, purpose)) for purpose in Purpose]
    pages += [browser.post(address_of(reader, Purpose.LEAVE))]
    pages += [browser.get(address_of(reader, purpose)) for purpose in Purpose]
    for page in pages:
        text = page.content.decode()
        assert "xn--" not in re.sub(r'mailto:[^"]+', "", text)
    assert sum(TYPED in page.content.decode() for page in pages) >= 5


def test_no_mail_shows_the_form_that_machines_use(
    sign_up: SignUp, bulletin: Bulletin, topics: list[Topic], mailoutbox: list[EmailMessage]
) -> None:
    Bulletin.objects.update(reply_to=KEPT)
    sign_up(TYPED, topics[0])
    mail = mailoutbox[0]
    assert isinstance(mail, EmailMultiAlternatives)
    assert mail.to == [KEPT]
    for text in (str(mail.body), re.sub(r'mailto:[^"]+', "", str(mail.alternatives[0][0]))):
        assert TYPED in text
        assert "xn--" not in text


@pytest.mark.parametrize("searched", [TYPED, KEPT, "li.lei"])
@pytest.mark.parametrize("model", ["subscriber", "suppression"])
def test_an_editor_sees_and_finds_an_address_in_either_form(
    model: str, searched: str, admin_client: Client, bulletin: Bulletin
) -> None:
    reader = a_reader(bulletin, KEPT)
    suppressions.suppress(KEPT, reason=SuppressionReason.HARD_BOUNCE, evidence="", at=NOON)
    rows = reverse(f"admin:subscribers_{model}_changelist")
    assert TYPED in admin_client.get(rows, {"q": searched}).content.decode()
    row = reader.pk if model == "subscriber" else Suppression.objects.get().pk
    page = admin_client.get(reverse(f"admin:subscribers_{model}_change", args=[row]))
    assert "xn--" not in page.content.decode()
    assert TYPED in page.content.decode()


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "are not supported yet"), ("zh", "暂不支持")]
)
@pytest.mark.parametrize("typed", ["读者@office.org", "jürgen@office.org", "читатель@пример.рф"])
def test_other_letters_before_the_at_sign_are_no_typing_error(
    language: str, expected: str, typed: str, bulletin: Bulletin, topics: list[Topic]
) -> None:
    form = {"address": typed, "topics": [topics[0].pk], "language": "en"}
    browser = Client(headers={"accept-language": language})
    page = browser.post(reverse("subscribers:sign_up", args=[bulletin.slug]), form)
    assert expected in page.content.decode()
    assert "in full" not in page.content.decode()
    assert not Subscriber.objects.exists()


def test_an_editor_reads_the_same(admin_client: Client, db: None) -> None:
    add = reverse("admin:subscribers_suppression_add")
    page = admin_client.post(add, {"address_key": "读者@office.org", "evidence": ""})
    assert "errorlist" in page.content.decode()
    assert "an email address in full" not in page.content.decode()
