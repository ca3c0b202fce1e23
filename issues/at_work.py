"""Editors at work on an issue, known by their ids as users: who else is here, and what was typed
and is not saved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from issues.models import Issue, KeptText, Presence

HERE = timedelta(seconds=40)  # since the last sign of life, which comes every ten
MAX_FIELD = 60  # characters of the name of a field
MAX_TEXT = 1_000_000  # characters of a text that is kept
KEPT_FOR = timedelta(days=30)


def report(issue: Issue, editor: int, *, where: str, at: datetime) -> None:
    """Note that an editor has the issue open, and where. One statement."""
    Presence.objects.bulk_create(
        [Presence(issue=issue, editor_id=editor, where=where[:MAX_FIELD], seen_at=at)],
        update_conflicts=True,
        unique_fields=["issue", "editor"],
        update_fields=["where", "seen_at"],
    )


def others(issue: Issue, editor: int, *, at: datetime) -> QuerySet[Presence]:
    """Return where the other editors are who have the issue open."""
    seen = issue.presences.filter(seen_at__gt=at - HERE).exclude(editor_id=editor)
    return seen.select_related("editor").order_by("editor_id")


def keep(issue: Issue, editor: int, *, field: str, text: str, version: int, at: datetime) -> None:
    """Keep what an editor typed into a field and did not save. One statement."""
    KeptText.objects.bulk_create(
        [
            KeptText(
                issue=issue,
                editor_id=editor,
                field=field[:MAX_FIELD],
                text=text[:MAX_TEXT],
                version=version,
                kept_at=at,
            )
        ],
        update_conflicts=True,
        unique_fields=["issue", "editor", "field"],
        update_fields=["text", "version", "kept_at"],
    )


def kept(issue: Issue, editor: int) -> dict[str, KeptText]:
    """Return what an editor typed and did not save, by the names of the fields."""
    rows = issue.kept_texts.filter(editor_id=editor).order_by("kept_at")
    return {row.field: row for row in rows}


def forget(issue: Issue, editor: int, fields: Iterable[str]) -> None:
    """Forget what was kept of some fields: it was saved, or is not wanted."""
    issue.kept_texts.filter(editor_id=editor, field__in=list(fields)).delete()


def forget_old(*, at: datetime) -> None:
    """Forget texts that nobody came back for, and who was here."""
    KeptText.objects.filter(kept_at__lt=at - KEPT_FOR).delete()
    Presence.objects.filter(seen_at__lt=at - timedelta(days=1)).delete()
