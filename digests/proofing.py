"""Proofs: trial copies of mails for an editor. They are no deliveries."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime

from bulletin_site.mail.transport import Outcome, Session
from digests import printing
from digests.models import Digest, Issue

logger = logging.getLogger(__name__)


def of_issue(issue: Issue, *, to: str, at: datetime) -> list[Outcome]:
    """Mail the edition of all sections to `to`, in each language, and say what became of each.

    They are printed as the digest's own mails, of the issue as it stands at `at`. Raises
    `digests.printing.CannotPrint`. Five queries; the mail server is waited for.
    """
    return _sent(printing.trial(issue, at=at), to=to, at=at)


def of_correction(draft: Digest, *, to: str, at: datetime) -> list[Outcome]:
    """The same of a correction that `digests.mailing.drafted` gave."""
    return _sent(printing.tried(draft), to=to, at=at)


def _sent(digest: Digest, *, to: str, at: datetime) -> list[Outcome]:
    proofs = printing.Proofs(digest)
    with closing(Session()) as session:
        outcomes = [
            session.send(proofs.message(language, to=to, at=at)) for language in proofs.languages
        ]
    kinds = [type(outcome).__name__ for outcome in outcomes]
    logger.info("proofs of issue %s: %s", digest.issue_id, kinds)
    return outcomes
