"""`manage.py demo`: one issue, from its PDF to the mails of its readers, with real parts."""

from __future__ import annotations

import logging
import secrets
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files import File
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bulletin_site.local import service
from bulletin_site.local.processes import Crew
from bulletin_site.management.running import addresses, servers
from digests import mailing, publishing, tasks, uploading
from digests.management import samples
from digests.models import Article, Digest, Issue, Section

EDITOR = "editor"
PATIENCE = 300  # seconds for one issue to be read, or one digest to be sent


class Command(BaseCommand):
    help = "Load the sample bulletins, publish their issues, mail the digests, and serve it all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --exit."""
        parser.add_argument("--exit", action="store_true", help="End after the table.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the demonstration; end after the table, or with Ctrl-C."""
        logging.getLogger().setLevel(logging.WARNING)  # the table is what is to be read
        with servers() as crew:
            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            loaded = samples.load(at=timezone.now())
            password = _editor()
            service.start_site(crew)
            rows = [self._mail(sample, crew) for sample in loaded]
            self.stdout.write(_table(rows))
            if not options["exit"]:
                self._serve(crew, password=password)

    def _mail(self, sample: samples.Sample, crew: Crew) -> dict[str, object]:
        """Upload, read and publish the sample's issue, and wait for its digest; a table row."""
        began = time.monotonic()
        self.stdout.write(f"{sample.bulletin.name}: {sample.pdf.name}")
        issue = self._upload(sample)
        self._wait(crew, lambda: _is_read(issue), "reading")
        issue.refresh_from_db()
        if issue.status == Issue.Status.UNREADABLE:
            raise CommandError(f"The sample could not be read: {issue.unreadable_reason}.")
        try:
            digest = publishing.publish(issue, at=timezone.now())
        except publishing.NotReady as error:
            raise CommandError("\n".join(error.reasons)) from None
        tasks.prepare_digest.delay(digest.pk)
        self._wait(crew, lambda: _is_finished(digest), "sending", digest=digest)
        return _row(digest, seconds=time.monotonic() - began)

    def _upload(self, sample: samples.Sample) -> Issue:
        try:
            with sample.pdf.open("rb") as file:
                issue = uploading.upload(
                    sample.bulletin, File(file, sample.pdf.name), at=timezone.now()
                )
        except uploading.AlreadyUploaded as error:
            state = error.issue.get_status_display()
            self.stdout.write(f"  found from an earlier run: {error.issue} ({state})")
            issue = error.issue
        tasks.read_issue.delay(issue.pk)
        return issue

    def _wait(
        self, crew: Crew, done: Callable[[], bool], doing: str, *, digest: Digest | None = None
    ) -> None:
        """Show progress until `done`, or raise CommandError when it takes too long."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            crew.check()
            if time.monotonic() > deadline:
                raise CommandError(f"Still {doing} after {PATIENCE} seconds.")
            self._show(doing, digest)
            time.sleep(0.2)
        self._show(doing, digest)
        self.stdout.write("")

    def _show(self, doing: str, digest: Digest | None) -> None:
        line = f"\r  {doing} …"
        if digest is not None:
            counts = mailing.count(digest)
            filled = 30 * counts.settled // max(counts.candidates, 1)
            line = f"\r  {doing} [{'█' * filled:·<30}] {counts.settled}/{counts.candidates}"
        self.stdout.write(line, ending="")
        self.stdout.flush()

    def _serve(self, crew: Crew, *, password: str) -> None:
        self.stdout.write(f"\n{addresses()}\n")
        self.stdout.write(f"\n  The admin's user is {EDITOR}, the password {password}")
        self.stdout.write("\n  Ctrl-C ends every process.")
        crew.watch()


def _editor() -> str:
    """Make sure that there is an editor; the password made for this run."""
    password = secrets.token_urlsafe(9)
    users = get_user_model().objects
    user, _ = users.get_or_create(username=EDITOR, is_staff=True, is_superuser=True)
    user.set_password(password)
    user.save()
    return password


def _is_read(issue: Issue) -> bool:
    return not Issue.objects.filter(pk=issue.pk, status=Issue.Status.UPLOADED).exists()


def _is_finished(digest: Digest) -> bool:
    return Digest.objects.filter(pk=digest.pk, finished_at__isnull=False).exists()


def _row(digest: Digest, *, seconds: float) -> dict[str, object]:
    counts = mailing.count(digest)
    issue = digest.issue
    return {
        "bulletin": issue.bulletin.name,
        "pages": issue.page_count,
        "sections": Section.objects.filter(issue=issue).count(),
        "articles": Article.objects.filter(section__issue=issue).count(),
        "readers": counts.candidates,
        "editions": counts.editions,
        "sent": counts.sent,
        "failed": counts.failed,
        "uncertain": counts.uncertain,
        "skipped": counts.skipped,
        "excluded": counts.excluded,
        "seconds": f"{seconds:.1f}",
    }


def _table(rows: list[dict[str, object]]) -> str:
    """The rows under each other, a column for each, the names at the left."""
    lines = (f"  {name:<10}" + "".join(f"{row[name]!s:>24}" for row in rows) for name in rows[0])
    return "\n" + "\n".join(lines)
