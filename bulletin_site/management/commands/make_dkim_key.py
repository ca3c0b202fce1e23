"""`manage.py make_dkim_key`: a key for DKIM, and its DNS record."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from foundation.localized_command import LocalizedCommand
from mail.dkim import keys as dkim_keys
from mail.dkim.keys import UnreadableKey


class Command(LocalizedCommand):
    help = gettext_noop(
        "Make a key for DKIM and print its DNS record; a key that is there is only printed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the domain, the selector, the folder and --ed25519."""
        parser.add_argument("domain", help=_("The domain of the sender, such as example.org."))
        parser.add_argument("--selector", default="bulletin", help=_("The name of the key."))
        parser.add_argument(
            "--folder", type=Path, default=settings.DATA_DIR / "dkim", help=_("Where it is kept.")
        )
        parser.add_argument(
            "--ed25519",
            action="store_true",
            help=_("A second, short key beside it, for the few receivers that can use one."),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the keys that are missing, and print their records and settings."""
        folder, selector, domain = options["folder"], options["selector"], options["domain"]
        makers = {folder / f"{selector}.pem": dkim_keys.make_rsa}
        if options["ed25519"]:
            makers[folder / f"{selector}-ed25519.pem"] = dkim_keys.make_ed25519
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            for path, make in makers.items():
                if not path.exists():
                    make(path)
            keys = {path: dkim_keys.read(path) for path in makers}
        except (OSError, UnreadableKey) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(_("Publish in the DNS:") + "\n")
        for path, key in keys.items():
            self.stdout.write(dkim_keys.zone_line(path.stem, domain, key) + "\n")
        self.stdout.write(_("Then set in the environment, and start the service again:") + "\n")
        self.stdout.write(f"DKIM_KEYS={','.join(str(path.resolve()) for path in keys)}")
        self.stdout.write(f"DKIM_DOMAINS={domain}")
