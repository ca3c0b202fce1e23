"""`manage.py serve`: the whole service on this machine, until Ctrl-C."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rich.console import Console

from bulletin_site.local import service
from bulletin_site.local.running import addresses, servers
from foundation.localized_command import LocalizedCommand


class Command(LocalizedCommand):
    help = gettext_noop("Run the site, its workers and what they need here, until Ctrl-C.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, start everything, say where it is, and wait."""
        with servers() as supervisor:
            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            service.start_site(supervisor)
            running = _("Bulletin is running. Ctrl-C ends it.")
            console = Console(soft_wrap=True, highlight=False)
            console.print(f"\n{running}\n", addresses(), "", sep="\n")
            supervisor.watch()
