"""A newsletter of 24 pages that was read as four articles becomes what it is in few presses."""

from __future__ import annotations

import json

from django.test import Client

from issues.models import Article, Issue
from pdf_reading.issue_text import Heading, Link, Paragraph, ParseWarning, StoredFigure
from tests.support.browsing import Page
from tests.support.factories import an_issue, weather

PARTS = 4  # articles as they were read
HEADS = 8  # sub-headings in each; the last of each is one, the others are headlines
PRESSES_OF_A_MENU = 2  # its handle, and what is chosen there


def misread(draft: Issue) -> None:
    """Put four articles into the draft that hold all headlines as sub-headings, with a picture and
    a link below each, and the names of two sections."""
    draft.sections.all().delete()
    section = draft.sections.create(title="", position=1, not_for_mailing=True)
    for part in range(PARTS):
        passages: list[object] = [Paragraph("An opening.", part * 6 + 1)]
        for n in range(HEADS):
            page = part * 6 + 1 + n * 6 // HEADS
            text = f"See page {n} of part {part}."
            passages += [
                Heading(f"Headline {part}.{n}", page),
                Paragraph(text, page, (Link(0, 4, 10, f"https://example.org/{part}/{n}"),)),
                StoredFigure(f"Picture {part}.{n}", page, "cloud.png"),
            ]
        if part in {1, 3}:
            passages.append(Paragraph(f"Section {part}", part * 6 + 6))
        Article.objects.create(
            section=section,
            position=part + 1,
            title=f"Advertisement {part}",
            passages=tuple(passages),
        )
    draft.warnings = tuple(
        ParseWarning("headings_like_headlines", part * 6 + 1, f"Advertisement {part}")
        for part in range(PARTS)
    )
    draft.save()


def everything(draft: Issue) -> tuple[int, int]:
    """How many pictures and links there are."""
    passages = [one for of in Article.objects.filter(section__issue=draft) for one in of.passages]
    return (
        sum(isinstance(one, StoredFigure) for one in passages),
        sum(len(one.links) for one in passages),
    )


def test_a_misread_newsletter_is_repaired_in_an_act_for_each_fault(
    editor: Client, db: None
) -> None:
    draft = an_issue(weather(), status=Issue.Status.DRAFT)
    misread(draft)
    before = everything(draft)
    page = Page.at(editor, f"/admin/issues/issue/{draft.pk}/change/")
    presses = acts = 0
    while "Make these 8 sub-headings articles" in page.text:
        value = page.text.split('value="{&quot;act&quot;:&quot;several')[1].split('"')[0]
        page = page.press("acts", "act", '{"act":"several' + value.replace("&quot;", '"'))
        presses, acts = presses + 1, acts + 1

    def act(**what: object) -> None:
        nonlocal page, presses, acts
        page = page.press("acts", "act", json.dumps(what, separators=(",", ":")))
        presses, acts = presses + PRESSES_OF_A_MENU, acts + 1

    for part in range(PARTS):
        above = Article.objects.get(section__issue=draft, title=f"Headline {part}.{HEADS - 2}")
        act(act="merge_article", article=above.pk)
    for part in (1, 3):
        last = Article.objects.get(section__issue=draft, title=f"Headline {part}.{HEADS - 2}")
        act(act="begin_section", block=last.handles[-1])

    titles = [one.title for one in Article.objects.filter(section__issue=draft)]
    assert len(titles) == PARTS * HEADS
    assert [one.title for one in draft.sections.all()] == ["", "Section 1", "Section 3"]
    assert everything(draft) == before == (PARTS * HEADS, PARTS * HEADS)
    faults = PARTS * (HEADS - 1) + 2  # headlines taken for sub-headings, two sections' names
    assert (acts, presses) == (10, 16)
    assert acts <= faults
