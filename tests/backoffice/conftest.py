"""A draft that an editor works on."""

from __future__ import annotations

import pytest

from issues.models import Issue
from tests.support.factories import an_issue, weather


@pytest.fixture
def draft(db: None) -> Issue:
    """Rain with the articles Much rain and Little rain, then Wind with No wind."""
    return an_issue(weather(), status=Issue.Status.DRAFT)
