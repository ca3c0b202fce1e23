"""Headlines of many looks are headlines; sections stay sections whatever opens or closes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdf_reading import Limits
from pdf_reading.issue_text import Heading, IssueText
from pdf_reading.pipeline import read
from tests.pdf_reading.printed import printed

HEAD = "<h1>Quarry Leaves</h1><p style='text-align:center'>No. 3 · 7 May 2026</p>"
A = "The council has counted the carts of the spring, and there were more of them than last year. "
B = "Whoever wants to help may ask the warden on Thursday, and should bring gloves and a lamp. "
TEXT = f"<p>{A}{B}{A}</p><p>{B}{A}{B}</p>"
LONG = TEXT * 2
NOTE = f"<p>{B}</p>"


def issue_of(body: str, folder: Path, css: str = "") -> IssueText:
    return read(printed(HEAD + body, folder / "issue.pdf", css=css), limits=Limits())


def outline(issue: IssueText) -> list[tuple[str, list[str]]]:
    return [(part.title, [article.title for article in part.articles]) for part in issue.sections]


def titles(issue: IssueText) -> list[str]:
    return [title for _, found in outline(issue) for title in found if title]


def sub_headings(issue: IssueText) -> list[str]:
    return [
        part.text
        for section in issue.sections
        for article in section.articles
        for part in article.passages
        if isinstance(part, Heading)
    ]


def item(title: str, style: str, text: str = TEXT) -> str:
    return f"<p style='margin:14pt 0 4pt;{style}'>{title}</p>{text}"


LOOKS = {
    "The quarry is open": "font-size:15pt;font-weight:bold;text-align:center",
    "Carts of the spring": "font-size:12.5pt;font-weight:bold;font-family:DejaVu Sans",
    "Lamps are lent again": "font-size:14pt;font-weight:bold;font-style:italic",
    "A roof for the shed": "font-size:18pt;font-weight:bold",
    "The van has a new round": "font-size:13.5pt;font-weight:bold;color:#225588",
    "A walk along the rim": "font-size:15pt;font-weight:bold;font-family:DejaVu Sans",
}


def test_each_item_may_have_a_look_of_its_own(tmp_path: Path) -> None:
    issue = issue_of("".join(item(*one) for one in LOOKS.items()), tmp_path)
    assert titles(issue) == list(LOOKS)


BOLD = "font-weight:bold"


def test_bold_headlines_at_the_size_of_the_text_sink_into_no_article(tmp_path: Path) -> None:
    large = "".join(
        item(title, "font-size:17pt", NOTE) for title in ("Welcome", "Join us", "Who we are")
    )
    heads = [f"What the {n} gauge tells of the water in the pit" for n in ("first", "second")]
    heads += [f"How {n} carts were drawn up the northern ramp" for n in (20, 30, 40, 50, 60)]
    bold = "".join(item(title, BOLD, LONG) for title in heads)
    issue = issue_of(f"{large}<div style='break-before:page'></div>{bold}", tmp_path)
    assert titles(issue) == ["Welcome", "Join us", "Who we are", *heads]


def test_sub_headings_of_one_look_stay_sub_headings(tmp_path: Path) -> None:
    heads = ["The quarry is open", "Carts of the spring", "Lamps are lent again"]
    subs = [f"{what} of {n}" for n in ("March", "April") for what in ("Carts", "Lamps")]
    parts = [
        f"<h2>{heads[0]}</h2>{TEXT}",
        f"<h2>{heads[1]}</h2>{NOTE}" + "".join(f"<h3>{sub}</h3>{TEXT}" for sub in subs),
        f"<h2>{heads[2]}</h2>{TEXT}",
    ]
    issue = issue_of("".join(parts), tmp_path)
    assert titles(issue) == heads
    assert sub_headings(issue) == subs


def test_sections_that_open_with_a_note_are_sections(tmp_path: Path) -> None:
    two = f"<h3>Carts of the spring</h3>{TEXT}<h3>Lamps are lent again</h3>{TEXT}"
    notes = {"News": "", "Works": NOTE, "People": "", "Dates": NOTE, "Letters": NOTE}
    issue = issue_of(
        "".join(f"<h2>{name}</h2>{note}{two}" for name, note in notes.items()), tmp_path
    )
    heads = ["Carts of the spring", "Lamps are lent again"]
    assert outline(issue) == [
        (name, ["", *heads] if note else heads) for name, note in notes.items()
    ]


def test_a_section_without_a_headline_below_leaves_the_others_alone(tmp_path: Path) -> None:
    three = f"<h3>Carts of the spring</h3>{TEXT}<h3>Lamps are lent</h3>{TEXT}<h3>A roof</h3>{TEXT}"
    issue = issue_of(f"<h2>News</h2>{three}<h2>Maps of the quarry</h2>{TEXT}", tmp_path)
    assert outline(issue)[0] == ("News", ["Carts of the spring", "Lamps are lent", "A roof"])
    assert outline(issue)[1][0] == "Maps of the quarry"


def test_short_names_above_headlines_of_many_looks_are_sections(tmp_path: Path) -> None:
    band = "<p style='font-size:24pt;font-weight:bold;font-family:{}'>{}</p>"
    faces = {"NEWS": "DejaVu Sans", "PEOPLE": "DejaVu Serif", "DATES": "DejaVu Sans"}
    looks = ["font-size:17pt", "font-size:17pt;font-weight:bold", "font-size:16pt;font-weight:bold"]
    heads = [
        "Carts of the spring are counted",
        "The warden takes his leave",
        "A walk along the rim",
    ]
    parts = [
        band.format(face, name) + item(head, look)
        for (name, face), look, head in zip(faces.items(), looks, heads, strict=True)
    ]
    issue = issue_of("".join(parts), tmp_path)
    assert outline(issue) == [(name, [head]) for name, head in zip(faces, heads, strict=True)]


POINTS = {
    "numbered_points": "<p><b>{n}. Look twice: are the chocks where you think they are? Walk round "
    "the cart</b> before you touch the brake, and call out.</p>",
    "a_bold_paragraph": "<p><b>The ramp is closed on Mondays, and whoever comes all the same will "
    "be sent away by the warden, who is not to be argued with, and has a dog with him</b></p>",
    "the_end_of_a_paragraph": "<p>Whoever comes on a Monday, when the ramp is closed, will be sent "
    "away <b>by the warden, who lives in the house beside the gate, and is not to be argued "
    "with by anyone</b></p>",
    "lettered_points": "<p><b>{letter}. A lamp with oil for six hours</b></p><p>" + B + "</p>",
    "an_announcement": "<p><b>Bring with you:</b></p><p>" + B + "</p>",
}


@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS)
def test_bold_text_is_no_heading(point: str, tmp_path: Path) -> None:
    heads = ["The quarry is open", "Carts of the spring", "Lamps are lent again"]
    points = [point.format(n=n + 1, letter="abc"[n]) for n in range(3)]
    parts = (
        f"<h2>{head}</h2>{TEXT}{point}{TEXT}" for head, point in zip(heads, points, strict=True)
    )
    issue = issue_of("".join(parts), tmp_path)
    assert titles(issue) == heads
    assert [one for one in sub_headings(issue) if one != "Bring with you:"] == []


def test_a_bold_headline_of_two_lines_may_end_with_a_stop(tmp_path: Path) -> None:
    heads = ["Carts of the spring", "Lamps are lent again", "A walk along the rim of the quarry"]
    long = (
        "What the gauges in the pit tell of the water that comes down from the hill in winter, "
        "and of the pumps that bring it up again."
    )
    issue = issue_of("".join(item(head, BOLD, LONG) for head in [*heads, long]), tmp_path)
    assert titles(issue) == [*heads, long]


def test_headlines_that_are_links_are_headlines(tmp_path: Path) -> None:
    heads = ["Carts of the spring", "Lamps are lent again", "A walk along the rim"]
    parts = (
        f"<h3><a href='https://quarry.example/{n}'>{head}</a></h3>{TEXT}"
        for n, head in enumerate(heads)
    )
    assert titles(issue_of("".join(parts), tmp_path)) == heads


def test_a_list_of_figures_names_no_headlines(tmp_path: Path) -> None:
    heads = ["Carts of the spring", "Lamps are lent again", "A walk along the rim"]
    captions = ["Carts by month", "Lamps by house", "Paths by length"]
    texts = ["".join(f"On day {n} came {n * k} of them. " for n in range(1, 20)) for k in (3, 5, 7)]
    row = "<p style='display:flex;justify-content:space-between'><span>{}</span><span>{}</span></p>"
    lists = [
        "".join(row.format(title, page) for page, title in enumerate(found, start=2))
        for found in (heads, captions)
    ]
    parts = (
        f"<div style='break-before:page'></div><h3>{head}</h3><p>{text}</p>"
        f"<p style='text-align:center'>{caption}</p><p>{B}</p>"
        for head, caption, text in zip(heads, captions, texts, strict=True)
    )
    contents = f"<p>Contents</p>{lists[0]}<p>List of Figures</p>{lists[1]}"
    assert titles(issue_of(contents + "".join(parts), tmp_path)) == heads


def test_a_band_on_page_after_page_opens_its_section_once(tmp_path: Path) -> None:
    band = "<div style='font-size:20pt;background:#246;color:#fff;padding:4pt'>{}</div>"
    head = "<p style='font-size:14pt;font-weight:bold'>{}</p>"
    bands = ["Works", "Works", "Works", "People", "People", "Dates"]
    titles = [
        f"What the {n} gauge tells" for n in ("first", "second", "third", "last", "new", "old")
    ]
    pages = (
        f"<div style='break-before:page'>{band.format(name)}{head.format(title)}{TEXT}</div>"
        for name, title in zip(bands, titles, strict=True)
    )
    issue = issue_of(TEXT + "".join(pages), tmp_path)
    assert [one for one in outline(issue) if one[0]] == [
        ("Works", titles[:3]),
        ("People", titles[3:5]),
        ("Dates", titles[5:]),
    ]


@pytest.mark.parametrize("slash", ["/", "|"])
def test_headlines_that_name_their_section_are_parted(slash: str, tmp_path: Path) -> None:
    heads = {"Works": ["Carts of the spring", "Lamps are lent"], "People": ["The warden leaves"]}
    parts = (
        f"<h3>{name} {slash} {head}</h3>{TEXT}" for name, found in heads.items() for head in found
    )
    assert outline(issue_of("".join(parts), tmp_path)) == list(heads.items())


def test_a_slash_in_a_headline_names_no_section(tmp_path: Path) -> None:
    heads = ["Carts of 2025 / 26", "Lamps are lent", "The warden leaves", "A walk along the rim"]
    parts = (f"<h3>{head}</h3>{TEXT}" for head in heads)
    assert outline(issue_of("".join(parts), tmp_path)) == [("", heads)]


def test_a_headline_on_a_ground_of_colour_is_no_box(tmp_path: Path) -> None:
    ground = "background:#fd8;padding:4pt;font-size:16pt;margin:14pt 0 4pt;width:200pt"
    heads = [f"{n} gauges in the pit tell of the water that came in" for n in ("Two", "New", "Old")]
    name = "<b style='font-size:22pt'>Works /</b><br>"
    parts = (f"<div style='{ground}'>{name}{head}</div>{TEXT}" for head in heads)
    assert outline(issue_of("".join(parts), tmp_path)) == [("Works", heads)]


def test_a_headline_in_two_colours_is_one(tmp_path: Path) -> None:
    line = "<p style='font:bold 20pt/1.2 DejaVu Serif;margin:0;color:{}'>{}</p>"
    two = line.format("#073", "What the gauges tell") + line.format(
        "#b82", "of the water in the pit"
    )
    others = ["Carts of the spring", "Lamps are lent again"]
    parts = [two, *(line.format("#073", head) for head in others)]
    issue = issue_of("".join(part + TEXT for part in parts), tmp_path)
    assert titles(issue) == ["What the gauges tell of the water in the pit", *others]


def test_sub_headings_of_a_long_article_stay_where_they_are_regular(tmp_path: Path) -> None:
    heads = ["The quarry is open", "Carts of the spring", "Lamps are lent again"]
    counts = [2, 8, 3]
    subs = [[f"Of the {k} day in week {n}" for k in range(n)] for n in counts]
    parts = (
        f"<h2>{head}</h2>{NOTE}" + "".join(f"<h3>{sub}</h3>{LONG}" for sub in under)
        for head, under in zip(heads, subs, strict=True)
    )
    issue = issue_of("".join(parts), tmp_path)
    assert titles(issue) == heads
    assert sub_headings(issue) == [sub for under in subs for sub in under]


def test_bold_items_below_one_large_headline_are_articles(tmp_path: Path) -> None:
    heads = [f"How {n} carts were drawn up the ramp" for n in (20, 30, 40, 50, 60)]
    bold = "".join(item(head, BOLD, LONG) for head in heads)
    issue = issue_of(item("Notes of the month", "font-size:18pt", NOTE) + bold, tmp_path)
    assert titles(issue) == ["Notes of the month", *heads]


def test_items_in_smaller_type_below_large_headlines_of_many_looks_are_articles(
    tmp_path: Path,
) -> None:
    large = {"Spring": "font-size:18pt", "Summer": "font-size:18pt;font-weight:bold"}
    heads = {name: [f"{name} walk number {n}" for n in (1, 2, 3)] for name in large}
    small = "font-size:14pt;font-weight:bold"
    parts = (
        item(name, look, NOTE) + "".join(item(head, small, LONG * 2) for head in heads[name])
        for name, look in large.items()
    )
    issue = issue_of("".join(parts), tmp_path)
    assert titles(issue) == [title for name in large for title in (name, *heads[name])]


def test_an_address_in_large_type_is_no_headline(tmp_path: Path) -> None:
    heads = ["The quarry is open", "Carts of the spring", "Lamps are lent again"]
    address = item("Quarry House, 4 Pit Lane, 01632 960 001 22", "font-size:14pt", TEXT)
    parts = "".join(item(head, "font-size:18pt;font-weight:bold") for head in heads)
    assert titles(issue_of(address + parts, tmp_path)) == heads


def test_looks_that_take_turns_are_all_those_of_articles(tmp_path: Path) -> None:
    looks = ["font-size:24pt", "font-size:18pt;font-weight:bold"]
    heads = [f"A walk along the {n} rim" for n in ("north", "east", "south", "west", "low", "high")]
    parts = (item(head, looks[n % 2]) for n, head in enumerate(heads))
    assert titles(issue_of("".join(parts), tmp_path)) == heads


def test_a_pull_quote_in_larger_type_is_no_headline(tmp_path: Path) -> None:
    quote = "<p style='font-size:16pt;text-align:center;margin:14pt 60pt;color:#a40'>{}</p>"
    heads = {"The quarry is open": "13pt", "Carts of the spring": "14pt", "Lamps are lent": "13pt"}
    parts = (
        item(head, f"font-size:{size};font-weight:bold", TEXT + quote.format(A.strip()) + TEXT)
        for head, size in heads.items()
    )
    assert titles(issue_of("".join(parts), tmp_path)) == list(heads)


def test_of_two_sections_one_may_open_with_a_note(tmp_path: Path) -> None:
    heads = ["Carts of the spring", "Lamps are lent again"]
    two = "".join(f"<h3>{head}</h3>{TEXT}" for head in heads)
    issue = issue_of(f"<h2>News</h2>{NOTE}{two}<h2>Works</h2>{two}", tmp_path)
    assert outline(issue) == [("News", ["", *heads]), ("Works", heads)]


def test_contents_may_leave_out_the_sections(tmp_path: Path) -> None:
    parts = {"News": ["Carts of the spring", "Lamps are lent"], "Works": ["A roof", "The new van"]}
    listed = "".join(f"<p>{head}</p>" for heads in parts.values() for head in heads)
    text = "".join(
        f"<h2>{name}</h2>" + "".join(f"<h3>{head}</h3><p>{_days(head)}</p>" for head in heads)
        for name, heads in parts.items()
    )
    contents = (
        f"<div style='width:150pt;border:1pt solid'><p><b>In this issue</b></p>{listed}</div>"
    )
    assert outline(issue_of(contents + text, tmp_path)) == list(parts.items())


def _days(head: str) -> str:
    """Text of which no line returns."""
    return "".join(f"On day {n} came {n * len(head)} of them. " for n in range(1, 20))


LARGE = "font-size:15pt;font-weight:bold"
THREE = ["The quarry is open", "Carts of the spring", "A letter from Olive Marsh"]


@pytest.mark.parametrize(
    "words", ["20 July 2026", "Thursday, 4 June 2026", "www.quarry.example.org", "Olive Marsh"]
)
def test_days_addresses_and_who_signs_are_no_headlines(words: str, tmp_path: Path) -> None:
    body = "".join(item(title, LARGE) for title in THREE)
    closing = f"<p style='margin-top:14pt;{LARGE}'>{words}</p>"
    issue = issue_of(body + closing, tmp_path)
    assert titles(issue) == THREE


def test_days_that_head_all_of_a_diary_are_headlines(tmp_path: Path) -> None:
    days = [f"{day} June 2026" for day in (4, 5, 6, 7)]
    heads = ["What is on", *days]
    assert titles(issue_of("".join(item(head, LARGE) for head in heads), tmp_path)) == heads


def test_lines_of_an_entry_in_large_type_head_nothing(tmp_path: Path) -> None:
    entries = "".join(
        f"<p style='margin:0;font-size:14pt;width:60mm'>• {what} of the old northern quarry</p>"
        for what in ("Warden and reader", "Keeper of the lamps", "Driver of the carts")
    )
    issue = issue_of("".join(item(title, LARGE) for title in THREE) + entries, tmp_path)
    assert titles(issue) == THREE
    assert not sub_headings(issue)


def test_what_says_more_below_a_headline_is_no_headline(tmp_path: Path) -> None:
    light = "font-size:15pt;text-align:center"
    deck = f"margin:0;{light}"
    first = f"<p style='{deck};font-weight:bold'>The round of the lamps</p><p style='{deck}'>every "
    first += f"Monday at six</p>{TEXT}"
    heads = ["A tea for the readers", "The rim is closed"]
    others = "".join(item(*one) for one in [*LOOKS.items(), *((head, light) for head in heads)])
    issue = issue_of(first + others, tmp_path)
    assert titles(issue) == ["The round of the lamps", *LOOKS, *heads]
    assert issue.sections[0].articles[0].subtitle == "every Monday at six"


def test_names_below_headlines_are_who_wrote_them(tmp_path: Path) -> None:
    text = (
        "沿湖三县的供水站完成了计量改造，新水表每十五分钟上传一次流量，站长们说夜里的漏损少了一半。"
    )
    heads = {
        "湖水为什么变清": "岳桂森",
        "舌尖上的渔汛": "周济、方怡",
        "石榴与海棠": "劉彥",
        "老闸口": "王屹",
    }
    body = "".join(
        f"<h1>{head}</h1><p style='text-align:center;{BOLD};font-size:14pt'>{name}</p>"
        f"<p>{text * 3}</p><p>{text * 4}</p>"
        for head, name in heads.items()
    )
    issue = issue_of(body, tmp_path)
    assert outline(issue) == [("", list(heads))]
    assert [one.byline for one in issue.sections[0].articles] == list(heads.values())
