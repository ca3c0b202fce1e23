"""The parts that the commands share which run the service: its errors as sentences, and its
addresses."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from bulletin_site.local import service
from bulletin_site.local.supervisor import Ended, Supervisor


@contextmanager
def servers() -> Iterator[Supervisor]:
    """A supervisor whose servers answer; Ctrl-C and SIGTERM, by which systemd stops a service, end
    it quietly, what goes wrong is a CommandError."""
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell has its background ignore SIGINT
        signal.signal(number, signal.default_int_handler)
    try:
        with (
            service.alone(),
            Supervisor(Path(settings.DATA_DIR, "log")) as supervisor,
            _quiet_end(),
        ):
            service.start_servers(supervisor)
            yield supervisor
    except service.AlreadyRunning:
        raise CommandError(_("Bulletin is already running from this data directory.")) from None
    except service.PortTaken as error:
        taken = {"port": error.port, "variable": error.variable}
        raise CommandError(
            _("Port %(port)d is taken; set %(variable)s to use another.") % taken
        ) from None
    except service.NotReadyInTime:
        logs = {"logs": settings.DATA_DIR / "log"}
        raise CommandError(_("A server did not answer; see %(logs)s.") % logs) from None
    except Ended as error:
        ended = {"name": error.name, "log": error.log}
        raise CommandError(_("%(name)s has ended; %(log)s says why.") % ended) from None


@contextmanager
def _quiet_end() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        Console(soft_wrap=True).print("\n" + _("Ending every process …"))


def addresses() -> Table:
    """Return where the site, the admin and the caught mail are, a line each."""
    places = {_("site"): f"{settings.SITE_URL}/", _("admin"): f"{settings.SITE_URL}/admin/"}
    if settings.MAIL_IS_CAUGHT:
        places[_("caught mail")] = f"http://localhost:{settings.CATCHER_PORT}/"
    table = Table.grid(padding=(0, 2))
    for name, address in places.items():
        table.add_row("", name, address)
    return table
