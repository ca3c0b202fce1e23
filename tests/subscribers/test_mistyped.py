"""A domain that looks mistyped is asked about, once, and never changed."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from publications.models import Bulletin, Topic
from subscribers.mistyped import COMMON, OTHERS, WRONG, meant_domain, question
from subscribers.models import SignUpRequest, Subscriber
from tests.support.factories import a_reader

MEANT = {
    "gmail.com": "gmial.com gmai.com gmail.con gamil.com gmail.co gmail.cmo gmaill.com gnail.com "
    "gmail.cn gmailcom gmail,com GMIAL.COM",
    "hotmail.com": "hotmial.com homtail.com hotmai.com hotmal.con hotmail.cn",
    "outlook.com": "outlok.com outloook.com oulook.con outlook.cn",
    "icloud.com": "icoud.com iclould.com icloud.cn",
    "yahoo.com": "yaho.com yahoo.con yahho.com",
    "qq.com": "qq.con qq.cm qq.co qqq.com qq.cn qqcom",
    "163.com": "163.con 162.com 16.com 163.com.cn 163.cn 163.cmo",
    "126.com": "126.co 126.cn 126.con",
    "sina.com": "sina.con snia.com",
    "sohu.com": "souhu.com sohu.con sohu.cn",
    "foxmail.com": "foxmial.com fxomail.com foxmail.cn",
    "139.com": "139.con 139.cn",
    "189.cn": "189.com 198.cn",
    "aliyun.com": "aliyun.con aliun.com",
    "protonmail.com": "protonmal.com protonmail.con",
    "example.com": "example.con example.cmo",
    "tsinghua.edu.cn": "tsinghua.edu.cnn",
}
OWN = (
    "mail.com ymail.com gmx.com gmx.at email.com yahoo.fr yahoo.de yahoo.com.tr hotmail.de "
    "hotmail.it outlook.cz outlook.de live.nl live.com.au example.org company.cn tsinghua.edu.cn "
    "pku.edu.cn mail.ru hotmail.com.br 163.net cas.cn mi.com ibm.com bbc.co.uk sap.com bp.com "
    "例子.中国 xn--fsqu00a.xn--fiqs8s sina.com.cn mail.tsinghua.edu.cn"
)


@pytest.mark.parametrize(
    ("typed", "meant"), [(one, meant) for meant, row in MEANT.items() for one in row.split()]
)
def test_a_slip_is_asked_about(typed: str, meant: str) -> None:
    asked = question(f"ann@{typed}")
    assert asked is not None
    assert (asked.typed, asked.meant) == (f"ann@{typed}", f"ann@{meant}")


@pytest.mark.parametrize("domain", [*OWN.split(), *COMMON, *sorted(OTHERS)])
def test_a_domain_of_its_own_is_not(domain: str) -> None:
    assert question(f"ann@{domain}") is None


def test_nothing_is_asked_about_what_is_meant() -> None:
    assert not any(meant_domain(meant) for meant in WRONG.values())


@pytest.mark.parametrize("text", ["", "ann", "@gmial.com", "a b@gmial.com", f"{'a' * 300}@qq.con"])
def test_what_is_no_address_is_not_asked_about(text: str) -> None:
    assert question(text) is None


@pytest.fixture
def form(bulletin: Bulletin, db: None) -> str:
    return reverse("subscribers:sign_up", args=[bulletin.slug])


def page(browser: Client, form: str, address: str, *topics: Topic, **more: str) -> str:
    data = {"address": address, "topics": [one.pk for one in topics], "language": "en", **more}
    return unescape(browser.post(form, data, follow=True).content.decode())


def test_signing_up_asks_and_takes_what_is_pressed(
    browser: Client, form: str, topics: list[Topic]
) -> None:
    asked = page(browser, form, "ann@gmial.com", topics[0])
    assert "gmial.com: did you mean gmail.com?" in asked
    assert 'name="meant" value="ann@gmail.com"' in asked
    assert 'name="meant" value="ann@gmial.com"' in asked
    assert not Subscriber.objects.exists()
    page(browser, form, "ann@gmial.com", topics[0], meant="ann@gmail.com")
    assert Subscriber.objects.get().address == "ann@gmail.com"


def test_what_was_typed_can_be_kept_and_is_not_asked_about_again(
    browser: Client, form: str, topics: list[Topic]
) -> None:
    done = page(browser, form, "ann@gmial.com", topics[0], meant="ann@gmial.com")
    assert "did you mean" not in done
    assert Subscriber.objects.get().address == "ann@gmial.com"
    again = browser.post(reverse("subscribers:signed_up", args=["letters"]), follow=True)
    assert "did you mean" not in again.content.decode()
    assert "sending it again" in again.content.decode()


def test_the_answer_outlasts_another_fault_of_the_form(browser: Client, form: str) -> None:
    kept = page(browser, form, "ann@gmial.com", meant="ann@gmial.com")
    assert "did you mean" not in kept
    assert '<input type="hidden" name="meant" value="ann@gmial.com">' in kept
    used = page(browser, form, "ann@gmial.com", meant="ann@gmail.com")
    assert 'name="address" value="ann@gmail.com"' in used


def test_another_answer_than_those_offered_changes_nothing(
    browser: Client, form: str, topics: list[Topic]
) -> None:
    assert "did you mean" in page(browser, form, "ann@gmial.com", topics[0], meant="bob@evil.com")
    assert not SignUpRequest.objects.exists()


def test_what_cannot_be_written_to_cannot_be_kept(
    browser: Client, form: str, topics: list[Topic]
) -> None:
    asked = page(browser, form, "ann@gmailcom", topics[0])
    assert "gmailcom: did you mean gmail.com?" in asked
    assert "No, keep" not in asked
    assert "address in full" in page(browser, form, "ann@gmailcom", topics[0], meant="ann@gmailcom")


def test_a_lost_link_asks_too(browser: Client, bulletin: Bulletin, db: None) -> None:
    a_reader(bulletin, "ann@gmail.com")
    form = reverse("subscribers:request_link", args=[bulletin.slug])
    asked = unescape(browser.post(form, {"address": "ann@gmial.com"}).content.decode())
    assert "gmial.com: did you mean gmail.com?" in asked
    sent = browser.post(form, {"address": "ann@gmial.com", "meant": "ann@gmail.com"}, follow=True)
    assert "ann@gmail.com" in sent.content.decode()
