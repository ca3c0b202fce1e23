"""The file with all that is kept of a reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from digests.models import Delivery, Feedback
from subscribers import mailboxes, own_data
from subscribers.links import Purpose
from subscribers.models import Subscriber
from subscribers.views.signed_pages import signed

MAX_MAILS = 5_000  # of one bulletin; older ones are pruned long before


@signed(Purpose.PREFERENCES)
def my_data(_request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Return it as JSON, to be saved: of every bulletin that has this address, with the mails."""
    rows = mailboxes.readers_at(reader.address_key).select_related("bulletin").order_by("pk")
    data = {
        "made": timezone.now(),
        **own_data.of_mailbox(reader.address_key),
        "bulletins": [{**own_data.of_reader(one), "mails": list(_mails(one))} for one in rows],
    }
    answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


def _mails(reader: Subscriber) -> Iterator[dict[str, Any]]:
    """Yield the mails with dates and status, and what came back of each, the last one first. Two
    queries."""
    came_back: dict[int | None, list[dict[str, Any]]] = {}
    for one in Feedback.objects.filter(subscriber=reader).order_by("received_at", "pk"):
        what = {"what": one.kind, "code": one.status, "at": one.received_at}
        came_back.setdefault(one.delivery_id, []).append(what)
    rows = (
        Delivery.objects.filter(subscriber=reader)
        .with_titles()
        .defer("digest__blocks", "digest__texts")
    )
    for mail in rows.order_by("-pk")[:MAX_MAILS]:
        yield {
            "title": str(mail.digest),
            "opened": mail.digest.opened_at,
            "status": mail.status,
            "reason": mail.reason,
            "settled": mail.settled_at,
            "attempts": mail.attempts,
            "sent_again": mail.resends,
            "answer_of_the_mail_server": mail.smtp_response,
            "came_back": came_back.get(mail.pk, []),
        }
    for others in came_back.get(None, []):
        yield {"title": "", "came_back": [others]}
