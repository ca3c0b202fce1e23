"""How running text is set, measured in a browser with the fonts of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(100)]

STYLE = Path(settings.BASE_DIR, "bulletin_site/static/bulletin/site.css").read_text()
ADDRESS = "https://www.example.org/documents/2026/09/water-saving-measures-full-text.html"
CHINESE = f"三年内全部完成。《办法》全文见 <a href='{ADDRESS}'>{ADDRESS}</a>，自十月一日起施行。"
WIDTH = """([selector, letter]) => {
    const text = document.querySelector(selector).firstChild;
    const at = text.data.indexOf(letter);
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    const size = getComputedStyle(text.parentNode).fontSize;
    return range.getBoundingClientRect().width / parseFloat(size);
}"""  # of a letter with what justification adds to it, in em


def width(browser: Browser, letter: str, *, of: str, language: str) -> float:
    """How wide `letter` is on a phone in the paragraph `of` that language, in em."""
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.set_content(
        f"<html lang='zh-Hans'><style>{STYLE}</style><main>"
        f"<div class='text' lang='{language}'><p>{of}</p></div></main>"
    )
    measured = page.evaluate(WIDTH, ["p", letter])
    page.close()
    return float(measured)


def test_a_long_address_does_not_tear_the_chinese_line_before_it_apart(browser: Browser) -> None:
    assert (
        width(browser, "办", of=f"明确各级节约用水的责任分工，力争{CHINESE}", language="zh-hans")
        < 1.2
    )


def test_an_english_apostrophe_is_as_narrow_as_its_font_has_it_on_a_chinese_page(
    browser: Browser,
) -> None:
    assert width(browser, "’", of="The council’s plan", language="en") < 0.5
