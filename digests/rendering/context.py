"""The context of a digest's templates: plain words, in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from digests.models import Digest
from digests.rendering import composing
from digests.rendering.block_names import ALERTED, FRAME, TOP_STORY, WHOLE
from digests.rendering.blocks import Cut
from digests.rendering.composing import TOP, Group
from digests.rendering.mail_headings import date_in_words, heading_of, issue_in_words
from digests.rendering.mail_pictures import pictures
from digests.rendering.mailed_sections import MailedSection
from digests.rendering.template_values import Alert, Entry, Head, Line, NewTopic, Part, Stop
from foundation.absolute_urls import absolute_url
from issues import excerpts, issue_dates
from issues.models import Article, Issue, Section
from mail.messages.text_wrapping import WIDTH, columns
from pdf_reading.linking import Run
from publications.branding import brand
from publications.models import Topic

HOME = "issues:bulletin"
TOP_LEAD = 360  # columns of the beginning of the top story: 180 Chinese characters
PADDING = "\u034f\u200c\u00a0" * 70  # so that lists of mails show nothing behind the preheader


@dataclass(frozen=True, slots=True)
class RenderContext:
    """One rendering of some sections of a digest: in which language, how it is cut, what stands
    for the merge fields, and with which token (`issues.proof_tokens`) the pictures of a draft are
    seen, "" where they are for everybody, or for who is logged in; with the ids of the `new_topics`
    that are told of. With `every_form` it has each block once, whether they can stand in one mail
    or not."""

    digest: Digest
    sections: Sequence[MailedSection]
    language: str
    cut: Cut
    fields: Mapping[str, str]
    proof: str = ""
    every_form: bool = False
    new_topics: Sequence[int] = ()

    def context(self, groups: Sequence[Group]) -> dict[str, object]:
        """Return the context of the digest's templates for `groups`."""
        bulletin = self.digest.bulletin
        heads = {one.key: one.section for one in self.sections}
        articles = {one.pk: one for section in self.sections for one in section.articles}
        rest = [group for group in groups if group.key != TOP]
        parts = {group.key: self._part(group, heads.get(group.key), articles) for group in rest}
        listed = [(one, one.shown) for one in rest] if self.every_form else composing.listed(groups)
        return {
            "language": self.language,
            **brand(bulletin),
            **self._head(),
            "remark": self.digest.remark,
            "padding": PADDING,
            "tops": [
                self._top(articles[pk], one) for one in groups if one.key == TOP for pk in one.shown
            ],
            "parts": list(parts.values()),
            "listed": [
                replace(parts[group.key], lines=[self._line(articles[pk]) for pk in shown])
                for group, shown in listed
            ],
            "others": self.fields.get("others", ""),
            "cut": {name: self.cut(name) for name in FRAME},
            "fields": self.fields,
            "archive": absolute_url(HOME, bulletin.slug),
            "sign_up": absolute_url("subscribers:sign_up", bulletin.slug),
            "new_topics": self._new_topics(),
        }

    def _new_topics(self) -> list[NewTopic]:
        """The topics that readers are told of; a query where there are some."""
        return [
            NewTopic(
                cut=self.cut(f"new {topic.pk}"),
                pk=topic.pk,
                name=excerpts.one_line(topic.name_in(self.language)),
                line=excerpts.one_line(topic.description_in(self.language)),
            )
            for topic in (Topic.objects.filter(pk__in=self.new_topics) if self.new_topics else ())
        ]

    def _head(self) -> dict[str, object]:
        """What tells of the issue, or of the occasion where there are several."""
        slug = self.digest.bulletin.slug
        issue = self.digest.issue or self._only_issue()
        if issue is None:
            zone = self.digest.bulletin.zone
            day = timezone.localtime(self.digest.due_at or self.digest.opened_at, zone)
            return {
                "issue": Head(str(self.digest.get_occasion_display())),
                "date": date_format(day, issue_dates.day_format()),
                "on_the_web": absolute_url(HOME, slug),
                "pdf": "",
            }
        return {
            "issue": issue,
            "date": date_in_words(issue),
            "on_the_web": absolute_url("issues:issue", slug, issue.pk),
            "pdf": absolute_url("issues:pdf", slug, issue.pk) if issue.paged_files else "",
        }

    def _only_issue(self) -> Issue | None:
        issues = {one.section.issue for one in self.sections}
        return next(iter(issues)) if len(self.digest.held_issues) == 1 else None

    def _part(self, group: Group, section: Section | None, articles: Mapping[int, Article]) -> Part:
        key = group.key
        title, language = heading_of(section, language=self.language)
        return Part(
            key=key,
            title=title,
            rule="=" * min(columns(title), WIDTH),
            language=language,
            topic=section.topic_id if section else None,
            count=self.fields[f"count_{key}"],
            more=self.fields[f"more_{key}"] if group.left else "",
            entries=[
                *(self._entry(articles[pk], group, whole=True) for pk in group.whole),
                *(self._entry(articles[pk], group, whole=False) for pk in group.brief),
            ],
            cuts={name: self.cut(f"{name} {key}") for name in ("listed", "head", "more", "tail")},
            stops=[self._stop(n) for n in range(len(group.keywords))],
        )

    def _line(self, article: Article) -> Line:
        title = excerpts.one_line(str(article))
        return Line(cut=self.cut(f"line {article.pk}"), pk=article.pk, title=title)

    def _top(self, article: Article, group: Group) -> Entry:
        entry = self._whole(article)
        long = excerpts.lead(article.passages, width=TOP_LEAD) if entry.minutes else entry.lead
        return replace(
            entry,
            cut=self.cut(f"top {article.pk}"),
            brief=article.pk in group.brief,
            headed=True,
            heading=heading_of(article.section, language=self.language)[0],
            rule="=" * min(columns(entry.title), WIDTH),
            lead=long,
            cuts={name: self.cut(f"{name} {article.pk}") for name in TOP_STORY},
        )

    def _stop(self, number: int) -> Stop:
        return Stop(
            cut=self.cut(f"stop {number}"),
            foot=self.cut(f"stop_below {number}"),
            words=self.fields[f"stop_{number}"],
            query=self.fields[f"query_{number}"],
        )

    def _entry(self, article: Article, group: Group, *, whole: bool) -> Entry:
        pk = article.pk
        if pk not in group.marked:
            if not whole:
                return self._brief(article)
            entry = self._whole(article)
            shown = pk in group.pictured or self.every_form
            cuts = {name: self.cut(f"{name} {pk}") for name in WHOLE}
            return replace(entry, cuts=cuts, picture=entry.picture if shown else None)
        quoted = whole and pk in group.quoted
        alert = Alert(
            eyebrow=self.fields[f"eyebrow_{pk}"],
            found_html=self.fields[f"hit_html_{pk}"] if quoted else "",
            found_text=self.fields[f"hit_text_{pk}"] if quoted else "",
            said=whole and (self.every_form or not quoted),
            cuts={name: self.cut(f"{name} {pk}") for name in ALERTED},
        )
        return replace(
            self._whole(article), alert=alert, cut=self.cut(f"alerted {pk}"), picture=None
        )

    def _brief(self, article: Article) -> Entry:
        issue = article.section.issue
        return Entry(
            pk=article.pk,
            cut=self.cut(f"brief {article.pk}"),
            link=self.cut(f"link {article.pk}"),
            brief=True,
            title=excerpts.one_line(str(article)),
            source=self._source(article),
            minutes=excerpts.minutes(article.passages),
            headed=bool(article.title),
            url=absolute_url("issues:article", issue.bulletin.slug, issue.pk, article.pk),
            number=self.fields[f"number_{article.pk}"],
            read_on=self.fields[f"read_on_{article.pk}"],
        )

    def _source(self, article: Article) -> str:
        """The source; where there are several issues, first which one it was, if not the digest's
        own."""
        source, issue = excerpts.one_line(article.source), article.section.issue
        if len(self.digest.held_issues) == 1 or issue == self.digest.issue:
            return source
        return " · ".join(filter(None, [issue_in_words(issue), source]))

    def _whole(self, article: Article) -> Entry:
        entry = replace(self._brief(article), cut=self.cut(f"article {article.pk}"), brief=False)
        if article.withdrawn_at or article.section.issue.status == Issue.Status.WITHDRAWN:
            said = (Run(gettext("This article was withdrawn.")),)
            return replace(entry, source="", minutes=0, lead=said)
        return replace(
            entry,
            lead=excerpts.lead(article.passages),
            picture=next(pictures(article, proof=self.proof), None),
        )
