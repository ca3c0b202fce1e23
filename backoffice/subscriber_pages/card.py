"""The contents of a reader's page beside its form: mails, what came back, notes, the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from audit_log.models import Entry
from backoffice.log_pages import entries, entry_words
from backoffice.mailing_pages import delivery_words, resending
from backoffice.masking import shown_words
from backoffice.subscriber_pages import care
from digests import rendering
from digests.models import Delivery
from digests.sending import resending as sending_again
from subscribers.models import Subscriber

MAILS_A_PAGE = 20
MAX_ENTRIES = 20
MAX_NOTES = 100
MAX_REASONS = 20


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to the reader: what stood in it, what became of it, what came back, and whether it can
    be sent again."""

    delivery: Delivery
    articles: list[str]
    outcome: str
    said: str
    came_back: str
    can_be_resent: bool


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry of the log about the reader, in words."""

    entry: Entry
    who: str
    what: str
    changes: list[entry_words.Change]


def context(request: HttpRequest, reader: Any, *, may_change: bool) -> dict[str, Any]:
    """Return what the page shows. Eleven queries at most, however many mails there were."""
    user: Any = request.user
    mails = _mails(request, reader) if user.has_perm("digests.view_delivery") else None
    return {
        "reader": reader,
        "mails": mails,
        "all_mails": _address("digests_delivery", subscriber__id__exact=reader.pk),
        "keyword_alerts": [alert.phrase for alert in reader.keyword_alerts.order_by("pk")],
        "reasons": list(reader.unsubscribe_reasons.all()[:MAX_REASONS]),
        "notes": list(reader.notes.select_related("written_by")[:MAX_NOTES]),
        "note_form": care.NoteForm(auto_id="id_note_%s"),
        "steps": care.possible_steps(request, reader) if may_change else {},
        "may_mail_link": may_change and reader.unsubscribed_at is None,
        "may_change": may_change,
        "entries": list(_entries(reader)) if _may_see_log(user) else None,
        "log": entries.of_reader(reader.pk),
    }


def _mails(request: HttpRequest, reader: Subscriber) -> Any:
    rows = Delivery.objects.filter(subscriber=reader).with_skip_reason(at=timezone.now())
    rows = rows.with_titles().select_related("edition")
    rows = (
        rows.defer("digest__blocks", "digest__texts")
        .prefetch_related("feedback")
        .order_by("-digest_id")
    )
    page: Any = Paginator(rows, MAILS_A_PAGE).get_page(request.GET.get("mails"))
    names = rendering.article_names(page.object_list)
    may = resending.may_resend(request)
    page.object_list = [
        _mail(one, names.get(one.pk, []), reader, may=may) for one in page.object_list
    ]
    return page


def _mail(delivery: Delivery, articles: list[str], reader: Subscriber, *, may: bool) -> Mail:
    return Mail(
        delivery,
        articles,
        shown_words(reader, delivery_words.outcome(delivery)),
        shown_words(reader, delivery.smtp_response),
        delivery_words.came_back(delivery.feedback.all()),
        may and sending_again.may_be_tried(delivery),
    )


def _entries(reader: Subscriber) -> Any:
    for entry in Entry.objects.filter(reader_id=reader.pk)[:MAX_ENTRIES]:
        yield Logged(
            entry,
            entry_words.who(entry),
            entry_words.sentence(entry),
            [each for each in entry_words.changes(entry) if each.name],
        )


def _may_see_log(user: Any) -> bool:
    return bool(user.has_perm("audit_log.view_entry"))


def _address(model: str, **query: int) -> str:
    return f"{reverse(f'admin:{model}_changelist')}?{urlencode(query)}"
