"""Issues put together by lot, with what bulletins have beside their articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.pdfs.wild.issue import issue_of
from tests.pdfs.wild.page import page_of


def set_pdf(seed: int, pdf: Path) -> dict[str, Any]:
    """Prints the issue of a seed with Chromium, some tagged, some with an outline, and gives it
    back as it is to be read."""
    from playwright.sync_api import sync_playwright

    issue = issue_of(seed)
    html = page_of(seed, issue, engine="chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.set_content(html)
        tagged, outline = seed % 3 == 0, seed % 4 == 0
        page.pdf(path=pdf, prefer_css_page_size=True, tagged=tagged, outline=outline)
        browser.close()
    return issue
