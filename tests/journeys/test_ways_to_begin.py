"""In a browser, an issue begins with files, with pasted text, or by hand, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.documents import docx, p
from tests.support.logging_in import log_in
from tests.support.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(300)]

SET_UP = """
from django.contrib.auth import get_user_model
from tests.support.factories import a_bulletin
get_user_model().objects.create_superuser("editor", password="for this journey only")
a_bulletin("journey", name="简报", language="zh-hans")
"""
WORDS = {
    "en": ("Upload", "Make a draft of the text", "Begin an empty draft", "This text is too long."),
    "zh-CN": ("上传", "用这段文字生成草稿", "新建空草稿", "文字太长"),
}


def test_an_issue_begins_in_three_ways(service: Service, browser: Browser, tmp_path: Path) -> None:
    service.run(SET_UP)
    for number, (language, (upload, paste, begin, too_long)) in enumerate(WORDS.items()):
        page = browser.new_context(locale=language).new_page()
        log_in(page, service.url)

        add = f"{service.url}/admin/issues/issue/add/"
        page.goto(add)
        files = [tmp_path / f"{number}.docx", tmp_path / f"{number}.md"]
        files[0].write_bytes(docx(p(f"Much rain {number}", style="1"), p("It rains.")))
        files[1].write_text(f"# No wind {number}\n\nIt is still.\n", encoding="utf-8")
        page.set_input_files("#id_file", files)
        page.get_by_role("button", name=upload, exact=True).click()
        for title in (f"Much rain {number}", f"No wind {number}"):
            expect(page.locator("#document").get_by_text(title).first).to_be_visible(timeout=90_000)
        expect(page.get_by_role("link", name=f"{number}.docx")).to_be_visible()

        page.goto(add)
        field = page.locator("#id_text")
        field.evaluate("field => { field.value = 'x'.repeat(10_000_000) }")
        field.dispatch_event("input")
        page.get_by_role("button", name=paste).click()
        assert too_long in str(field.evaluate("field => field.validationMessage"))
        assert page.url == add
        field.fill(f"# A thaw {number}\n\nIt thaws.")
        page.get_by_role("button", name=paste).click()
        headline = page.locator("#document").get_by_text(f"A thaw {number}").first
        expect(headline).to_be_visible(timeout=60_000)

        page.goto(add)
        page.get_by_role("button", name=begin).click()
        page.wait_for_url("**/change/")
        expect(page.locator("#document")).to_be_visible()
        page.context.close()
