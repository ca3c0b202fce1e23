"""Pages under axe-core in Chromium: what a reader with a screen reader, or of weak sight, would
stumble over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from typing import Literal
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Route, sync_playwright

from tests.support.factories import PNG
from tests.support.service import CHROMIUM

Scheme = Literal["light", "dark"]

SITE = "http://bulletin.example"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RUN = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, iframes: false}).then(
    found => found.violations.map(one => `${one.id}: ${one.nodes.map(node => node.target)}`))"""


def faults(pages: Mapping[str, str], *, scheme: Scheme) -> dict[str, list[str]]:
    """Return the faults of pages, HTML by address; none for a page without."""
    with ThreadPoolExecutor(1) as other:  # Django lets no browser's loop into the test's own thread
        return other.submit(lambda: dict(_found(pages, scheme))).result()


def _found(pages: Mapping[str, str], scheme: Scheme) -> Iterator[tuple[str, list[str]]]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = chromium.new_context(
            color_scheme=scheme, viewport={"width": 1366, "height": 900}, bypass_csp=True
        )
        page = context.new_page()
        page.route("**", lambda route: _serve(route, pages))
        for address in (address for address in pages if not address.endswith("/jsi18n/")):
            page.goto(f"{SITE}{address}")
            page.evaluate(AXE)
            if wrong := page.evaluate(RUN, TAGS):
                yield address, wrong
        chromium.close()


def _serve(route: Route, pages: Mapping[str, str]) -> None:
    """Answer with a page, a file, or a picture."""
    address = urlsplit(route.request.url)
    whole = f"{address.path}?{address.query}" if address.query else address.path
    _, is_static, name = address.path.partition("/static/")
    if is_static:
        route.fulfill(path=str(finders.find(name)))
    elif whole in pages:
        kind = "text/javascript" if whole.endswith("/jsi18n/") else "text/html"
        route.fulfill(body=pages[whole], content_type=f"{kind}; charset=utf-8")
    elif route.request.resource_type == "image":
        route.fulfill(body=PNG, content_type="image/png")
    else:
        route.abort()
