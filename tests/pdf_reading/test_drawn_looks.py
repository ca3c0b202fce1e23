"""The same issue is read the same in looks drawn by lot (`tests.pdfs.variants`)."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from benchmarks.scoring import F1S, scores
from pdf_reading import Limits
from pdf_reading.pipeline import read
from samples import manuscript
from tests.pdfs import variants

FONTS = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")


@pytest.mark.parametrize("seed", [0, 1, 4, 11, 12, 21, 35, 46])
def test_an_issue_is_read_whole_whatever_it_looks_like(seed: int, tmp_path: Path) -> None:
    weasyprint = pytest.importorskip("weasyprint")
    if not FONTS.exists():
        pytest.skip("the fonts that the looks are drawn from are not on this machine")
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it does not know every property
    issue, pdf = variants.issue_of(seed), tmp_path / "issue.pdf"
    weasyprint.HTML(string=variants.page_of(seed, issue)).write_pdf(pdf)
    found = scores(read(pdf, limits=Limits()), manuscript.expected(issue))
    assert {key: found[key].f1() for key in F1S} == dict.fromkeys(F1S, 1.0)
    assert found["source"].mean() == 1
    assert found["body"].mean() == 1
