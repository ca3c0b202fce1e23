"""An office brings its list in a browser: uploaded, looked at, taken in by a worker, undone; in
Chinese and in English."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.logging_in import log_in
from tests.support.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.timeout(600)]

SETUP = """
from django.contrib.auth import get_user_model
from publications.models import Bulletin, Topic
get_user_model().objects.create_superuser("editor", password="for this journey only")
bulletin = Bulletin.objects.create(name="Lists", slug="lists", sender_email="l@office.example")
Topic.objects.create(bulletin=bulletin, name_zh="法律", name_en="Law")
"""
COUNT = """
from subscribers.models import Subscriber
print(Subscriber.objects.filter(bulletin__slug="lists", confirmed_at__isnull=False).count())
"""
WAIT = 60_000


def test_a_list_comes_in_and_is_undone(service: Service, browser: Browser, tmp_path: Path) -> None:
    service.run(SETUP)
    path = tmp_path / "名单.csv"
    path.write_bytes("姓名,邮箱,主题\n张三,zs@office.example,法律\n坏,没有,\n".encode("gbk"))
    words = {
        "en": ("The list is taken in.", "The import is undone"),
        "zh-CN": ("名单已导入。", "导入已撤销"),
    }
    for locale, (taken, undone) in words.items():
        page = browser.new_context(locale=locale).new_page()
        page.set_default_timeout(WAIT)
        log_in(page, service.url)
        page.goto(f"{service.url}/admin/subscribers/readerimport/upload/")
        page.set_input_files("#id_file", str(path))
        page.click("#upload input[type=submit]")
        expect(page.locator(".numbers dd").first).to_have_text("1", timeout=WAIT)
        page.fill("#id_consent", "签名册")
        page.check("#start input[name=ask][value=no]")
        page.click("#start input[type=submit]")
        expect(page.get_by_text(taken)).to_be_visible(timeout=WAIT)
        assert service.run(COUNT).strip().endswith("1")
        page.click("#undo input[type=submit]")
        expect(page.get_by_text(undone)).to_be_visible(timeout=WAIT)
        assert service.run(COUNT).strip().endswith("0")
        page.context.close()
