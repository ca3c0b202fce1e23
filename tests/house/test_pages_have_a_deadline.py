"""A page does not wait for the database without end; workers and commands may."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import connection
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import translation
from pytest_django.fixtures import Settings

from bulletin_site import query_timeout, urls

on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")


def slow(_request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse("answered")


urlpatterns = [path("slow/", slow, name="slow"), *urls.urlpatterns]


@pytest.fixture
def a_web_process(settings: Settings) -> Iterator[None]:
    """What gunicorn's processes are, in this one."""
    settings.PAGE_QUERY_SECONDS = 1
    settings.ROOT_URLCONF = __name__
    query_timeout.set_for_this_process()
    connection.close()
    yield
    connection_created.disconnect(dispatch_uid=query_timeout.__name__)
    connection.close()


@on_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("language", "words"), [("en", "did not answer within 1 second"), ("zh-hans", "1 秒")]
)
def test_a_statement_that_takes_too_long_is_ended_and_said(
    a_web_process: None, client: Client, language: str, words: str
) -> None:
    with translation.override(language):
        page = client.get("/slow/", headers={"accept-language": language})
    assert page.status_code == 503
    assert words in page.content.decode()
    assert page["Retry-After"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")  # the connection goes on


@on_postgresql
def test_web_processes_have_a_deadline_and_commands_have_none(tmp_path: Path) -> None:
    ask = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW statement_timeout")
    print(cursor.fetchone()[0])"""
    database = connection.settings_dict
    url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = {
        "PATH": os.environ["PATH"], "DATABASE_URL": url, "DATA_DIR": str(tmp_path),
        "PAGE_QUERY_SECONDS": "7",
    }  # fmt: skip

    def run(*command: str) -> str:
        return subprocess.run(
            [sys.executable, *command],
            cwd=configured.BASE_DIR, env=environment, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip

    assert run("-c", f"import bulletin_site.wsgi\n{ask}") == "7s"
    assert run("manage.py", "shell", "--no-imports", "-c", ask) == "0"
