"""Every character of the pages is accounted for, and the account says what the articles hold."""

from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdf
import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pdf_reading import Limits, UnreadablePdf
from pdf_reading.account import Destination
from pdf_reading.content.article_claims import Claim, Claims, settled
from pdf_reading.glyphs.normalisation import normalised
from pdf_reading.issue_text import IssueText
from pdf_reading.pipeline import read
from tests.pdf_reading.nasty import FILES, HEAD, TEXT, plain, stream
from tests.pdf_reading.printed import CHROMIUM
from tests.pdfs import variants, wild

TOP = Path(settings.BASE_DIR)
ISSUES = sorted((*(TOP / "tests" / "pdfs").glob("*.pdf"), *(TOP / "samples").glob("*.pdf")))
ZERO_WIDTH = range(0x200B, 0x2010)


def characters_of(file: Path) -> list[int]:
    """How many characters pdfium finds on each page, counted without the product's reading."""
    document = pdfium.PdfDocument(file)
    return [characters_on(document, index) for index in range(len(document))]


def characters_on(document: pdfium.PdfDocument, index: int) -> int:
    try:
        text = document[index].get_textpage()
    except pdfium.PdfiumError:
        return 0  # a page that cannot be loaded
    return sum(
        size(pdf.FPDFText_GetUnicode(text.raw, n))
        for n in range(text.count_chars())
        if pdf.FPDFText_GetTextObject(text.raw, n)
    )


def size(code: int) -> int:
    words = normalised(chr(code))
    return sum(not c.isspace() for c in words) if words else code > 32 and code not in ZERO_WIDTH


def words_in_articles(issue: IssueText) -> int:
    texts = [
        text
        for section in issue.sections
        for one in section.articles
        for text in (
            *(one.title, one.subtitle, one.source, one.byline, one.date),
            *(text for passage in one.passages for text in passage.texts),
        )
    ]
    return sum(not character.isspace() for text in texts for character in text)


def check(issue: IssueText, file: Path) -> None:
    assert issue.account.adds_up, issue.account
    assert [page.characters for page in issue.account.pages] == characters_of(file)
    assert issue.account.whole.in_articles == words_in_articles(issue)
    left_over = sum(len("".join(piece.text.split())) for piece in issue.left_over)
    assert issue.account.whole.counts.get(Destination.LEFT_OVER, 0) >= left_over


@pytest.mark.parametrize("file", ISSUES, ids=lambda file: file.stem)
def test_all_characters_of_an_issue_are_accounted_for(file: Path) -> None:
    try:
        issue = read(file, limits=Limits())
    except UnreadablePdf:
        assert file.stem == "locked"
        return
    check(issue, file)
    assert issue.left_over == ()


@pytest.mark.parametrize("seed", range(7001, 7005))
def test_all_characters_of_an_issue_in_a_look_by_lot_are_accounted_for(
    seed: int, tmp_path: Path
) -> None:
    weasyprint = pytest.importorskip("weasyprint", reason="the zoo's engines are not installed")
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    file = tmp_path / "issue.pdf"
    weasyprint.HTML(string=variants.page_of(seed, variants.issue_of(seed))).write_pdf(file)
    check(read(file, limits=Limits()), file)


@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is not installed")
@pytest.mark.parametrize("seed", range(7001, 7005))
def test_all_characters_of_an_issue_put_together_by_lot_are_accounted_for(
    seed: int, tmp_path: Path
) -> None:
    file = tmp_path / "issue.pdf"
    wild.set_pdf(seed, file)
    check(read(file, limits=Limits()), file)


@pytest.mark.parametrize("name", sorted(FILES.keys() - {"a bomb", "many pages", "many strokes"}))
def test_all_characters_of_an_odd_file_are_accounted_for(name: str, tmp_path: Path) -> None:
    file = tmp_path / "issue.pdf"
    file.write_bytes(FILES[name]())
    try:
        issue = read(file, limits=Limits())
    except UnreadablePdf:
        return
    check(issue, file)


SEEDS = [
    plain(),
    *(FILES[name]() for name in ("hostile links", "odd characters")),
    *((TOP / "tests" / "pdfs" / f"{name}.pdf").read_bytes() for name in ("en-report-reportlab",)),
]


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_all_characters_of_spoilt_bytes_are_accounted_for(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    spoilt = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(spoilt) - 1))
        spoilt[at : at + data.draw(st.integers(0, 12))] = data.draw(st.binary(max_size=6))
    file = tmp_path_factory.mktemp("spoilt") / "issue.pdf"
    file.write_bytes(spoilt)
    try:
        issue = read(file, limits=Limits())
    except UnreadablePdf:
        return
    assert issue.account.adds_up, issue.account
    assert issue.account.whole.in_articles == words_in_articles(issue)


BOX = b"60 380 260 90 re S\n" + b"".join(
    b"BT /F1 %d Tf 72 %d Td (%b) Tj ET\n" % line
    for line in (
        (16, 450, b"A framed notice"),
        (11, 430, b"The mill is closed on Monday,"),
        (11, 416, b"and open again from Tuesday"),
        (11, 402, b"on, as it was in the winter."),
    )
)


def test_a_frame_that_is_drawn_twice_holds_its_article_once(tmp_path: Path) -> None:
    file = tmp_path / "issue.pdf"
    file.write_bytes(plain(content=stream(HEAD + TEXT + b"61 381 258 88 re S\n" + BOX)))
    issue = read(file, limits=Limits())
    titles = [article.title for section in issue.sections for article in section.articles]
    assert titles == ["A plain headline", "A framed notice"]
    check(issue, file)


GRID = b"".join(
    b"%d %d 100 20 re S\n" % (72 + 100 * column, 460 - 20 * row)
    for row in range(4)
    for column in range(3)
)
CELLS = b"".join(
    b"BT /F1 11 Tf %d %d Td (%b) Tj ET\n" % (76 + 100 * column, 466 - 20 * row, text)
    for row, texts in enumerate((b"Day From To", b"Mon 7 12", b"Tue 8 13", b"Wed 9 14"))
    for column, text in enumerate(texts.split())
)


def test_a_grid_over_a_grid_is_one_table(tmp_path: Path) -> None:
    file = tmp_path / "issue.pdf"
    wider = b"65 395 315 90 re S\n172 395 0.5 90 re S\n"
    file.write_bytes(plain(content=stream(HEAD + TEXT + GRID + wider + CELLS)))
    check(read(file, limits=Limits()), file)


def test_text_that_is_nothing_but_an_imprint_is_an_article(tmp_path: Path) -> None:
    lines = (b"The Weir Post, published by Mill House", b"write to post@example.org", b"Tel. 12 34")
    content = b"".join(
        b"BT /F1 11 Tf 72 %d Td (%b) Tj ET\n" % (700 - 14 * n, line) for n, line in enumerate(lines)
    )
    file = tmp_path / "issue.pdf"
    file.write_bytes(plain(content=stream(content)))
    check(read(file, limits=Limits()), file)


def counts(claims: Claims, *texts: str) -> dict[Destination, int]:
    found: Counter[Destination] = Counter()
    for entry in settled(claims, texts):
        found[entry.destination] += entry.characters
    return dict(found)


CLAIMS = Claims(claims=[Claim(Destination.PARAGRAPH, 1, "The weir was mea-")])


def test_the_account_says_what_a_text_goes_without() -> None:
    assert counts(CLAIMS, "The weir was mea-") == {Destination.PARAGRAPH: 14}
    assert counts(CLAIMS, "The weir was mea") == {
        Destination.PARAGRAPH: 13,
        Destination.HYPHEN: 1,
    }
    assert counts(CLAIMS, "The was mea") == {
        Destination.PARAGRAPH: 9,
        Destination.HYPHEN: 1,
        Destination.LOST: 4,
    }


def test_the_account_does_not_add_up_where_a_text_has_more_than_was_printed() -> None:
    assert counts(CLAIMS, "The weir was mea-sured") == {Destination.PARAGRAPH: 19}
