"""What stands on or beside a picture, a ground of colour or a frame is text; labels are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdf_reading import Limits
from pdf_reading.issue_text import Figure, IssueText, Paragraph
from pdf_reading.pipeline import read
from tests.pdf_reading.nasty import HEAD, TEXT, plain, stream


def drawn(content: bytes, folder: Path) -> IssueText:
    """The plain issue, with something drawn below its text."""
    pdf = folder / "issue.pdf"
    pdf.write_bytes(plain(content=stream(content + b"0 g " + HEAD + TEXT)))
    return read(pdf, limits=Limits())


def text_of(issue: IssueText) -> str:
    articles = [article for section in issue.sections for article in section.articles]
    return " ".join(
        part.text for one in articles for part in one.passages if isinstance(part, Paragraph)
    )


def figures_of(issue: IssueText) -> list[Figure]:
    articles = [article for section in issue.sections for article in section.articles]
    return [part for one in articles for part in one.passages if isinstance(part, Figure)]


HILL = b"0.5 g %d 300 m %d %d %d %d %d 300 c f "
CUT = b"q 72 300 200 120 re W n 0.9 0.9 0.6 rg -900 -900 2000 2000 re f "


@pytest.mark.parametrize(
    "hills",
    [HILL % (-900, -300, 900, 700, 900, 1500), HILL % (80, 120, 380, 200, 400, 260)],
    ids=["all", "part"],
)
def test_of_a_picture_cut_by_its_clip_no_more_is_there_than_is_seen(
    hills: bytes, tmp_path: Path
) -> None:
    issue = drawn(CUT + hills + b"Q ", tmp_path)
    assert text_of(issue).count("says nothing in particular") == 12
    for figure in figures_of(issue):
        assert figure.place.x0 > 70
        assert figure.place.bottom - figure.place.top < 130
