"""What the editor should look at: where headings, contents and boxes leave a doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from digests.parsing.articles import Part
from digests.parsing.contents import Contents
from digests.parsing.evidence import Judged
from digests.parsing.letters import compact
from digests.parsing.levels import Level
from digests.parsing.outline import Outline
from digests.parsing.titles import named_in
from digests.text import Caution, SectionText


def doubts_of(
    heads: Sequence[Judged], parts: Sequence[Part], *, contents: Contents, outline: Outline
) -> tuple[Caution, ...]:
    """One caution for each doubt, with the page and the words in question."""
    found = [one for one in heads if one.level is not Level.WITHIN]
    if not found:
        return (Caution("no_headlines", 0),)
    return (
        *_unlisted(found),
        *_unfound(heads, contents),
        *_misled(found, outline),
        *_weak(parts, reason="no headline below", code="section_without_headlines"),
        *_weak(parts, reason="in a box of its own", code="article_from_box"),
    )


def _unlisted(found: Sequence[Judged]) -> list[Caution]:
    return [
        Caution("headline_not_in_contents", one.headline.page, one.headline.text)
        for one in found
        if "not in the contents" in one.reasons
    ]


def _unfound(heads: Sequence[Judged], contents: Contents) -> list[Caution]:
    """Entries without a headline, where most have one: else the contents are but a teaser."""
    named = {id(entry) for _, entry in named_in([h.headline for h in heads], contents.entries)}
    missing = [entry for entry in contents.entries if id(entry) not in named]
    if len(missing) > len(contents.entries) / 2:
        return []
    return [Caution("entry_without_headline", entry.page, entry.title) for entry in missing]


def _misled(found: Sequence[Judged], outline: Outline) -> list[Caution]:
    """Headlines to which the outline leads from another page; not those that stand twice."""
    times = Counter(compact(one.headline.text) for one in found)
    return [
        Caution("outline_elsewhere", head.page, head.text)
        for head in (one.headline for one in found)
        if times[compact(head.text)] == 1 and outline.leads_elsewhere(head.text, page=head.page)
    ]


def wordless(sections: Sequence[SectionText]) -> list[Caution]:
    """Articles of which nothing but the headline was found."""
    return [
        Caution("article_without_text", article.pages[0], article.title)
        for section in sections
        for article in section.articles
        if not article.passages
    ]


def _weak(parts: Sequence[Part], *, reason: str, code: str) -> list[Caution]:
    return [
        Caution(code, draft.head.headline.page, draft.head.headline.text)
        for part in parts
        for draft in part.drafts
        if reason in draft.head.reasons
    ]
