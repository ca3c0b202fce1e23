"""Issues as people design them (`tests.pdfs.designed`) print what is expected of their reading."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from benchmarks.reading.truth import normal
from tests.pdfs import designed


@pytest.mark.parametrize("seed", [1, 2, 5, 13, 19])
def test_every_word_of_the_expected_reading_is_on_a_page(seed: int, tmp_path: Path) -> None:
    if not Path(designed.CHROMIUM).exists():
        pytest.skip("Chromium is not installed (Debian: chromium)")
    pdf = tmp_path / "issue.pdf"
    expected = designed.set_pdf(seed, pdf)
    document = pypdfium2.PdfDocument(pdf)
    printed = normal("".join(page.get_textpage().get_text_range() for page in document))
    document.close()
    articles = [article for section in expected["sections"] for article in section["articles"]]
    texts = [expected["title"], expected["number"]]
    texts += [section["title"] for section in expected["sections"]]
    texts += [text for one in articles for text in (one["title"], *one["paragraphs"])]
    # A folio may stand between the words of a paragraph that goes on in the next page.
    assert [text for text in texts if normal(text)[:40] not in printed] == []
