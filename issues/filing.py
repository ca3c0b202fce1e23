"""Filing sections: what each is about, remembered for the next issue."""

from __future__ import annotations

import logging

from django.db import transaction

from issues.editing import history
from issues.editing.acts import FileSection, Several
from issues.editing.history import Made, Submission
from issues.models import Issue, Section
from publications.models import Alias, Bulletin, Topic, key_of

logger = logging.getLogger(__name__)

MAX_TOPIC_NAME = Topic._meta.get_field("name_zh").max_length or 0


def file_under(section: Section, topic: Topic | None, sent: Submission) -> Made:
    """Say that a section is about `topic` (None: unknown), and later ones of the same title.

    Raises as `history.perform`, for an issue that is published ActRefused: who gets it was written
    down by these topics.
    """
    act = FileSection(section.pk, topic=topic.pk if topic else None)
    with transaction.atomic():
        made = history.perform(section.issue, act, sent)
        if topic and section.title:
            Alias.objects.learn(topic, section.title)
    return made


def leave_out(section: Section, sent: Submission) -> Made:
    """Have a section read on the web alone, and mailed to nobody. Raises as `file_under`."""
    return history.perform(section.issue, FileSection(section.pk, not_for_mailing=True), sent)


def make_topic(section: Section, sent: Submission) -> Made:
    """Give a section the topic named as it is titled, which is made where there is none. Raises
    as `file_under`."""
    with transaction.atomic():
        return file_under(section, _topic_named(section.issue.bulletin, section.title), sent)


def make_topics(issue: Issue, sent: Submission) -> Made | None:
    """Make topics of all sections of which nobody said what they are about, but for those without
    a title, or with one that is too long for a topic. Returns None where there are none such.
    Raises as `file_under`."""
    sections = [one for one in issue.sections.unknown() if can_name_a_topic(one.title)]
    if not sections:
        return None
    with transaction.atomic():
        topics = [_topic_named(issue.bulletin, section.title) for section in sections]
        acts = tuple(
            FileSection(section.pk, topic=topic.pk)
            for section, topic in zip(sections, topics, strict=True)
        )
        made = history.perform(issue, Several(acts), sent)
        for section, topic in zip(sections, topics, strict=True):
            Alias.objects.learn(topic, section.title)
    return made


def can_name_a_topic(title: str) -> bool:
    """Return whether a topic can have the title of a section."""
    return 0 < len(title) <= MAX_TOPIC_NAME


def _topic_named(bulletin: Bulletin, name: str) -> Topic:
    topic = Topic.objects.by_key(bulletin).get(key_of(name))
    if topic is None:
        last = bulletin.topics.order_by("position").values_list("position", flat=True).last()
        in_language = "name_zh" if bulletin.language.startswith("zh") else "name_en"
        topic = bulletin.topics.create(**{in_language: name, "position": (last or 0) + 1})
        logger.info("topic %s made", topic.pk)
    return topic
