"""The plain text is an edition of its own, not a leftover."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues.models import Article
from mail.messages.text_wrapping import WIDTH, columns, wrap
from publications.models import Bulletin, Topic
from tests.support.factories import EN, ZH, a_long_draft
from tests.support.messages import RenderedDigest, rendered_digest_of, text_of


@pytest.mark.parametrize(("words", "language"), [(EN, "en"), (ZH, "zh-hans")])
def test_no_line_is_wider_than_72_columns_unless_it_is_an_address(
    bulletin: Bulletin, topics: list[Topic], words: str, language: str
) -> None:
    rendered_digest = rendered_digest_of(a_long_draft(bulletin, topics, articles=3, words=words))
    lines = text_of(rendered_digest.mail(language=language, name="Ann")).splitlines()
    wide = [line for line in lines if columns(line.rstrip()) > WIDTH]
    assert [line for line in wide if "://" not in line] == []


def test_links_are_footnotes_numbered_in_the_order_of_the_edition(
    rendered_digest: RenderedDigest,
) -> None:
    alert_articles = [Article.objects.get(section__title="Standards", position=2).pk]
    text = text_of(rendered_digest.mail(topic_mask=0b010, alert_articles=alert_articles))
    body, notes = text.split("\nLinks", 1)
    assert re.findall(r"\[\d+\]", body) == ["[1]", "[2]", "[3]", "[4]"]
    found = re.findall(r"^(\[\d+\]) +(\S+)", notes, re.MULTILINE)
    assert [number for number, _ in found] == ["[1]", "[2]", "[3]", "[4]"]
    assert found[0][1].endswith(f"/articles/{alert_articles[0]}/")


def test_it_has_contents_headings_and_every_link_of_the_foot(
    rendered_digest: RenderedDigest,
) -> None:
    text = text_of(rendered_digest.mail(topic_mask=0b011))
    assert re.search(r"In this email\s+Water\s+\* News of Water\s", text)
    assert re.search(r"\nEnergy *\n====== *\n", text)
    assert "Standards" not in text
    for route in ("editions", "preferences", "stop", "pause", "leave", "issues", "pdf"):
        assert f"/{route}/" in text
    assert "1 Mill Lane, Ostermere" in text


def test_a_heading_is_underlined_as_wide_as_it_is(bulletin: Bulletin, topics: list[Topic]) -> None:
    issue = a_long_draft(bulletin, topics, articles=1)
    issue.sections.filter(position=1).update(title="水资源 Water")
    issue.sections.filter(position=2).update(title="long " * 40)
    text = text_of(rendered_digest_of(issue).mail(language="en"))
    assert re.search(r"\n水资源 Water *\n={12} *\n", text)
    assert max(map(len, re.findall("=+", text))) == WIDTH


def test_what_is_read_aloud_before_the_articles_is_short(rendered_digest: RenderedDigest) -> None:
    head = text_of(rendered_digest.mail(name="Ann")).split("News of Water")[0]
    assert "://" not in head
    assert len(head.split()) < 40


def test_a_reader_of_plain_text_gets_it_alone(rendered_digest: RenderedDigest) -> None:
    mail = rendered_digest.mail(format="text")
    assert mail.get_content_type() == "text/plain"
    assert text_of(mail) == text_of(rendered_digest.mail())
    assert mail["List-Unsubscribe"]


@given(line=st.text(alphabet="ab 汉字，。（)“é\u0301…-", max_size=300))
def test_wrapping_loses_nothing_but_blanks(line: str) -> None:
    lines = wrap(line)
    assert "".join("".join(lines).split()) == "".join(line.split())


@given(words=st.lists(st.text(alphabet="abc汉字，。", min_size=1, max_size=20), max_size=40))
def test_wrapped_lines_are_at_most_72_columns_wide(words: list[str]) -> None:
    assert all(columns(line) <= WIDTH for line in wrap(" ".join(words)))


def test_a_closing_mark_never_begins_a_line_and_an_opening_one_never_ends_it() -> None:
    lines = wrap("（" + "汉" * 35 + "），" + "字" * 40 + "“字”。")
    assert all(line[0] not in "），”。" and line[-1] not in "（“" for line in lines)
