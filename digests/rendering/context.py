"""The context of a digest's templates: plain words, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.files.images import get_image_dimensions
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from digests.models import Digest
from digests.rendering.blocks import Cut
from digests.rendering.composing import Group
from foundation.absolute_urls import absolute_url
from issues import excerpts, issue_dates
from issues.models import Article, Issue, Section
from issues.models.issue import figure_path
from mail.messages.text_wrapping import WIDTH, columns
from pdf_reading.issue_text import StoredFigure
from pdf_reading.linking import Run
from publications.branding import COLUMN, brand

HOME = "issues:bulletin"
FRAME = ("contents", "listed", "body", "links", "closing")  # blocks around those of the sections
FRAMED = COLUMN - 2 * 12  # pixels that a figure is wide, inside of its frame


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as a mail shows it, `width` in pixels. It has no height, so that where pictures
    are off nothing but its words takes room. `words` stand for it, `caption` below it."""

    url: str
    words: str
    caption: Sequence[Run]
    width: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a mail shows it; a brief one is its headline alone. The `title` of one without
    a headline, which is not `headed`, are its first words."""

    cut: str
    brief: bool
    title: str
    headed: bool
    url: str
    link: str
    number: str
    read_on: str
    source: str = ""
    minutes: int = 0
    lead: Sequence[Run] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A group as a mail shows it. `topic` is the id of the topic that can be stopped there, and
    `more` says how many articles are left out, "" for none. `rule` underlines the title."""

    key: str
    title: str
    rule: str
    language: str
    topic: int | None
    count: str
    more: str
    entries: list[Entry]
    cuts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RenderContext:
    """One rendering of some sections of a digest: in which language, how it is cut, what stands
    for the merge fields, and with which token (`issues.proof_tokens`) the pictures of a draft are
    seen, "" where they are for everybody, or for who is logged in."""

    digest: Digest
    sections: Sequence[Section]
    language: str
    cut: Cut
    fields: Mapping[str, str]
    proof: str = ""

    def context(self, groups: Iterable[Group]) -> dict[str, object]:
        """Return the context of the digest's templates for `groups`."""
        issue, bulletin = self.digest.issue, self.digest.bulletin
        heads = {str(section.pk): section for section in self.sections}
        articles = {one.pk: one for section in self.sections for one in section.articles.all()}
        parts = [self._part(group, heads.get(group.key), articles) for group in groups]
        return {
            "language": self.language,
            **brand(bulletin),
            "issue": issue,
            "remark": self.digest.remark,
            "date": date_in_words(issue),
            "parts": parts,
            "cut": {name: self.cut(name) for name in FRAME},
            "fields": self.fields,
            "archive": absolute_url(HOME, bulletin.slug),
            "on_the_web": absolute_url("issues:issue", bulletin.slug, issue.pk),
            "pdf": absolute_url("issues:pdf", bulletin.slug, issue.pk) if issue.paged_files else "",
        }

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
                *(self._whole(articles[pk]) for pk in group.whole),
                *(self._brief(articles[pk]) for pk in group.brief),
            ],
            cuts={name: self.cut(f"{name} {key}") for name in ("listed", "head", "more", "tail")},
        )

    def _brief(self, article: Article) -> Entry:
        issue = article.section.issue
        return Entry(
            cut=self.cut(f"brief {article.pk}"),
            link=self.cut(f"link {article.pk}"),
            brief=True,
            title=excerpts.one_line(str(article)),
            headed=bool(article.title),
            url=absolute_url("issues:article", issue.bulletin.slug, issue.pk, article.pk),
            number=self.fields[f"number_{article.pk}"],
            read_on=self.fields[f"read_on_{article.pk}"],
        )

    def _whole(self, article: Article) -> Entry:
        entry = replace(self._brief(article), cut=self.cut(f"article {article.pk}"), brief=False)
        if article.withdrawn_at or article.section.issue.status == Issue.Status.WITHDRAWN:
            return replace(entry, lead=(Run(gettext("This article was withdrawn.")),))
        return replace(
            entry,
            source=excerpts.one_line(article.source),
            minutes=excerpts.minutes(article.passages),
            lead=excerpts.lead(article.passages),
            picture=next(pictures(article, proof=self.proof), None),
        )


def date_in_words(issue: Issue) -> str:
    """The issue's date as the language in force writes it: 2026年9月, September 2026. Without one,
    the day on which it was published."""
    if issue.date or issue.published_at is None:
        return issue_dates.in_words(issue.date)
    return date_format(timezone.localtime(issue.published_at), issue_dates.day_format())


def heading_of(section: Section | None, *, language: str) -> tuple[str, str]:
    """The section's title as printed, or its topic's name for readers of another language, and
    in which language that is; for None the head of what keyword alerts match."""
    if section is None:
        return gettext("What you watch for"), language
    printed_in = section.issue.bulletin.language
    topic = section.topic.name_in(language) if section.topic else ""
    if topic and (language != printed_in or not section.title):
        return excerpts.one_line(topic), language
    return excerpts.one_line(section.title), printed_in


def pictures(article: Article, *, proof: str = "") -> Iterator[Picture]:
    """The figures of an article whose files are there, as wide as their frame at most."""
    issue = article.section.issue
    for figure in (one for one in article.passages if isinstance(one, StoredFigure)):
        path = figure_path(issue, figure.image)
        if default_storage.exists(path):
            with default_storage.open(path) as file:
                width, _height = get_image_dimensions(file)
            url = absolute_url("issues:figure", issue.bulletin.slug, issue.pk, figure.image)
            yield Picture(
                url=f"{url}?proof={proof}" if proof else url,
                words=_alternative(figure),
                caption=excerpts.caption(figure),
                width=min(FRAMED, width or FRAMED),
            )


def _alternative(figure: StoredFigure) -> str:
    """What stands for a figure where pictures are off."""
    if figure.alternative:
        return figure.alternative
    if figure.page:
        return gettext("Figure on page %(page)s of the PDF") % {"page": figure.page}
    return figure.caption or gettext("Picture")
