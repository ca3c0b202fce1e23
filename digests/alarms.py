"""The sentences that say what does not work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from digests.monitoring import Check, Checks
from mail.delivery import ServerProblem

_SINCE: Mapping[str, Promise] = {
    "beat": gettext_lazy("The beat, which starts what is due, has not been heard since %(time)s."),
    "worker_digests": gettext_lazy("No worker that sends digests has been heard since %(time)s."),
    "worker_notices": gettext_lazy(
        "No worker that mails confirmations has been heard since %(time)s."
    ),
    "worker_reading": gettext_lazy("No worker that reads PDFs has been heard since %(time)s."),
    "oldest_delivery": gettext_lazy("Mails have been due since %(time)s, and nobody sends them."),
    "oldest_digest": gettext_lazy(
        "A digest was opened at %(time)s, and who gets what is not worked out yet."
    ),
    "oldest_confirmation": gettext_lazy(
        "A reader who signed up has waited for the mail to confirm since %(time)s."
    ),
    "oldest_issue": gettext_lazy("A PDF has waited to be read since %(time)s."),
}
_ALWAYS: Mapping[str, Promise] = {
    "beat": gettext_lazy("The beat, which starts what is due, has not been heard yet."),
    "worker_digests": gettext_lazy("No worker that sends digests has been heard yet."),
    "worker_notices": gettext_lazy("No worker that mails confirmations has been heard yet."),
    "worker_reading": gettext_lazy("No worker that reads PDFs has been heard yet."),
    "broker": gettext_lazy("Redis does not answer, so workers are not told what to do."),
    "disk": gettext_lazy("The disk of the data directory is nearly full: %(detail)s are free."),
    "sign_ups": gettext_lazy(
        "More than %(detail)s people have signed up within an hour. If you expect no such crowd, "
        "somebody may be having strangers mailed: see SIGN_UPS_ALARM."
    ),
    "migrations": gettext_lazy(
        "The tables are not those of this version; “manage.py migrate” changes them: %(detail)s."
    ),
}
_MAIL_SERVER: Mapping[str, Promise] = {
    ServerProblem.CERTIFICATE: gettext_lazy(
        "The mail server %(server)s has taken nothing since %(time)s: "
        "its certificate is not trusted."
    ),
    ServerProblem.ENCRYPTION: gettext_lazy(
        "The mail server %(server)s has taken nothing since %(time)s: "
        "no encrypted connection with it can be made."
    ),
    ServerProblem.NAME: gettext_lazy(
        "The mail server %(server)s has taken nothing since %(time)s: its name is not found."
    ),
    ServerProblem.REFUSED: gettext_lazy(
        "The mail server %(server)s has taken nothing since %(time)s: nobody listens there."
    ),
    ServerProblem.SILENT: gettext_lazy(
        "The mail server %(server)s has taken nothing since %(time)s: it does not answer."
    ),
    ServerProblem.PASSWORD: gettext_lazy(
        "The mail server %(server)s has taken nothing since %(time)s: "
        "it does not accept our user name and password."
    ),
    ServerProblem.OTHER: gettext_lazy(
        "The mail server %(server)s has taken nothing since %(time)s. It says: %(detail)s"
    ),
}


def sentences(checks: Checks) -> list[str]:
    """Return a sentence for each of `checks` that is not ok."""
    return list(_of(checks))


def _of(checks: Checks) -> Iterable[str]:
    for name, check in checks.items():
        if not check.ok:
            kind, _space, server = name.partition(" ")
            yield str(_template(kind, check)) % {
                "server": server,
                "time": _moment(check.since),
                "detail": check.detail,
            }


def _template(kind: str, check: Check) -> Promise | str:
    if kind == "mail_server":
        return _MAIL_SERVER.get(check.reason, _MAIL_SERVER[ServerProblem.OTHER])
    if check.since is not None and kind in _SINCE:
        return _SINCE[kind]
    return _ALWAYS[kind]


def _moment(since: datetime | None) -> str:
    """The time of day; with its date where that is not today's."""
    if since is None:
        return ""
    local = timezone.localtime(since)
    today = local.date() == timezone.localdate()
    return date_format(local, "G:i" if today else "Y-m-d G:i")
