"""What is reached by a personal link is kept, indexed and logged nowhere: on every such route."""

from __future__ import annotations

import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts import password_links
from bulletin_site.masking import MASK, masked
from digests.models import Delivery, Digest, Edition
from digests.rendering import set_blocks
from digests.rendering.delivery_tokens import EDITION
from foundation.tokens import TokenSigner
from issues import release_tokens, sign_off
from publications.models import Topic
from subscribers import change_links, links
from subscribers.links import Purpose
from subscribers.models import AddressChange, Subscriber
from tests.support.factories import NOON, a_bulletin, a_draft, a_reader, topics_of

FORGED = "A" * 36
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """The routes of the site, such as "leave/<str:token>/"."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


PERSONAL = sorted(
    route for route in routes(get_resolver().url_patterns) if "token" in PARAMETER.findall(route)
)


def path_of(route: str, token: str, topic: int = 1) -> str:
    """The path under which `token` is given to a route."""
    values = {"token": token, "topic_id": str(topic)}
    return "/" + PARAMETER.sub(lambda name: values[name[1]], route)


@pytest.fixture
def topics(db: None) -> list[Topic]:
    return topics_of(a_bulletin(), ["Law"])


@pytest.fixture
def reader(topics: list[Topic]) -> Subscriber:
    return a_reader(topics[0].bulletin, "ann@reader.example", topics=topics)


@pytest.fixture
def tokens(reader: Subscriber, topics: list[Topic]) -> list[str]:
    """A good token of each use."""
    issue = a_draft(reader.bulletin, {"Law": topics[0]})
    digest = Digest.draft(issue, at=NOON)
    digest.save()
    set_blocks(digest)
    edition = Edition.objects.create(digest=digest, language="en", topic_mask=1)
    delivery = Delivery.objects.create(
        digest=digest, subscriber=reader, edition=edition, status="sent", due_at=NOON
    )
    seen = TokenSigner(EDITION).token(delivery.pk, digest.link_key, at=0).decode()
    colleague = User.objects.create_user("colleague", is_staff=True)
    password = password_links.address_of(colleague).rstrip("/").rpartition("/")[2]
    second = User.objects.create_superuser("second", "second@office.example")
    first = User.objects.create_user("first")
    submitted = sign_off.submit(issue, by=first, asked=[second], at=timezone.now())
    release = release_tokens.token(submitted.requests.get(), at=timezone.now())
    of_reader = (links.token(reader, purpose) for purpose in Purpose)
    change = AddressChange.objects.create(
        subscriber=reader, address="ann@new.example", requested_at=timezone.now()
    )
    of_change = (change_links.token(change, side) for side in change_links.Side)
    return [seen, password, release, *of_reader, *of_change]


def test_the_routes_of_readers_and_of_mails_in_the_browser_are_among_them() -> None:
    firsts = {route.partition("/")[0] for route in PERSONAL}
    assert firsts >= {"editions", "release", "admin", *Purpose}


@pytest.mark.parametrize("route", PERSONAL)
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_what_a_personal_route_answers_is_kept_and_indexed_nowhere(
    route: str, method: str, tokens: list[str]
) -> None:
    browser = Client(enforce_csrf_checks=True)
    topic = Topic.objects.earliest("pk").pk
    paths = [path_of(route, token, topic) for token in (*tokens, FORGED)]
    answers = [getattr(browser, method)(path) for path in paths]
    for answer in answers:
        kept = {word.strip() for word in answer["Cache-Control"].split(",")}
        assert kept >= {"private", "no-store"}
        assert answer["X-Robots-Tag"] == "noindex"
    if method == "get":
        assert 200 in {answer.status_code for answer in answers}


@pytest.mark.parametrize("route", PERSONAL)
def test_no_log_line_has_the_token_of_a_failed_request(
    route: str, tokens: list[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    paths = [path_of(route, token) for token in (*tokens, FORGED)]
    with monkeypatch.context() as later:
        years = 3 * 365 * 24 * 3600
        later.setattr("time.time", lambda now=time.time: now() + years)
        for path in paths:
            browser.get(path)  # forged, of another use, too old
            browser.post(path)  # without the form's token
    with monkeypatch.context() as broken:
        broken.setattr("django.shortcuts.render", None)
        broken.setattr("backoffice.sign_off_pages.link.render", None)
        broken.setattr("digests.web.Delivery", None)
        broken.setattr("subscribers.links.Subscriber", None)
        broken.setattr("subscribers.change_links.AddressChange", None)
        broken.setattr("accounts.password_links.User", None)
        for path in paths:
            browser.get(path)
    logged = caplog.text
    assert "Internal Server Error" in logged
    assert "Traceback" in logged
    assert MASK in logged
    assert [token for token in (*tokens, FORGED) if token in logged] == []


@pytest.mark.parametrize(
    ("logged", "masked_line"),
    [
        (f"/leave/{FORGED}/", "/leave/…/"),
        (f"/leave/{FORGED}", "/leave/…"),
        (f"/leave/{FORGED[:-2]}./", "/leave/…./"),
        (f"?next=%2Fleave%2F{FORGED}%2F", "?next=%2Fleave%2F…%2F"),
        ("Task sweep[0a3f7c1e-6a77-4be1-9a83-9e2f4b6f1c55]", None),
        ("/b/letters/issues/1/figures/0123456789abcdef01234567.png", None),
        ("/static/bulletin/site.0123456789ab.css", None),
    ],
)
def test_tokens_are_masked_and_nothing_else(logged: str, masked_line: str | None) -> None:
    assert masked(logged) == (masked_line or logged)


def test_the_text_of_an_exception_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError(f"/leave/{FORGED}/")
    except ValueError:
        logging.getLogger("anybody").exception("failed at %s", f"/stop/{FORGED}/3/")
    assert FORGED not in caplog.text
    assert "failed at /stop/…/3/" in caplog.text


def test_gunicorn_masks_tokens_in_its_access_log_and_its_errors(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    logged = tmp_path / "log"
    environment = os.environ | {"DATA_DIR": str(tmp_path), "DATABASE_URL": "", "EMAIL_URL": ""}
    options = "--no-control-socket --access-logfile - --access-logformat %(r)s|%(s)s|%(f)s"
    command = [sys.executable, "-m", "gunicorn", *options.split(), "--bind", f"127.0.0.1:{port}"]
    with logged.open("wb") as log:
        server = subprocess.Popen(
            [*command, "bulletin_site.wsgi"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        paths = [path_of(route, FORGED) for route in PERSONAL]
        statuses = {_status(f"http://127.0.0.1:{port}{path}") for path in paths}
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)
    written = logged.read_text()
    assert statuses <= {403, 404, 500}
    assert written.count(f"/{MASK}/") >= 2 * len(paths)  # the request and where it was linked
    assert FORGED not in written


def _status(url: str) -> int:
    request = urllib.request.Request(url, headers={"Referer": url})
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
