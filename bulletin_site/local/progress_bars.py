"""The display of the demonstration: bars while it waits, and a table of what became of whom."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from bulletin_site.local.supervisor import Supervisor
from digests import sending
from digests.models import Digest
from issues.models import Article, Issue, Section

TIMEOUT_SECONDS = 300  # seconds for one issue to be read, or one digest to be sent
Step = Callable[[], bool]

ROWS = (
    gettext_noop("bulletin"),
    gettext_noop("pages"),
    gettext_noop("sections"),
    gettext_noop("articles"),
    gettext_noop("readers"),
    gettext_noop("editions"),
    gettext_noop("sent"),
    gettext_noop("failed"),
    gettext_noop("uncertain"),
    gettext_noop("skipped"),
    gettext_noop("excluded"),
    gettext_noop("seconds"),
)


def wait_for_reading(issue: Issue, *, supervisor: Supervisor, console: Console) -> None:
    """Show that it is being read until it is. Raises CommandError after TIMEOUT_SECONDS."""
    unread = Issue.objects.filter(pk=issue.pk, status=Issue.Status.UPLOADED)
    columns = (SpinnerColumn(finished_text="✓"), TextColumn("{task.description}"))
    with Progress(*columns, console=console) as progress:
        shown = progress.add_task(_("reading"), total=1)
        _wait(lambda: not unread.exists(), supervisor=supervisor)
        progress.update(shown, completed=1)


def wait_for_sending(digest: Digest, *, supervisor: Supervisor, console: Console) -> None:
    """Show a bar until every reader is accounted for. Raises CommandError after TIMEOUT_SECONDS."""
    finished = Digest.objects.filter(pk=digest.pk, finished_at__isnull=False)
    said = TextColumn("{task.description}")
    columns = (SpinnerColumn(finished_text="✓"), said, BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as progress:
        shown = progress.add_task(_("sending"), total=None)

        def step() -> bool:
            done = finished.exists()
            counts = sending.count(digest)
            progress.update(shown, total=counts.candidates or None, completed=counts.settled)
            return done

        _wait(step, supervisor=supervisor)


def _wait(done: Step, *, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not done():
        supervisor.check()
        if time.monotonic() > deadline:
            raise CommandError(
                _("Nothing came of it in %(seconds)d s.") % {"seconds": TIMEOUT_SECONDS}
            )
        time.sleep(0.2)


def row(digest: Digest, *, seconds: float) -> dict[str, str]:
    """Return what became of an issue and its readers, by the names in ROWS."""
    counts = sending.count(digest)
    issues = Issue.objects.filter(pk__in=digest.issue_ids)
    numbers = {
        "pages": sum(issues.values_list("page_count", flat=True)),
        "sections": Section.objects.filter(issue__in=issues).count(),
        "articles": Article.objects.filter(section__issue__in=issues).count(),
        "readers": counts.candidates,
        "editions": counts.editions,
        "sent": counts.sent,
        "failed": counts.failed,
        "uncertain": counts.uncertain,
        "skipped": counts.skipped,
        "excluded": counts.excluded,
    }
    shown = {name: str(number) for name, number in numbers.items()}
    return {"bulletin": digest.bulletin.name, **shown, "seconds": f"{seconds:.1f}"}


def table(rows: list[dict[str, str]]) -> Table:
    """A column for each issue, the names at the left."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    grid.add_column()
    for _row in rows:
        grid.add_column(justify="right")
    for name in ROWS:
        grid.add_row("", _(name), *(shown[name] for shown in rows))
    return grid
