"""The words for what became of a mail, for who answers readers."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digests.models import Delivery, Feedback
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.models.feedback import FeedbackKind
from digests.sending import Obstacle
from mail.bounces import BounceKind, classify

REJECTIONS: dict[BounceKind, Promise] = {
    BounceKind.HARD_BOUNCE: gettext_lazy("There is no such mailbox."),
    BounceKind.SOFT_BOUNCE: gettext_lazy("The mailbox did not take it; that may pass."),
    BounceKind.BLOCKED: gettext_lazy("The provider did not want it."),
}
MEANINGS: dict[DeliveryStatus, Promise] = {
    DeliveryStatus.EXCLUDED: gettext_lazy(
        "When the issue was published there was nothing to mail to them: they follow none of its "
        "sections, had paused, or must not be mailed."
    ),
    DeliveryStatus.SKIPPED: gettext_lazy(
        "They were to get it, and before their turn came they left, paused or were suppressed, or "
        "the mailing was stopped."
    ),
    DeliveryStatus.UNCERTAIN: gettext_lazy(
        "It was handed over, and no answer came: it may have arrived or not."
    ),
    DeliveryStatus.SENT: gettext_lazy("The mail server took it."),
    DeliveryStatus.FAILED: gettext_lazy(
        "The mail server refused it, or did not take it for hours."
    ),
}
OBSTACLES: dict[Obstacle, Promise] = {
    Obstacle.EXCLUDED: gettext_lazy("There was no mail for this reader that could be sent again."),
    Obstacle.WAITING: gettext_lazy("It waits to be sent already."),
    Obstacle.TOO_OFTEN: gettext_lazy("It was sent again three times, which is the most."),
    Obstacle.FORGOTTEN: gettext_lazy("The reader is forgotten."),
    Obstacle.NOT_MAILABLE: gettext_lazy(
        "The reader must not be mailed: they left, have paused, or the address is suppressed."
    ),
    Obstacle.CANCELLED: gettext_lazy("The mailing was stopped for good."),
    Obstacle.WITHDRAWN: gettext_lazy("The issue is withdrawn."),
    Obstacle.IN_HAND: gettext_lazy("Its mailing is under way. Try again when it is finished."),
}
_NEWS = (FeedbackKind.DELIVERED, FeedbackKind.DELAYED)


def outcome(delivery: Delivery) -> str:
    """Return what became of it when it was sent, in a sentence."""
    match delivery.status:
        case DeliveryStatus.FAILED if delivery.reason == SkipReason.EXPIRED:
            return _("It was not taken for hours.")
        case DeliveryStatus.FAILED:
            return rejection(delivery.smtp_response)
        case DeliveryStatus.QUEUED if delivery.reason or delivery.attempts:
            return _("It waits for its turn.") if delivery.reason else _("It is tried again.")
        case DeliveryStatus.QUEUED:
            return _("It waits to be sent.")
        case DeliveryStatus.SKIPPED | DeliveryStatus.EXCLUDED if delivery.reason:
            return f"{delivery.get_reason_display()}"
    return str(MEANINGS[DeliveryStatus(delivery.status)])


def rejection(smtp_response: str) -> str:
    """Return what an answer of a mail server that refused a mail means."""
    return str(REJECTIONS.get(classify("", smtp_response).kind, smtp_response))


def came_back(feedback: Iterable[Feedback]) -> str:
    """Return what came back afterwards, each kind once; "" where nothing did."""
    kinds = dict.fromkeys(FeedbackKind(one.kind) for one in feedback)
    worse = [kind for kind in kinds if kind not in _NEWS]
    return ", ".join(str(kind.label) for kind in worse or kinds)
