"""A link of an issue is at its own words in each kind of passage, and at no other occurrence."""

from __future__ import annotations

from pathlib import Path

from pdf_reading import Limits
from pdf_reading.issue_text import ArticleText, Heading, Listing, Paragraph, Passage
from pdf_reading.pipeline import read
from tests.pdf_reading.printed import printed

URL = "https://example.org/"
FILL = "The gauge at the weir was read each morning of the winter by pupils of the school. "


def link(name: str, words: str) -> str:
    return f"<a href='{URL}{name}'>{words}</a>"


def articles_of(body: str, folder: Path, *, css: str = "") -> list[ArticleText]:
    html = f"<h1>The Weir Post</h1><p>No. 7 · 3 May 2026</p>{body}"
    issue = read(printed(html, folder / "issue.pdf", css=css), limits=Limits())
    return [article for section in issue.sections for article in section.articles]


def targets(passage: Passage) -> list[tuple[str, str, int]]:
    """Each link as its words, what it leads to, and which occurrence of the words it is on."""
    return [
        (words, one.url.removeprefix(URL), text[: one.start].count(words))
        for one in passage.links
        if (text := passage.texts[one.part]) and (words := text[one.start : one.stop])
    ]


def test_seven_links_on_one_word_lead_to_seven_places(tmp_path: Path) -> None:
    names = [link(f"r{n}", "robot") if n % 3 else "robot" for n in range(10)]
    words = " and an international robot, not a ".join(names)
    story = f"<h3>Robots at the weir</h3><p>The {words}.</p><p>No robot was there. {FILL}</p>"
    found, _ = articles_of(f"{story}<h3>Boats</h3><p>{FILL * 3}</p>", tmp_path)
    first, second = (one for one in found.passages if isinstance(one, Paragraph))
    # Between two of them stands the robot that is international.
    assert targets(first) == [("robot", f"r{n}", 2 * n) for n in (1, 2, 4, 5, 7, 8)]
    assert second.links == ()


def test_links_in_headings_lists_and_captions_stay_there(tmp_path: Path) -> None:
    entries = f"<p>• A {link('l1', 'robot')} at the mill</p><p>• robot two</p>"
    story = (
        f"<h3>The {link('h', 'robot')} and the weir</h3><p>A robot came. {FILL * 3}</p>"
        f"<h4>How the {link('s', 'robot')} walks</h4><p>This robot walks. {FILL}</p>{entries}"
        f"<p>{FILL}The ARM of a robot, not {link('ar', 'AR')}, is long.</p>"
    )
    found, _ = articles_of(
        f"{story}<h3>Boats on the weir</h3><p>{FILL * 4}</p>",
        tmp_path,
        css="h4 { font-size: 11pt; margin: 8pt 0 2pt }",
    )
    assert found.title == "The robot and the weir"
    by_kind = [(type(one), targets(one)) for one in found.passages if one.links]
    assert by_kind == [
        (Heading, [("robot", "s", 0)]),
        (Listing, [("robot", "l1", 0)]),
        (Paragraph, [("AR", "ar", 1)]),
    ]


def test_a_link_that_goes_on_in_the_next_column_is_one(tmp_path: Path) -> None:
    marked = link("c", FILL * 3)
    story = f"<h3>Robots</h3><p>{FILL * 2}{marked}{FILL * 2}</p>"
    found, *_ = articles_of(
        f"<div class=two>{story}</div>",
        tmp_path,
        css=".two { columns: 2; column-gap: 10mm; height: 60mm; text-align: justify }",
    )
    [passage] = [one for one in found.passages if one.links]
    [one] = passage.links
    assert passage.texts[0][one.start : one.stop] == (FILL * 3).strip()
    assert passage.texts[0][: one.start] == FILL * 2
