"""No page of the admin has a fault that axe-core finds, by day and by night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from backoffice.roles import PUBLISHER
from digests import releasing, sending
from digests.models import Delivery, Digest, Feedback
from digests.models.delivery import DeliveryStatus
from digests.models.feedback import FeedbackKind
from issues import release_tokens, sign_off
from issues.models import Article, Issue, SignOffRequest
from publications.models import Alias, Bulletin
from subscribers import suppressions
from subscribers.models import ReaderImport, Subscriber
from subscribers.models.suppression import SuppressionReason
from tests.support import axe
from tests.support.colleagues import a_colleague
from tests.support.factories import NOON, a_digest, a_draft, a_reader, an_issue, weather
from tests.support.lists import an_import, taken
from tests.support.service import CHROMIUM

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

# What is no page: JSON, pictures, redirects, and answers to a press.
NOT_PAGES = {
    "issues_issue_top_story",
    "auth_user_welcome",
    "audit_log_entry_export",
    "autocomplete",
    "digests_delivery_export",
    "digests_feedback_export",
    "digests_digest_progress",
    "issues_article_changelist",
    "issues_issue_act",
    "issues_issue_here",
    "issues_issue_keep",
    "issues_issue_mail",  # a mail, as `make check-email` has them looked at
    "issues_issue_original",
    "issues_issue_page",
    "issues_issue_part",
    "issues_issue_pasted",
    "issues_issue_picture",
    "issues_issue_reader_mail",
    "issues_issue_restore",
    "issues_issue_restore_article",
    "issues_issue_state",
    "issues_issue_take_back",
    "issues_issue_thumb",
    "issues_issue_transfer",
    "issues_issue_unschedule",
    "jsi18n",
    "logout",
    "publications_bulletin_look",  # a mail, as `make check-email` has them looked at
    "publications_bulletin_propose",
    "subscribers_subscriber_link",
    "subscribers_subscriber_note",
    "subscribers_subscriber_remove_note",
    "subscribers_readerimport_act",
    "subscribers_subscriber_bulk",  # an answer to a press, which is looked at all the same
    "subscribers_subscriber_export",
    "subscribers_suppression_export",
    "view_on_site",
}

# The history of an article is that of its issue, the one of a reader stands on their page.
LEAD_ON = {
    "issues_article_history",
    "issues_issue_sign_off",
    "subscribers_subscriber_history",
}


@dataclass(frozen=True)
class Everything:
    """One row of each kind, in each state that has a page of its own."""

    draft: Issue
    edited: Issue
    published: Issue
    digest: Digest


@pytest.fixture
def everything(bulletin: Bulletin) -> Everything:
    of = weather()
    asking = weather("asking")
    Bulletin.objects.filter(pk=asking.pk).update(needs_sign_off=True)
    asking.refresh_from_db()
    second = a_colleague("second", PUBLISHER, of=asking)
    for n in range(3):  # of which one is submitted, one was released, one is not ready
        issue = an_issue(asking, status=Issue.Status.DRAFT)
        if n:
            first = a_colleague(f"first{n}", PUBLISHER)
            submitted = sign_off.submit(issue, by=first, asked=[second], at=NOON)
        if n == 2:
            releasing.release(submitted, by=second, at=NOON, word="Good.")
    Alias.objects.learn(of.topics.all()[0], "Showers")
    readers = [a_reader(of, f"r{n}@example.org", topics=list(of.topics.all())) for n in range(3)]
    digest = a_digest(an_issue(of, status=Issue.Status.DRAFT))
    deliveries = list(digest.deliveries.order_by("pk"))
    Delivery.objects.filter(pk=deliveries[0].pk).update(status=DeliveryStatus.SENT)
    Delivery.objects.filter(pk=deliveries[1].pk).update(status=DeliveryStatus.UNCERTAIN)
    Delivery.objects.filter(pk=deliveries[2].pk).update(
        status=DeliveryStatus.FAILED, smtp_response="550 No such user"
    )
    sending.recount(digest)
    assert sending.finish(digest, at=timezone.now())
    Feedback.objects.create(delivery=deliveries[0], kind=FeedbackKind.HARD_BOUNCE, received_at=NOON)
    a_digest(an_issue(of, status=Issue.Status.DRAFT, title="Half way"))
    suppressions.suppress(
        readers[2].address, reason=SuppressionReason.EDITOR, evidence="Asked.", at=NOON
    )
    Group.objects.create(name="Editors")
    an_issue(of, status=Issue.Status.UNREADABLE, unreadable_reason="encrypted")
    topics = list(of.topics.all())
    content = "email,name,topics\nnew@office.example,Ann,\nbad,Bob,\n"
    taken(an_import(of, content), topics, at=timezone.now())
    an_import(of, content)
    an_import(of, "%PDF")
    ReaderImport.objects.create(
        bulletin=of, file_name="x", uploaded_at=NOON, status="running", numbers={"read": 3}
    )
    for address in ("a.nn@gmail.com", "ann@gmail.com"):
        a_reader(of, address)
    draft = an_issue(of, status=Issue.Status.DRAFT)
    edited = a_draft(of, {"Hail": None, "Fog": None})
    return Everything(draft, edited, Issue.objects.get(pk=digest.own_issue.pk), digest)


def routes(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns)
        elif one.name:
            yield one.name


def pages_of_readers() -> Iterator[tuple[str, str]]:
    """The pages of readers and their imports, in each state."""
    for name in ("look_after", "enter"):
        yield f"subscribers_subscriber_{name}", reverse(f"admin:subscribers_subscriber_{name}")
    yield "subscribers_readerimport_upload", reverse("admin:subscribers_readerimport_upload")
    for run in ReaderImport.objects.all():
        address = reverse("admin:subscribers_readerimport_change", args=[run.pk])
        yield "subscribers_readerimport_change", address


def addresses(made: Everything) -> Iterator[tuple[str, str]]:
    """Each page of the admin with the name of its route."""
    yield "index", "/admin/"
    yield "article_search", "/admin/search/?q=rain"
    yield "article_search", "/admin/search/?q=hail+fog"
    yield "password_change", reverse("admin:password_change")
    yield "password_change_done", reverse("admin:password_change_done")
    for label in {model._meta.app_label for model in admin.site._registry}:
        yield "app_list", reverse("admin:app_list", args=[label])
    for model in admin.site._registry:
        route = f"{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.order_by("pk").first()
        assert row is not None, f"there is no {model._meta.label} to look at"
        if model is not Article:
            yield f"{route}_changelist", reverse(f"admin:{route}_changelist")
        for name in ("change", "history", "delete"):
            yield f"{route}_{name}", reverse(f"admin:{route}_{name}", args=[row.pk])
        section = made.draft.sections.all()[0]
        query = f"?section={section.pk}" if model is Article else ""
        yield f"{route}_add", reverse(f"admin:{route}_add") + query
    yield (
        "auth_user_password_change",
        reverse("admin:auth_user_password_change", args=[User.objects.all()[0].pk]),
    )
    yield (
        "publications_bulletin_embed",
        reverse("admin:publications_bulletin_embed", args=[made.published.bulletin_id]),
    )
    yield "auth_user_colleague", reverse("admin:auth_user_colleague")
    for issue in Issue.objects.all():
        yield "issues_issue_sign_off", reverse("admin:issues_issue_sign_off", args=[issue.pk])
        yield "issues_issue_change", reverse("admin:issues_issue_change", args=[issue.pk])
    for name in ("proof", "publish"):
        yield f"issues_issue_{name}", reverse(f"admin:issues_issue_{name}", args=[made.draft.pk])
    for name in ("again", "as_reader"):
        yield f"issues_issue_{name}", reverse(f"admin:issues_issue_{name}", args=[made.draft.pk])
    reader = made.digest.deliveries.all()[0].subscriber_id
    yield (
        "issues_issue_as_this_reader",
        reverse("admin:issues_issue_as_this_reader", args=[made.draft.pk, reader]),
    )
    published = made.published.pk
    yield "issues_issue_withdraw", reverse("admin:issues_issue_withdraw", args=[published])
    article = Article.objects.filter(section__issue=published)[0].pk
    yield (
        "issues_issue_withdraw_article",
        reverse("admin:issues_issue_withdraw_article", args=[published, article]),
    )
    yield "issues_issue_version", reverse("admin:issues_issue_version", args=[made.edited.pk, 1])
    yield "issues_issue_bin", reverse("admin:issues_issue_bin")
    yield "issues_issue_correct", reverse("admin:issues_issue_correct", args=[made.published.pk])
    yield "issues_issue_delete", reverse("admin:issues_issue_delete", args=[made.draft.pk])
    yield (
        "digests_digest_uncertain",
        reverse("admin:digests_digest_uncertain", args=[made.digest.pk]),
    )
    yield from _of_readers(made)
    yield from pages_of_readers()
    half = Digest.objects.get(finished_at=None)
    for step in ("pause", "cancel"):
        yield (
            "digests_digest_lifecycle",
            reverse("admin:digests_digest_lifecycle", args=[half.pk, step]),
        )


def _of_readers(made: Everything) -> Iterator[tuple[str, str]]:
    yield "digests_digest_resend", reverse("admin:digests_digest_resend", args=[made.digest.pk])
    for delivery in made.digest.deliveries.order_by("pk"):
        for name, pk in (
            ("digests_delivery_resend", delivery.pk),
            ("subscribers_subscriber_change", delivery.subscriber_id),
        ):
            yield name, reverse(f"admin:{name}", args=[pk])
    for step in ("pause", "suppress"):
        yield (
            "subscribers_subscriber_care",
            reverse("admin:subscribers_subscriber_care", args=[delivery.subscriber_id, step]),
        )


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("language", "scheme"), [("en", "light"), ("zh-hans", "dark")], ids=["by day", "by night"]
)
def test_no_page_of_the_admin_has_a_fault(
    editor: Client, everything: Everything, language: str, scheme: axe.Scheme
) -> None:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    act = reverse("admin:issues_issue_act", args=[everything.edited.pk])
    editor.post(act, {"act": '{"act":"add_section"}', "title": "Snow", "version": 0})
    reader = everything.digest.deliveries.all()[0].subscriber_id
    note = reverse("admin:subscribers_subscriber_note", args=[reader])
    editor.post(note, {"text": "Calls on Mondays."})
    seen: set[str] = set()
    readers = reverse("admin:subscribers_subscriber_changelist")
    pages = {}
    for name, address in addresses(everything):
        answer = editor.get(address, headers={"accept-language": language})
        seen.add(name)
        if answer.status_code == 403 and name.endswith(("_add", "_delete")):
            continue
        if answer.status_code == 302 and name in LEAD_ON:
            continue
        assert answer.status_code == 200, address
        pages[address] = answer.content.decode()
    chosen = {"action": "change_chosen", "_selected_action": [Subscriber.objects.all()[0].pk]}
    pages[f"{readers}bulk/"] = editor.post(
        readers, chosen, headers={"accept-language": language}
    ).content.decode()
    pages["/admin/jsi18n/"] = editor.get(
        "/admin/jsi18n/", headers={"accept-language": language}
    ).content.decode()
    stranger = Client(headers={"accept-language": language})
    request = SignOffRequest.objects.filter(sign_off__decision="")[0]
    link = f"/release/{release_tokens.token(request, at=timezone.now())}/"
    pages[link] = stranger.get(link).content.decode()
    unsaved = {"act": "{}", "anchor": "facts", "version": "0", "title": "Snow", "was-title": ""}
    pages[f"{act}?unsaved"] = stranger.post(act, unsaved).content.decode()
    pages["/admin/login/"] = stranger.get("/admin/login/").content.decode()
    assert set(routes(admin.site.get_urls())) - seen - NOT_PAGES == {"login"}
    found = axe.faults(pages, scheme=scheme)
    assert found == {}, "\n".join(f"{page}: {faults}" for page, faults in found.items())
