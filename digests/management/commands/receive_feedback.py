"""`manage.py receive_feedback`: listen for what comes back from a mail server, until ended."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from digests.bounces.lmtp import Listener
from foundation.localized_command import LocalizedCommand

ENDED_BY = {signal.SIGINT, signal.SIGTERM}


class Command(LocalizedCommand):
    help = gettext_noop("Take bounces, complaints and other feedback by LMTP, until Ctrl-C.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to listen, and --smtp."""
        parser.add_argument("--host", default="127.0.0.1", help=_("Where to listen."))
        parser.add_argument("--port", type=int, default=8024, help=_("Where to listen."))
        parser.add_argument("--smtp", action="store_true", help=_("SMTP instead of LMTP."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Listen until SIGTERM or Ctrl-C."""
        if not settings.RETURN_PATH:
            raise CommandError(_("Set RETURN_PATH: without it no mail comes back here."))
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDED_BY)
        protocol = SMTP if options["smtp"] else LMTP
        listener = Listener(options["host"], options["port"], protocol=protocol)
        try:
            listener.start()
        except OSError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_("Listening on port %(port)d.") % {"port": options["port"]})
        signal.sigwait(ENDED_BY)
        listener.stop()
