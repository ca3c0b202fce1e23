"""The headline of a document that is one article: its only heading stands above all of its text,
where that of an issue would stand."""

from __future__ import annotations

from msgspec.structs import replace

from pdf_reading.issue_text import ArticleText, IssueText

_UNCERTAIN = {"no_headlines", "needs_review"}  # what the reading of its PDF says of such


def with_headline(issue: IssueText, document: IssueText | None = None) -> IssueText:
    """Return the reading of a document in which its title heads its only article that has no
    headline. Where the `document` itself says that it is a heading, that is certain; else it is
    that of a bulletin where a number or a date stands with it."""
    article = _only_article(issue)
    if not issue.title or article is None or article.title:
        return issue
    known = document and _only_article(document)
    is_sure = bool(known and _same(known.title, issue.title))
    if not is_sure and (issue.number or issue.date):
        return issue
    settled = _UNCERTAIN if is_sure else {"no_headlines"}
    headed = replace(article, title=issue.title, confidence=1.0 if is_sure else article.confidence)
    return replace(
        issue,
        title="",
        confidence=1.0 if is_sure else issue.confidence,
        sections=tuple(
            replace(section, articles=(headed,) if section.articles else ())
            for section in issue.sections
        ),
        warnings=tuple(one for one in issue.warnings if one.code not in settled),
    )


def _only_article(issue: IssueText) -> ArticleText | None:
    articles = [article for section in issue.sections for article in section.articles]
    return articles[0] if len(articles) == 1 else None


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())
