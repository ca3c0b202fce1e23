"""The block editor over HTTP, without its script: each press is a form, and does the same."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from lxml import html
from pytest_django import DjangoAssertNumQueries

from issues import at_work, binning, importing
from issues.models import Article, Issue, Section
from pdf_reading.issue_text import (
    Heading,
    IssueText,
    Listing,
    Paragraph,
    ParseWarning,
    Place,
    StoredFigure,
)
from publications.models import Alias, Topic
from tests.support.browsing import Page
from tests.support.factories import EN, NOON, an_article, an_issue, weather

pytestmark = pytest.mark.django_db


def page_of(issue: Issue, query: str = "") -> str:
    return f"/admin/issues/issue/{issue.pk}/change/{query}"


def opened(client: Client, issue: Issue, query: str = "") -> Page:
    return Page.at(client, page_of(issue, query))


def act(page: Page, what: str, **more: object) -> Page:
    """Press the button of an act that is on the page."""
    value = json.dumps({"act": what, **more}, separators=(",", ":"))
    return page.press("acts", "act", value)


def tree(text: str) -> html.HtmlElement:
    return cast("html.HtmlElement", html.document_fromstring(text))


def titles(issue: Issue) -> dict[str, list[str]]:
    return {
        section.title: [article.title for article in section.articles.all()]
        for section in issue.sections.all()
    }


@pytest.fixture
def rain(draft: Issue) -> Article:
    return Article.objects.get(title="Much rain")


@pytest.fixture
def second(db: None) -> Client:
    """Another editor."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("second"))
    return client


def test_a_menu_opens_without_a_script_and_what_is_pressed_there_is_done(
    editor: Client, draft: Issue, rain: Article
) -> None:
    page = opened(editor, draft)
    handle = f"block-r{rain.pk}-2"
    assert f'href="/admin/issues/issue/{draft.pk}/part/{handle}/?open=menu"' in page.text
    menu = Page.at(editor, f"/admin/issues/issue/{draft.pk}/part/{handle}/?open=menu")
    assert menu.path == page_of(draft, f"?at={handle}&open=menu")
    for words in ("An article begins here", "Join to the one above", "Paragraph", "Drop"):
        assert words in menu.text
    act(menu, "begin_article", block=f"r{rain.pk}-2")
    assert titles(draft)["Rain"] == ["Much rain", "What to wear", "Little rain"]


def test_a_text_is_edited_in_its_place_and_its_links_stay(
    editor: Client, draft: Issue, rain: Article
) -> None:
    page = opened(editor, draft, f"?at=block-r{rain.pk}-1&open=edit")
    form = f"editor-block-r{rain.pk}-1"
    text = page.fields(form)["text"][0].replace("Much rain", "Very much rain")
    saved = page.press(form, "save", text=text + "\n\n- a hat\n- boots")
    rain.refresh_from_db()
    first, second = rain.passages[:2]
    assert isinstance(first, Paragraph)
    assert first.text.startswith("Very much rain, says")
    assert [link.url for link in first.links] == ["https://example.org/forecast"]
    assert second == Listing(first.page, ("a hat", "boots"))
    assert rain.handles == [f"r{rain.pk}-1", "v1-1", *(f"r{rain.pk}-{n}" for n in range(2, 6))]
    assert "saved" in saved.text


def test_the_head_of_an_article_and_the_title_of_a_section_are_edited_in_their_place(
    editor: Client, draft: Issue, rain: Article
) -> None:
    page = opened(editor, draft, f"?at=title-{rain.pk}&open=edit")
    page.press(f"editor-title-{rain.pk}", "save", title="  More\train ", byline="Olive Marsh")
    rain.refresh_from_db()
    assert (rain.title, rain.byline, rain.source) == (
        "More rain",
        "Olive Marsh",
        "(Source: the sky)",
    )
    section = draft.sections.get(title="Rain")
    page = opened(editor, draft, f"?at=head-{section.pk}&open=edit")
    page.press(f"editor-head-{section.pk}", "save", title="Drizzle")
    assert list(titles(draft)) == ["Drizzle", "Wind"]


def test_characters_that_no_text_has_are_left_out(
    editor: Client, draft: Issue, rain: Article
) -> None:
    page = opened(editor, draft, f"?at=title-{rain.pk}&open=edit")
    page.press(f"editor-title-{rain.pk}", "save", title="More\0 rain")
    rain.refresh_from_db()
    assert rain.title == "More rain"
    editor.post(
        f"/admin/issues/issue/{draft.pk}/keep/", {"anchor": "facts", "title": "a\0b", "version": 1}
    )
    assert draft.kept_texts.get().text == "ab"


def test_what_a_section_is_about_is_chosen_and_remembered_for_later_issues(
    editor: Client, draft: Issue
) -> None:
    section = draft.sections.create(title="Hail", position=3)
    wind = Topic.objects.get(name_en="Wind")
    address = f"/admin/issues/issue/{draft.pk}/act/"
    editor.post(address, {"file": section.pk, "about": wind.pk, "version": 0})
    section.refresh_from_db()
    assert section.topic == wind
    assert Topic.objects.by_key(draft.bulletin)["hail"] == wind
    editor.post(address, {"file": section.pk, "about": "none", "version": 1})
    section.refresh_from_db()
    assert section.not_for_mailing
    editor.post(address, {"file": section.pk, "about": "new", "version": 2})
    section.refresh_from_db()
    assert section.topic == wind  # which is called so by now


def test_a_topic_is_made_of_a_section(editor: Client, draft: Issue) -> None:
    section = draft.sections.create(title="Hail", position=3)
    address = f"/admin/issues/issue/{draft.pk}/act/"
    editor.post(address, {"file": section.pk, "about": "new", "version": 0})
    section.refresh_from_db()
    assert str(section.topic) == "Hail"


def test_a_section_without_a_title_is_no_topic(editor: Client, draft: Issue) -> None:
    section = draft.sections.create(title="", position=3)
    address = f"/admin/issues/issue/{draft.pk}/act/"
    answer = editor.post(address, {"file": section.pk, "about": "new", "version": 0}, follow=True)
    assert "give it a short title first" in answer.content.decode()


def test_sections_and_articles_that_were_missed_are_added(editor: Client, draft: Issue) -> None:
    address = f"/admin/issues/issue/{draft.pk}/act/"
    editor.post(address, {"act": '{"act":"add_section"}', "title": "Hail", "version": 0})
    hail = draft.sections.get(title="Hail")
    new = json.dumps({"act": "add_article", "section": hail.pk, "title": ""})
    answer = editor.post(address, {"act": new, "title": "Some hail", "version": 1})
    article = Article.objects.get(title="Some hail")
    assert answer["Location"].endswith(f"#article-{article.pk}")
    page = opened(editor, draft, f"?at=title-{article.pk}&open=add")
    page.press(f"editor-start-{article.pk}", "save", text="It hailed.\n\n## And then\n\nSun.")
    article.refresh_from_db()
    assert [type(one) for one in article.passages] == [Paragraph, Heading, Paragraph]


def test_a_form_that_stays_on_the_page_adds_one_after_the_other(
    editor: Client, draft: Issue
) -> None:
    address = f"/admin/issues/issue/{draft.pk}/act/"
    section = draft.sections.get(title="Rain")
    new = json.dumps({"act": "add_article", "section": section.pk, "title": ""})
    form = {"act": new, "version": "0", "token": "t"}
    for seen, title in enumerate(("Some hail", "Some snow", "Some snow")):
        answer = editor.post(
            address, form | {"title": title, "seen": seen}, headers={"hx-request": "true"}
        )
        again = tree(answer.content.decode()).get_element_by_id(f"add-article-{section.pk}")
        assert again.get("hx-swap-oob") == "true"
        assert not again.fields["title"]
        assert again.fields["token"] != form["token"]
    assert titles(draft)["Rain"][-2:] == ["Some hail", "Some snow"]  # the same form twice acts once
    editor.post(
        address, {"act": '{"act":"add_section"}', "title": "Hail", "version": 2, "token": "t"}
    )
    editor.post(
        address, {"act": '{"act":"add_section"}', "title": "Snow", "version": 2, "token": "t"}
    )
    assert list(titles(draft)) == ["Rain", "Wind", "Hail", "Snow"]


def test_text_is_written_below_a_block(editor: Client, draft: Issue, rain: Article) -> None:
    page = opened(editor, draft, f"?at=block-r{rain.pk}-1&open=add")
    page.press(f"editor-after-r{rain.pk}-1", "save", text="And so it went on.")
    rain.refresh_from_db()
    assert rain.passages[1] == Paragraph("And so it went on.", rain.passages[0].page)


def test_a_picture_keeps_its_file_wherever_its_block_goes(
    editor: Client, draft: Issue, rain: Article
) -> None:
    wind = Article.objects.get(title="No wind")
    page = opened(editor, draft)
    act(page, "move_block", block=f"r{rain.pk}-4", article=wind.pk)
    wind.refresh_from_db()
    assert wind.passages[-1] == StoredFigure("A cloud", 3, "cloud.png")
    assert (
        'src="/weather/' in opened(editor, draft).text or "cloud.png" in opened(editor, draft).text
    )


def test_what_was_dropped_is_in_the_bin_and_comes_back(
    editor: Client, draft: Issue, rain: Article
) -> None:
    before = titles(draft)
    section = rain.section
    page = act(opened(editor, draft), "drop_section", section=section.pk)
    assert titles(draft) == {"Wind": ["No wind"]}
    assert "Take back “Rain”" in page.text
    key = draft.bin_entries.get().key
    act(page, "take_back", binned=key)
    assert titles(draft) == before
    assert Article.objects.get(pk=rain.pk).passages == rain.passages


def test_undo_and_redo_say_what_they_undo(editor: Client, draft: Issue, rain: Article) -> None:
    page = act(opened(editor, draft), "drop_article", article=rain.pk)
    assert 'title="The article “Much rain” was dropped"' in page.text
    page = page.press("acts", "undo")
    assert titles(draft)["Rain"] == ["Much rain", "Little rain"]
    page = page.press("acts", "redo")
    assert titles(draft)["Rain"] == ["Little rain"]
    stale = page.press("acts", "undo")
    page.press("acts", "undo")  # the form of the page before
    assert titles(draft)["Rain"] == ["Much rain", "Little rain"]
    assert "disabled" in stale.text


def test_an_undo_says_what_it_undid_and_whose_it_was(
    editor: Client, second: Client, draft: Issue, rain: Article
) -> None:
    act(opened(second, draft), "drop_article", article=rain.pk)
    page = opened(editor, draft).press("acts", "undo")
    said = "Undone: The article “Much rain” was dropped"
    assert f"{said}. That was done by second." in tree(page.text).text_content()
    page = page.press("acts", "redo").press("acts", "undo")
    assert said in page.text


def test_the_second_of_two_editors_of_one_text_sees_both_and_chooses(
    editor: Client, second: Client, draft: Issue, rain: Article
) -> None:
    where, form = f"?at=block-r{rain.pk}-1&open=edit", f"editor-block-r{rain.pk}-1"
    one, other = opened(editor, draft, where), opened(second, draft, where)
    one.press(form, "save", text="Mine.")
    both = other.press(form, "save", text="Yours.")
    assert both.status == 409
    assert "This was changed meanwhile" in both.text
    assert both.fields(form)["text"] == ["Yours."]
    assert ">Mine.</textarea>" in both.text
    rain.refresh_from_db()
    assert rain.passages[0] == Paragraph("Mine.", 2)
    both.press(form, "save")
    rain.refresh_from_db()
    assert rain.passages[0] == Paragraph("Yours.", 2)


def test_two_editors_of_different_fields_of_one_head_both_keep_their_work(
    editor: Client, second: Client, draft: Issue, rain: Article
) -> None:
    where, form = f"?at=title-{rain.pk}&open=edit", f"editor-title-{rain.pk}"
    one, other = opened(editor, draft, where), opened(second, draft, where)
    one.press(form, "save", title="More rain")
    other.press(form, "save", source="The lake")
    rain.refresh_from_db()
    assert (rain.title, rain.source) == ("More rain", "The lake")


def test_a_choice_that_somebody_else_made_meanwhile_stands(
    editor: Client, second: Client, draft: Issue
) -> None:
    section = draft.sections.get(title="Rain")
    address = f"/admin/issues/issue/{draft.pk}/act/"
    editor.post(address, {"file": section.pk, "about": "none", "version": 0})
    wind = Topic.objects.get(name_en="Wind").pk
    answer = second.post(address, {"file": section.pk, "about": wind, "version": 0}, follow=True)
    assert "Somebody else chose this meanwhile" in answer.content.decode()
    section.refresh_from_db()
    assert section.not_for_mailing
    assert not Alias.objects.exists()


def test_what_is_gone_is_said_to_be_gone_and_nothing_changes(
    editor: Client, second: Client, draft: Issue, rain: Article
) -> None:
    form = opened(editor, draft, f"?at=block-r{rain.pk}-1&open=edit")
    act(opened(second, draft), "drop_article", article=rain.pk)
    said = form.press(f"editor-block-r{rain.pk}-1", "save", text="Mine.")
    assert "This is not there any more" in said.text
    assert draft.revisions.count() == 2
    assert "The place where it was to stand is not there any more" in said.text
    assert "Mine.</textarea>" in said.text
    left = said.press(f"kept-block-r{rain.pk}-1", "forget")
    assert "Mine." not in left.text
    assert not draft.kept_texts.exists()


def test_a_text_that_is_not_saved_is_kept_and_offered_again(
    editor: Client, draft: Issue, rain: Article
) -> None:
    part = f"block-r{rain.pk}-1"
    sent = {"anchor": part, "version": "0", "text": "Half a sen"}
    kept = editor.post(f"/admin/issues/issue/{draft.pk}/keep/", sent)
    assert "not saved yet" in kept.content.decode()
    page = opened(editor, draft)
    assert "You wrote “Half a sen”" in page.text
    again = page.follow("Go on there")
    assert again.fields(f"editor-{part}")["text"] == ["Half a sen"]
    again.press(f"editor-{part}", "save", text="Half a sentence, and the rest.")
    assert "You wrote" not in opened(editor, draft).text
    editor.post(f"/admin/issues/issue/{draft.pk}/keep/", sent)
    editor.post(f"/admin/issues/issue/{draft.pk}/keep/", sent | {"forget": "1"})
    assert not draft.kept_texts.exists()


@pytest.mark.parametrize(
    ("part", "how", "field"),
    [
        ("block-r{}-1", "edit", "text"),
        ("block-r{}-1", "add", "text"),
        ("title-{}", "edit", "title"),
        ("facts", "edit", "publisher"),
    ],
)
def test_without_a_script_the_other_language_takes_what_is_typed_along(
    editor: Client, draft: Issue, part: str, how: str, field: str
) -> None:
    words = "Half a wo"
    part = part.format(Article.objects.get(title="Much rain").pk)
    page = opened(editor, draft, f"?at={part}&open={how}")
    form, action = page.language_button()
    assert "next" in page.fields(form)
    sent = page.fields(form) | {field: [words], "language": ["zh-hans"]}
    there = Page.at(editor, action, sent)
    assert there.path == page.path
    assert 'lang="zh-hans"' in there.text
    assert there.fields(form)[field] == [words]
    assert "尚未保存" in there.text
    assert not draft.revisions.exists()
    back = there.press(form, "save")
    assert words in back.text
    assert not draft.kept_texts.exists()


def test_without_a_script_what_is_typed_is_kept_for_later_by_a_press(
    editor: Client, draft: Issue, rain: Article
) -> None:
    part = f"block-r{rain.pk}-1"
    page = opened(editor, draft, f"?at={part}&open=edit")
    assert '<base target="_blank">' in page.text
    sent = page.fields(f"editor-{part}") | {"text": ["Half a sen"], "later": ["1"]}
    left = Page.at(editor, f"/admin/issues/issue/{draft.pk}/keep/", sent)
    assert left.path == page_of(draft)
    assert "You wrote “Half a sen”" in left.text
    assert "<base" not in left.text


def test_what_is_saved_after_the_session_ended_is_shown_again_and_saved_after_the_log_in(
    draft: Issue, rain: Article
) -> None:
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    here = {"origin": "http://testserver"}
    user = User.objects.create_superuser("writer")
    browser.force_login(user)
    part = f"block-r{rain.pk}-1"
    form = opened(browser, draft, f"?at={part}&open=edit").fields(f"editor-{part}")
    sent = form | {"text": ["It rains | “a lot”."], "save": ["1"]}
    address = f"/admin/issues/issue/{draft.pk}/act/"
    browser.logout()
    ended = browser.post(address, sent, headers=here)
    assert "Your session has ended" in ended.content.decode()
    assert Page(browser, address, 403, ended.content.decode()).fields(f"editor-{part}")["text"] == [
        "It rains | “a lot”."
    ]
    # A log-in gives the browser another token than that of the form.
    browser.force_login(user)
    browser.cookies.pop("csrftoken", None)
    opened(browser, draft, f"?at={part}&open=edit")
    for origin in ("https://elsewhere.example", "null"):
        forged = browser.post(address, sent, headers={"origin": origin})
        assert "a lot" not in forged.content.decode()
    stale = browser.post(address, sent, headers=here)
    assert "save it once more" in stale.content.decode()
    again = Page(browser, address, 403, stale.content.decode()).fields(f"editor-{part}")
    assert browser.post(address, again | {"save": ["1"]}, headers=here).status_code == 302
    rain.refresh_from_db()
    assert rain.passages[0] == Paragraph("It rains | “a lot”.", 2)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"anchor": "block-r1-1"},
        {"anchor": "block-r1-1", "version": "x"},
        {"anchor": "no-part", "version": "0"},
        {"anchor": "title-/../x", "version": "0", "title": "x"},
    ],
)
def test_what_is_no_form_of_an_editor_leads_strangers_to_the_log_in(
    client: Client, draft: Issue, sent: dict[str, str]
) -> None:
    answer = client.post(f"/admin/issues/issue/{draft.pk}/act/", sent)
    assert answer.status_code == 302
    assert "/login/" in answer.headers["Location"]


def test_what_one_editor_typed_is_no_other_ones(
    editor: Client, second: Client, draft: Issue, rain: Article
) -> None:
    sent = {"anchor": f"block-r{rain.pk}-1", "version": "0", "text": "Half a sen"}
    editor.post(f"/admin/issues/issue/{draft.pk}/keep/", sent)
    assert "Half a sen" not in opened(second, draft).text


def test_each_editor_sees_that_the_other_is_here(
    editor: Client, second: Client, draft: Issue
) -> None:
    here = f"/admin/issues/issue/{draft.pk}/here/"
    editor.post(here, {"where": "", "seen": "0"})
    assert "has this issue open, too" in opened(second, draft).text
    seen = second.post(here, {"where": "block-x", "seen": "0"}, headers={"hx-request": "true"})
    assert "has this issue open, too" in seen.content.decode()
    assert "is working here, too" in opened(editor, draft).text
    draft.presences.update(seen_at=NOON)
    assert "too" not in Page.at(editor, page_of(draft)).text.split('id="others"')[1][:200]


def test_the_script_gets_what_changed_and_nothing_else(
    editor: Client, draft: Issue, rain: Article
) -> None:
    answer = editor.post(
        f"/admin/issues/issue/{draft.pk}/act/",
        {
            "act": json.dumps({"act": "begin_article", "block": f"r{rain.pk}-2"}),
            "version": "0",
            "seen": "0",
        },
        headers={"hx-request": "true"},
    )
    text = answer.content.decode()
    new = Article.objects.get(title="What to wear")
    assert f'id="article-{rain.pk}" hx-swap-oob="true"' in text
    assert f'<div hx-swap-oob="afterend:#article-{rain.pk}"><article class="piece' in text
    assert json.loads(answer["HX-Trigger-After-Settle"]) == {"look-at": f"article-{new.pk}"}
    assert "No wind" not in text.split('id="around"')[0]
    assert "Delete the whole draft" not in tree(text).get_element_by_id("bin").text_content()
    page = tree(opened(editor, draft).text)
    assert "Delete the whole draft" not in page.get_element_by_id("bin").text_content()
    assert "Delete the whole draft" in page.text_content()
    seen = editor.post(
        f"/admin/issues/issue/{draft.pk}/here/", {"seen": "1"}, headers={"hx-request": "true"}
    )
    assert "article-" not in seen.content.decode()


def test_the_script_shows_what_was_typed_where_its_place_is_gone(
    editor: Client, second: Client, draft: Issue, rain: Article
) -> None:
    block = f"block-r{rain.pk}-2"
    fields = opened(editor, draft, f"?at={block}&open=edit").fields(f"editor-{block}")
    act(opened(second, draft), "drop_block", block=f"r{rain.pk}-2")
    answer = editor.post(
        f"/admin/issues/issue/{draft.pk}/act/",
        {name: value[0] for name, value in fields.items()} | {"text": "Mine.", "seen": "1"},
        headers={"hx-request": "true"},
    )
    text = answer.content.decode()
    assert f'<div id="{block}" hx-swap-oob="delete"></div>' in text
    assert "Mine.</textarea>" in text


def test_a_page_whose_state_nobody_knows_gets_everything(editor: Client, draft: Issue) -> None:
    act(opened(editor, draft), "add_section")
    answer = editor.post(
        f"/admin/issues/issue/{draft.pk}/here/", {"seen": "x"}, headers={"hx-request": "true"}
    )
    assert '<div id="sections" hx-swap-oob="true">' in answer.content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "{",
        "[]",
        "null",
        '{"act":"fly"}',
        '{"act":"join"}',
        '{"act":"join","block":7}',
        '{"act":"join","block":"' + "x" * 100_001 + '"}',
        '{"act":"several","acts":[{"act":"edit_block","block":"x","passages":[]}]}',
        '{"act":"several","acts":[{"act":"several","acts":[]}]}',
        '{"act":"edit_text","article":1,"passages":[]}',
        '{"act":"restore","number":0}',
        "[" * 5_000,
    ],
)
def test_what_is_no_act_is_answered_and_does_nothing(
    editor: Client, draft: Issue, sent: str
) -> None:
    before = titles(draft)
    address = f"/admin/issues/issue/{draft.pk}/act/"
    answer = editor.post(address, {"act": sent, "version": "0"}, follow=True)
    assert answer.status_code == 200
    assert "Nothing was pressed that can be done here." in answer.content.decode()
    assert titles(draft) == before


@pytest.mark.parametrize(
    "anchor", ["block-", "block-zz", "title-x", "title-99999", "head--1", "facts2", "x", "title-²"]
)
@pytest.mark.parametrize("how", ["menu", "edit", "add", "fly"])
def test_a_part_that_is_not_there_is_said_to_be_gone(
    editor: Client, draft: Issue, anchor: str, how: str
) -> None:
    address = f"/admin/issues/issue/{draft.pk}/part/{anchor}/?open={how}"
    answer = editor.get(address, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert "This is not there any more" in answer.content.decode()
    assert opened(editor, draft, f"?at={anchor}&open={how}").status == 200


@pytest.mark.parametrize("version", ["", "-1", "x", "99", "9" * 30])
def test_a_form_of_a_version_that_never_was_changes_nothing(
    editor: Client, draft: Issue, rain: Article, version: str
) -> None:
    address = f"/admin/issues/issue/{draft.pk}/act/"
    sent = {"act": json.dumps({"act": "drop_article", "article": rain.pk}), "version": version}
    assert "not there any more" in editor.post(address, sent, follow=True).content.decode()
    assert Article.objects.filter(pk=rain.pk).exists()


def test_of_a_published_issue_words_can_be_mended_and_nothing_else(
    editor: Client, draft: Issue, rain: Article
) -> None:
    Issue.objects.update(status=Issue.Status.PUBLISHED, published_at=NOON)
    page = opened(editor, draft)
    assert "section-head" in page.text
    assert 'name="about"' not in page.text
    said = act(page, "drop_article", article=rain.pk)
    assert "words can be mended" in said.text
    edit = opened(editor, draft, f"?at=title-{rain.pk}&open=edit")
    edit.press(f"editor-title-{rain.pk}", "save", title="Very much rain")
    assert titles(draft)["Rain"] == ["Very much rain", "Little rain"]


def test_who_may_only_look_sees_no_handles_and_can_do_nothing(
    client: Client, draft: Issue, rain: Article
) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_issue"))
    client.force_login(clerk)
    page = opened(client, draft)
    assert page.status == 200
    assert "Much rain" in page.text
    assert 'class="handle"' not in page.text
    for name in ("act", "keep", "here"):
        assert client.post(f"/admin/issues/issue/{draft.pk}/{name}/").status_code == 403
    assert client.get(f"/admin/issues/issue/{draft.pk}/part/facts/").status_code == 403
    assert client.get(f"/admin/issues/issue/{draft.pk}/act/").status_code in {403, 405}


def test_the_history_names_who_did_what_and_brings_any_state_back(
    editor: Client, draft: Issue, rain: Article
) -> None:
    page = act(opened(editor, draft), "drop_article", article=rain.pk)
    act(page, "begin_section", block=f"r{Article.objects.get(title='No wind').pk}-2")
    history = page.follow("Who changed what")
    assert "The article “Much rain” was dropped" in history.text
    assert "A section begins at “What to wear”" in history.text
    first = history.follow("The issue as it was read from the file")
    assert "<ins>" in first.text or "<del>" in first.text
    assert "Much rain" in first.text
    first.press("restore", "restore", "0")
    assert titles(draft) == {"Rain": ["Much rain", "Little rain"], "Wind": ["No wind"]}
    assert opened(editor, draft).press("acts", "undo").status == 200
    assert "Rain" in titles(draft)
    assert titles(draft)["Rain"] == ["Little rain"]


def test_a_state_is_compared_by_its_contents_and_what_its_texts_are(
    editor: Client, draft: Issue, rain: Article
) -> None:
    wind = draft.sections.get(title="Wind")
    act(opened(editor, draft), "mail_article", article=rain.pk, mailed=True)
    pressed(editor, draft, act="move_section", section=wind.pk, before=rain.section_id)
    pressed(editor, draft, act="set_kind", block=f"r{rain.pk}-2", kind="quotation")
    pressed(editor, draft, act="file_section", section=wind.pk, not_for_mailing=True)
    page = tree(Page.at(editor, f"/admin/issues/issue/{draft.pk}/versions/0/").text)
    was, now = (" ".join(one.text for one in page.iter(tag)) for tag in ("del", "ins"))
    assert "##" in was
    assert ">" in now
    assert "not for mailing" in now
    assert [one.text for one in page.iter("summary")] == ["Contents", "Much rain"]


def test_the_history_names_what_was_undone_and_done_again(
    editor: Client, draft: Issue, rain: Article
) -> None:
    page = act(opened(editor, draft), "drop_article", article=rain.pk)
    page = page.press("acts", "undo").press("acts", "redo")
    sent = page.fields("acts") | {"act": ['{"act":"add_section"}'], "title": ["Snow"]}
    page = Page.at(editor, f"/admin/issues/issue/{draft.pk}/act/", sent)
    history = page.follow("Who changed what")
    for words in (
        "Undone: The article “Much rain” was dropped",
        "Done again: The article “Much rain” was dropped",
        "The section “Snow” was added",
    ):
        assert words in history.text
    state = history.follow("Undone: The article “Much rain” was dropped")
    assert "Undone: The article “Much rain” was dropped" in state.text
    # What is gone has no page of its own.
    assert f"/admin/issues/article/{rain.pk}/change/" not in state.text


def test_a_version_that_never_was_is_not_found(editor: Client, draft: Issue) -> None:
    assert editor.get(f"/admin/issues/issue/{draft.pk}/versions/7/").status_code == 404


def test_one_press_makes_articles_of_the_sub_headings_of_which_it_warns(
    editor: Client, draft: Issue, rain: Article
) -> None:
    rain.passages = tuple(
        one for n in range(4) for one in (Heading(f"Part {n}", 2), Paragraph(f"Text {n}.", 2))
    )
    rain.save()
    draft.warnings = (ParseWarning("headings_like_headlines", 2, "Much rain"),)
    draft.save()
    page = opened(editor, draft)
    assert "Make these 4 sub-headings articles" in page.text
    value = page.text.split('value="{&quot;act&quot;:&quot;several')[1].split('"')[0]
    several = '{"act":"several' + value.replace("&quot;", '"')
    page.press("acts", "act", several)
    assert titles(draft)["Rain"] == [
        "Much rain",
        *(f"Part {n}" for n in range(4)),
        "Little rain",
    ]


@pytest.mark.parametrize(("first", "offered"), [("Reports become shorter", True), (2 * EN, False)])
def test_one_press_makes_a_headline_of_the_first_words_of_a_text_without_any(
    editor: Client, draft: Issue, rain: Article, first: str, offered: bool
) -> None:
    rain.title, rain.passages = "", (Paragraph(first, 0), Paragraph("Two pages each.", 0))
    rain.save()
    draft.warnings = (ParseWarning("no_headlines", 0),)
    draft.save()
    page = opened(editor, draft)
    assert "No headline was found" in page.text
    assert ("Make its first words the headline" in page.text) is offered
    if offered:
        page = act(page, "begin_article", block=f"r{rain.pk}-1")
        assert titles(draft)["Rain"] == [first, "Little rain"]
        assert "No headline was found" not in page.text


def test_text_in_no_article_stands_at_its_place_and_is_taken_in(
    editor: Client, draft: Issue, rain: Article
) -> None:
    piece = draft.pieces.create(
        position=1, places=(Place(3, 0, 0, 9, 9),), text="A piece.\n\nAnd more."
    )
    draft.warnings = (ParseWarning("left_over", 3, "A piece."),)
    draft.save()
    page = opened(editor, draft)
    assert "There is text that is in no article" in page.text
    after = act(page, "take_in", remnant=piece.pk, article=rain.pk)
    rain.refresh_from_db()
    assert rain.passages[-2:] == (Paragraph("A piece.", 3), Paragraph("And more.", 3))
    assert "There is text that is in no article" not in after.text
    again = act(opened(editor, draft), "take_in", remnant=piece.pk)
    assert "not there any more" in again.text


def pressed(client: Client, issue: Issue, **what: object) -> str:
    """The answer to the page's script, which shows the present version."""
    version = Issue.objects.get(pk=issue.pk).version
    form = {"act": json.dumps(what), "version": version, "seen": version}
    address = f"/admin/issues/issue/{issue.pk}/act/"
    return client.post(address, form, headers={"hx-request": "true"}).content.decode()


def test_of_several_texts_above_all_articles_the_others_stay_on_the_page(
    editor: Client, draft: Issue
) -> None:
    first, second = (
        draft.pieces.create(position=n, places=(Place(1, 0, 0, 9, 9),), text=f"Piece {n}.")
        for n in (1, 2)
    )
    above = tree(pressed(editor, draft, act="drop_remnant", remnant=first.pk)).get_element_by_id(
        "above"
    )
    assert above.get("hx-swap-oob") == "true"
    assert "Piece 2." in above.text_content()
    assert f'id="remnant-{second.pk}"' in opened(editor, draft).text


def test_small_pictures_of_the_pages_come_again_where_their_marks_change(
    editor: Client, draft: Issue, rain: Article
) -> None:
    draft.page_count = 4
    draft.warnings = (ParseWarning("article_without_text", 3, "Much rain"),)
    rain.passages = ()
    rain.save()
    draft.save()
    draft.files.update(page_count=4)
    assert '<span class="count">1</span>' in opened(editor, draft).text
    assert "thumbs" not in pressed(editor, draft, act="mail_article", article=rain.pk, mailed=False)
    answer = pressed(editor, draft, act="drop_article", article=rain.pk)
    assert tree(answer).get_element_by_id("thumbs").get("hx-swap-oob") == "true"
    assert 'class="count"' not in answer


def test_an_article_by_itself_leads_to_its_neighbours(editor: Client, draft: Issue) -> None:
    little = Article.objects.get(title="Little rain")
    page = Page.at(editor, f"/admin/issues/article/{little.pk}/change/")
    assert "← Much rain" in page.text
    assert "Much rain" in page.follow("← Much rain").text
    assert "No wind →" in page.text
    assert '<p class="kind">Article</p>' in page.text
    assert f'href="/admin/issues/article/{little.pk}/change/"' not in page.text


def a_long_issue(draft: Issue, *, articles: int) -> None:
    section = draft.sections.get(title="Rain")
    for n in range(articles):
        an_article(section, f"Article {n}", position=n + 10)


def test_a_page_and_an_act_cost_as_many_queries_for_a_long_issue(
    editor: Client, draft: Issue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    opened(editor, draft)  # content types are asked for once in a process
    act(opened(editor, draft), "add_section")
    counts: list[tuple[int, int]] = []
    for more in (0, 40):
        a_long_issue(draft, articles=more)
        rain = Article.objects.get(title="Much rain").pk
        sent: dict[str, Any] = {
            "act": json.dumps({"act": "mail_article", "article": rain, "mailed": bool(more)}),
            "version": Issue.objects.get().version,
            "seen": Issue.objects.get().version,
        }
        with django_assert_num_queries(PAGE):
            opened(editor, draft)
        with django_assert_num_queries(ACT):
            editor.post(
                f"/admin/issues/issue/{draft.pk}/act/", sent, headers={"hx-request": "true"}
            )
        counts.append((PAGE, ACT))
    assert len(set(counts)) == 1


PAGE, ACT = 20, 28


def test_a_section_of_which_no_article_is_mailed_is_not_mailed(
    editor: Client, draft: Issue
) -> None:
    wind = Article.objects.get(title="No wind")
    act(opened(editor, draft), "mail_article", article=wind.pk, mailed=False)
    assert list(Section.objects.filter(issue=draft).mailed().values_list("title", flat=True)) == [
        "Rain"
    ]


def test_old_texts_and_visits_are_forgotten(editor: Client, draft: Issue, rain: Article) -> None:
    pk = User.objects.values_list("pk", flat=True)[0]
    at_work.keep(draft, pk, field="facts:title", text="x", version=0, at=NOON)
    at_work.report(draft, pk, where="", at=NOON)
    at_work.forget_old(at=NOON + at_work.KEPT_FOR * 2)
    assert not draft.kept_texts.exists()
    assert not draft.presences.exists()


def test_an_issue_of_another_kind_of_state_has_no_editor(editor: Client) -> None:
    issue = an_issue(weather("other"), status=Issue.Status.UPLOADED)
    assert 'id="acts"' not in opened(editor, issue).text


def test_a_deleted_draft_is_in_the_bin_and_comes_back_as_it_was(
    editor: Client, draft: Issue, rain: Article
) -> None:
    act(opened(editor, draft), "drop_article", article=rain.pk)
    asks = Page.at(editor, f"/admin/issues/issue/{draft.pk}/delete/")
    assert "Are you sure" in asks.text
    after = Page.at(editor, asks.path, {"post": ["yes"]})
    assert after.path == "/admin/issues/issue/bin/"
    assert "is in the bin, for 30 days" in after.text
    draft.refresh_from_db()
    assert draft.status == Issue.Status.BINNED
    assert "Weather" not in Page.at(editor, "/admin/issues/issue/").text.split("result_list")[-1]
    assert "This draft is in the bin." in opened(editor, draft).text
    back = after.press("bin", "take_back", str(draft.pk))
    assert back.path == page_of(draft)
    draft.refresh_from_db()
    assert draft.status == Issue.Status.DRAFT
    assert draft.revisions.count() == 2


def test_several_drafts_are_deleted_at_once_and_what_is_published_is_not(
    editor: Client, draft: Issue
) -> None:
    published = an_issue(draft.bulletin)
    sent = {
        "action": "delete_selected",
        "_selected_action": [draft.pk, published.pk],
        "post": "yes",
    }
    editor.post("/admin/issues/issue/", sent)
    states = list(Issue.objects.order_by("pk").values_list("status", flat=True))
    assert states == [Issue.Status.BINNED, Issue.Status.PUBLISHED]


def test_after_a_month_the_bin_is_emptied(editor: Client, draft: Issue, rain: Article) -> None:
    act(opened(editor, draft), "drop_block", block=f"r{rain.pk}-1")
    other = an_issue(draft.bulletin, status=Issue.Status.DRAFT)
    binning.bin_issue(other, at=NOON)
    binning.purge(at=NOON + binning.KEPT_FOR)
    assert Issue.objects.filter(pk=other.pk).exists()
    draft.bin_entries.update(dropped_at=NOON)
    assert binning.purge(at=NOON + binning.KEPT_FOR * 2) == 1
    assert not Issue.objects.filter(pk=other.pk).exists()
    assert not draft.bin_entries.exists()


def test_a_second_reading_replaces_nothing_that_was_edited(
    editor: Client, draft: Issue, rain: Article
) -> None:
    act(opened(editor, draft), "drop_article", article=rain.pk)
    text = IssueText("", "", "", "", 1, ())
    with pytest.raises(importing.NotImported):
        importing.import_text(draft, text, at=NOON)
    assert titles(draft)["Wind"] == ["No wind"]
