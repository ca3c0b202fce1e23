"""`manage.py prune_deliveries`: delete old deliveries, and keep their counts."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit_log.recording import record_act
from digests import sending
from foundation.localized_command import LocalizedCommand


class Command(LocalizedCommand):
    help = gettext_noop("Delete the deliveries of old digests; their counts and feedback stay.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the age."""
        parser.add_argument("--older-than", type=int, required=True, help=_("In days."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Prune, and print how much."""
        days = options["older_than"]
        if days < 1:
            raise CommandError(_("At least one day."))
        count = sending.prune(before=timezone.now() - timedelta(days=days))
        record_act(
            "deliveries.pruned",
            by=None,
            at=timezone.now(),
            service="manage.py prune_deliveries",
            after={"days": days, "count": count},
        )
        self.stdout.write(_("Deleted deliveries: %(count)d") % {"count": count})
