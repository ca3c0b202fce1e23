"""Issues as they are read from a file, with everything that an article can have."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from issues.models import Article, Issue, Section
from issues.models.issue import figure_path
from pdf_reading.issue_text import Heading, Link, Listing, Paragraph, StoredFigure, Table
from publications.models import Bulletin
from tests.support.making import a_bulletin, topics_of

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
        pdf_name="weather.pdf",
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        **{**words, **more},
    )
    made.pdf.save("weather.pdf", ContentFile(pdf), save=False)
    made.save()
    default_storage.save(figure_path(made, "cloud.png"), ContentFile(PNG))
    for position, (name, titles) in enumerate(
        {"Rain": ("Much rain", "Little rain"), "Wind": ("No wind",)}.items(), start=1
    ):
        topic = of.topics.get(name_en=name)
        section = made.sections.create(title=name, topic=topic, position=position)
        for place, title in enumerate(titles, start=1):
            an_article(section, title, position=place)
    return made


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
