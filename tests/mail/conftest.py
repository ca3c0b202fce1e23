"""Keys for DKIM, and the DNS in which verifiers look them up."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.support.dkim import Keys


@pytest.fixture
def keys(settings: Settings, tmp_path: Path) -> Keys:
    """A site that signs for example.org with one RSA key, "s1"."""
    keys = Keys(tmp_path)
    settings.DKIM_KEYS, settings.DKIM_DOMAINS = [keys.add("s1")], ["example.org"]
    return keys
