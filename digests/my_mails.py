"""The page of the mails that a reader got: each to see, and to have sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digests import rendering, sending
from digests.models import Delivery
from digests.models.delivery import DeliveryQuerySet, DeliveryStatus
from digests.rendering.delivery_tokens import EDITION
from digests.sending import NotResent, Obstacle, resending
from digests.tasks import prepare_digest
from foundation.enqueue import enqueue_on_commit
from foundation.tokens import TokenSigner
from subscribers.links import Purpose
from subscribers.models import NoticeLimit, Subscriber
from subscribers.views.choosing import token_in
from subscribers.views.signed_pages import say, show, signed

MAX_MAILS = 20
NO_WAITS = (timedelta(0), timedelta(0))
SHOWN = (DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN, DeliveryStatus.QUEUED)

OBSTACLES: dict[Obstacle, Promise] = {
    Obstacle.WAITING: gettext_lazy("It is on its way already."),
    Obstacle.TOO_OFTEN: gettext_lazy("It was sent again three times, which is the most."),
    Obstacle.NOT_MAILABLE: gettext_lazy(
        "Nothing can be sent to you at present: you paused or unsubscribed, or emails to this "
        "address come back."
    ),
    Obstacle.CANCELLED: gettext_lazy("This mailing was cancelled."),
    Obstacle.WITHDRAWN: gettext_lazy("The issue is withdrawn."),
    Obstacle.IN_HAND: gettext_lazy("It is being sent at the moment. Please try again later."),
}


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to a reader: what it was about, where it can be seen, and whether it may be sent
    again."""

    delivery: Delivery
    title: str
    articles: list[str]
    page: str
    waits: bool
    may_be_resent: bool


@signed(Purpose.PREFERENCES)
def my_mails(request: HttpRequest, reader: Subscriber) -> HttpResponse:
    """Show the last ones; on POST have the one that `delivery` names sent again."""
    now = timezone.now()
    if request.method == "POST":
        _resend(request, reader, at=now)
        return redirect(request.path)
    return show(
        request,
        "my_mails",
        reader,
        token=token_in(request),
        mails=_mails(reader, at=now),
        most=MAX_MAILS,
    )


def _shown(reader: Subscriber) -> DeliveryQuerySet:
    return Delivery.objects.filter(subscriber=reader, status__in=SHOWN)


def _mails(reader: Subscriber, *, at: datetime) -> list[Mail]:
    rows = _shown(reader).with_skip_reason(at=at).with_titles().select_related("edition")
    last = list(
        rows.defer("digest__blocks", "digest__texts").order_by("-digest__opened_at", "-pk")[
            :MAX_MAILS
        ]
    )
    names = rendering.article_names(last)
    signer = TokenSigner(EDITION)
    return [
        Mail(
            one,
            str(one.digest),
            names.get(one.pk, []),
            _page_of(one, signer),
            one.status == DeliveryStatus.QUEUED,
            resending.may_be_tried(one),
        )
        for one in last
    ]


def _page_of(delivery: Delivery, signer: TokenSigner) -> str:
    """Return where the mail can be seen: the page without the reader's rights, as its own "view in
    browser" leads to."""
    made = int(delivery.digest.opened_at.timestamp())
    token = signer.token(delivery.pk, delivery.digest.link_key, at=made).decode()
    return reverse("digests:edition", args=[token])


def _resend(request: HttpRequest, reader: Subscriber, *, at: datetime) -> None:
    """Have it sent again, three times a day at most for one mailbox, and say what became of it."""
    wanted = request.POST.get("delivery", "")
    number = int(wanted) if wanted.isdecimal() and wanted.isascii() and len(wanted) < 19 else 0
    rows = _shown(reader).with_skip_reason(at=at).select_related("digest")
    delivery = rows.filter(pk=number).first()
    if delivery is None:
        return
    obstacle = resending.obstacle_to(delivery)
    if obstacle is None:
        obstacle = _try(request, reader, delivery, at=at)
    if obstacle is not None:
        messages.info(request, str(OBSTACLES.get(obstacle, _("It cannot be sent again."))))


def _try(
    request: HttpRequest, reader: Subscriber, delivery: Delivery, *, at: datetime
) -> Obstacle | None:
    kind = NoticeLimit.Kind.RESEND
    if not NoticeLimit.objects.take(reader.address_key, kind, waits=NO_WAITS, at=at):
        messages.info(request, _("You have had three emails sent again today, which is the limit."))
        return None
    try:
        digest = sending.resend(delivery.pk, at=at)
    except NotResent as error:
        return error.obstacle
    enqueue_on_commit(prepare_digest, digest.pk)
    say(request, _("The email is being sent again."))
    return None
