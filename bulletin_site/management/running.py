"""What the commands that run the service share: its errors as sentences, and its addresses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from bulletin_site.local import service
from bulletin_site.local.processes import Crew, Ended


@contextmanager
def servers() -> Iterator[Crew]:
    """A crew whose servers answer; Ctrl-C ends it quietly, what goes wrong is a CommandError."""
    try:
        with service.alone(), Crew(Path(settings.DATA_DIR, "log")) as crew:
            service.start_servers(crew)
            yield crew
    except KeyboardInterrupt:
        return
    except service.AlreadyRunning:
        raise CommandError("Bulletin is already running from this data directory.") from None
    except service.PortTaken as error:
        raise CommandError(
            f"Port {error.port} is taken; set {error.variable} to use another."
        ) from None
    except service.Unready:
        raise CommandError(f"A server did not answer; see {settings.DATA_DIR}/log/.") from None
    except Ended as error:
        raise CommandError(f"{error.name} has ended; {error.log} says why.") from None


def addresses() -> str:
    """Where the site, the admin and the caught mail are, a line each."""
    lines = [f"  site         {settings.SITE_URL}/", f"  admin        {settings.SITE_URL}/admin/"]
    if settings.MAIL_IS_CAUGHT:
        lines.append(f"  caught mail  http://localhost:{settings.CATCHER_PORT}/")
    return "\n".join(lines)
