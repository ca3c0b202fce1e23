"""Each route of the site, with each role, in all bulletins, in the row's and in another: what is
allowed stands in a table, and a route that is not in it fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from audit_log.models import Entry
from audit_log.recording import record_act
from backoffice.roles import ADMINISTRATOR, EDITOR, OPERATOR, PUBLISHER, READER_CARE
from digests.models import Delivery, Feedback
from digests.models.feedback import FeedbackKind
from issues.models import Article, Issue
from publications.models import Bulletin
from subscribers import suppressions
from subscribers.models import ReaderImport, Suppression
from subscribers.models.note import Note
from subscribers.models.suppression import SuppressionReason
from tests.support.colleagues import a_colleague
from tests.support.factories import NOON, a_digest, a_reader, an_issue, weather
from tests.support.lists import an_import

pytestmark = pytest.mark.django_db

LETTERS = {"E": EDITOR, "P": PUBLISHER, "C": READER_CARE, "O": OPERATOR, "A": ADMINISTRATOR}
ALL = "EPCOA"


@dataclass(frozen=True)
class Row:
    """Who may: the letters of roles. `kind` says where these have to hold:

    public - for whoever comes; staff - for whoever may log in; row - in the bulletin of the row;
    list - in any bulletin, and it shows rows of those alone; site - in all bulletins; draft - as
    row, on the web; redirect - for staff, to a page that asks. Of a token, at the door, and of
    one's own log-in there are tests of their own.
    `missing`: who may gets 404 here, for there is no such file in this test, and who may not 403.
    """

    kind: str
    roles: str = ""
    method: str = "get"
    query: str = ""
    data: dict[str, str] = field(default_factory=dict)
    missing: bool = False


def model_pages(
    of: str, *, view: str, add: str = "", change: str = "", **more: Row
) -> dict[str, Row]:
    """The routes that Django's admin makes of a model; `more` are rows that differ."""
    kind = "site" if of.startswith("auth/") else "row"
    listed = "site" if kind == "site" else "list"
    pages = {
        "": Row(listed, view),
        "add/": Row(listed, add),
        "<path:object_id>/history/": Row(kind, view),
        "<path:object_id>/delete/": Row(kind, more.pop("delete").roles if "delete" in more else ""),
        "<path:object_id>/change/": Row(kind, view or change),
        "<path:object_id>/": Row("redirect"),
    }
    return {f"admin/{of}/{route}": row for route, row in pages.items()}


def issue_page(route: str, roles: str, method: str = "get", **more: Any) -> dict[str, Row]:
    """A route below an issue."""
    return {f"admin/issues/issue/<int:pk>/{route}": Row("row", roles, method, **more)}


ROUTES: dict[str, Row] = {
    # the roof
    "admin/": Row("staff"),
    "admin/login/": Row("door"),
    "admin/logout/": Row("door"),
    "admin/jsi18n/": Row("public"),
    "admin/password_change/": Row("staff"),
    "admin/password_change/done/": Row("staff"),
    "admin/autocomplete/": Row(
        "list", "COA", query="?app_label=digests&model_name=delivery&field_name=subscriber"
    ),
    "admin/r/<path:content_type_id>/<path:object_id>/": Row("staff", missing=True),
    "admin/^(?P<app_label>issues|audit_log|digests|publications|subscribers|auth)/$": Row(
        "list", ALL
    ),
    "admin/(?P<url>.*)$": Row("nowhere"),
    **{
        f"admin/login/{route}": Row("door")  # tests/accounts
        for route in (
            *("code/", "passkey/", "forgotten/"),
            *("with/<slug:provider>/", "with/<slug:provider>/back/"),
        )
    },
    "admin/me/with/<slug:provider>/": Row("staff", method="post", missing=True),
    **{
        f"admin/me/{route}": Row("own")
        for route in (
            *("", "password/", "code/", "passkey/", "app/", "app/remove/", "passkeys/add/"),
            *(
                "passkeys/<int:pk>/remove/",
                "passkeys/<int:pk>/rename/",
                "codes/",
                "codes/new/",
                "sessions/",
            ),
        )
    },
    "admin/login/new/<str:token>/": Row("token"),
    "admin/auth/user/<int:user_id>/sessions/": Row("site", "A"),
    "admin/auth/user/<int:user_id>/sign-ons/<int:pk>/end/": Row("site", "A", "post"),
    # the log
    **model_pages("audit_log/entry", view="OA"),
    "admin/audit_log/entry/export/<slug:format>/": Row("list", "OA", "post"),
    "admin/search/": Row("list", ALL, query="?q=forecast"),
    "release/<str:token>/": Row("token"),
    "healthz": Row("public"),
    "readyz": Row("public"),
    "i18n/setlang/": Row("public", method="post"),
    # issues
    **model_pages("issues/issue", view=ALL, add="EPA", delete=Row("row", "EPA")),
    "admin/issues/issue/bin/": Row("list", "EPA"),
    **issue_page("publish/", "PA"),
    **issue_page("mail/<str:language>/<int:topic_mask>/", ALL),
    **issue_page("as-reader/", "COA"),
    **issue_page("as-reader/<int:reader_pk>/", "COA"),
    **issue_page("as-reader/<int:reader_pk>/mail/", "COA", missing=True),
    **issue_page("unschedule/", "PA", "post"),
    **issue_page("take-back/", "PA", "post"),
    **issue_page("withdraw/", "PA"),
    **issue_page("restore/", "PA", "post"),
    **issue_page("articles/<int:article_pk>/withdraw/", "PA"),
    **issue_page("articles/<int:article_pk>/restore/", "PA", "post"),
    **issue_page("transfer/", "EPA", "post", missing=True),
    **issue_page("state/", ALL),
    **issue_page("pages/<int:number>.png", ALL, missing=True),
    **issue_page("thumbs/<int:number>.png", ALL, missing=True),
    **issue_page("act/", "EPA", "post"),
    **issue_page("keep/", "EPA", "post"),
    **issue_page("here/", "EPA", "post"),
    **issue_page("part/<str:anchor>/", "EPA", missing=True),
    **issue_page("versions/<int:number>/", ALL, missing=True),
    **issue_page("pictures/", "EPA", "post"),
    **issue_page("pasted/", "EPA", "post"),
    **issue_page("files/<int:position>/", ALL),
    **issue_page("again/", "EPA"),
    **issue_page("sign-off/", ALL),
    **issue_page("top-story/", "EPA", "post"),
    **issue_page("proof/", "EPA"),
    **issue_page("correct/", "PA"),
    **model_pages("issues/article", view=ALL),
    "admin/issues/article/": Row("redirect"),
    # mailings
    **model_pages("digests/digest", view=ALL),
    "admin/digests/digest/<int:pk>/progress/": Row("row", ALL),
    "admin/digests/digest/<int:pk>/uncertain/": Row("row", "OA"),
    "admin/digests/digest/<int:pk>/<slug:name>/now/": Row("row", "POA"),
    "admin/digests/digest/<int:pk>/resend/": Row("row", "PCOA"),
    **model_pages("digests/delivery", view="PCOA"),
    "admin/digests/delivery/<int:pk>/resend/": Row("row", "PCOA"),
    "admin/digests/delivery/export/<slug:format>/": Row("list", "CA", "post"),
    "admin/digests/feedback/export/<slug:format>/": Row("list", "CA", "post"),
    **model_pages("digests/feedback", view="PCOA"),
    # bulletins
    **model_pages("publications/bulletin", view=ALL, delete=Row("row", "A")),
    "admin/publications/bulletin/add/": Row("site", "A"),
    "admin/publications/bulletin/propose/": Row("site", "A"),
    "admin/publications/bulletin/look/": Row("row", ALL, query="?bulletin={bulletin}"),
    "admin/publications/bulletin/<int:pk>/embed/": Row("row", ALL),
    **model_pages("publications/topic", view=ALL, add="EPA", delete=Row("row", "EPA")),
    # readers
    **model_pages("subscribers/subscriber", view="COA", delete=Row("row", "CA")),
    **model_pages("subscribers/suppression", view="COA", add="CA"),
    "admin/subscribers/subscriber/export/<slug:format>/": Row("list", "CA", "post"),
    "admin/subscribers/suppression/export/<slug:format>/": Row("list", "CA", "post"),
    "admin/subscribers/subscriber/<int:pk>/link/": Row("row", "CA", "post"),
    "admin/subscribers/subscriber/<int:pk>/notes/": Row("row", "CA", "post"),
    "admin/subscribers/subscriber/<int:pk>/notes/<int:note_pk>/remove/": Row("row", "CA", "post"),
    "admin/subscribers/subscriber/<int:pk>/<slug:name>/now/": Row("row", "CA"),
    "admin/subscribers/subscriber/enter/": Row("list", "CA"),
    "admin/subscribers/subscriber/bulk/": Row("list", "CA", "post"),
    "admin/subscribers/subscriber/look-after/": Row("list", "COA"),
    **model_pages("subscribers/readerimport", view="CA"),
    "admin/subscribers/readerimport/upload/": Row("list", "CA"),
    "admin/subscribers/readerimport/<int:pk>/act/<slug:act>/": Row("row", "CA"),
    # people
    **model_pages("auth/user", view="A", add="A", delete=Row("site", "A")),
    "admin/auth/user/colleague/": Row("site", "A"),
    "admin/auth/user/<int:pk>/welcome/": Row("site", "A", "post"),
    "admin/auth/user/<id>/password/": Row("site", "A"),
    **model_pages("auth/group", view="A", add="A", delete=Row("site", "A")),
    # the web
    "": Row("public"),
    "robots.txt": Row("public"),
    "sitemap.xml": Row("public"),
    "favicon.ico": Row("public"),
    "apple-touch-icon.png": Row("public"),
    "b/<slug:slug>/": Row("public"),
    "b/<slug:slug>/feed/": Row("public"),
    "b/<slug:slug>/masthead/<str:name>": Row("nowhere"),
    "b/<slug:slug>/issues/<int:pk>/": Row("draft", ALL),
    "b/<slug:slug>/issues/<int:pk>/pdf/": Row("draft", ALL),
    "b/<slug:slug>/issues/<int:pk>/pdf/<int:number>/": Row("draft", ALL),
    "b/<slug:slug>/issues/<int:pk>/figures/<str:name>": Row("draft", ALL),
    "b/<slug:slug>/issues/<int:issue_pk>/articles/<int:pk>/": Row("draft", ALL),
    "b/<slug:slug>/subscribe/": Row("public"),
    "b/<slug:slug>/subscribe/sent/": Row("public"),
    "b/<slug:slug>/subscribe/elsewhere/": Row("public"),
    "b/<slug:slug>/subscription/": Row("public"),
    "b/<slug:slug>/subscription/sent/": Row("public"),
    "my-subscription/": Row("public"),
    "my-subscription/sent/": Row("public"),
    "accents/<str:colour>.css": Row("public"),
    # what a link in a mail opens, for whoever has it: tests/house/test_personal_pages.py
    "confirm/<str:token>/": Row("token"),
    "confirm/<str:token>/not-me/": Row("token"),
    "preferences/<str:token>/": Row("token"),
    **{
        f"preferences/<str:token>/{page}/": Row("token")
        for page in ("address", "data", "erase", "mails", "why")
    },
    "address/<str:token>/": Row("token"),
    "address/<str:token>/former/": Row("token"),
    "follow/<str:token>/": Row("token"),
    "follow/<str:token>/<int:topic_id>/": Row("token"),
    "pause/<str:token>/": Row("token"),
    "stop/<str:token>/phrase/": Row("token"),
    "stop/<str:token>/": Row("token"),
    "stop/<str:token>/<int:topic_id>/": Row("token"),
    "leave/<str:token>/": Row("token"),
    "undo/<str:token>/": Row("token"),
    "editions/<str:token>/": Row("token"),
}


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """The routes of the site, as they are written."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


@dataclass(frozen=True)
class World:
    """A draft, a mailed issue and what belongs to them, in the bulletin Here; and There."""

    here: Bulletin
    there: Bulletin
    draft: Issue
    delivery: Delivery
    feedback: Feedback
    suppression: Suppression
    brought: ReaderImport
    entry: Entry
    note: Note
    somebody: User
    group: Group

    def values(self, route: str) -> dict[str, Any]:
        """What the parameters of a route are."""
        article = Article.objects.filter(section__issue=self.draft)[0]
        rows: dict[str, Any] = {
            "issues/issue": self.draft,
            "issues/article": article,
            "digests/digest": self.delivery.digest,
            "digests/delivery": self.delivery,
            "digests/feedback": self.feedback,
            "publications/bulletin": self.here,
            "publications/topic": self.here.topics.all()[0],
            "subscribers/subscriber": self.delivery.subscriber,
            "subscribers/suppression": self.suppression,
            "subscribers/readerimport": self.brought,
            "audit_log/entry": self.entry,
            "auth/user": self.somebody,
            "auth/group": self.group,
        }
        about = next((row for name, row in rows.items() if f"admin/{name}/" in route), self.draft)
        known = {
            "pk": article.pk if "issue_pk" in route else about.pk,
            "object_id": about.pk,
            "id": about.pk,
            "issue_pk": self.draft.pk,
            "article_pk": article.pk,
            "reader_pk": self.delivery.subscriber_id,
            "slug": self.here.slug,
            "content_type_id": ContentType.objects.get_for_model(Suppression).pk,
            "app_label": "issues",
            "name": "cloud.png" if "figures" in route else "pause",
            "language": "en",
            "topic_mask": 1,
            "number": 1,
            "note_pk": self.note.pk,
            "user_id": self.somebody.pk,
            "format": "csv",
            "act": "bad-csv",
            "provider": "none",
            "position": 1,
            "anchor": "facts",
            "token": "A" * 36,
            "topic_id": 1,
            "colour": "1f4e79",
            "url": "nowhere",
        }
        return {name: str(value) for name, value in known.items()}

    def address(self, route: str, row: Row) -> str:
        """Return where the route leads to."""
        values = self.values(route)
        filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda name: values[name[1]], plain(route))
        return f"/{filled}{row.query.format(bulletin=self.here.pk)}"


def plain(route: str) -> str:
    """Return a route without the marks of a regular expression."""
    return re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route).replace("^", "").replace("$", "")


@pytest.fixture
def world(at_work: object) -> World:
    here, there = weather("here"), weather("there")
    for bulletin in (here, there):
        topics = list(bulletin.topics.all())
        a_reader(bulletin, f"ann@{bulletin.slug}.example", topics=topics)
    mailed = an_issue(here, Issue.Status.DRAFT, title="Mailed here")
    delivery = a_digest(mailed).deliveries.get()
    assert delivery.subscriber
    feedback = Feedback.objects.create(
        delivery=delivery,
        subscriber=delivery.subscriber,
        kind=FeedbackKind.HARD_BOUNCE,
        received_at=timezone.now(),
        key="one",
    )
    suppressions.suppress("ann@here.example", reason=SuppressionReason.EDITOR, evidence="", at=NOON)
    return World(
        here=here,
        there=there,
        draft=an_issue(here, Issue.Status.DRAFT, title="Weather here"),
        delivery=delivery,
        feedback=feedback,
        suppression=Suppression.objects.get(),
        brought=an_import(here, "address\nbob@here.example\nbob@here.example/x\n"),
        entry=record_act("issue.binned", by=None, at=NOON, publication=here.pk, subject="The here"),
        note=Note.objects.create(subscriber=delivery.subscriber, text="Calls.", written_at=NOON),
        somebody=User.objects.create_user("somebody", "somebody@office.example"),
        group=Group.objects.create(name="some"),
    )


@dataclass(frozen=True)
class Actor:
    """Who comes: a letter of a role, "" for staff without one, None for who is not logged in; and
    where the role holds."""

    role: str | None
    where: str = ""

    def __str__(self) -> str:
        named = LETTERS.get(self.role or "", "nobody" if self.role is None else "staff")
        return f"{named} {self.where}".strip()

    def browser(self, world: World) -> Client:
        browser = Client(headers={"accept-language": "en"})
        if self.role is not None:
            of = {"here": world.here, "there": world.there}.get(self.where)
            roles = [LETTERS[self.role]] if self.role else []
            browser.force_login(a_colleague("comer", *roles, of=of))
        return browser

    def may(self, row: Row) -> bool:
        """Return whether the table allows it."""
        if row.kind in {"public", "redirect"}:
            return row.kind == "public" or self.role is not None
        if self.role is None:
            return False
        if row.kind == "staff":
            return True
        if not self.role or self.role not in row.roles:
            return False
        allowed = {"row": {"all", "here"}, "draft": {"all", "here"}, "site": {"all"}}
        return self.where in allowed.get(row.kind, {"all", "here", "there"})


ACTORS = [
    Actor(None),
    Actor(""),
    *(Actor(role, where) for role in LETTERS for where in ("all", "here", "there")),
]


def is_refused(answer: Any, row: Row) -> bool:
    """Return whether an answer shows and does nothing."""
    if answer.status_code == 404:
        return not row.missing
    gone = answer.headers.get("Location", "").partition("?")[0]
    return answer.status_code == 403 or gone in {"/admin/login/", "/admin/"}


def test_every_route_is_in_the_table() -> None:
    found = set(routes(get_resolver().url_patterns))
    assert found - set(ROUTES) == set(), "enter who may"
    assert set(ROUTES) - found == set(), "there is no such route any more"


@pytest.mark.parametrize("actor", ACTORS, ids=str)
def test_who_may_is_let_in_and_nobody_else(actor: Actor, world: World) -> None:
    browser, wrong = actor.browser(world), []
    for route, row in ROUTES.items():
        if row.kind in {"token", "nowhere", "door", "own"} or (row.kind == "public" and actor.role):
            continue  # what is for whoever comes asks for no role
        address, may = world.address(route, row), actor.may(row)
        with transaction.atomic():
            answer = getattr(browser, row.method)(address, row.data)
            if not answer.streaming and row.kind == "list" and actor.where == "there":
                shown = answer.content.decode()
                wrong += [
                    f"{address} shows {name}"
                    for name in ("Weather here", "Mailed here", "The here", "@here.example")
                    if name in shown
                ]
            if answer.streaming:
                b"".join(answer)  # and its file is closed
            transaction.set_rollback(True)
        if is_refused(answer, row) is may:
            wrong.append(
                f"{address}: {answer.status_code}, should be {'let in' if may else 'refused'}"
            )
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "route", [route for route, row in ROUTES.items() if row.kind in {"token", "nowhere"}]
)
def test_a_forged_link_shows_nothing(route: str, world: World) -> None:
    browser = Client()
    browser.force_login(a_colleague("comer", ADMINISTRATOR))
    assert browser.get(world.address(route, ROUTES[route])).status_code in {403, 404}


def test_who_may_not_see_addresses_sees_none_on_any_page(world: World) -> None:
    suppressions.suppress("bob@here.example", reason=SuppressionReason.EDITOR, evidence="", at=NOON)
    blind = Group.objects.create(name="Blind administrators")
    every = Group.objects.get(role__key=ADMINISTRATOR).permissions.all()
    blind.permissions.set(every.exclude(codename="view_address"))
    user = a_colleague("blind")
    user.groups.set([blind])
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(user)
    shown, seen = [], 0
    for route, row in ROUTES.items():
        if row.kind in {"token", "nowhere", "door", "own", "public"}:
            continue
        with transaction.atomic():
            answer: Any = getattr(browser, row.method)(world.address(route, row), row.data)
            content = answer.getvalue() if answer.streaming else answer.content
            transaction.set_rollback(True)
        seen += answer.status_code == 200
        if re.search(
            rb"(ann|bob)(@|%40)here", content + answer.headers.get("Location", "").encode()
        ):
            shown.append(route)
    assert seen > 60
    assert shown == []
