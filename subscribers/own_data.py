"""All that is kept of a reader here, as values for a file of their own."""

from __future__ import annotations

from typing import Any

from subscribers.models import (
    AddressChange,
    ImportRow,
    NoticeLimit,
    SignUpRequest,
    Subscriber,
    Suppression,
    UnsubscribeReason,
)

COLUMNS = (
    "address", "name", "unit", "language", "format", "length", "cadence", "time_zone",
    "signed_up_at", "confirmation_requested_at", "confirmed_at", "paused_until", "unsubscribed_at",
    "welcome_due_at", "catch_up_due_at", "missing_since",
)  # fmt: skip


def of_mailbox(address_key: str) -> dict[str, Any]:
    """Return what is kept of an address whatever bulletin it is about. Four queries."""
    held = Suppression.objects.filter(address_key=address_key).order_by("suppressed_at", "pk")
    changes = AddressChange.objects.filter(former_key=address_key).order_by("requested_at", "pk")
    limits = NoticeLimit.objects.of(address_key).order_by("kind")
    lists = ImportRow.objects.filter(address_key=address_key).select_related("reader_import")
    return {
        "must_not_be_mailed": list(
            held.values("reason", "suppressed_at", "evidence", "lifted_at", "lifted_because")
        ),
        "changes_of_address": list(
            changes.values("address", "requested_at", "confirmed_at", "ended_at")
        ),
        "notices_of_late": list(limits.values("kind", "last_at", "second_last_at")),
        "lists_that_wait": [
            {"list": row.reader_import.file_name, "address": row.address, "name": row.name}
            for row in lists
        ],
    }


def of_reader(reader: Subscriber) -> dict[str, Any]:
    """Return what is kept of a reader of one bulletin. Five queries, and one for the topics of a
    request that waits."""
    history = reader.subscriptions.select_related("topic").order_by("started_at", "pk")
    notes = reader.notes.order_by("written_at", "pk")
    reasons = UnsubscribeReason.objects.filter(subscriber=reader)
    return {
        "bulletin": reader.bulletin.name,
        **{column: getattr(reader, column) for column in COLUMNS},
        "topics": [
            {
                "topic": row.topic.name_in(reader.language),
                "from": row.started_at,
                "how_it_began": row.source,
                "consent": row.consent,
                "until": row.ended_at,
                "why_it_ended": row.ended_reason,
            }
            for row in history
        ],
        "words_to_watch_for": list(reader.keyword_alerts.values_list("phrase", flat=True)),
        "waiting_to_be_confirmed": _request_of(reader),
        "why_they_unsubscribed": list(
            reasons.order_by("given_at", "pk").values("reason", "words", "left_at", "given_at")
        ),
        "notes_of_the_office": list(notes.values("text", "written_at")),
    }


def _request_of(reader: Subscriber) -> dict[str, Any] | None:
    request = SignUpRequest.objects.filter(subscriber=reader).first()
    if request is None:
        return None
    return {
        "address": request.address,
        "language": request.language,
        "consent": request.consent,
        "requested_at": request.requested_at,
        "topics": [topic.name_in(reader.language) for topic in request.topics.all()],
    }
