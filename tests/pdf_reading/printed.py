"""Issues as a browser prints them, for tests that need more pages than one would keep."""

from __future__ import annotations

from pathlib import Path

import pytest

CHROMIUM = "/usr/bin/chromium"
CSS = """@page { size: A4; margin: 20mm }
body { font: 11pt/1.6 "DejaVu Serif", "Noto Serif CJK SC", serif }
h1 { font-size: 26pt } h2 { font-size: 18pt } h3 { font-size: 13pt; margin: 12pt 0 4pt }
p { margin: 0 0 6pt } .letter { margin: 24pt 0 }
"""


def printed(html: str, pdf: Path, *, css: str = "", folios: bool = False) -> Path:
    """The HTML as a PDF; skips the test where there is no Chromium."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed (Debian: chromium)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where it is

    foot = '<div style="font-size:8pt;margin:auto"><span class="pageNumber"></span></div>'
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(f"<style>{CSS}{css}</style>{html}")
        page.pdf(
            path=pdf,
            prefer_css_page_size=True,
            display_header_footer=folios,
            header_template="<i></i>",
            footer_template=foot,
        )
        browser.close()
    return pdf
