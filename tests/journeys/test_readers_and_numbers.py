"""The office adds a reader in one line, has its list as a file, and finds the rows behind the
numbers of a digest; in Chromium, in both languages, on a phone and on a wide screen."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.support.logging_in import log_in
from tests.support.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(300)]

SET_UP = """
import json
from django.contrib.auth import get_user_model
from django.utils import timezone
from digests import sending
from digests.models import Delivery
from tests.support.factories import a_bulletin, a_digest, a_draft, a_reader, topics_of
people = get_user_model().objects
if not people.exists():
    people.create_superuser("editor", password="for this journey only")
bulletin = a_bulletin(slug="TAG", name="Letters TAG")
[water] = topics_of(bulletin, ["Water"])
ann = a_reader(bulletin, "ann.TAG@reader.example", topics=[water])
full = a_reader(bulletin, "full.TAG@reader.example", topics=[water])
now = timezone.now()
digest = a_digest(a_draft(bulletin, {"Water": water}), at=now)
ours = Delivery.objects.filter(digest=digest)
ours.filter(subscriber=ann).update(status="sent", smtp_response="250 Caught", settled_at=now)
ours.filter(subscriber=full).update(
    status="failed", smtp_response="552 5.2.2 Sorry", settled_at=now
)
sending.recount(digest)
assert sending.finish(digest, at=now)
print(json.dumps({"digest": digest.pk}))
"""
Words = Callable[[str], str]


# Whether pages fit a phone is seen in English, whose words are longer.
LOCALES = {"en": "en", "zh-hans": "zh-CN"}
WIDTHS = {"en": 360, "zh-hans": 1366}


@pytest.mark.parametrize("language", LOCALES)
def test_a_reader_is_added_listed_and_counted(
    service: Service, browser: Browser, tmp_path: Path, language: str
) -> None:
    digest = json.loads(service.run(SET_UP.replace("TAG", language)))["digest"]
    screen = ViewportSize(width=WIDTHS[language], height=800)
    page = browser.new_context(locale=LOCALES[language], viewport=screen).new_page()
    log_in(page, service.url)
    with translation.override(language):
        a_reader_is_added_in_one_line(page, service, gettext, language)
        the_list_is_had_as_a_file(page, tmp_path, language)
        each_number_leads_to_its_rows(page, service, digest, language)
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[language]


def a_reader_is_added_in_one_line(
    page: Page, service: Service, words: Words, language: str
) -> None:
    page.goto(f"{service.url}/admin/subscribers/subscriber/")
    page.get_by_text(words("Add a reader"), exact=True).click()
    form = page.locator("#enter")
    form.locator("[name=address]").fill(f"new.{language}@reader.example")
    form.locator("[name=bulletin]").select_option(label=f"Letters {language}")
    form.locator("[name=consent]").fill("Telephone")
    form.locator("[name=confirm]").select_option("no")
    form.locator("[name=_add]").click()
    expect(page.locator(".messagelist")).to_contain_text(words("The reader is added."))


def the_list_is_had_as_a_file(page: Page, folder: Path, language: str) -> None:
    """As it is searched, so without those that the search leaves out."""
    page.locator("#searchbar").fill(f".{language}@reader")
    page.locator("#searchbar").press("Enter")
    expect(page.locator("#result_list tbody tr")).to_have_count(3)
    with page.expect_download() as download:
        page.locator("#export").get_by_role("button", name="CSV").click()
    file = folder / "readers.csv"
    download.value.save_as(file)
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
    assert {cell for row in rows[1:] for cell in row if "@" in cell} == {
        f"{name}.{language}@reader.example" for name in ("ann", "full", "new")
    }


def each_number_leads_to_its_rows(page: Page, service: Service, digest: int, language: str) -> None:
    for name, reader in (("sent", "ann"), ("failed", "full")):
        page.goto(f"{service.url}/admin/digests/digest/{digest}/change/")
        number = page.locator(f"[data-count={name}]")
        expect(number).to_have_text("1")
        number.click()
        rows = page.locator("#result_list tbody tr")
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text(f"{reader}.{language}@reader.example")
