"""`manage.py steer_digest pause|resume|cancel ID`: pauses, resumes or cancels a digest."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit_log.recording import record_act
from digests import sending
from digests.models import Digest
from digests.tasks import send_digest
from foundation.enqueue import enqueue
from foundation.localized_command import LocalizedCommand

_ACTS = {
    "pause": "digest.paused",
    "resume": "digest.resumed",
    "cancel": "digest.cancelled",
}


class Command(LocalizedCommand):
    help = gettext_noop("Pause, resume or cancel the sending of a digest, within seconds.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do and the digest's id."""
        parser.add_argument("action", choices=["pause", "resume", "cancel"])
        parser.add_argument("digest", type=int, help=_("The number of the digest."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and fail where it changes nothing."""
        digest = Digest.objects.filter(pk=options["digest"]).first()
        if digest is None:
            raise CommandError(_("There is no such digest."))
        if not self._change(digest, options["action"]):
            raise CommandError(_("That changes nothing: the digest is not in that state."))
        record_act(
            _ACTS[options["action"]],
            by=None,
            at=timezone.now(),
            service="manage.py steer_digest",
            **digest.log_keys,
        )
        self.stdout.write(_("Done."))

    def _change(self, digest: Digest, action: str) -> bool:
        if action == "pause":
            return sending.pause(digest, at=timezone.now())
        if action == "cancel":
            return sending.cancel(digest, at=timezone.now())
        resumed = sending.resume(digest, at=timezone.now())
        if resumed and not enqueue(send_digest, digest.pk):
            self.stdout.write(_("Redis does not answer; the next sweep finds the digest."))
        return resumed
