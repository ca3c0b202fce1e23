"""The isolation of the demonstration, chaos and the benchmarks, which never touch what is real."""

from __future__ import annotations

from collections.abc import Collection, Mapping

# Settings by which a service reaches beyond its machine and its folder.
REACHING_OUT = (
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "EMAIL_BACKEND",
    "ANYMAIL",
    "FEEDBACK_MAILBOX",
)


class NotIsolated(Exception):
    """A trial would touch what is real: `names` are the settings that say so, `readers` are how
    many readers there are who are not made up."""

    def __init__(self, names: Collection[str] = (), *, readers: int = 0) -> None:
        self.names = ", ".join(names)
        self.readers = readers
        super().__init__(f"{self.names or readers}: a trial runs apart from real mail and readers")


def require_isolation(
    environment: Mapping[str, object], *, readers: int = 0, but: Collection[str] = ()
) -> None:
    """Raise NotIsolated where the environment reaches out, `but` for those settings, or there are
    `readers`."""
    names = [name for name in REACHING_OUT if environment.get(name) and name not in but]
    if names or readers:
        raise NotIsolated(names, readers=readers)
