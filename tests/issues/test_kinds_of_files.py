"""What a file is says its content: kinds of intake are recognised by the first bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from issues.intake import kinds, pdf
from issues.intake.errors import Unreadable
from pdf_reading import ParseFailure

SAMPLE = Path(settings.BASE_DIR, "samples", "ostermere-2026-09.pdf")


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"%PDF-1.7", kinds.PDF),
        (b"\xef\xbb\xbf%PDF-1.7", kinds.PDF),
        (b" " * (pdf.HEADER_WITHIN - 5) + b"%PDF-", kinds.PDF),
        (b" " * (pdf.HEADER_WITHIN - 4) + b"%PDF-", None),
        (b"PK\x03\x04", None),
        (b"MZ\x90\x00", None),
        (b"", None),
    ],
)
def test_a_kind_is_recognised_by_the_first_bytes(start: bytes, kind: kinds.Kind | None) -> None:
    assert kinds.kind_of(start) is kind


def test_a_file_is_read_whatever_its_name_says(tmp_path: Path) -> None:
    file = tmp_path / "holiday.jpg"
    file.write_bytes(SAMPLE.read_bytes())
    kind = kinds.kind_of_file(file)
    assert kind.read(file).title == "The Ostermere Bulletin"
    assert kind.page_image(file, 1, 100).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", ParseFailure.EMPTY), (b"MZ\x90\x00", ParseFailure.NOT_A_PDF)]
)
def test_a_stored_file_of_no_kind_says_why_it_cannot_be_read(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "issue.pdf"
    file.write_bytes(content)
    with pytest.raises(Unreadable) as refusal:
        kinds.kind_of_file(file).read(file)
    assert refusal.value.reason == reason
