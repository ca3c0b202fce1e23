"""Bulletins, readers, issues and digests for tests, made as the application would make them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from digests import audience, publishing
from digests.models import Delivery, Digest
from issues.models import Article, Issue, IssueFile, Section
from issues.models.issue import figure_path
from pdf_reading.issue_text import Heading, Link, Listing, Paragraph, StoredFigure, Table
from publications.models import Bulletin, Topic
from subscribers.models import Subscriber, Subscription
from subscribers.models.subscription import SubscriptionSource

NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)


def a_bulletin(slug: str = "letters", **words: str) -> Bulletin:
    """A bulletin in English unless `words` say otherwise."""
    defaults = {"name": "Letters", "language": "en", "sender_email": "letters@example.org"}
    return Bulletin.objects.create(slug=slug, **(defaults | words))


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
    defaults = {"language": "en", "signed_up_at": NOON - timedelta(1), "confirmed_at": NOON}
    reader = Subscriber.objects.create(
        bulletin=bulletin, address=address, address_key=address, **(defaults | words)
    )
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=reader,
            topic=topic,
            started_at=NOON - timedelta(1),
            source=SubscriptionSource.SIGN_UP,
        )
        for topic in topics
    )
    return reader


def a_draft(bulletin: Bulletin, sections: dict[str, Topic | None]) -> Issue:
    """A draft with one article in each of `sections`."""
    issue = Issue.objects.create(
        bulletin=bulletin,
        file_name="none.pdf",
        status=Issue.Status.DRAFT,
        title=bulletin.name,
        number="No. 9",
        date="2026-09-15",
        uploaded_at=NOON,
        read_at=NOON,
    )
    number = f"{bulletin.issues.count():064}"
    issue.files.create(
        bulletin=bulletin,
        position=1,
        original=f"issues/{number}.pdf",
        pdf=f"issues/{number}.pdf",
        suffix="pdf",
        sha256=number,
        name="none.pdf",
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


NOW = datetime(2026, 9, 15, 8, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]>>\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)


def weather(slug: str = "weather") -> Bulletin:
    """A bulletin in English with the topics Rain and Wind."""
    bulletin = a_bulletin(slug, name=f"The {slug}")
    topics_of(bulletin, ["Rain", "Wind"])
    return bulletin


def an_issue(of: Bulletin, status: str = Issue.Status.PUBLISHED, **more: Any) -> Issue:
    """An issue with two sections, Rain with two articles and Wind with one; a PDF, a picture."""
    number = f"No. {Issue.objects.count() + 1}"
    pdf = PDF + number.encode()
    words = {
        "title": "Weather",
        "number": number,
        "date": "2026-09",
        "page_count": 4,
        "published_at": NOW if status == Issue.Status.PUBLISHED else None,
    }
    made = Issue(
        bulletin=of,
        status=status,
        uploaded_at=NOW,
        read_at=NOW,
        file_name="weather.pdf",
        **{**words, **more},
    )
    made.save()
    a_pdf(made, pdf, page_count=made.page_count)
    default_storage.save(figure_path(made, "cloud.png"), ContentFile(PNG))
    for position, (name, titles) in enumerate(
        {"Rain": ("Much rain", "Little rain"), "Wind": ("No wind",)}.items(), start=1
    ):
        topic = of.topics.get(name_en=name)
        section = made.sections.create(title=name, topic=topic, position=position)
        for place, title in enumerate(titles, start=1):
            an_article(section, title, position=place)
    return made


def a_pdf(
    of: Issue, content: bytes, *, page_count: int = 4, name: str = "weather.pdf"
) -> IssueFile:
    """A PDF that is the next file of an issue."""
    file = IssueFile(
        issue=of,
        bulletin=of.bulletin,
        position=of.files.count() + 1,
        suffix="pdf",
        sha256=hashlib.sha256(content).hexdigest(),
        name=name,
        page_count=page_count,
    )
    file.original.save(name, ContentFile(content), save=False)
    file.pdf.name = file.original.name
    file.save()
    return file


def an_article(section: Section, title: str, **more: Any) -> Article:
    """An article with one passage of each kind, and a link."""
    words = {
        "title": title,
        "source": "(Source: the sky)",
        "first_page": 2,
        "last_page": 3,
        "passages": (
            Paragraph(
                text := f"{title}, says the forecast.",
                page=2,
                links=(a_link(text, "the forecast", "https://example.org/forecast"),),
            ),
            Heading("What to wear", page=2),
            Listing(page=2, entries=("1. A hat", "2. Boots")),
            StoredFigure("A cloud", page=3, image="cloud.png"),
            Table("Rain by city", page=3, rows=(("City", "mm"), ("Here", "12")), header=True),
        ),
    }
    return section.articles.create(**{"position": 1, **words, **more})


def a_link(text: str, words: str, url: str, *, part: int = 0) -> Link:
    """A link on the first place of `words` in `text`."""
    start = text.index(words)
    return Link(part, start, start + len(words), url)


ZH = "湖区发布科学数据共享办法，明确谁产生、谁说明、谁受益。自十月起施行，适用于全部观测和试验。"
EN = "The council will stop asking for long reports. From January each project ends with two pages."


def a_long_draft(
    bulletin: Bulletin, topics: Sequence[Topic], *, articles: int, words: str = EN
) -> Issue:
    """A draft with a section about each topic, and `articles` in each."""
    issue = a_draft(bulletin, {topic.name_en: topic for topic in topics})
    for section in Section.objects.filter(issue=issue):
        Article.objects.bulk_create(
            Article(
                section=section,
                position=n,
                title=f"{section.title} {n}: {words[:40]}",
                source="The Office",
                passages=(Paragraph(f"{n}. {words * 4}", page=1),),
            )
            for n in range(2, articles + 1)
        )
    return issue


def a_digest(draft: Issue, *, at: datetime = NOON) -> Digest:
    """The digest of a draft, which is published `at`; its mails are prepared and not sent."""
    digest = publishing.publish(draft, at=at)
    assert audience.prepare(digest, at=at)
    digest.refresh_from_db()
    return digest


def a_delivery() -> Delivery:
    """The delivery of the only reader of a new digest."""
    bulletin = a_bulletin()
    (water,) = topics_of(bulletin, ["Water"])
    a_reader(bulletin, "ann@reader.example", topics=[water])
    return a_digest(a_draft(bulletin, {"Water": water})).deliveries.get()
