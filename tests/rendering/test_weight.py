"""No mail is so heavy that Gmail cuts it; what is left out is left out fairly, and said."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests import preview
from digests.rendering import Proofs, composing
from digests.rendering.composing import Group, Weight
from digests.rendering.html_weight import MAX_HTML_BYTES
from issues.models import Article, Section
from publications.models import Bulletin, Topic
from subscribers.keywords.query import phrase_of
from subscribers.models import KeywordAlert
from tests.support.factories import EN, NOON, ZH, a_long_draft, a_reader, topics_of
from tests.support.messages import html_of, rendered_digest_of, text_of


@pytest.mark.parametrize("words", [EN, ZH])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_thirty_articles_are_all_shown_and_weigh_less_than_gmail_cuts(
    bulletin: Bulletin, words: str, language: str
) -> None:
    topics = topics_of(bulletin, "ABCDEF")
    issue = a_long_draft(bulletin, topics, articles=5, words=words)
    mail = rendered_digest_of(issue).mail(language=language)
    html = html_of(mail)
    assert len(html.encode()) < MAX_HTML_BYTES
    assert html.count("<h3") == 30
    assert html.count('class="lead"') == 6  # the first of each section


@pytest.fixture
def long_issue(bulletin: Bulletin, topics: list[Topic]) -> Section:
    """Its first section has 200 articles, the others have three each."""
    issue = a_long_draft(bulletin, topics, articles=3, words=ZH)
    section = issue.sections.get(position=1)
    first = Article.objects.get(section=section, position=2)
    Article.objects.bulk_create(
        Article(section=section, position=n, title=f"{n} {first.title}", passages=first.passages)
        for n in range(4, 201)
    )
    return section


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_of_a_section_of_200_articles_the_end_is_left_to_the_page_of_the_issue(
    long_issue: Section, language: str
) -> None:
    mail = rendered_digest_of(long_issue.issue).mail(language=language)
    html = html_of(mail)
    assert len(html.encode()) < MAX_HTML_BYTES
    shown = html.count("<h3")
    assert str(206 - shown) in re.sub(r"<[^>]+>", " ", html)
    assert f'/issues/{long_issue.issue_id}/"' in html
    assert "206" in re.sub(r"<[^>]+>", " ", html)
    assert text_of(mail).count("/articles/") == shown


def test_a_long_section_has_no_more_leads_than_a_short_one(long_issue: Section) -> None:
    html = html_of(rendered_digest_of(long_issue.issue).mail())
    heads = re.split(r"<h2", html)
    assert [part.count('class="lead"') for part in heads[1:4]] == [2, 2, 2]
    assert heads[1].count("<h3") > 100


def test_the_editor_sees_the_weight_of_the_largest_mail(long_issue: Section) -> None:
    publishing = preview.preview_publishing(long_issue.issue, at=NOON)
    assert [mail.trimmed for mail in publishing.largest] == [True, True]
    assert all(40 < mail.kilobytes <= MAX_HTML_BYTES / 1000 for mail in publishing.largest)


def test_who_watches_for_words_of_the_issue_is_counted_among_those_who_get_something(
    long_issue: Section,
) -> None:
    reader = a_reader(long_issue.issue.bulletin, "ann@reader.example")
    a_reader(long_issue.issue.bulletin, "bob@reader.example")
    KeywordAlert.objects.create(subscriber=reader, phrase="办法", key=phrase_of("办法").key)
    publishing = preview.preview_publishing(long_issue.issue, at=NOON)
    assert (publishing.reached, publishing.unreached) == ({"en": 1}, 1)


def test_the_weight_that_is_shown_is_not_less_than_that_of_any_mail(long_issue: Section) -> None:
    rendered_digest = rendered_digest_of(long_issue.issue)
    for language in ("en", "zh-hans"):
        shown = Proofs(rendered_digest.digest).whole(language).weight
        mailed = len(html_of(rendered_digest.mail(language=language, name="Ann")).encode())
        assert mailed <= shown <= mailed + 3000


WEIGHTS = st.integers(1, 2000).flatmap(
    lambda brief: st.builds(Weight, st.integers(brief, 4000), st.just(brief))
)


@given(
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=8),
    room=st.integers(0, 60_000),
    data=st.data(),
)
def test_trimming_is_fair_complete_and_never_too_heavy(
    sizes: list[int], room: int, data: st.DataObject
) -> None:
    starts = [sum(sizes[:n]) for n in range(len(sizes))]
    groups = [
        Group(str(n), tuple(range(start, start + size)))
        for n, (start, size) in enumerate(zip(starts, sizes, strict=True))
    ]
    weight = data.draw(WEIGHTS)
    weights = dict.fromkeys(range(sum(sizes)), weight)
    fitted = composing.fitted(groups, weights=weights, room=room)
    heavy = sum(len(g.whole) * weight.whole + len(g.brief) * weight.brief for g in fitted)
    assert heavy <= room
    for before, after in zip(groups, fitted, strict=True):
        assert after.shown + before.whole[len(after.shown) :] == before.whole
        assert after.count == len(before.whole)
    for leads in ([len(g.whole) for g in fitted], [len(g.shown) for g in fitted]):
        trimmed = [n for n, size in zip(leads, sizes, strict=True) if n < size]
        assert not trimmed or max(leads) <= min(trimmed) + 1


def test_what_a_reader_watches_for_is_not_shown_twice() -> None:
    sections = [composing.Mailed("1", 0, (11, 12)), composing.Mailed("2", 1, (21,))]
    groups = composing.groups(sections, topic_mask=0b11, alert_articles=(12, 21))
    assert [(group.key, group.whole) for group in groups] == [
        (composing.ALERTS, (12, 21)),
        ("1", (11,)),
    ]


def test_what_stands_in_front_takes_the_beginnings_of_the_tail_but_for_two() -> None:
    sections = [composing.Mailed(str(n), n, (10 * n + 1, 10 * n + 2)) for n in range(1, 7)]
    for alerts, tops, begun in (((), (), 6), ((61,), (11,), 4), ((41, 51, 61, 42), (11,), 2)):
        chosen = composing.groups(sections, topic_mask=0b1111110, alert_articles=alerts, tops=tops)
        full = composing.shortened(chosen, length=composing.FULL)
        behind = [one for one in full if one.key not in {composing.ALERTS, composing.TOP}]
        assert sum(len(one.whole) for one in behind) == begun
        assert [one.whole for one in full if one.key == composing.ALERTS] == [alerts][: len(alerts)]
        assert sum(one.count for one in full) == 12
