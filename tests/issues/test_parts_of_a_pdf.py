"""The PDF of an issue can be had in parts, and not again by who has it."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import cast

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from issues.models import Issue
from tests.support.factories import NOON, PDF, a_bulletin, a_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(settings: Settings, tmp_path: Path) -> str:
    settings.MEDIA_ROOT = str(tmp_path)
    issue = Issue.objects.create(
        bulletin=a_bulletin(),
        file_name="a.pdf",
        title="A",
        status=Issue.Status.PUBLISHED,
        uploaded_at=NOON,
        published_at=NOON,
    )
    a_pdf(issue, PDF)
    return reverse("issues:pdf", args=[issue.bulletin.slug, issue.pk])


def body(answer: HttpResponseBase) -> bytes:
    return b"".join(cast("Iterable[bytes]", answer))


def test_all_of_it_comes_to_who_asks_for_no_part(client: Client, page: str) -> None:
    answer = client.get(page)
    assert (answer.status_code, body(answer)) == (HTTPStatus.OK, PDF)
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Length"] == str(len(PDF))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline; filename=")


@pytest.mark.parametrize(
    ("wanted", "part", "where"),
    [
        ("bytes=0-3", PDF[:4], f"bytes 0-3/{len(PDF)}"),
        ("bytes=9-", PDF[9:], f"bytes 9-{len(PDF) - 1}/{len(PDF)}"),
        ("bytes=-5", PDF[-5:], f"bytes {len(PDF) - 5}-{len(PDF) - 1}/{len(PDF)}"),
        ("bytes=5-9999", PDF[5:], f"bytes 5-{len(PDF) - 1}/{len(PDF)}"),
    ],
)
def test_a_part_comes_to_who_asks_for_one(
    client: Client, page: str, wanted: str, part: bytes, where: str
) -> None:
    answer = client.get(page, headers={"range": wanted})
    assert (answer.status_code, answer["Content-Range"]) == (HTTPStatus.PARTIAL_CONTENT, where)
    assert (body(answer), answer["Content-Length"]) == (part, str(len(part)))


@pytest.mark.parametrize(
    "wanted", ["bytes=0-0", "bytes=-1", "bytes=0-3,5-9", "lines=1-2", "bytes=", "bytes=x-y", "9"]
)
def test_what_is_no_range_gets_the_whole(client: Client, page: str, wanted: str) -> None:
    answer = client.get(page, headers={"range": wanted})
    assert (answer.status_code, body(answer)) == (HTTPStatus.OK, PDF)


def test_a_range_behind_the_end_is_none(client: Client, page: str) -> None:
    answer = client.get(page, headers={"range": "bytes=99999-"})
    assert answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    assert answer["Content-Range"] == f"bytes */{len(PDF)}"


def test_who_has_it_does_not_get_it_again(client: Client, page: str) -> None:
    etag = client.head(page)["ETag"]
    again = client.get(page, headers={"if-none-match": etag})
    assert again.status_code == HTTPStatus.NOT_MODIFIED
    assert again["ETag"] == etag


def test_a_part_of_an_older_file_is_not_joined_to_this_one(client: Client, page: str) -> None:
    etag = client.head(page)["ETag"]
    for had, status in ((etag, HTTPStatus.PARTIAL_CONTENT), ('"older"', HTTPStatus.OK)):
        answer = client.get(page, headers={"range": "bytes=5-", "if-range": had})
        assert (answer.status_code, body(answer)[-5:]) == (status, PDF[-5:])
