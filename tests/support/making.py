"""Bulletins, readers and issues for tests, made as the application would make them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from issues.models import Article, Issue, Section
from pdf_reading.issue_text import Paragraph
from publications.models import Bulletin, Topic
from subscribers.models import Subscriber, Subscription
from subscribers.models.subscription import Origin

NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)


def a_bulletin(slug: str = "letters", **words: str) -> Bulletin:
    """A bulletin in English unless `words` say otherwise."""
    told = {"name": "Letters", "language": "en", "sender_email": "letters@example.org"}
    return Bulletin.objects.create(slug=slug, **(told | words))


def topics_of(bulletin: Bulletin, names: Iterable[str]) -> list[Topic]:
    """New topics of `bulletin` with these English names."""
    return [
        Topic.objects.create(bulletin=bulletin, name_en=name, position=n)
        for n, name in enumerate(names)
    ]


def a_reader(
    bulletin: Bulletin, address: str, *, topics: Sequence[Topic] = (), **words: object
) -> Subscriber:
    """A confirmed reader who follows `topics` since the day before NOON."""
    told = {"language": "en", "signed_up_at": NOON - timedelta(1), "confirmed_at": NOON}
    reader = Subscriber.objects.create(
        bulletin=bulletin, address=address, address_key=address, **(told | words)
    )
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=reader,
            topic=topic,
            started_at=NOON - timedelta(1),
            source=Origin.SIGN_UP,
        )
        for topic in topics
    )
    return reader


def a_draft(bulletin: Bulletin, sections: dict[str, Topic | None]) -> Issue:
    """A draft with one article in each of `sections`."""
    issue = Issue.objects.create(
        bulletin=bulletin,
        pdf="issues/none.pdf",
        pdf_sha256=f"{bulletin.issues.count():064}",
        pdf_name="none.pdf",
        status=Issue.Status.DRAFT,
        title=bulletin.name,
        number="No. 9",
        date="2026-09-15",
        uploaded_at=NOON,
        read_at=NOON,
    )
    for position, (title, topic) in enumerate(sections.items(), start=1):
        section = Section.objects.create(issue=issue, position=position, title=title, topic=topic)
        Article.objects.create(
            section=section,
            position=1,
            title=f"News of {title}",
            source="The Office",
            passages=(Paragraph(f"What is new about {title}.", page=1),),
        )
    return issue
