"""Proofs: trial copies of an issue's mails for an editor. They are no deliveries."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime

from bulletin_site.mail.transport import Outcome, Session
from digests import printing
from digests.models import Issue

logger = logging.getLogger(__name__)


def send_proofs(issue: Issue, *, to: str, at: datetime) -> list[Outcome]:
    """Mail the edition of all sections to `to`, in each language, and say what became of each.

    They are printed as the digest's own mails, of the issue as it stands at `at`. Raises
    `digests.printing.CannotPrint`. Five queries; the mail server is waited for.
    """
    digest = printing.trial(issue, at=at)
    printer = printing.Printer(digest)
    with closing(Session()) as session:
        outcomes = [
            session.send(printer.proof(language=language, to=to, at=at))
            for language in digest.blocks
        ]
    kinds = [type(outcome).__name__ for outcome in outcomes]
    logger.info("proofs of issue %s: %s", issue.pk, kinds)
    return outcomes
