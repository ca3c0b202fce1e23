"""The admin speaks the Chinese of an office, Django's own sentences included."""

from __future__ import annotations

import json
import re
from typing import cast

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils.functional import Promise
from lxml import etree, html

from issues.models import Article, Issue
from tests.support.browsing import Page
from tests.support.factories import a_reader, an_issue

pytestmark = pytest.mark.django_db
WRONG = (
    *("通报", "邮寄", "寄出", "无可选的", "最近动作"),
    *("来修改", "以 ", "增加 期 ", "2 各期", "个中 0 个", "执行操作", "条形导航", "过滤器"),
    *("站点", "归属", "基于密码", "注销", "计数", "By ", "selecting", "created a user"),
)


@pytest.fixture
def editor() -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(User.objects.create_superuser("editor"))
    return client


def pieces(client: Client, address: str) -> list[str]:
    """The texts of a page, its title included."""
    tree = html.document_fromstring(Page.at(client, f"/admin/{address}").text)
    etree.strip_elements(tree, "script", "style", with_tail=False)
    return list(map(str, tree.itertext()))


def words(client: Client, address: str) -> str:
    """All that stands on a page, in one line."""
    return " ".join("".join(pieces(client, address)).split())


@pytest.mark.parametrize(
    "address",
    [
        "",
        "digests/",
        "issues/issue/",
        "digests/digest/",
        "digests/delivery/",
        "publications/bulletin/",
        "publications/bulletin/add/",
        "publications/topic/",
        "publications/topic/add/",
        "subscribers/subscriber/",
        "subscribers/suppression/",
        "auth/group/",
        "auth/group/add/",
        "auth/user/",
        "auth/user/add/",
        "auth/user/1/change/",
        "auth/user/1/history/",
        "password_change/",
        "search/?q=rain",
    ],
)
def test_no_page_has_words_that_are_plainly_wrong(
    editor: Client, draft: Issue, address: str
) -> None:
    an_issue(draft.bulletin)
    address = address.replace("/1/", f"/{User.objects.get().pk}/")
    page = words(editor, address)
    assert [word for word in WRONG if word in page] == []
    # The name of the app stands behind the link that adds what the app above it has.
    assert not [piece for piece in pieces(editor, address) if "增加 简报" in piece]


def test_fields_are_called_what_an_office_calls_them(editor: Client, draft: Issue) -> None:
    reader = a_reader(draft.bulletin, "ann@reader.example")
    assert "姓名" in words(editor, f"subscribers/subscriber/{reader.pk}/change/")
    assert "网址标识" in words(editor, "publications/bulletin/add/")
    article = Article.objects.get(title="No wind")
    part = f"issues/issue/{draft.pk}/change/?at=block-r{article.pk}-1&open=edit"
    assert "正文" in words(editor, part)


def test_the_history_says_in_words_what_was_done(editor: Client, draft: Issue) -> None:
    page = Page.at(editor, f"/admin/issues/issue/{draft.pk}/change/")
    article = Article.objects.get(title="No wind")
    page.press("acts", "act", f'{{"act":"drop_article","article":{article.pk}}}')
    history = words(editor, f"issues/issue/{draft.pk}/history/")
    assert "删去了文章“No wind”" in history
    assert "从文件读出时的样子" in history


def test_permissions_are_named_in_words(editor: Client) -> None:
    rights = words(editor, "auth/group/add/")
    assert "Can " not in rights
    assert "发布并发送" in rights
    assert Permission.objects.get(codename="publish_issue").name.startswith("Can publish")


def test_every_permission_is_named_in_both_languages(editor: Client) -> None:
    tree = html.document_fromstring(Page.at(editor, "/admin/auth/group/add/").text)
    options = tree.xpath("//select[@id='id_permissions']/option")
    named = [str(one.text) for one in cast("list[html.HtmlElement]", options)]
    assert len(named) == Permission.objects.count()
    assert [name for name in named if re.search("[a-z]", name)] == []
    for model in {one.content_type for one in Permission.objects.select_related("content_type")}:
        described = model.model_class()
        assert described is not None
        assert isinstance(described._meta.verbose_name, Promise) or described._meta.app_label in {
            *("admin", "auth", "contenttypes", "sessions")
        }


def test_the_boxes_of_permissions_speak_chinese(editor: Client) -> None:
    script = editor.get("/admin/jsi18n/").content.decode()
    for words in ("再按向右的箭头加入", "今天"):  # ours, and what Django says well
        assert json.dumps(words)[1:-1] in script


def test_sections_are_listed_as_chinese_lists_are(editor: Client, draft: Issue) -> None:
    assert "Rain、Wind" in words(editor, f"issues/issue/{draft.pk}/publish/")
