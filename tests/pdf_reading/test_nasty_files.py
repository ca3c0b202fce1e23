"""Hostile and broken files are refused with a reason; what can be read is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pdf_reading import Limits, ParseFailure, UnreadablePdf, parse
from pdf_reading.content.confidence import NEEDS_REVIEW
from pdf_reading.issue_text import IssueText, ParseWarning
from pdf_reading.pipeline import read
from tests.pdf_reading.nasty import FILES, plain

TOP = Path(settings.BASE_DIR)
SMALL = Limits(cpu_seconds=30, wall_seconds=60)
REFUSED = {
    "empty": ParseFailure.EMPTY,
    "a web page": ParseFailure.NOT_A_PDF,
    "a ZIP archive": ParseFailure.NOT_A_PDF,
    "a photograph": ParseFailure.NOT_A_PDF,
    "only a header": ParseFailure.DAMAGED,
    "truncated": ParseFailure.DAMAGED,
    "no pages": ParseFailure.NO_PAGES,
    "nested pages": ParseFailure.NO_TEXT,
    "a bomb": ParseFailure.TOO_COSTLY,
    "many pages": ParseFailure.TOO_MANY_PAGES,
    "a scan": ParseFailure.NO_TEXT,
    "an unmapped font": ParseFailure.GARBLED,
    "tilted": ParseFailure.NO_TEXT,
}
READ = sorted(FILES.keys() - REFUSED.keys())


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "issue.pdf"


def reading_of(content: bytes, pdf: Path) -> IssueText:
    pdf.write_bytes(content)
    return parse(pdf, limits=SMALL)


def details(issue: IssueText) -> list[ParseWarning]:
    """The warnings but for that of the issue as a whole."""
    return [warning for warning in issue.warnings if warning.code != NEEDS_REVIEW]


def headlines(issue: IssueText) -> list[str]:
    return [article.title for section in issue.sections for article in section.articles]


@pytest.mark.parametrize(("name", "reason"), REFUSED.items())
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    name: str, reason: ParseFailure, pdf: Path
) -> None:
    with pytest.raises(UnreadablePdf) as refusal:
        reading_of(FILES[name](), pdf)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    "name", sorted(set(READ) - {"many letters", "odd characters", "lookalikes"})
)
def test_what_is_only_odd_is_read(name: str, pdf: Path) -> None:
    assert headlines(reading_of(FILES[name](), pdf)) == ["A plain headline"]


def test_characters_that_are_none_are_left_out(pdf: Path) -> None:
    title = headlines(reading_of(FILES["odd characters"](), pdf))[0]
    assert title.replace(" ", "") == "Aplainheadline"
    assert title.isprintable()


def test_look_alike_characters_are_normalised(pdf: Path) -> None:
    title = headlines(reading_of(FILES["lookalikes"](), pdf))[0]
    assert title.replace(" ", "") == "工作民日領file"


def test_only_links_to_the_web_are_kept(pdf: Path) -> None:
    issue = reading_of(FILES["hostile links"](), pdf)
    links = [link.url for section in issue.sections for a in section.articles for link in a.links]
    assert links == ["https://example.org/good"]


@pytest.mark.parametrize(
    ("name", "warnings"),
    [
        ("a scan among text", [("page_without_text", 2)]),
        ("many letters", [("no_headlines", 0)]),
    ],
)
def test_a_page_without_text_or_headlines_is_a_warning(
    name: str, warnings: list[tuple[str, int]], pdf: Path
) -> None:
    issue = reading_of(FILES[name](), pdf)
    assert [(one.code, one.page) for one in details(issue)] == warnings


def test_a_headline_that_the_contents_do_not_list_is_a_warning() -> None:
    issue = parse(TOP / "tests" / "pdfs" / "forgotten.pdf")
    assert [(one.code, one.words) for one in issue.warnings] == [
        ("headline_not_in_contents", "Seagrass comes back where anchors stay away")
    ]


@pytest.mark.parametrize(
    ("file", "code", "words"),
    [
        ("promised", "entry_without_headline", "A lantern for the outer pier"),
        ("headless", "section_without_headlines", "Harbour economy"),
        ("astray", "outline_elsewhere", "Tide tables for people who cannot swim"),
        ("wordless", "article_without_text", "Fewer ships, larger loads"),
    ],
)
def test_each_warning_has_the_words_in_question(file: str, code: str, words: str) -> None:
    issue = parse(TOP / "tests" / "pdfs" / f"{file}.pdf")
    assert [(one.code, one.words) for one in details(issue)] == [(code, words)]


def test_the_places_of_vertical_text_are_those_of_the_page() -> None:
    issue = parse(TOP / "tests" / "pdfs" / "zh-hant-vertical-chromium.pdf")
    first, second = issue.sections[0].articles  # from right to left
    assert first.places[0].x0 > second.places[0].x1
    for place in (*first.places, *second.places):
        assert 0 <= place.x0 < place.x1 <= 595
        assert 0 <= place.top < place.bottom <= 842


@pytest.mark.parametrize(
    "file",
    ["zh-outline-reportlab", "en-word-libreoffice", "en-columns-chromium", "zh-bare-typst"],
)
def test_fonts_that_do_not_say_their_letters_are_refused(file: str, pdf: Path) -> None:
    """The same issue is read right as long as its fonts have their maps."""
    whole = (TOP / "tests" / "pdfs" / f"{file}.pdf").read_bytes()
    with pytest.raises(UnreadablePdf) as refusal:
        reading_of(whole.replace(b"/ToUnicode", b"/NoUnicode"), pdf)
    assert refusal.value.reason == ParseFailure.GARBLED


def test_a_file_with_a_password_is_refused_and_one_with_rights_only_is_read() -> None:
    with pytest.raises(UnreadablePdf) as refusal:
        parse(TOP / "tests" / "pdfs" / "locked.pdf")
    assert refusal.value.reason == ParseFailure.ENCRYPTED
    assert len(headlines(parse(TOP / "tests" / "pdfs" / "rights.pdf"))) == 5


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("a bomb", Limits(memory=512 << 20)),
        ("many strokes", Limits(cpu_seconds=1, wall_seconds=30)),
        ("many strokes", Limits(wall_seconds=1)),
    ],
    ids=["memory", "processor", "clock"],
)
def test_each_limit_ends_the_subprocess_alone(name: str, limits: Limits, pdf: Path) -> None:
    pdf.write_bytes(FILES[name]())
    with pytest.raises(UnreadablePdf) as refusal:
        parse(pdf, limits=limits)
    assert refusal.value.reason == ParseFailure.TOO_COSTLY


def test_a_reading_larger_than_its_limit_ends_the_subprocess_alone() -> None:
    """The limit is larger than any module of ours: of one that it may not write whole Python would
    keep a part in __pycache__, and read that from then on."""
    with pytest.raises(UnreadablePdf) as refusal:
        parse(TOP / "samples" / "yunze-2026-09.pdf", limits=Limits(output=50_000))
    assert refusal.value.reason == ParseFailure.TOO_COSTLY


EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "60"))
SEEDS = [plain(), *(FILES[name]() for name in ("hostile links", "odd characters", "a scan"))]


def test_an_issue_of_which_only_the_masthead_can_be_read_has_no_sections(pdf: Path) -> None:
    unclosed = plain().replace(b"headline) Tj", b"headline")
    issue = reading_of(unclosed, pdf)
    assert issue.number == "No. 4"
    assert issue.sections == ()
    assert [warning.code for warning in issue.warnings] == [NEEDS_REVIEW, "no_headlines"]


@hypothesis_settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_spoilt_bytes_are_read_or_refused_and_nothing_else(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """In this process, so that an error of our own fails the test, as a crash of pdfium does."""
    spoilt = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(spoilt) - 1))
        piece = data.draw(st.binary(max_size=6))
        spoilt[at : at + data.draw(st.integers(0, 12))] = piece
    pdf = tmp_path_factory.mktemp("fuzz") / "issue.pdf"
    pdf.write_bytes(spoilt)
    try:
        issue = read(pdf, limits=SMALL)
    except UnreadablePdf:
        return
    assert issue.page_count >= 1
