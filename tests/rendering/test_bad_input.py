"""Whatever an article, a bulletin or a reader is called: a right mail, and nothing injected."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests.audience import MAX_TOPICS
from digests.rendering import set_blocks
from digests.rendering.html_weight import MAX_HTML_BYTES
from issues.models import Article
from pdf_reading.issue_text import Paragraph
from publications.models import Bulletin
from subscribers.models import Subscriber
from tests.support.factories import a_long_draft, topics_of
from tests.support.messages import RenderedDigest, html_of, rendered_digest_of, text_of

NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</h3></td></table>",
    "<!-- <![endif]-->",
    "{{ fields.leave }} {% include 'x' %}",
    "%(name)s %% %s {0} ${name}",
    "&lt;b&gt; &amp;amp; &#0;",
    "line\r\nBcc: all@example.org\n\n<b>",
    "\u202egnp.exe \u2066 \u2068",
    "\u05e2\u05d1\u05e8\u05d9\u05ea and English",
    "🇨🇳 👩‍👩‍👧 é\u0301 \U0001f600",
    "\x00\x07\x1b[31m\x7f\ufffe",
    "=?utf-8?q?=0D=0ABcc:x?=",
    "long " * 100,
    "汉" * 500,
    "",
]
WORDS = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=80),
    st.lists(st.sampled_from(NASTY), max_size=3).map("".join),
)


class Tags(HTMLParser):
    """Which tags there are, with the names of their attributes, and whether they nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag not in {"meta", "img", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def harmless(rendered_digest: RenderedDigest) -> Counter[tuple[str, tuple[str, ...]]]:
    """The tags of a mail in which everybody is called by a harmless name, and of the link of an
    article without a headline."""
    found = Counter(Tags(html_of(rendered_digest.mail(name="Ann"))).found)
    return found + Counter(
        {("p", ("style",)): 1, ("a", ("href", "lang", "aria-label", "style")): 1}
    )


@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(words=st.lists(WORDS, min_size=6, max_size=6))
def test_words_of_people_are_words_in_the_mail_and_nothing_else(
    rendered_digest: RenderedDigest,
    harmless: Counter[tuple[str, tuple[str, ...]]],
    words: list[str],
) -> None:
    title, source, text, section, bulletin, name = (word.replace("\x00", "") for word in words)
    issue = rendered_digest.digest.own_issue
    issue.bulletin.name = bulletin
    first = issue.sections.get(position=1)
    first.title = section[:200]
    first.save()
    Article.objects.filter(section=first, position=1).update(
        title=title[:500],
        source=source[:300],
        passages=(Paragraph(text, page=1),),
    )
    set_blocks(rendered_digest.digest)
    mail = rendered_digest.mail(name=name)
    tags = Tags(html_of(mail))
    assert tags.open == []
    assert Counter(tags.found) <= harmless
    assert all(re.match(r"https?://localhost|mailto:|#article-", url) for url in tags.addresses)
    for field in ("From", "To", "Subject", "List-Id", "List-Unsubscribe", "Message-ID"):
        assert len(mail.get_all(field, [])) == 1
    assert "Bcc" not in mail
    said = f"{mail['Subject']}{html_of(mail)}{text_of(mail)}"
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", said)
    assert not mail.defects


@pytest.mark.parametrize(
    "name", ["Lee, Ann", "Ann\r\nBcc: all@example.org", 'A "B" <c@d.e>', "李雷"]
)
def test_a_readers_name_is_a_name_in_the_header_too(
    rendered_digest: RenderedDigest, name: str
) -> None:
    mail = rendered_digest.mail(name=name)
    (address,) = mail["To"].addresses
    assert address.addr_spec == "ann@reader.example"
    assert address.display_name == " ".join(name.split())
    assert "Bcc" not in mail


def test_an_article_without_a_body_is_a_headline_with_its_link(
    rendered_digest: RenderedDigest,
) -> None:
    Article.objects.filter(position=2).update(passages=(), source="")
    set_blocks(rendered_digest.digest)
    html = html_of(rendered_digest.mail())
    assert html.count("<h3") == 9
    assert html.count('class="lead"') == 3
    assert len(re.findall(r'<h3[^>]*><a href="[^"]+/articles/\d+/"', html)) == 9
    assert "0 minutes" not in html


def test_a_headline_of_500_characters_does_not_make_the_subject_long(
    rendered_digest: RenderedDigest,
) -> None:
    Article.objects.filter(position=1).update(title="汉" * 500)
    set_blocks(rendered_digest.digest)
    assert len(rendered_digest.mail()["Subject"]) <= 30


def test_a_headline_from_right_to_left_does_not_turn_what_is_around_it(
    rendered_digest: RenderedDigest,
) -> None:
    Article.objects.filter(position=1).update(title="\u05e2\u05d1\u05e8\u05d9\u05ea \u202eABC")
    set_blocks(rendered_digest.digest)
    html = html_of(rendered_digest.mail())
    assert re.search(
        r'<h3 dir="auto"[^>]*><a [^>]*>\u05e2\u05d1\u05e8\u05d9\u05ea ABC</a></h3>', html
    )


def test_where_the_heads_of_the_sections_fill_the_mail_it_still_says_what_it_is_about(
    bulletin: Bulletin,
) -> None:
    topics = topics_of(bulletin, [f"Topic {n}" for n in range(MAX_TOPICS)])
    issue = a_long_draft(bulletin, topics, articles=2)
    issue.sections.update(title="汉" * 200)
    mail = rendered_digest_of(issue).mail()
    html = html_of(mail)
    assert "<h3" not in html
    assert html.count("2 more in this section") == MAX_TOPICS
    assert mail["Subject"].startswith("News of Topic 0")
    assert "124 articles" in text_of(mail)


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(
    sizes=st.lists(st.integers(0, 200), min_size=1, max_size=3),
    title=st.integers(1, 500),
    paragraphs=st.lists(st.integers(0, 400), max_size=3),
    format_=st.sampled_from(Subscriber.Format.values),
)
def test_an_issue_of_any_size_is_a_right_mail_of_base64(
    rendered_digest: RenderedDigest,
    sizes: list[int],
    title: int,
    paragraphs: list[int],
    format_: str,
) -> None:
    Article.objects.filter(section__issue=rendered_digest.digest.own_issue, position__gt=1).delete()
    for section, size in zip(rendered_digest.digest.own_issue.sections.all(), sizes, strict=False):
        passages = tuple(Paragraph("汉 a" * n, page=1) for n in paragraphs)
        Article.objects.bulk_create(
            Article(section=section, position=n, title="é汉 "[n % 3] * title, passages=passages)
            for n in range(2, size + 2)
        )
    set_blocks(rendered_digest.digest)
    mail = rendered_digest.mail(format=format_, name="Ann, \r\n😀 \u202e(Lee)")
    assert not mail.defects
    parts = [part for part in mail.walk() if not part.is_multipart()]
    assert {part["Content-Transfer-Encoding"] for part in parts} == {"base64"}
    assert sum(sizes) + 3 == int(re.findall(r"! *\s*(\d+) articles", text_of(mail))[0])
    if format_ == Subscriber.Format.HTML:
        html = html_of(mail)
        assert len(html.encode()) <= MAX_HTML_BYTES
        assert html.count("<h3") == len(re.findall(r"^\[\d+\] ", text_of(mail), re.MULTILINE))
