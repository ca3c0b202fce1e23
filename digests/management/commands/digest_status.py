"""`manage.py digest_status`: the status of a digest, for people and for scripts."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rich.console import Console
from rich.live import Live

from digests import reporting
from digests.management import status_display
from digests.models import Digest
from digests.reporting import Report, State
from foundation.localized_command import LocalizedCommand

Show = Callable[[Digest, Report], None]


class Command(LocalizedCommand):
    help = gettext_noop(
        "Show how far a digest is. Ends with 0 when it is finished, 3 while it is under way, "
        "4 when a decision is wanted, 5 when it is stuck, 6 while it stands still."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which digest, and in which form."""
        which = _("A digest's number; without one, the oldest unfinished one, or the newest.")
        parser.add_argument("digest", nargs="?", type=int, help=which)
        parser.add_argument("--issue", type=int, help=_("The number of an issue instead."))
        parser.add_argument("--watch", action="store_true", help=_("Until it is finished."))
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Show it once, or until it is finished, and end with the code of its state."""
        pk = _digest(options["digest"], issue=options["issue"]).pk
        if options["format"] == "json":
            report = _follow(pk, _show_nothing) if options["watch"] else _load(pk)[1]
            self.stdout.write(json.dumps(report.as_json(), cls=DjangoJSONEncoder, indent=2))
        else:
            report = _show(pk, watch=options["watch"], console=Console(highlight=False))
        if report.state is not State.FINISHED:
            sys.exit(report.state)


def _digest(pk: int | None, *, issue: int | None) -> Digest:
    digests = Digest.objects.defer("blocks", "texts").order_by("-opened_at", "-pk")
    if pk is not None:
        digests = digests.filter(pk=pk)
    if issue is not None:
        digests = digests.of_issue(issue)
    found = digests.unfinished().first() or digests.first()
    if found is None:
        raise CommandError(_("There is no such digest."))
    return found


def _show(pk: int, *, watch: bool, console: Console) -> Report:
    if not watch:
        digest, report = _load(pk)
        console.print(status_display.render(digest, report))
        return report

    def draw(digest: Digest, report: Report) -> None:
        live.update(status_display.render(digest, report))

    with Live(console=console) as live:
        return _follow(pk, draw)


def _show_nothing(_digest: Digest, _report: Report) -> None:
    """Show nothing until the end."""


def _follow(pk: int, show: Show) -> Report:
    """Load it each second until it is finished, or until Ctrl-C. Returns the last report."""
    digest, report = _load(pk)
    show(digest, report)
    with contextlib.suppress(KeyboardInterrupt):
        while report.state in {State.UNDER_WAY, State.STANDING_STILL}:
            time.sleep(1)
            digest, report = _load(pk)
            show(digest, report)
    return report


def _load(pk: int) -> tuple[Digest, Report]:
    digest = Digest.objects.with_titles().defer("blocks", "texts").get(pk=pk)
    return digest, reporting.report(digest, at=timezone.now())
