"""Whatever happens in whichever order: nobody is mailed who left, is suppressed or was erased, and
undoing the last import gives back what was."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subscribers import adding, addresses, erased_addresses, signing_up, suppressions, unsubscribing
from subscribers.models import ReaderImport, SignUpRequest, Subscriber, Subscription
from subscribers.models.subscription import EndReason
from subscribers.models.suppression import SuppressionReason
from tests.support.factories import NOON, a_bulletin, topics_of
from tests.support.lists import an_import, taken, undone

PEOPLE = ("ann", "bob", "cat")
people = st.sampled_from(PEOPLE)
ACTS = st.one_of(
    st.tuples(st.just("sign up"), people),
    st.tuples(st.just("confirm"), people),
    st.tuples(st.just("leave"), people),
    st.tuples(st.just("suppress"), people),
    st.tuples(st.just("erase"), people),
    st.tuples(st.just("add"), people),
    st.tuples(
        st.just("import"),
        st.lists(people, min_size=1, unique=True),
        st.booleans(),
        st.booleans(),
        st.integers(0, 2),
    ),
    st.tuples(st.just("undo"), st.integers(0, 3)),
)


class History:
    """What happens to three people, and who of them must not be mailed."""

    def __init__(self) -> None:
        self.at = NOON
        self.bulletin = a_bulletin()
        self.topics = topics_of(self.bulletin, ["Law", "Markets", "Science"])
        self.gone: set[str] = set()  # left or erased, and did not confirm anew
        self.suppressed: set[str] = set()
        self.runs: list[ReaderImport] = []

    def do(self, act: tuple[Any, ...]) -> None:
        self.at += timedelta(minutes=1)
        name, *words = act
        getattr(self, f"do_{name.replace(' ', '_')}")(*words)
        mailed = {
            reader.address.partition("@")[0] for reader in Subscriber.objects.mailable(at=self.at)
        }
        assert not mailed & (self.gone | self.suppressed), act

    def do_sign_up(self, who: str) -> None:
        signing_up.sign_up(
            self.bulletin, address=_address(who), topics=self.topics[:1], language="en", at=self.at
        )

    def do_confirm(self, who: str) -> None:
        reader = _reader(who)
        if reader is not None and signing_up.confirm(reader.pk, at=self.at):
            self.gone.discard(who)

    def do_leave(self, who: str) -> None:
        reader = _reader(who)
        was_one = reader is not None and reader.is_reading
        if reader is not None and unsubscribing.unsubscribe(
            reader.pk, at=self.at, reason=EndReason.LEFT
        ):
            self.gone |= {who} if was_one else set()

    def do_suppress(self, who: str) -> None:
        suppressions.suppress(
            _address(who).key, reason=SuppressionReason.EDITOR, evidence="", at=self.at
        )
        self.suppressed.add(who)

    def do_erase(self, who: str) -> None:
        reader = _reader(who)
        if reader is not None and erased_addresses.erase(reader.pk, at=self.at):
            self.gone.add(who)

    def do_add(self, who: str) -> None:
        adding.add(
            self.bulletin, address=_address(who), name="", language="en", topics=self.topics[:1],
            consent="asked for it", confirm=False, at=self.at,
        )  # fmt: skip

    def do_import(self, who: list[str], ask: bool, complete: bool, topic: int) -> None:
        rows = "".join(f"{one}@office.example,{one}\n" for one in who)
        run = an_import(self.bulletin, f"email,name\n{rows}", at=self.at)
        before = _everything()
        given_topics = self.topics[topic : topic + 1]
        run = taken(run, given_topics, ask=ask, complete=complete, at=self.at)
        after = _everything()
        again = an_import(self.bulletin, f"email,name\n{rows}", at=self.at)
        again = taken(again, given_topics, ask=ask, complete=complete, at=self.at)
        assert _everything() == after  # the same list twice changes nothing
        undone(again, at=self.at)
        assert _everything() == after
        undone(run, at=self.at)
        assert _everything() == before  # undoing gives back what was
        self.at += timedelta(seconds=1)
        run = an_import(self.bulletin, f"email,name\n{rows}", at=self.at)
        self.runs.append(taken(run, given_topics, ask=ask, complete=complete, at=self.at))

    def do_undo(self, which: int) -> None:
        if which < len(self.runs):
            undone(self.runs.pop(which), at=self.at)


@pytest.mark.django_db
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(ACTS, min_size=1, max_size=8))
def test_nobody_who_left_is_suppressed_or_was_erased_is_ever_mailed(
    acts: list[tuple[Any, ...]],
) -> None:
    with suppress(_EndedError), transaction.atomic():
        history = History()
        for act in acts:
            history.do(act)
        raise _EndedError


class _EndedError(Exception):
    """The example came to its end; what it wrote is rolled back."""


def _address(who: str) -> addresses.Address:
    return addresses.parse(f"{who}@office.example")


def _reader(who: str) -> Subscriber | None:
    return Subscriber.objects.filter(address_key=_address(who).key).first()


def _everything() -> list[object]:
    """All that is known of readers by what they are and chose; a new row has a new key."""
    readers = Subscriber.objects.order_by("address_key").values_list(
        "address", "name", "unit", "language", "confirmed_at", "unsubscribed_at", "paused_until"
    )
    follows = Subscription.objects.order_by("subscriber__address_key", "topic", "started_at")
    requests = SignUpRequest.objects.order_by("subscriber__address_key")
    return [
        list(readers),
        list(
            follows.values_list(
                "subscriber__address_key", "topic", "started_at", "source", "ended_at", "consent"
            )
        ),
        list(requests.values_list("subscriber__address_key", "requested_at", "consent")),
    ]
