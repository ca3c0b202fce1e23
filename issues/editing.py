"""Editing a draft: what its sections are about, and the order of sections and articles."""

from __future__ import annotations

import logging
from typing import TypeVar

from django.db.models import Max, QuerySet

from issues.models import Article, Issue, Section
from publications.models import Alias, Topic, key_of

logger = logging.getLogger(__name__)

MAX_TOPIC_NAME = Topic._meta.get_field("name_zh").max_length or 0
Row = TypeVar("Row", Section, Article)


def file_under(section: Section, topic: Topic | None) -> None:
    """Say that the section is about `topic` (None: unknown), and later ones of the same title."""
    if _decide(section, topic=topic, not_for_mailing=False) and topic and section.title:
        Alias.objects.learn(topic, section.title)


def leave_out(section: Section) -> None:
    """Have the section read on the web alone, and mailed to nobody."""
    _decide(section, topic=None, not_for_mailing=True)


def make_topic(section: Section) -> Topic:
    """Give the section the topic named as it is titled, which is made where there is none."""
    bulletin = section.issue.bulletin
    topic = Topic.objects.by_key(bulletin).get(key_of(section.title))
    if topic is None:
        last = bulletin.topics.aggregate(last=Max("position"))["last"] or 0
        in_language = "name_zh" if bulletin.language.startswith("zh") else "name_en"
        topic = bulletin.topics.create(**{in_language: section.title, "position": last + 1})
        logger.info("topic %s made of section %s", topic.pk, section.pk)
    file_under(section, topic)
    return topic


def make_topics(issue: Issue) -> list[Topic]:
    """Make topics of all sections of which nobody said what they are about, but for those without
    a title, or with one that is too long for a topic. Returns the topics, each once."""
    made = [
        make_topic(section)
        for section in issue.sections.unknown()
        if 0 < len(section.title) <= MAX_TOPIC_NAME
    ]
    return list(dict.fromkeys(made))


def add_section(issue: Issue) -> Section:
    """Add a section at the end of the issue, without a title."""
    last = issue.sections.aggregate(last=Max("position"))["last"] or 0
    return issue.sections.create(position=last + 1)


def move(row: Row, *, among: QuerySet[Row], by: int) -> None:
    """Move a row by so many positions `among` others, which are then numbered from 1."""
    rows = list(among)
    here = rows.index(row)
    there = min(max(here + by, 0), len(rows) - 1)
    rows.insert(there, rows.pop(here))
    for position, one in enumerate(rows, start=1):
        one.position = position
    among.model._default_manager.bulk_update(rows, ["position"])


def _decide(section: Section, *, topic: Topic | None, not_for_mailing: bool) -> bool:
    """Returns False if the issue is published: who gets it was written down by these topics."""
    drafts = Section.objects.filter(pk=section.pk, issue__status=Issue.Status.DRAFT)
    return bool(drafts.update(topic=topic, not_for_mailing=not_for_mailing))
