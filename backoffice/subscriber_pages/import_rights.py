"""The right to bring readers to a bulletin, and to see the addresses of a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from backoffice import masking
from backoffice.by_bulletin import may
from foundation.masking import masked_in
from publications import rights
from publications.models import Bulletin
from subscribers.models import ReaderImport

PERMISSION = "subscribers.import_subscriber"


def may_import(request: HttpRequest, bulletin: Bulletin | None = None) -> bool:
    """Return whether this user may import and add readers, of that bulletin."""
    return may(request, PERMISSION, bulletin)


def allowed_bulletins(request: HttpRequest) -> Any:
    """Return the bulletins to which this user may bring readers."""
    return rights.bulletins(request.user, PERMISSION)


def words_for(request: HttpRequest, run: ReaderImport) -> Callable[[str], str]:
    """Return how who asks sees the words of a list: its addresses masked, unless they brought it
    themselves, or may see those of the bulletin."""
    whole = run.by_id == request.user.pk or masking.may_see(request, run.bulletin)
    return str if whole else masked_in
