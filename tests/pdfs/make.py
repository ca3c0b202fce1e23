"""Sets the zoo: small issues that vary as the world does. python -m tests.pdfs.make [NAME...]

Each animal is a manuscript in one look, set by one engine, with the reading that is expected of
it beside it. The engines are those that write most of the world's bulletins: word processors,
browsers, typesetting systems, report generators. Needs WeasyPrint, ReportLab, Typst, Chromium,
LibreOffice and the fonts Noto CJK, AR PL UKai, Liberation, DejaVu.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from samples import manuscript
from tests.pdfs import as_html

HERE = Path(__file__).parent
Issue = dict[str, Any]
Engine = Callable[[Issue, Path], None]


def by_weasyprint(look: str, *, cover: bool = True, contents: bool = True) -> Engine:
    def set_pdf(issue: Issue, pdf: Path) -> None:
        from weasyprint import HTML

        HTML(string=_html(issue, look, cover=cover, contents=contents)).write_pdf(pdf)

    return set_pdf


def by_chromium(look: str, *, cover: bool = False, contents: bool = False) -> Engine:
    def set_pdf(issue: Issue, pdf: Path) -> None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox"]
            )
            page = browser.new_page()
            page.set_content(_html(issue, look, cover=cover, contents=contents))
            page.pdf(path=pdf, prefer_css_page_size=True)
            browser.close()

    return set_pdf


def _html(issue: Issue, look: str, *, cover: bool, contents: bool) -> str:
    css = (HERE / "looks" / f"{look}.css").read_text(encoding="utf-8")
    return as_html.page(issue, css=css, cover=cover, contents=contents)


ANIMALS: dict[str, tuple[str, Engine]] = {
    "en-letter-weasyprint": ("harbour", by_weasyprint("letter")),
    "en-columns-chromium": ("harbour", by_chromium("columns")),
    "en-sheet-weasyprint": ("harbour", by_weasyprint("sheet", cover=False, contents=False)),
    "zh-gazette-weasyprint": ("yulin", by_weasyprint("gazette")),
    "zh-daily-chromium": ("yulin", by_chromium("daily")),
    "zh-hant-modern-chromium": ("ferry", by_chromium("modern")),
}


def main(names: list[str]) -> None:
    for name in names or ANIMALS:
        text, engine = ANIMALS[name]
        issue = manuscript.read(HERE / f"{text}.md")
        engine(issue, HERE / f"{name}.pdf")
        reading = json.dumps(manuscript.expected(issue), ensure_ascii=False, indent=1)
        (HERE / f"{name}.expected.json").write_text(reading + "\n", encoding="utf-8")
        print(name)


if __name__ == "__main__":
    main(sys.argv[1:])
