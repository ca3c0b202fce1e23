"""Who may be mailed, and why not, is one answer in two forms."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from subscribers import suppressions
from subscribers.models import NotMailable, Subscriber
from subscribers.models.suppression import SuppressionReason

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)


@pytest.mark.parametrize(
    ("confirmed", "left", "suppressed", "paused"), list(product([True, False], repeat=4))
)
def test_the_condition_and_the_reason_agree_whatever_a_reader_did(
    reader: Subscriber, *, confirmed: bool, left: bool, suppressed: bool, paused: bool
) -> None:
    Subscriber.objects.update(
        confirmed_at=NOON if confirmed else None,
        unsubscribed_at=NOON if left else None,
        paused_until=LATER if paused else NOON,
    )
    if suppressed:
        suppressions.suppress(
            reader.address_key, reason=SuppressionReason.EDITOR, evidence="", at=NOON
        )
    reasons = [
        (left or not confirmed, NotMailable.LEFT),
        (suppressed, NotMailable.SUPPRESSED),
        (paused, NotMailable.PAUSED),
    ]
    expected = next((reason.value for holds, reason in reasons if holds), "")
    found: Any = Subscriber.objects.with_skip_reason(at=NOON).get()
    assert found.skip_reason == expected
    assert Subscriber.objects.mailable(at=NOON).exists() == (not expected)
    assert Subscriber.objects.get().is_paused(at=NOON) == paused
