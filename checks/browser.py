"""axe-core on a mail's HTML in Chromium, light and dark."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, sync_playwright

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NOT_FOR_MAIL = {"region", "landmark-one-main"}  # a mail program has the regions of its page
_RUN = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}}).then(
    found => found.violations.map(one => [one.id, one.help, one.nodes.length]))"""


def missing() -> str:
    """Return why it cannot be asked, "" where it can."""
    if not AXE.exists():
        return "axe-core (npm install in checks/)"
    return "" if shutil.which("chromium") else "Chromium (Debian: chromium)"


def faults(html: str) -> list[str]:
    """Return what a reader with a screen reader, or of weak sight, would stumble over."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        found = []
        for scheme in SCHEMES:
            page = chromium.new_page(color_scheme=scheme)
            page.set_content(html)
            found += [f"axe, {scheme}: {fault}" for fault in _violations(page)]
        chromium.close()
    return found


def _violations(page: Page) -> list[str]:
    page.add_script_tag(path=AXE)
    return [
        f"{rule}: {words} ({nodes})"
        for rule, words, nodes in page.evaluate(_RUN, TAGS)
        if rule not in NOT_FOR_MAIL
    ]
