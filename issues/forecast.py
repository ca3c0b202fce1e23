"""The number of articles that an issue has about a topic, as the last issues had them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from issues.models import Article, Issue, Section
from publications.models import Bulletin

LAST_ISSUES = 6


@dataclass(frozen=True, slots=True)
class Forecast:
    """The articles by topic in the last `issues` of a bulletin."""

    issues: int
    articles: dict[int, int]

    def sentence(self, topic_ids: Iterable[int]) -> str:
        """Return what to expect of these topics together; "" where there is no issue yet."""
        if not self.issues:
            return ""
        articles = sum(self.articles.get(pk, 0) for pk in topic_ids)
        if not articles:
            if self.issues == 1:
                return gettext("nothing in the last issue")
            return gettext("nothing in the last %(count)d issues") % {"count": self.issues}
        an_issue = round(articles / self.issues)
        if an_issue:
            return ngettext(
                "about %(count)d article an issue", "about %(count)d articles an issue", an_issue
            ) % {"count": an_issue}
        return _("about one article in %(count)d issues") % {"count": round(self.issues / articles)}


def forecast(bulletin: Bulletin) -> Forecast:
    """Return the forecast for a bulletin. Two queries."""
    last = list(
        Issue.objects.filter(bulletin=bulletin)
        .published()
        .values_list("pk", flat=True)[:LAST_ISSUES]
    )
    sections = Section.objects.filter(issue__in=last).mailed()
    articles = Article.objects.filter(section__in=sections).mailed().standing().order_by()
    by_topic = articles.values_list("section__topic").annotate(count=Count("pk"))
    return Forecast(len(last), {topic: count for topic, count in by_topic if topic})
