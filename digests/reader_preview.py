"""The mail that a reader would get of a draft, as an editor may look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digests import rendering
from digests.audience import topic_masks
from digests.audience.keyword_matches import Alerts, Matcher, matched_articles
from digests.models import Digest, alert_keywords
from digests.models.edition import alert_article_ids
from digests.rendering import Recipient
from issues.models import Issue
from subscribers.models import Subscriber


@dataclass(frozen=True, slots=True)
class ReaderPreview:
    """The mail of one reader: `body`, HTML or plain text as they chose. No link in it is theirs:
    whoever looks at it cannot act for them."""

    subject: str
    preheader: str
    body: str
    is_text: bool
    kilobytes: float


class NoMail(Exception):
    """The reader would get nothing: for that `reason`, or "" where they follow nothing in it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def of_reader(issue: Issue, reader: Subscriber, *, at: datetime) -> ReaderPreview:
    """Return what `reader` would get if `issue` were published at `at`. Raises NoMail, and
    `digests.rendering.CannotRender`. Nine queries at most."""
    draft = Digest.draft(issue, at=at)
    readers = Subscriber.objects.confirmed().filter(pk=reader.pk, bulletin=issue.bulletin_id)
    chosen = topic_masks.with_topic_mask(draft, readers).first()
    if chosen is None or chosen.excluded:
        raise NoMail(chosen.excluded if chosen else "")
    nothing = Alerts("", "")
    alerts = matched_articles(Matcher(draft), readers).get(reader.pk, nothing)
    if not (chosen.topic_mask or alerts.articles):
        raise NoMail("")
    draft = rendering.preview_of(issue, at=at, languages=[reader.language])
    articles = alert_article_ids(alerts.articles)
    joined = rendering.Proofs(draft).edition(
        reader.language,
        topic_mask=chosen.topic_mask,
        alert_articles=articles,
        matched=alert_keywords.loaded(alerts.keywords, articles),
        length=reader.length,
    )
    recipient = _recipient(reader, chosen.topic_mask, alerts)
    is_text = reader.format == Subscriber.Format.TEXT
    made = rendering.text if is_text else rendering.page
    return ReaderPreview(
        subject=joined.subject,
        preheader=joined.preheader,
        body=made(joined, recipient),
        is_text=is_text,
        kilobytes=joined.weight / 1000,
    )


def _recipient(reader: Subscriber, topic_mask: int, alerts: Alerts) -> Recipient:
    return Recipient(
        delivery=0,
        language=reader.language,
        topic_mask=topic_mask,
        issue_mask=1,
        alert_articles=alerts.articles,
        alert_keywords=alerts.keywords,
        reader=reader.pk,
        address=reader.address,
        name=reader.name,
        format=reader.format,
        time_zone=reader.time_zone,
        link_key=reader.link_key,
        length=reader.length,
        since=reader.first_day,
    )
