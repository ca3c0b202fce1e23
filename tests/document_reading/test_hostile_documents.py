"""Documents that are none, or too much, are refused by name, and cost the reading alone."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from document_reading import DocumentFailure, Format, UnreadableDocument, format_of, read
from pdf_reading.issue_text import IssueText, ParseWarning
from pdf_reading.limits import Limits
from tests.support.documents import docx, odt, p, picture, png, relation

TEXT = p("The council will stop asking for long reports.")


def read_docx(content: bytes, folder: Path, *, limits: Limits | None = None) -> IssueText:
    file = folder / "document"
    file.write_bytes(content)
    return read(file, Format.DOCX, limits=limits or Limits())


def refusal(content: bytes, folder: Path, *, format_: Format = Format.DOCX) -> DocumentFailure:
    file = folder / "document"
    file.write_bytes(content)
    with pytest.raises(UnreadableDocument) as refused:
        read(file, format_, limits=Limits())
    return refused.value.reason


def test_a_bomb_is_refused_whatever_it_says_of_its_size(tmp_path: Path) -> None:
    bomb = docx(TEXT, more={"word/media/zeros.bin": bytes(300 << 20)})
    assert len(bomb) < 1 << 20
    assert refusal(bomb, tmp_path) == DocumentFailure.TOO_LARGE_INSIDE
    # What a package says of the size of an entry is not believed.
    lying = bomb.replace((300 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert refusal(lying, tmp_path) in {DocumentFailure.TOO_LARGE_INSIDE, DocumentFailure.DAMAGED}


def test_many_entries_are_refused(tmp_path: Path) -> None:
    whole = io.BytesIO(docx(TEXT))
    with ZipFile(whole, "a") as file:
        for number in range(10_001):
            file.writestr(f"word/media/{number}", b"")
    assert refusal(whole.getvalue(), tmp_path) == DocumentFailure.TOO_LARGE_INSIDE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(tmp_path: Path, encoding: str) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'.encode(encoding)
    assert refusal(docx(TEXT, more={"word/more.xml": laughs}), tmp_path) == (
        DocumentFailure.HAS_ENTITIES
    )
    far = b" " * ((1 << 16) - 4) + laughs  # across two of the pieces that are looked at
    assert refusal(docx(TEXT, more={"word/more.xml": far}), tmp_path) == (
        DocumentFailure.HAS_ENTITIES
    )


def test_a_picture_of_a_hundred_megapixels_is_refused(tmp_path: Path) -> None:
    huge = png(10_000, 10_000, "white")
    content = docx(
        TEXT,
        p(picture("huge")),
        relations=[relation("image", "media/huge.png", name="huge")],
        more={"word/media/huge.png": huge},
    )
    assert refusal(content, tmp_path) == DocumentFailure.HUGE_PICTURE


def test_a_picture_that_is_none_is_left_out(tmp_path: Path) -> None:
    content = docx(
        TEXT,
        p(picture("none")),
        relations=[relation("image", "media/none.png", name="none")],
        more={"word/media/none.png": b"\x89PNG\r\n\x1a\nnothing"},
    )
    assert len(read_docx(content, tmp_path).sections[0].articles[0].passages) == 1


def test_macros_are_left_out_with_a_warning(tmp_path: Path) -> None:
    content = docx(TEXT, more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"}, main="document.macro")
    assert ParseWarning("macros_left_out", 0) in read_docx(content, tmp_path).warnings


def test_what_is_cut_off_is_damaged(tmp_path: Path) -> None:
    whole = docx(TEXT)
    for content in (whole[:-30], whole[: len(whole) // 2], whole.replace(b"PK\x05", b"PK\x06")):
        assert refusal(content, tmp_path) == DocumentFailure.DAMAGED


def test_a_package_without_a_document_is_damaged(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", "<w:document")
    assert refusal(whole.getvalue(), tmp_path) == DocumentFailure.DAMAGED


def test_what_has_a_password_is_locked(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert format_of(io.BytesIO(ole)) is Format.LOCKED
    assert refusal(ole, tmp_path, format_=Format.LOCKED) == DocumentFailure.ENCRYPTED
    locked = odt("<text:p>x</text:p>", manifest="<manifest:encryption-data/>")
    assert refusal(locked, tmp_path, format_=Format.ODT) == DocumentFailure.ENCRYPTED


def test_five_hundred_pages_are_read_within_the_limits(tmp_path: Path) -> None:
    page = "".join(p(f"{n}. The council will stop asking for long reports. " * 6) for n in range(8))
    content = docx(*(p(f"Article {n}", style="1") + page for n in range(500)))
    (section,) = read_docx(content, tmp_path).sections
    assert len(section.articles) == 500


def test_what_nests_too_deeply_costs_the_reading_alone(tmp_path: Path) -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 5_000 + TEXT + "</w:tc></w:tr></w:tbl>" * 5_000
    assert refusal(docx(deep), tmp_path) in {DocumentFailure.TOO_COSTLY, DocumentFailure.DAMAGED}


def test_a_reading_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    content = docx(*(TEXT for _ in range(300_000)))
    with pytest.raises(UnreadableDocument) as refused:
        read_docx(content, tmp_path, limits=Limits(cpu_seconds=2))
    assert refused.value.reason == DocumentFailure.TOO_COSTLY
