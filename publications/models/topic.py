"""A subject that readers follow, and the section titles that mean it."""

from __future__ import annotations

import unicodedata
from itertools import chain

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit_log.recording import LogKeys
from publications.models.bulletin import Bulletin


def key_of(title: str) -> str:
    """Return what two titles share that an editor would call the same: NFKC, no white space, no
    case."""
    return "".join(unicodedata.normalize("NFKC", title).casefold().split())


def _in(language: str, zh: str, en: str) -> str:
    return zh or en if language.startswith("zh") else en or zh


class TopicQuerySet(models.QuerySet["Topic"]):
    """Questions to the topics."""

    def by_key(self, bulletin: Bulletin) -> dict[str, Topic]:
        """The topics of `bulletin` under each key that names them. Two queries."""
        topics = {topic.pk: topic for topic in self.filter(bulletin=bulletin)}
        keys = {key_of(name): topic for topic in topics.values() for name in topic.names}
        aliases = Alias.objects.filter(topic__bulletin=bulletin).values_list("key", "topic_id")
        return {key: topics[pk] for key, pk in aliases} | keys


class Topic(models.Model):
    """A subject that readers follow. Its id stays when it is renamed; retired, not deleted.
    `offered_at` is when it was offered first, None for one that was there before this was kept."""

    bulletin = models.ForeignKey(
        Bulletin, models.CASCADE, related_name="topics", verbose_name=_("bulletin")
    )
    name_zh = models.CharField(_("name in Chinese"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    description_zh = models.CharField(
        _("description in Chinese"),
        max_length=160,
        blank=True,
        db_default="",
        help_text=_("One line for readers who choose topics."),
    )
    description_en = models.CharField(
        _("description in English"), max_length=160, blank=True, db_default=""
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    offered_at = models.DateTimeField(null=True, default=timezone.now, editable=False)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["bulletin", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~(models.Q(name_zh="") & models.Q(name_en="")),
                name="topic_has_a_name",
                violation_error_message=_("A topic needs a name in one language at least."),
            ),
            models.UniqueConstraint(
                "bulletin", "name_zh", name="topic_name_zh", condition=~models.Q(name_zh="")
            ),
            models.UniqueConstraint(
                "bulletin", "name_en", name="topic_name_en", condition=~models.Q(name_en="")
            ),
        ]

    def __str__(self) -> str:
        return self.name_in(get_language() or "")

    @property
    def log_keys(self) -> LogKeys:
        """The keys by which an entry of the log about it is found, and its name."""
        return {"publication": self.bulletin_id, "subject": str(self)}

    @property
    def names(self) -> tuple[str, ...]:
        """The names that were given, Chinese first."""
        return tuple(name for name in (self.name_zh, self.name_en) if name)

    def name_in(self, language: str) -> str:
        """The name in `language`, or in the other one where only that was given."""
        return _in(language, self.name_zh, self.name_en)

    def description_in(self, language: str) -> str:
        """The description in `language`, or in the other one where only that was given."""
        return _in(language, self.description_zh, self.description_en)

    @property
    def description(self) -> str:
        """The description in the language in force."""
        return self.description_in(get_language() or "")

    def as_printed(self, title: str) -> str:
        """`title`, where a section with that title is about this topic; else the topic's name.

        One query, unless it is a name of the topic itself.
        """
        key = key_of(title)
        known = (name for name in self.names if key_of(name) == key)
        aliases = (alias.name for alias in self.aliases.all() if alias.key == key)
        return next(chain(known, aliases), str(self))

    def clean(self) -> None:
        """Raise ValidationError when another topic of the bulletin goes by one of the names."""
        if not hasattr(self, "bulletin"):
            return
        taken = Topic.objects.by_key(self.bulletin)
        for name in self.names:
            holder = taken.get(key_of(name))
            if holder is not None and holder.pk != self.pk:
                raise ValidationError(
                    _("“%(name)s” already means the topic %(topic)s."),
                    params={"name": name, "topic": holder},
                )


class AliasQuerySet(models.QuerySet["Alias"]):
    """Making aliases."""

    def learn(self, topic: Topic, title: str) -> None:
        """Have `title` mean `topic` from now on; nothing happens where it already means one."""
        if key_of(title) not in Topic.objects.by_key(topic.bulletin):
            self.get_or_create(
                bulletin=topic.bulletin,
                key=key_of(title),
                defaults={"topic": topic, "name": title},
            )


class Alias(models.Model):
    """Another title by which sections of a topic are headed."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="+", editable=False)
    topic = models.ForeignKey(
        Topic, models.CASCADE, related_name="aliases", verbose_name=_("topic")
    )
    name = models.CharField(_("name"), max_length=200)
    key = models.CharField(max_length=200, editable=False)

    objects = AliasQuerySet.as_manager()

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["topic", "name"]
        constraints = [models.UniqueConstraint("bulletin", "key", name="alias_means_one_topic")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Fill in the key; raise ValidationError where the name means another topic."""
        self.key = key_of(self.name)
        self.bulletin = self.topic.bulletin
        holder = Topic.objects.by_key(self.bulletin).get(self.key)
        if holder is not None and holder.pk != self.topic_id:
            raise ValidationError(
                _("“%(name)s” already means the topic %(topic)s."),
                params={"name": self.name, "topic": holder},
            )
