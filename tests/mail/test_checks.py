"""What the system checks say of settings with which real mail should not leave."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from django.conf import settings as conf
from pytest_django.fixtures import Settings

from bulletin_site.checks import mail_settings, proxy_settings
from tests.support.dkim import Keys


def ids() -> set[str | None]:
    return {message.id for message in mail_settings()}


def test_a_laptop_whose_mail_is_caught_is_left_in_peace(settings: Settings) -> None:
    settings.MAIL_IS_CAUGHT, settings.DEBUG = True, True
    assert ids() == set()


def test_real_mail_wants_https_no_debug_and_a_mailbox(settings: Settings) -> None:
    settings.MAIL_IS_CAUGHT, settings.DEBUG, settings.RETURN_PATH = False, True, ""
    settings.SITE_URL = "http://bulletin.example.org"
    assert ids() == {"bulletin.W002", "bulletin.W003", "bulletin.W004"}


def test_a_key_that_is_none_stops_the_service(keys: Keys, settings: Settings) -> None:
    settings.MAIL_IS_CAUGHT = True
    assert ids() == set()
    settings.DKIM_KEYS = [Path("/nowhere/s1.pem")]
    assert ids() == {"bulletin.E001"}


def test_a_key_that_others_can_read_is_a_warning(keys: Keys, settings: Settings) -> None:
    settings.MAIL_IS_CAUGHT = True
    settings.DKIM_KEYS[0].chmod(0o644)
    assert ids() == {"bulletin.W001"}


def test_keys_without_domains_are_no_use(keys: Keys, settings: Settings) -> None:
    settings.MAIL_IS_CAUGHT, settings.DKIM_DOMAINS = True, []
    assert ids() == {"bulletin.E002"}


def test_https_without_a_proxy_would_make_everybody_one_visitor(settings: Settings) -> None:
    settings.SITE_URL, settings.PROXIES = "http://localhost:8000", 0
    assert proxy_settings() == []
    settings.SITE_URL = "https://bulletin.example.org"
    assert [message.id for message in proxy_settings()] == ["bulletin.E003"]
    settings.PROXIES = 1
    assert proxy_settings() == []


def test_with_such_settings_the_tables_are_not_prepared(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=conf.BASE_DIR,
        env={"DATA_DIR": str(tmp_path), "SITE_URL": "https://bulletin.example.org"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 0
    assert "bulletin.E003" in ran.stderr
