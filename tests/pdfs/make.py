"""Sets the zoo: small issues that vary as the world does. python -m tests.pdfs.make [NAME...]

Each animal is a manuscript in one look, set by one engine, with the reading that is expected of
it beside it. The engines are those that write most of the world's bulletins: word processors,
browsers, typesetting systems, report generators. Needs WeasyPrint, ReportLab, Typst, Chromium,
LibreOffice and the fonts Noto CJK, AR PL UKai, Liberation, DejaVu.
"""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from samples import manuscript
from tests.pdfs import as_fodt, as_html, as_latex

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


def make_wild(name: str, seed: int) -> None:
    """An issue put together by lot (`tests.pdfs.wild`), printed by Chromium."""
    from tests.pdfs import wild

    issue = wild.set_pdf(seed, HERE / f"{name}.pdf")
    write_expected(name, issue)


def write_expected(name: str, issue: Issue) -> None:
    reading = json.dumps(manuscript.expected(issue), ensure_ascii=False, indent=1)
    (HERE / f"{name}.expected.json").write_text(reading + "\n", encoding="utf-8")


def by_libreoffice(look: as_fodt.Look, *, tagged: bool) -> Engine:
    def set_pdf(issue: Issue, pdf: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, pdf.stem).with_suffix(".fodt")
            source.write_text(as_fodt.document(issue, look), encoding="utf-8")
            options = {
                name: {"type": "boolean", "value": str(tagged).lower()}
                for name in ("UseTaggedPDF", "ExportBookmarks")
            }
            export = f"pdf:writer_pdf_Export:{json.dumps(options)}"
            command = ["soffice", "--headless", "--convert-to", export, "--outdir", folder]
            subprocess.run([*command, str(source)], check=True, capture_output=True)
            pdf.write_bytes(source.with_suffix(".pdf").read_bytes())

    return set_pdf


def by_reportlab(*, columns: int, outline: bool) -> Engine:
    def set_pdf(issue: Issue, pdf: Path) -> None:
        from tests.pdfs import as_report

        as_report.set_pdf(issue, pdf, columns=columns, outline=outline)

    return set_pdf


def by_typst(look: str) -> Engine:
    def set_pdf(issue: Issue, pdf: Path) -> None:
        import typst

        typst.compile(
            HERE / "looks" / f"{look}.typ",
            output=pdf,
            root=HERE.parents[1],
            sys_inputs={"issue": json.dumps(issue, ensure_ascii=False)},
            timestamp=1_772_000_000,
            pdf_tags=False,
        )

    return set_pdf


def _html(issue: Issue, look: str, *, cover: bool, contents: bool) -> str:
    css = (HERE / "looks" / f"{look}.css").read_text(encoding="utf-8")
    return as_html.page(issue, css=css, cover=cover, contents=contents)


WORD = as_fodt.Look(
    body="Liberation Serif", section="Liberation Sans", headline="Liberation Sans",
    heading="Liberation Sans", size=11, section_size=18, headline_size=14,
)  # fmt: skip
# Chinese official documents (GB/T 9704): one size throughout, the typeface marks the level.
OFFICIAL = as_fodt.Look(
    body="Noto Serif CJK SC", section="WenQuanYi Zen Hei", headline="AR PL UKai CN",
    heading="AR PL UKai CN", size=15, section_size=15, headline_size=15, outlined=False,
    indent="30pt", gap="0cm", bold="normal",
)  # fmt: skip

ANIMALS: dict[str, tuple[str, Engine]] = {
    "en-letter-weasyprint": ("harbour", by_weasyprint("letter")),
    "en-columns-chromium": ("harbour", by_chromium("columns")),
    "en-sheet-weasyprint": ("harbour", by_weasyprint("sheet", cover=False, contents=False)),
    "zh-gazette-weasyprint": ("yulin", by_weasyprint("gazette")),
    "zh-daily-chromium": ("yulin", by_chromium("daily")),
    "en-word-libreoffice": ("harbour", by_libreoffice(WORD, tagged=True)),
    "zh-official-libreoffice": ("yulin", by_libreoffice(OFFICIAL, tagged=False)),
    "en-report-reportlab": ("harbour", by_reportlab(columns=1, outline=False)),
    "zh-outline-reportlab": ("yulin", by_reportlab(columns=2, outline=True)),
    "zh-bare-typst": ("yulin", by_typst("bare")),
    "en-numbered-latex": ("harbour", as_latex.set_pdf),
    "en-mixed-typst": ("harbour", by_typst("mixed")),
    "en-newsletter-chromium": ("mill", by_chromium("newsletter")),
    "zh-hant-vertical-chromium": ("ferry", by_chromium("vertical")),
    "zh-hant-modern-chromium": ("ferry", by_chromium("modern")),
}


# By the seed of each: kickers and a box; a masthead and rules over three columns; contents
# without numbers, drop capitals, an address below a rule.
WILD = {
    "en-kickers-chromium": 34,
    "en-masthead-chromium": 5,
    "en-unnumbered-chromium": 24,
}


def as_set(name: str, issue: Issue) -> Issue:
    """The issue with what this look of it leaves out, or adds."""
    articles = [article for section in issue["sections"] for article in section["articles"]]
    drawn = name.endswith(("weasyprint", "chromium"))
    for article in articles:
        if not drawn:
            article["passages"] = [p for p in article["passages"] if p["kind"] != "figure"]
        if "bare" in name:
            article |= {"source": "", "source_line": "", "subtitle": ""}
    if "latex" in name:
        for article in articles:
            article["passages"] = [p for p in article["passages"] if p["kind"] != "table"]
            article |= {"subtitle": "", "byline": "", "date": "", "credits": []}
    if "official" in name:
        for number, section in zip("一二三四五", issue["sections"], strict=False):
            section["title"] = f"{number}、{section['title']}"
            for part, article in zip("一二三四五", section["articles"], strict=False):
                article["title"] = f"（{part}）{article['title']}"
    return issue | {"printed_date": as_html.printed_date(issue)}


def make_spoilt() -> None:
    """Issues of which something is missing, for the tests of refusals and warnings."""
    from reportlab.lib.pdfencrypt import StandardEncryption

    from tests.pdfs import as_report

    issue = as_set("report", manuscript.read(HERE / "harbour.md"))
    keys = {"locked": StandardEncryption("secret", "owner"), "rights": StandardEncryption("", "o")}
    for name, key in keys.items():
        as_report.set_pdf(issue, HERE / f"{name}.pdf", columns=1, outline=False, key=key)
    long = copy.deepcopy(issue)
    for section in long["sections"]:
        for article in section["articles"]:
            article["passages"] *= 2
    astray = long["sections"][-1]["articles"][-1]["title"]
    as_report.set_pdf(long, HERE / "astray.pdf", columns=1, outline=False, astray=astray)
    short = copy.deepcopy(issue)
    short["sections"][1]["articles"][0] |= {"passages": [], "credits": [], "source_line": ""}
    as_report.set_pdf(short, HERE / "wordless.pdf", columns=1, outline=False)
    html = _html(issue, "letter", cover=True, contents=True)
    from weasyprint import HTML

    row = '<p class=entry><a href="#a0-1">Seagrass comes back where anchors stay away</a></p>'
    HTML(string=html.replace(row, "")).write_pdf(HERE / "forgotten.pdf")
    more = row + "<p class=entry><a>A lantern for the outer pier</a></p>"
    HTML(string=html.replace(row, more)).write_pdf(HERE / "promised.pdf")
    bare = re.sub(r"<h2 id=\"a1-\d\">.*?</h2>|<p class=entry><a href=\"#a1-\d\">.*?</p>", "", html)
    HTML(string=bare).write_pdf(HERE / "headless.pdf")


def main(names: list[str]) -> None:
    for name in (name for name in WILD if name in names or not names):
        make_wild(name, WILD[name])
        print(name)
    for name in (name for name in ANIMALS if name in names or not names):
        text, engine = ANIMALS[name]
        issue = as_set(name, manuscript.read(HERE / f"{text}.md"))
        engine(issue, HERE / f"{name}.pdf")
        write_expected(name, issue)
        print(name)


if __name__ == "__main__":
    main(sys.argv[1:])
    make_spoilt()
