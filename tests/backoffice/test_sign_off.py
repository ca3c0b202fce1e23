"""Where a bulletin asks for it, what is published was released by a second person as it stands."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from datetime import timedelta
from email import policy
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit_log.models import Entry
from backoffice.roles import EDITOR, PUBLISHER
from digests import audience, publishing, releasing, scheduling, sending
from digests.models import Digest
from digests.obstacles import Reason
from issues import markup, release_tokens
from issues import sign_off as signing_off
from issues.editing import history, storage
from issues.editing.acts import AddBlocks, EditBlock, EditFacts
from issues.editing.history import Submission
from issues.editing.refusals import ActRefused
from issues.models import Article, Issue, SignOff, SignOffRequest
from publications.models import Bulletin
from tests.support.browsing import Page
from tests.support.colleagues import a_colleague, browser_of
from tests.support.factories import NOW, a_reader, an_issue, weather

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail_in_memory(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def bulletin() -> Bulletin:
    found = weather()
    Bulletin.objects.update(needs_sign_off=True)
    found.refresh_from_db()
    a_reader(found, "ann@reader.example", topics=list(found.topics.all()))
    return found


@pytest.fixture
def draft(bulletin: Bulletin) -> Issue:
    return an_issue(bulletin, Issue.Status.DRAFT)


@pytest.fixture
def ed(bulletin: Bulletin) -> User:
    return a_colleague("ed", EDITOR, of=bulletin)


@pytest.fixture
def pat(bulletin: Bulletin) -> User:
    return a_colleague("pat", PUBLISHER, of=bulletin)


def at(issue: Issue, name: str = "sign-off") -> str:
    return f"/admin/issues/issue/{issue.pk}/{name}/"


def submitted(draft: Issue, by: User, note: str = "Ready.") -> Page:
    return Page.at(browser_of(by), at(draft)).press("submit", "_submit", note=note)


def waiting(issue: Issue) -> SignOff:
    found = signing_off.open_of(issue)
    assert found is not None
    return found


def changed(issue: Issue, title: str = "Changed") -> None:
    issue.refresh_from_db()
    facts = storage.load(issue).facts
    act = EditFacts(title=title, number=facts.number, date=facts.date, publisher=facts.publisher)
    by = User.objects.get(username="ed").pk
    history.perform(issue, act, Submission(by=by, made_from=issue.version, at=timezone.now()))
    issue.refresh_from_db()


def released(draft: Issue, submitter: User, second: User) -> None:
    found = releasing.submit(draft, by=submitter, asked=[second], at=timezone.now())
    releasing.release(found, by=second, at=timezone.now())


def words_of(message: Any) -> str:
    """What a mail says, as HTML and as text."""
    parsed = email.message_from_string(message.message().as_string(), policy=policy.default)
    bodies = (parsed.get_body((kind,)) for kind in ("html", "plain"))
    return "\n".join(body.get_content() for body in bodies if body)


def link() -> str:
    found = re.search(rf"{site.SITE_URL}(/release/[^\s\"]+)", words_of(mail.outbox[0]))
    assert found
    return found[1]


def test_the_straight_road_is_as_it_was_where_no_release_is_asked_for(
    draft: Issue, pat: User
) -> None:
    Bulletin.objects.update(needs_sign_off=False)
    page = Page.at(browser_of(pat), at(draft, "change"))
    assert "Sign-off" not in page.text
    page.follow("Publish …").press("publish")
    draft.refresh_from_db()
    assert draft.status == Issue.Status.PUBLISHED


def test_submitted_mailed_with_the_proof_released_and_published(
    draft: Issue, ed: User, pat: User
) -> None:
    page = submitted(draft, ed)
    assert "those who are asked get a mail" in page.text
    (message,) = mail.outbox
    assert message.to == ["pat@office.example"]
    said = words_of(message)
    assert "ed asks you to release" in said
    assert "for the first time" in said
    assert said.count("Much rain") >= 2  # the proof, as HTML and as text
    browser = browser_of(pat)
    assert "Publish …" not in Page.at(browser, at(draft, "change")).text
    page = Page.at(browser, at(draft)).press("decide", "_release", word="Good.")
    assert "pat released it" in page.text
    assert mail.outbox[1].to == ["ed@office.example"]
    assert "Good." in words_of(mail.outbox[1])
    page.follow("Publish …").press("publish")
    draft.refresh_from_db()
    assert draft.status == Issue.Status.PUBLISHED
    acts = list(Entry.objects.order_by("pk").values_list("act", "by_name", "issue_id"))
    assert ("issue.submitted", "ed", draft.pk) in acts
    assert ("issue.released", "pat", draft.pk) in acts
    listed = Page.at(browser, at(draft, "history")).text
    assert "Submitted it for release: Ready." in listed
    assert "Released it: Good." in listed


def test_returned_with_a_word_and_what_changed_is_said_the_next_time(
    draft: Issue, ed: User, pat: User
) -> None:
    submitted(draft, ed)
    page = Page.at(browser_of(pat), at(draft)).press("decide", "_return")
    assert "Say in a word" in page.text
    page.press("decide", "_return", word="A better title, please.")
    assert waiting_or_none(draft) is None
    assert "A better title" in words_of(mail.outbox[1])
    assert "A better title" in Page.at(browser_of(ed), at(draft)).text
    changed(draft, "A storm")
    article = Article.objects.filter(section__issue=draft, title="Much rain").get()
    Article.objects.filter(pk=article.pk).update(title="Very much rain")
    Issue.objects.filter(pk=draft.pk).update(version=draft.version)
    submitted(draft, ed)
    said = words_of(mail.outbox[2])
    assert "for the first time" not in said
    assert "“Weather”" in said
    assert "“A storm”" in said


def waiting_or_none(issue: Issue) -> SignOff | None:
    return signing_off.open_of(issue)


def test_who_submitted_cannot_release_also_not_by_a_link(draft: Issue, pat: User) -> None:
    other = a_colleague("other", PUBLISHER)
    found = releasing.submit(draft, by=pat, asked=[pat, other], at=timezone.now())
    page = Page.at(browser_of(pat), at(draft))
    assert "somebody else has to release it" in page.text
    answer = browser_of(pat).post(at(draft), {"sign_off": found.pk, "_release": "1"})
    assert answer.status_code == 302
    request = SignOffRequest.objects.get(sign_off=found, user=pat)
    token = release_tokens.token(request, at=timezone.now())
    page = Page.at(
        Client(headers={"accept-language": "en"}), f"/release/{token}/", {"_release": ["1"]}
    )
    assert "somebody else has to release it" in page.text
    found.refresh_from_db()
    assert found.decision == ""


def test_an_editor_without_the_right_cannot_release(draft: Issue, ed: User, pat: User) -> None:
    found = releasing.submit(draft, by=pat, asked=[ed], at=timezone.now())
    browser_of(ed).post(at(draft), {"sign_off": found.pk, "_release": "1"})
    found.refresh_from_db()
    assert found.decision == ""


def roads(issue: Issue) -> dict[str, Callable[[], object]]:
    now = timezone.now()
    return {
        "mailed": lambda: publishing.publish(issue, at=now),
        "on the web": lambda: publishing.publish_on_the_web(issue, at=now),
        "at a time": lambda: scheduling.schedule(
            issue, publish_at=now + timedelta(hours=1), at=now
        ),
    }


@pytest.mark.parametrize("road", ["mailed", "on the web", "at a time"])
@pytest.mark.parametrize("change", ["none", "act", "row", "undone"])
def test_every_road_asks_for_the_release_of_exactly_what_is_published(
    draft: Issue, ed: User, pat: User, road: str, change: str
) -> None:
    with pytest.raises(publishing.NotReady) as refused:
        roads(draft)[road]()
    assert [one.reason for one in refused.value.obstacles] == [Reason.NOT_RELEASED]
    released(draft, ed, pat)
    if change == "row":
        Article.objects.filter(section__issue=draft).update(byline="somebody")
    if change in {"act", "undone"}:
        changed(draft)
    if change == "undone":
        sent = Submission(by=ed.pk, made_from=draft.version, at=timezone.now())
        history.undo(draft, sent)
        draft.refresh_from_db()
    if change == "none":
        roads(draft)[road]()
        return
    with pytest.raises(publishing.NotReady) as refused:
        roads(draft)[road]()
    assert [one.reason for one in refused.value.obstacles] == [Reason.CHANGED_SINCE]
    released(draft, ed, pat)
    roads(draft)[road]()


def test_the_sweep_publishes_no_scheduled_issue_that_was_changed_since(
    draft: Issue, ed: User, pat: User
) -> None:
    released(draft, ed, pat)
    soon = timezone.now() + timedelta(seconds=1)
    scheduling.schedule(draft, publish_at=soon, at=timezone.now())
    changed(draft)
    assert scheduling.publish(draft, at=soon + timedelta(minutes=1)) is None
    draft.refresh_from_db()
    assert draft.status == Issue.Status.DRAFT
    assert draft.missed_at is not None
    assert draft.obstacles[0][0] == Reason.CHANGED_SINCE
    assert "changed after it was released" in Page.at(browser_of(pat), at(draft, "change")).text
    assert not Digest.objects.exists()


def test_a_link_that_a_scanner_opens_does_nothing_and_a_press_decides_once(
    draft: Issue, ed: User, pat: User
) -> None:
    submitted(draft, ed)
    where, scanner = link(), Client()
    for method in ("get", "head", "options"):
        getattr(scanner, method)(where)
    assert waiting(draft).decision == ""
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(where, {"_release": "1"}).status_code == 403  # a press of no page of ours
    assert waiting(draft).decision == ""
    person = Client(headers={"accept-language": "en"})
    page = Page.at(person, where)
    assert "You decide as pat" in page.text
    assert "You released it" in page.press("release", "_release").text
    found = SignOff.objects.get()
    assert (found.decision, found.decided_by, found.by_link) == ("released", pat, True)
    again = Page.at(person, where, {"_return": ["1"], "word": ["no"]})
    assert "pat released it on" in again.text
    assert "pat released it on" in Page.at(person, where).text
    found.refresh_from_db()
    assert found.decision == "released"
    assert len(mail.outbox) == 2
    entry = Entry.objects.get(by=pat)
    assert (entry.act, entry.after["by_link"]) == ("issue.released", True)


def test_a_link_says_so_after_the_draft_changed_and_releases_nothing(
    draft: Issue, ed: User, pat: User
) -> None:
    submitted(draft, ed)
    changed(draft)
    for data in (None, {"_release": ["1"]}):
        page = Page.at(Client(headers={"accept-language": "en"}), link(), data)
        assert "changed after this was submitted" in page.text
    assert SignOff.objects.get().decision == ""
    assert signing_off.release_of(draft) is None


@pytest.mark.parametrize("why", ["too old", "forged", "gone", "demoted", "taken back"])
def test_a_link_is_bound_to_a_person_a_submission_and_a_time(
    draft: Issue, ed: User, pat: User, why: str
) -> None:
    submitted(draft, ed)
    request = SignOffRequest.objects.get()
    made = timezone.now() - (release_tokens.LIFETIME * 2 if why == "too old" else timedelta())
    token = release_tokens.token(request, at=made)
    if why == "forged":
        token = token[:-1] + ("A" if token[-1] != "A" else "B")
    if why == "gone":
        User.objects.filter(pk=pat.pk).update(is_active=False)
    if why == "demoted":
        pat.memberships.all().delete()
    if why == "taken back":
        releasing.take_back(waiting(draft), by=ed, at=timezone.now())
    answer = Client().post(f"/release/{token}/", {"_release": "1"})
    assert answer.status_code == (404 if why in {"too old", "forged"} else 200)
    assert SignOff.objects.get().decision in {"", "withdrawn"}


def test_a_word_with_nul_is_answered(draft: Issue, ed: User, pat: User) -> None:
    submitted(draft, ed)
    token = release_tokens.token(SignOffRequest.objects.get(), at=timezone.now())
    answer = Client().post(f"/release/{token}/", {"_return": "1", "word": "No\0"})
    assert answer.status_code in {200, 400}  # PostgreSQL keeps none


def test_submitting_twice_asks_once(draft: Issue, ed: User, pat: User) -> None:
    submitted(draft, ed)
    browser_of(ed).post(at(draft), {"_submit": "1", "version": draft.version, "note": "Ready."})
    assert SignOff.objects.count() == 1
    assert len(mail.outbox) == 1


def test_a_page_that_shows_an_older_version_submits_nothing(
    draft: Issue, ed: User, pat: User
) -> None:
    page = Page.at(browser_of(ed), at(draft))
    changed(draft)
    assert "changed meanwhile" in page.press("submit", "_submit").text
    assert not SignOff.objects.exists()


def test_only_those_who_are_chosen_get_the_mail(draft: Issue, ed: User, pat: User) -> None:
    a_colleague("chief", PUBLISHER)
    a_colleague("elsewhere", PUBLISHER, of=weather("elsewhere"))
    page = Page.at(browser_of(ed), at(draft))
    assert "chief" in page.text
    assert "elsewhere" not in page.text
    page.press("submit", "_submit", asked=str(pat.pk))
    assert [one.to for one in mail.outbox] == [["pat@office.example"]]


def test_where_nobody_else_may_release_the_page_says_so(draft: Issue, ed: User) -> None:
    assert "Nobody else may release" in submitted(draft, ed).text
    assert not SignOff.objects.exists()


def published(draft: Issue, ed: User, pat: User) -> Issue:
    released(draft, ed, pat)
    digest = publishing.publish(draft, at=NOW)
    audience.prepare(digest, at=NOW)
    sending.finish(digest, at=timezone.now())
    draft.refresh_from_db()
    return draft


def retitled(issue: Issue, by: User, title: str) -> Page:
    """Press on a new title of the first article."""
    article = Article.objects.filter(section__issue=issue).order_by("pk")[0]
    page = Page.at(browser_of(by), f"{at(issue, 'change')}?at=title-{article.pk}&open=edit")
    return page.press(f"editor-title-{article.pk}", "save", title=title)


def test_words_of_what_is_published_change_once_they_are_released(
    draft: Issue, ed: User, pat: User
) -> None:
    issue = published(draft, ed, pat)
    version = issue.version
    page = retitled(issue, ed, "Rain without end")
    assert "once a second person has released it" in page.text
    issue.refresh_from_db()
    assert issue.version == version
    front = f"/b/{issue.bulletin.slug}/issues/{issue.pk}/"
    assert "Rain without end" not in Page.at(Client(), front).text
    submitted(issue, ed)
    assert "Rain without end" in re.sub(r"</?(ins|del)[^>]*>", "", words_of(mail.outbox[-1]))
    assert browser_of(ed).post(at(issue), {"sign_off": waiting(issue).pk, "_release": "1"})
    assert "Rain without end" not in Page.at(Client(), front).text
    Page.at(browser_of(pat), at(issue)).press("decide", "_release")
    assert "Rain without end" in Page.at(Client(), front).text
    issue.refresh_from_db()
    made = issue.revisions.get(number=issue.version)
    assert made.made_by == ed


def test_editors_see_and_go_on_with_what_they_changed_and_what_readers_see_is_named(
    draft: Issue, ed: User, pat: User
) -> None:
    issue = published(draft, ed, pat)
    assert "waits for a release" not in Page.at(browser_of(ed), at(issue, "change")).text
    article = Article.objects.filter(section__issue=issue).order_by("pk")[0]
    page = retitled(issue, ed, "Rain without end")
    for path in (at(issue, "change"), f"/admin/issues/article/{article.pk}/change/"):
        page = Page.at(browser_of(pat), path)
        assert "Rain without end" in page.text
        assert page.text.count("waits for a release") == 1
    page = Page.at(browser_of(ed), f"{at(issue, 'change')}?at=title-{article.pk}&open=edit")
    assert "Readers see the text that was released until then" in page.text
    assert page.fields(f"editor-title-{article.pk}")["title"] == ["Rain without end"]
    page.press(f"editor-title-{article.pk}", "save", subtitle="And no sun")
    edited = next(iter(releasing.as_edited(issue).articles))
    assert (edited.title, edited.subtitle) == ("Rain without end", "And no sun")
    assert releasing.awaiting(issue) == {article.pk}
    article.refresh_from_db()
    assert article.title == "Much rain"


def test_a_block_that_was_added_and_waits_is_edited_again_before_it_is_released(
    draft: Issue, ed: User, pat: User
) -> None:
    issue = published(draft, ed, pat)
    article = next(iter(releasing.as_edited(issue).articles))

    def words() -> list[str]:
        blocks = next(iter(releasing.as_edited(issue).articles)).blocks
        return [markup.write([block.passage]) for block in blocks]

    for n in range(2):
        act = AddBlocks(article.key, markup.read(f"New {n}.", before=(), pictures={}))
        releasing.gather(issue, act, by=ed, at=timezone.now())
    added = next(iter(releasing.as_edited(issue).articles)).blocks[0]
    assert words()[:2] == ["New 1.", "New 0."]
    edited = EditBlock(added.handle, markup.read("Newer.", before=(), pictures={}))
    releasing.gather(issue, edited, by=ed, at=timezone.now())
    assert words()[:2] == ["Newer.", "New 0."]
    found = releasing.submit(issue, by=ed, asked=[pat], at=timezone.now())
    expected = words()
    releasing.release(found, by=pat, at=timezone.now())
    issue.refresh_from_db()
    assert words() == expected
    assert releasing.changes_of(issue) is None


def test_words_changed_back_to_what_was_released_wait_for_nothing(
    draft: Issue, ed: User, pat: User
) -> None:
    issue = published(draft, ed, pat)
    retitled(issue, ed, "Rain without end")
    assert "as it was released" in retitled(issue, ed, "Much rain").text
    assert signing_off.open_of(issue) is None
    assert Page.at(browser_of(ed), at(issue)).status == 200


def test_no_act_by_any_road_changes_what_is_published_without_a_release(
    draft: Issue, ed: User, pat: User
) -> None:
    issue = published(draft, ed, pat)
    with pytest.raises(ActRefused):
        changed(issue)
    for press in ("undo", "redo", "make_topics"):
        browser_of(pat).post(at(issue, "act"), {press: "1", "version": issue.version})
    issue.refresh_from_db()
    assert issue.title == "Weather"
    assert not issue.revisions.exclude(number=0).exists()


def test_a_correction_is_mailed_once_it_is_released(draft: Issue, ed: User, pat: User) -> None:
    issue = published(draft, ed, pat)
    other = a_colleague("other", PUBLISHER)
    digest = Digest.objects.get()
    article = digest.articles()[0]
    described = audience.drafted(
        digest, articles=[article.pk], remark="It did not rain.", at=timezone.now()
    )
    with pytest.raises(publishing.NotReady):
        publishing.correct(described)
    data = {"articles": [str(article.pk)], "remark": ["It did not rain."], "_send": ["1"]}
    Page.at(browser_of(pat), at(issue, "correct"), data)
    assert Digest.objects.count() == 1
    found = waiting(issue)
    assert found.kind == SignOff.Kind.CORRECTION
    (message,) = mail.outbox[-1:]
    assert message.to == ["other@office.example"]
    assert "It did not rain." in words_of(message)
    browser_of(pat).post(at(issue), {"sign_off": found.pk, "_release": "1"})
    assert Digest.objects.count() == 1
    Page.at(browser_of(other), at(issue)).press("decide", "_release")
    correction = Digest.objects.exclude(corrects=None).get()
    assert correction.remark == "It did not rain."


def test_the_setting_is_in_the_log(bulletin: Bulletin, editor: Client) -> None:
    page = Page.at(editor, f"/admin/publications/bulletin/{bulletin.pk}/change/")
    data = page.fields("bulletin_form")
    del data["needs_sign_off"]
    Page.at(editor, page.path, data | {"_save": ["1"]})
    bulletin.refresh_from_db()
    assert not bulletin.needs_sign_off
    entry = Entry.objects.get()
    assert entry.act == "bulletin.changed"
    assert (entry.before["needs_sign_off"], entry.after["needs_sign_off"]) == (True, False)
