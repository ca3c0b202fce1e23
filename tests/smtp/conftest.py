"""Messages, a flaky server and one delivery, for the tests of SMTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.flaky_server import FlakyServer, serving


@pytest.fixture
def flaky() -> Iterator[FlakyServer]:
    """A mail server that replies as the test says."""
    with serving(FlakyServer()) as running:
        yield running
