"""The catcher's pages: who caught what, in the language of the browser, and nothing that runs."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest
from django.utils import translation

from bulletin_site.local import inbox

MAIL = b"""X-Caught-For: ann@example.org\r
Subject: News of <b>rain</b>\r
Content-Type: text/plain; charset=utf-8\r
\r
It rains.\r
"""


@pytest.fixture
def box(tmp_path: Path) -> Path:
    mailbox.Maildir(tmp_path / "box", create=True).add(MAIL)
    return tmp_path / "box"


def shown(box: Path, path: str = "/", *, language: str = "en", search: str = "") -> str:
    with translation.override(language):
        page = inbox.page(box, path, search=search)
    assert page is not None
    return page.body.decode()


def test_the_list_has_what_was_caught_and_its_subject_is_no_markup(box: Path) -> None:
    page = shown(box)
    assert "ann@example.org" in page
    assert "News of &lt;b&gt;rain&lt;/b&gt;" in page


def test_what_is_not_there_is_said(box: Path) -> None:
    assert "Nothing was caught." in shown(box, search="snow")
    assert "没有截获邮件。" in shown(box, search="snow", language="zh-hans")


def test_each_mail_has_its_text_and_its_source(box: Path) -> None:
    (key,) = (file.name for file in (box / "new").iterdir())
    assert shown(box, f"/{key}/text").strip() == "It rains."
    assert shown(box, f"/{key}/source").startswith("X-Caught-For:")
    assert inbox.page(box, f"/{key}/nothing") is None
    assert inbox.page(box, "/../box/") is None


def test_the_links_of_a_mail_open_beside_it_in_a_page_that_is_free(box: Path) -> None:
    page = b"<!doctype html><title>Rain</title><a href='http://localhost/'>Read</a>"
    mail = b"X-Caught-For: a@b.cd\r\nContent-Type: text/html\r\n\r\n" + page
    key = mailbox.Maildir(box).add(mail)
    framed = shown(box, f"/{key}/html")
    assert framed.startswith("<!doctype html>")
    assert '<base target="_blank">' in framed
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in shown(box, f"/{key}/")


def test_a_list_that_leaves_mails_out_says_so(box: Path) -> None:
    for n in range(inbox.MAX_SHOWN - 1):
        (box / "new" / f"{n}").write_bytes(MAIL)
    assert "newest" not in shown(box)
    (box / "new" / "last").write_bytes(MAIL)
    assert "Only the newest 500 are shown" in shown(box)
    assert "只列出最新的 500 封" in shown(box, language="zh-hans")
    assert shown(box).count("<li>") == inbox.MAX_SHOWN


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("fr,en;q=0.5", "en"),
        ("fr", "zh-hans"),
        ("", "zh-hans"),
    ],
)
def test_the_pages_speak_the_language_of_the_browser(accepted: str, language: str) -> None:
    assert inbox.language(accepted) == language
