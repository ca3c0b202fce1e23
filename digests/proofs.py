"""Proofs: a digest's mails for an editor, before its readers get them. They are no deliveries."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime

from digests import rendering
from digests.models import Digest
from issues import proof_tokens
from issues.models import Issue
from mail.delivery import Outcome, Session

logger = logging.getLogger(__name__)


def of_issue(issue: Issue, *, to: str, at: datetime) -> list[Outcome]:
    """Mail the edition of all sections to `to`, in each language, and say what became of each.

    They are rendered as the digest's own mails, of the issue as it stands at `at`; the addresses
    of their pictures are good for some days, for whoever opens them. Raises
    `digests.rendering.CannotRender`. Five queries; the mail server is waited for.
    """
    digest = rendering.preview_of(issue, at=at, proof=proof_tokens.token(issue, at=at))
    return _sent(digest, of=f"issue {issue.pk}", to=to, at=at)


def of_correction(draft: Digest, *, to: str, at: datetime) -> list[Outcome]:
    """The same of a correction that `digests.audience.drafted` gave."""
    digest = rendering.previewed(draft)
    return _sent(digest, of=f"a correction of digest {draft.corrects_id}", to=to, at=at)


def _sent(digest: Digest, *, of: str, to: str, at: datetime) -> list[Outcome]:
    proofs = rendering.Proofs(digest)
    with closing(Session()) as session:
        outcomes = [
            session.send(proofs.message(language, to=to, at=at)) for language in proofs.languages
        ]
    kinds = [type(outcome).__name__ for outcome in outcomes]
    logger.info("proofs of %s: %s", of, kinds)
    return outcomes
