"""`manage.py serve`: the whole service on this machine, until Ctrl-C."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from bulletin_site.local import service
from bulletin_site.management.running import addresses, servers


class Command(BaseCommand):
    help = "Run the site, its workers and what they need on this machine, until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, start everything, say where it is, and wait."""
        with servers() as crew:
            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            service.start_site(crew)
            self.stdout.write(f"\nBulletin is running. Ctrl-C ends it.\n\n{addresses()}\n")
            crew.watch()
