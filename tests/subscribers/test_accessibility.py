"""No page of a reader's subscription has a fault that axe-core finds, in any of its states."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from digests import sending
from digests.models import Delivery
from publications.models import Topic
from subscribers import addresses, change_links, change_of_address, preferences, unsubscribing
from subscribers.change_links import Side
from subscribers.links import Purpose
from subscribers.models import AddressChange, Subscriber
from subscribers.models.subscription import EndReason
from tests.support import axe
from tests.support.factories import NOON, a_bulletin, a_digest, a_draft, a_reader
from tests.support.readers import address_of
from tests.support.service import CHROMIUM

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

Open = Callable[..., str]  # of an address, and of what is sent to it


def of_reader(name: str, reader: Subscriber) -> str:
    return reverse(name, args=[address_of(reader, Purpose.PREFERENCES).split("/")[2]])


def a_mail(reader: Subscriber, topics: list[Topic]) -> None:
    digest = a_digest(a_draft(reader.bulletin, {topic.name_en: topic for topic in topics}))
    Delivery.objects.filter(digest=digest).update(status="sent", settled_at=NOON)
    sending.recount(digest)
    sending.finish(digest, at=NOON)


def states(reader: Subscriber, topics: list[Topic], opened: Open) -> Iterator[tuple[str, str]]:
    """Each page in each of its states."""
    form = reverse("subscribers:my_subscription")
    yield "the form", opened(form)
    yield "no address", opened(form, {"address": "ann"})
    yield "link sent", opened(form, {"address": "ann@reader.example"})
    page = of_reader("subscribers:preferences", reader)
    yield "choices", opened(page)
    yield "choices with mistakes", opened(page, {"do": "choose"})
    yield "pause with a mistake", opened(page, {"do": "pause until", "until": "9999-12-31"})
    mails = of_reader("digests:my_mails", reader)
    yield "no mails", opened(mails)
    a_mail(reader, topics)
    yield "mails", opened(mails)
    delivery = Delivery.objects.get(subscriber=reader)
    yield "a mail sent again", opened(mails, {"delivery": delivery.pk})
    yield "a mail on its way", opened(mails, {"delivery": delivery.pk})
    yield "why", opened(of_reader("subscribers:why", reader))
    yield "erase", opened(of_reader("subscribers:erase", reader))
    yield from changing(reader, opened)
    reader.refresh_from_db()
    page = of_reader("subscribers:preferences", reader)  # with another link key
    preferences.pause(reader.pk, at=timezone.now())
    yield "paused", opened(page)
    unsubscribing.unsubscribe(reader.pk, at=NOON, reason=EndReason.LEFT)
    yield "left", opened(page)
    yield "why nothing comes", opened(of_reader("subscribers:why", reader))
    yield "no address to change", opened(of_reader("subscribers:change_address", reader))
    Subscriber.objects.filter(pk=reader.pk).update(confirmed_at=None, unsubscribed_at=None)
    yield "not confirmed", opened(page)
    yield "erased", opened(of_reader("subscribers:erase", reader), {"do": "erase"})


def changing(reader: Subscriber, opened: Open) -> Iterator[tuple[str, str]]:
    """The pages of a change of address, up to when it is taken back."""
    page = of_reader("subscribers:change_address", reader)
    yield "another address", opened(page)
    yield "no other address", opened(page, {"do": "change", "address": "ann"})
    yield "address asked", opened(page, {"do": "change", "address": "ann@new.example"})
    change = AddressChange.objects.get()
    new, former = (
        reverse(f"subscribers:{side}", args=[change_links.token(change, side)])
        for side in (Side.NEW, Side.FORMER)
    )
    yield "new address", opened(new)
    yield "stop it", opened(former)
    yield "new address confirmed", opened(new, {})
    yield "take it back", opened(former)
    yield "taken back", opened(former, {})
    yield "nothing to confirm", opened(new)
    reader.refresh_from_db()
    now = timezone.now()
    late = change_of_address.request(reader, addresses.parse("ann@late.example"), at=now)
    AddressChange.objects.filter(pk=late.pk).update(requested_at=now - timedelta(days=9))
    token = change_links.token(late, Side.FORMER)
    yield "too late", opened(reverse("subscribers:former_address", args=[token]))


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("language", "scheme"), [("en", "light"), ("zh-hans", "dark")], ids=["by day", "by night"]
)
def test_no_page_of_a_subscription_has_a_fault(
    language: str, scheme: axe.Scheme, reader: Subscriber, topics: list[Topic]
) -> None:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    Topic.objects.update(description_en="One line.")
    reader.keyword_alerts.create(phrase="heat pumps", key="heat pump")
    for n in range(2):
        a_reader(a_bulletin(f"read{n}", name=f"Read {n}"), reader.address)
        a_bulletin(f"other{n}", name=f"Other {n}", description="Of other things.")
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    def opened(address: str, data: dict[str, object] | None = None) -> str:
        post = browser.post
        answer = browser.get(address) if data is None else post(address, data, follow=True)
        assert answer.status_code == 200, address
        return answer.content.decode()

    pages = {
        f"/{n}/{name.replace(' ', '-')}/": page
        for n, (name, page) in enumerate(states(reader, topics, opened))
    }
    assert len(pages) == 28
    assert axe.faults(pages, scheme=scheme) == {}
