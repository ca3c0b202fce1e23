"""`manage.py demo`: one issue, from its PDF to the mails of its readers, with real parts."""

from __future__ import annotations

import logging
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files import File
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rich.console import Console

from bulletin_site.local import progress_bars, samples, service
from bulletin_site.local.isolation import NotIsolated, require_isolation
from bulletin_site.local.running import addresses, servers
from bulletin_site.local.supervisor import Supervisor
from bulletin_site.secret_files import secret_in
from bulletin_site.settings import env
from digests import publishing, tasks
from digests.models import Digest
from foundation.enqueue import enqueue
from foundation.localized_command import LocalizedCommand
from issues.intake import upload
from issues.models import Issue
from issues.tasks import read_issue

EDITOR = "editor"


class Command(LocalizedCommand):
    help = gettext_noop(
        "Load the sample bulletins, publish their issues, mail the digests, and serve it all."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --exit."""
        parser.add_argument("--exit", action="store_true", help=_("End after the table."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the demonstration; end after the table, or with Ctrl-C."""
        _require_isolation()
        logging.getLogger().setLevel(logging.WARNING)  # the table is what is to be read
        console = Console(highlight=False)
        with servers() as supervisor:
            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            loaded = samples.load(at=timezone.now())
            password = _editor()
            service.start_site(supervisor)
            rows = [_mail(sample, supervisor=supervisor, console=console) for sample in loaded]
            console.print("", progress_bars.table(rows), "")
            if not options["exit"]:
                _serve(supervisor, console=console, password=password)


def _mail(sample: samples.Sample, *, supervisor: Supervisor, console: Console) -> dict[str, str]:
    """Upload, read and publish the sample's issue, and wait for its digest. Returns a row of the
    table."""
    began = time.monotonic()
    console.print(f"{sample.bulletin.name}: {sample.pdf.name}")
    issue = _upload(sample, console=console)
    progress_bars.wait_for_reading(issue, supervisor=supervisor, console=console)
    issue.refresh_from_db()
    if issue.status == Issue.Status.UNREADABLE:
        reason = {"reason": issue.unreadable_reason}
        raise CommandError(_("The sample could not be read: %(reason)s.") % reason)
    digest = _publish(issue)
    progress_bars.wait_for_sending(digest, supervisor=supervisor, console=console)
    return progress_bars.row(digest, seconds=time.monotonic() - began)


def _upload(sample: samples.Sample, *, console: Console) -> Issue:
    try:
        with sample.pdf.open("rb") as file:
            pdf = File(file, sample.pdf.name)
            issue = upload.upload(sample.bulletin, [pdf], at=timezone.now())
    except upload.AlreadyUploaded as error:
        issue = error.issue
        found = {"issue": issue, "state": issue.get_status_display()}
        console.print("  " + _("found from an earlier run: %(issue)s (%(state)s)") % found)
    enqueue(read_issue, issue.pk)
    return issue


def _publish(issue: Issue) -> Digest:
    try:
        digest = publishing.publish(issue, at=timezone.now())
    except publishing.NotReady as error:
        raise CommandError("\n".join(error.reasons)) from None
    enqueue(tasks.prepare_digest, digest.pk)
    return digest


def _require_isolation() -> None:
    """Raise CommandError where mails would leave, or where there is any real reader."""
    try:
        require_isolation(env.dump())  # before any database is opened
        require_isolation({}, readers=samples.other_readers())
    except NotIsolated as error:
        if error.names:
            sentence = _(
                "The demonstration mails people who are made up, and runs apart from all that "
                "is real. Not here: %(names)s is set."
            )
            raise CommandError(sentence % {"names": error.names}) from None
        sentence = _(
            "The demonstration runs apart from all that is real. Not here: this database has "
            "%(readers)d readers of other bulletins. Set DATA_DIR to an empty folder."
        )
        raise CommandError(sentence % {"readers": error.readers}) from None


def _editor() -> str:
    """Make an editor where there is no user at all. Returns the password of the one that was made
    so, "" where its owner has changed it. Nobody's password is changed."""
    password = secret_in(Path(settings.DATA_DIR, "demo-password"), size=9)
    users = get_user_model().objects
    if not users.exists():
        users.create_superuser(EDITOR, password=password)
    made = users.filter(username=EDITOR, is_superuser=True).first()
    return password if made and made.check_password(password) else ""


def _serve(supervisor: Supervisor, *, console: Console, password: str) -> None:
    editor = {"user": EDITOR, "password": password}
    console.print(addresses(), "", sep="\n")
    if password:
        console.print("  " + _("The admin's user is %(user)s, the password %(password)s") % editor)
    else:
        console.print("  " + _("In the admin, your own user and password are as before."))
    console.print("  " + _("Ctrl-C ends every process."))
    supervisor.watch()
