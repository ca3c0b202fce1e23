"""What is in a digest is asked of the digest, however many issues it may be of."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TOP = Path(settings.BASE_DIR)
# `digest.issue`, `self._digest.issue_id`, `"digest__issue__bulletin"`; not `digest.issue_ids`.
THE_ONE_ISSUE = re.compile(r"digest(\.|__)issue(?!_ids\b)")
MAY = ("digests/models/", "digests/rendering/", "digests/audience/", "digests/sending/pending.py")


def reaches_through(text: str) -> bool:
    return THE_ONE_ISSUE.search(text) is not None


@pytest.mark.parametrize(
    "text", ["digest.issue.bulletin", "self._digest.issue_id", '"digest__issue__bulletin"']
)
def test_an_issue_that_is_asked_of_a_digest_is_seen(text: str) -> None:
    assert reaches_through(text)
    assert not reaches_through("digest.issue_ids")


def test_no_room_but_those_that_make_mails_knows_the_issue_of_a_digest() -> None:
    texts = {
        path.relative_to(TOP).as_posix(): path.read_text(encoding="utf-8")
        for room in ("bulletin_site", "backoffice", "digests", "issues", "subscribers", "templates")
        for path in (TOP / room).rglob("*")
        if path.suffix in {".py", ".html", ".txt", ".mjml"} and "migrations" not in path.parts
    }
    assert len(texts) > 100
    found = [
        name for name, text in texts.items() if reaches_through(text) and not name.startswith(MAY)
    ]
    assert found == []
