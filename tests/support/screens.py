"""Screens of readers in a journey: language, width and colours, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Page

from tests.support.axe import AXE, RUN, TAGS

TIMEOUT = 20_000  # milliseconds


@dataclass(frozen=True)
class Screen:
    """A browser: its language, width in pixels and colours, and whether it runs scripts."""

    locale: str
    width: int
    dark: bool = False
    js: bool = True

    def __str__(self) -> str:
        colours, scripts = "dark" if self.dark else "light", "scripts" if self.js else "no scripts"
        return f"{self.locale}, {self.width} px, {colours}, {scripts}"

    @property
    def language(self) -> str:
        """The language that is asked of the site."""
        return "zh-hans" if self.locale == "zh-CN" else "en"

    def words(self, msgid: str, **params: str) -> str:
        """Return the words of a page in that language."""
        with translation.override(self.language):
            return gettext(msgid) % params


@contextmanager
def opened(browser: Browser, screen: Screen, *, locale: str = "") -> Iterator[Page]:
    """Open a page on a screen; in `locale` for a browser that asks for another language."""
    context = browser.new_context(
        locale=locale or screen.locale,
        viewport={"width": screen.width, "height": 800},
        color_scheme="dark" if screen.dark else "light",
        java_script_enabled=screen.js,
        bypass_csp=screen.js,  # axe is put into the page
    )
    page = context.new_page()
    page.set_default_timeout(TIMEOUT)
    yield page
    context.close()


def is_sound(page: Page, screen: Screen) -> None:
    """Assert that nothing of a page is wider than the screen, and that axe finds no fault; without
    scripts nobody can tell."""
    if screen.js:
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.evaluate(AXE)
        assert page.evaluate(RUN, TAGS) == []
