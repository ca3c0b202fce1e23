"""The mail for those who hear it, enlarge it, see no pictures, or read it in the dark."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st

from digests.rendering import set_blocks
from issues.models import Article
from issues.models.issue import figure_path
from pdf_reading.issue_text import StoredFigure
from publications.colours import CONTRAST, DARK_PAPER, PAPER, colours, contrast
from tests.support.factories import PNG
from tests.support.messages import RenderedDigest, html_of

BASE = Path(site.BASE_DIR, "templates", "email", "base.mjml")
PAGE, DARK_PAGE = "#f4f2ed", "#17181a"
QUIET, DARK_QUIET = "#5d5a54", "#a9a59c"


@given(accent=st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_every_colour_that_an_editor_can_choose_is_made_to_read(accent: str) -> None:
    made = colours(accent)
    assert contrast(made.on_band, made.band) >= CONTRAST
    assert contrast(made.link, PAPER) >= CONTRAST
    assert contrast(made.dark_link, DARK_PAPER) >= CONTRAST


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("#1e1d1b", PAPER),
        (QUIET, PAPER),
        (QUIET, PAGE),
        ("#e9e6df", DARK_PAPER),
        (DARK_QUIET, DARK_PAPER),
        (DARK_QUIET, DARK_PAGE),
    ],
)
def test_the_other_colours_read_as_well_and_are_those_of_the_template(ink: str, paper: str) -> None:
    template = BASE.read_text(encoding="utf-8")
    assert ink in template
    assert paper in template
    assert contrast(ink, paper) >= CONTRAST


class Outline(HTMLParser):
    """What a screen reader makes of a mail."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.tables: list[str | None] = []
        self.links: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self._link: str | None = None
        self._label: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        elif tag == "table":
            self.tables.append(attributes.get("role"))
        elif tag == "img":
            self.pictures.append(attributes)
        elif tag == "a":
            self._link, self._label = "", attributes.get("aria-label")

    def handle_data(self, data: str) -> None:
        if self._link is not None:
            self._link += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            self.links.append(self._label or " ".join(self._link.split()))
            self._link = None


def test_headings_go_down_one_level_at_a_time_from_the_bulletins_name(
    rendered_digest: RenderedDigest,
) -> None:
    levels = Outline(html_of(rendered_digest.mail())).levels
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_are_for_the_layout_alone_and_say_so(rendered_digest: RenderedDigest) -> None:
    assert set(Outline(html_of(rendered_digest.mail())).tables) == {"presentation"}


def test_a_link_makes_sense_alone_and_no_two_places_have_the_same_words(
    rendered_digest: RenderedDigest,
) -> None:
    html = html_of(rendered_digest.mail())
    words = Outline(html).links
    assert all(words)
    assert not [word for word in words if word.startswith("Read on")]
    assert words.count("The whole issue on the web") == 1
    listed = re.findall('href="#article-', html)
    titles = [word for word in words if word.startswith(("News of", "Water", "Energy", "Stand"))]
    assert len(set(titles)) == 9
    assert len(titles) == 9 + len(listed)  # each is a link once, besides the contents


def test_nothing_is_set_smaller_than_14_pixels(rendered_digest: RenderedDigest) -> None:
    sizes = re.findall(r"font-size: ?(\d+)px", html_of(rendered_digest.mail()))
    assert min(int(size) for size in sizes if size != "0") >= 14


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_piece_says_in_which_language_it_is(
    rendered_digest: RenderedDigest, language: str
) -> None:
    html = html_of(rendered_digest.mail(language=language))
    expected = "zh-Hans" if language == "zh-hans" else "en"
    assert re.search(rf'<html lang="{expected}" dir="ltr"', html)
    assert re.search(rf'role="article" lang="{expected}" dir="ltr"', html)
    # The articles, in the language of the bulletin.
    assert len(re.findall(r'<div id="article-\d+" lang="en">', html)) == 9
    assert re.search(rf'<h2 [^>]*lang="{language}"', html)


def test_a_figure_has_words_of_its_own_its_caption_below_and_its_size(
    rendered_digest: RenderedDigest,
) -> None:
    issue = rendered_digest.digest.own_issue
    default_storage.save(figure_path(issue, "a.png"), ContentFile(PNG))
    figure = StoredFigure("Rain in mm", page=2, image="a.png")
    gone = StoredFigure("", page=3, image="gone.png")
    bare = StoredFigure("", page=3, image="a.png")
    Article.objects.filter(position=1).update(passages=(figure,))
    Article.objects.filter(position=2).update(passages=(gone,))
    Article.objects.filter(position=3).update(passages=(bare,))
    set_blocks(rendered_digest.digest)
    html = html_of(rendered_digest.mail(topic_mask=1))
    pictures = Outline(html).pictures
    assert [picture["alt"] for picture in pictures] == [
        "Rain in mm",
    ]
    assert re.search(r'<div class="note"[^>]*>Rain in mm</div>', html)
    assert {(picture["width"], picture.get("height")) for picture in pictures} == {("1", "1")}


def test_the_image_of_a_bulletin_is_called_by_its_name(rendered_digest: RenderedDigest) -> None:
    bulletin = rendered_digest.digest.bulletin
    bulletin.image.save("head.png", ContentFile(PNG))
    bulletin.refresh_from_db()
    set_blocks(rendered_digest.digest)
    html = html_of(rendered_digest.mail())
    assert re.search(r'<h1 [^>]*><img src="[^"]+/masthead/[0-9a-f]{24}\.png" alt="Letters"', html)


def test_without_an_image_the_name_stands_in_the_head(rendered_digest: RenderedDigest) -> None:
    assert re.search(r"<h1 [^>]*>Letters</h1>", html_of(rendered_digest.mail()))


def test_nothing_is_fetched_from_a_third_party(rendered_digest: RenderedDigest) -> None:
    addresses = re.findall(
        r'(?:src|href|url)[=(]"?(https?://[^"/ )]+)', html_of(rendered_digest.mail())
    )
    assert set(addresses) == {site.SITE_URL}
