"""Everybody sees and does what their bulletins allow, and nothing of another's."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from backoffice import roles
from backoffice.roles import ADMINISTRATOR, EDITOR, OPERATOR, PERMISSIONS, PUBLISHER, READER_CARE
from backoffice.users import permission_label
from issues.models import Article, Issue
from publications import rights
from publications.models import Bulletin, Membership, Role, Topic
from subscribers import suppressions
from subscribers.models import Subscriber, Suppression
from subscribers.models.suppression import SuppressionReason
from tests.support.browsing import Page
from tests.support.colleagues import a_colleague, browser_of
from tests.support.factories import NOON, a_digest, a_reader, an_issue, weather

pytestmark = pytest.mark.django_db

# Named by the pages that are there once readers are imported, exported and mailed again.
LISTS = {
    "issues/issue": EDITOR,
    "publications/bulletin": EDITOR,
    "publications/topic": EDITOR,
    "subscribers/subscriber": READER_CARE,
    "digests/digest": PUBLISHER,
    "digests/delivery": PUBLISHER,
    "digests/feedback": PUBLISHER,
}


@pytest.fixture
def here() -> Bulletin:
    return weather("here")


@pytest.fixture
def there() -> Bulletin:
    return weather("there")


@pytest.fixture
def mailed(here: Bulletin, there: Bulletin) -> dict[str, Issue]:
    """A published and mailed issue of each, with a reader."""
    issues = {}
    for bulletin in (here, there):
        issue = an_issue(bulletin, Issue.Status.DRAFT, title=f"Weather {bulletin.slug}")
        topics = list(bulletin.topics.all())
        a_reader(bulletin, f"ann@{bulletin.slug}.example", topics=topics)
        a_digest(issue)
        issues[bulletin.slug] = issue
    return issues


def everybody(bulletin: Bulletin) -> User:
    """Somebody with all roles in one bulletin."""
    return a_colleague("all", *PERMISSIONS, of=bulletin)


@pytest.mark.parametrize("listed", LISTS)
def test_a_list_shows_the_rows_of_ones_bulletins_alone(
    listed: str, here: Bulletin, mailed: dict[str, Issue]
) -> None:
    mine = Page.at(browser_of(a_colleague("c", LISTS[listed], of=here)), f"/admin/{listed}/")
    assert mine.status == 200
    names = ("The there", "Weather there", "@there.example")
    assert not any(name in mine.text for name in names)
    every = Page.at(browser_of(a_colleague("e", LISTS[listed])), f"/admin/{listed}/")
    if listed != "digests/feedback":  # nothing came back
        assert "here" in mine.text.partition('id="changelist"')[2]
        assert "there" in every.text.partition('id="changelist"')[2]


def test_naming_another_bulletin_in_the_address_finds_nothing(
    here: Bulletin, there: Bulletin, mailed: dict[str, Issue]
) -> None:
    browser = browser_of(everybody(here))
    page = Page.at(browser, f"/admin/issues/issue/?bulletin__id__exact={there.pk}")
    assert "Weather there" not in page.text
    readers = Page.at(browser, "/admin/subscribers/subscriber/?q=ann@there.example")
    assert "0 " in readers.text.partition('class="paginator"')[2][:200]


def test_the_dashboard_and_the_search_know_ones_bulletins_alone(
    here: Bulletin, mailed: dict[str, Issue]
) -> None:
    for issue in mailed.values():
        an_issue(issue.bulletin, Issue.Status.DRAFT, title=f"Draft {issue.bulletin.slug}")
    browser = browser_of(everybody(here))
    home = Page.at(browser, "/admin/").text
    assert "Draft here" in home
    assert "Draft there" not in home
    assert "Weather there" not in home
    found = Page.at(browser, "/admin/search/?q=forecast").text
    assert "here" in found
    assert "Weather there" not in found
    assert "Draft there" not in found


def test_a_draft_is_read_on_the_web_by_the_people_of_its_bulletin(
    here: Bulletin, there: Bulletin
) -> None:
    drafts = [an_issue(one, Issue.Status.DRAFT) for one in (here, there)]
    browser = browser_of(a_colleague("c", EDITOR, of=here))
    for draft, status in zip(drafts, (200, 404), strict=True):
        front = f"/b/{draft.bulletin.slug}/"
        article = Article.objects.filter(section__issue=draft)[0]
        for rest in ("", "pdf/", "figures/cloud.png", f"articles/{article.pk}/"):
            answer = browser.get(f"{front}issues/{draft.pk}/{rest}")
            assert answer.status_code == status
            if answer.streaming:
                b"".join(answer)  # and its file is closed
        assert (f"/issues/{draft.pk}/" in browser.get(front).content.decode()) is (status == 200)


def test_forms_offer_ones_bulletins_alone_and_take_no_other(
    here: Bulletin, there: Bulletin
) -> None:
    browser = browser_of(a_colleague("c", EDITOR, of=here))
    for page in ("issues/issue/add/", "publications/topic/add/"):
        text = Page.at(browser, f"/admin/{page}").text
        assert "The here" in text
        assert "The there" not in text
    made = {"bulletin": there.pk, "name_zh": "", "name_en": "Hail", "position": 3, "_save": "1"}
    browser.post("/admin/publications/topic/add/", made)
    browser.post("/admin/issues/issue/add/", {"bulletin": there.pk, "_begin": "1"})
    assert not Topic.objects.filter(name_en="Hail").exists()
    assert not Issue.objects.exists()


def test_nobody_moves_an_issue_into_a_bulletin_of_others(here: Bulletin, there: Bulletin) -> None:
    draft = an_issue(here, Issue.Status.DRAFT)
    browser = browser_of(a_colleague("c", EDITOR, of=here))
    assert "The there" not in Page.at(browser, f"/admin/issues/issue/{draft.pk}/change/").text
    answer = browser.post(f"/admin/issues/issue/{draft.pk}/transfer/", {"bulletin": there.pk})
    assert answer.status_code == 404
    draft.refresh_from_db()
    assert draft.bulletin == here


@pytest.mark.parametrize("press", ["action", "edited"])
def test_who_may_only_look_in_one_bulletin_changes_nothing_there_from_a_list(
    press: str, here: Bulletin, there: Bulletin
) -> None:
    user = a_colleague("c", EDITOR, of=here)
    group = Group.objects.create(name="looks")
    group.permissions.set(Permission.objects.filter(codename__startswith="view_"))
    user.memberships.create(bulletin=there, group=group)
    topics = list(Topic.objects.order_by("pk"))
    data: dict[str, list[str]]
    if press == "action":
        data = {"action": ["retire"], "_selected_action": [str(one.pk) for one in topics]}
    else:
        listed = Page.at(browser_of(user), "/admin/publications/topic/")
        data = listed.fields("changelist-form") | {"_save": ["1"]}
        data |= {name: ["9"] for name in data if name.endswith("-position")}
        data |= {f"form-{n}-position": ["9"] for n in range(len(topics))}
    Page.at(browser_of(user), "/admin/publications/topic/", data)
    for topic in Topic.objects.select_related("bulletin"):
        changed = topic.retired_at is not None or topic.position == 9
        assert changed is (topic.bulletin == here), topic


def test_a_role_in_one_bulletin_gives_no_right_over_accounts_or_new_bulletins(
    here: Bulletin,
) -> None:
    user = a_colleague("c", ADMINISTRATOR, of=here)
    assert user.has_perm("publications.change_bulletin", here)
    for perm in ("auth.add_user", "auth.change_group", "publications.add_bulletin"):
        assert not user.has_perm(perm)


def test_a_reader_of_two_bulletins_is_seen_with_the_subscriptions_of_ones_own(
    here: Bulletin, there: Bulletin
) -> None:
    readers = [
        a_reader(one, "bo@reader.example", topics=list(one.topics.all())) for one in (here, there)
    ]
    browser = browser_of(a_colleague("c", READER_CARE, of=here))
    listed = Page.at(browser, "/admin/subscribers/subscriber/?q=bo@reader.example").text
    assert f"/subscriber/{readers[0].pk}/" in listed
    assert f"/subscriber/{readers[1].pk}/" not in listed
    address = "/admin/subscribers/subscriber/{}/change/"
    assert browser.get(address.format(readers[0].pk)).status_code == 200
    assert browser.get(address.format(readers[1].pk)).status_code == 302
    browser.post(
        "/admin/subscribers/subscriber/",
        {"action": "unsubscribe", "_selected_action": [one.pk for one in readers]},
    )
    left = Subscriber.objects.exclude(unsubscribed_at=None)
    assert [one.bulletin for one in left] == [here]


def test_a_suppression_is_lifted_by_those_in_whose_bulletins_alone_it_holds(
    here: Bulletin, there: Bulletin
) -> None:
    for bulletin in (here, there):
        a_reader(bulletin, "both@reader.example")
    a_reader(here, "mine@reader.example")
    for name in ("both", "mine"):
        suppressions.suppress(
            f"{name}@reader.example", reason=SuppressionReason.EDITOR, evidence="", at=NOON
        )
    user = a_colleague("c", READER_CARE, of=here)
    seen = {
        row: user.has_perm("subscribers.change_suppression", row)
        for row in Suppression.objects.all()
    }
    assert {row.address_key: may for row, may in seen.items()} == {
        "both@reader.example": False,
        "mine@reader.example": True,
    }
    listed = Page.at(browser_of(user), "/admin/subscribers/suppression/").text
    assert "mine@reader.example" in listed
    assert "both@reader.example" not in listed
    a_reader(there, "other@reader.example")
    for name in ("other", "nobody"):
        page = Page.at(
            browser_of(user),
            "/admin/subscribers/suppression/add/",
            {"address_key": [f"{name}@reader.example"], "evidence": [""]},
        )
        assert "not read in your bulletins alone" in page.text
    assert Suppression.objects.count() == 2


def test_an_address_is_suppressed_by_those_in_whose_bulletins_alone_it_is_read(
    here: Bulletin, there: Bulletin
) -> None:
    only, both = (a_reader(here, f"{name}@reader.example") for name in ("only", "both"))
    a_reader(there, "both@reader.example")
    pages = {each: f"/admin/subscribers/subscriber/{each.pk}/" for each in (only, both)}
    for carers, may in (([here], {only}), ([here, there], {only, both})):
        carer = a_colleague(f"carer{len(carers)}", READER_CARE, of=here)
        group = Group.objects.get(role__key=READER_CARE)
        for bulletin in carers[1:]:
            Membership.objects.create(user=carer, bulletin=bulletin, group=group)
        browser = browser_of(carer)
        for reader, page in pages.items():
            shown = browser.get(f"{page}change/").content.decode()
            assert (f"{page}suppress/now/" in shown) == (reader in may)
            answer = browser.get(f"{page}suppress/now/")
            assert answer.status_code == (200 if reader in may else 404)
            if reader not in may:
                browser.post(f"{page}suppress/now/", {"because": "Asked."})
        assert not Suppression.objects.exists()


def test_many_are_changed_at_once_in_ones_bulletins_alone(
    here: Bulletin, there: Bulletin, mailed: dict[str, Issue]
) -> None:
    browser = browser_of(a_colleague("carer", READER_CARE, of=here))
    own, other = (Subscriber.objects.get(bulletin=one) for one in (here, there))
    topic = Topic.objects.create(bulletin=there, name_en="Secret there")
    chosen = {"chosen": f"{own.pk},{other.pk}", "consent": "x"}
    page = browser.post("/admin/subscribers/subscriber/bulk/", chosen | {"act": "add-topic"})
    assert "Choose a topic." in page.content.decode()
    assert "Secret there" not in page.content.decode()
    wrong = chosen | {"act": "add-topic", "topic": str(topic.pk)}
    assert browser.post("/admin/subscribers/subscriber/bulk/", wrong).status_code == 200
    browser.post("/admin/subscribers/subscriber/bulk/", chosen | {"act": "unsubscribe"})
    assert [one.is_reading for one in Subscriber.objects.order_by("pk")] == [False, True]
    huge = {"chosen": "9" * 30, "act": "unsubscribe"}
    assert browser.post("/admin/subscribers/subscriber/bulk/", huge).status_code == 200


def test_what_an_office_adds_to_a_role_stays_and_the_table_is_kept_true() -> None:
    group = Group.objects.get(role__key=EDITOR)
    added = Permission.objects.get(codename="view_subscriber")
    lost = Permission.objects.get(codename="change_topic")
    old = Permission.objects.get(codename="delete_bulletin")
    group.permissions.add(added, old)
    group.permissions.remove(lost)
    role = Role.objects.get(key=EDITOR)
    role.granted = [*role.granted, "publications.delete_bulletin"]  # by an earlier table
    role.save()
    call_command("migrate", verbosity=0)
    held = set(group.permissions.all())
    assert {added, lost} <= held
    assert old not in held


def test_every_permission_of_the_table_exists_and_is_given() -> None:
    for key, wanted in PERMISSIONS.items():
        permissions = Group.objects.get(role__key=key).permissions.select_related("content_type")
        held = {f"{one.content_type.app_label}.{one.codename}" for one in permissions}
        assert held == wanted


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_permissions_and_roles_have_names_in_both_languages(language: str) -> None:
    with translation.override(language):
        names = [permission_label(one) for one in Permission.objects.all()]
        names += [roles.label(group) for group in Group.objects.all()]
    assert len(names) == len(set(names))
    for name in names:
        chinese = any("\u4e00" <= letter <= "\u9fff" for letter in name)
        assert chinese is (language == "zh-hans"), name
        if chinese:
            assert not any(word.isascii() and word.isalpha() for word in name.split()), name


def test_only_who_has_a_right_gives_it_and_nobody_touches_those_above() -> None:
    chief = User.objects.create_superuser("chief")
    admin = a_colleague("admin", ADMINISTRATOR)
    hr = a_colleague("hr")
    hr.user_permissions.set(Permission.objects.filter(codename__in=["add_user", "change_user"]))
    assert rights.outranks(admin, hr)
    assert not rights.outranks(admin, chief)
    assert not rights.outranks(hr, admin)
    page = Page.at(browser_of(hr), "/admin/auth/user/colleague/")
    assert "Administrator" not in page.text
    assert "Administrator" in Page.at(browser_of(admin), "/admin/auth/user/colleague/").text
    for browser, other in ((browser_of(admin), chief), (browser_of(hr), admin)):
        assert browser.post(f"/admin/auth/user/{other.pk}/change/", {}).status_code == 403
        assert browser.post(f"/admin/auth/user/{other.pk}/password/", {}).status_code == 403
    own = Page.at(browser_of(admin), f"/admin/auth/user/{admin.pk}/change/")
    own.press("user_form", is_superuser="on") if "is_superuser" in own.fields("user_form") else None
    admin.refresh_from_db()
    assert not admin.is_superuser


def test_an_operator_watches_and_changes_no_word(here: Bulletin, mailed: dict[str, Issue]) -> None:
    browser: Client = browser_of(a_colleague("c", OPERATOR, of=here))
    digest = mailed["here"].digests.get()
    assert browser.get(f"/admin/digests/digest/{digest.pk}/pause/now/").status_code == 200
    other = mailed["there"].digests.get()
    assert browser.get(f"/admin/digests/digest/{other.pk}/pause/now/").status_code == 404
    assert browser.post(f"/admin/issues/issue/{mailed['here'].pk}/act/").status_code == 403
