"""Mail servers, as the settings name them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from mail.rate_limits.rates import Rate

_SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
_DAY = 86_400
# Messages on each day of warming up: what most guides to it begin with, and double.
_PLAN = (200, 500, 1000, 2000, 5000, 10_000, 20_000, 40_000, 70_000, 100_000)


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how to connect to it. `timeout` is in seconds, for each response but that
    to a whole text, which has `final` seconds where that is more; `weight` is its share of the
    mail beside other servers; `max_rate` the rate that it allows."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    tls: bool = False
    timeout: float = 20.0
    final: float = 240.0
    weight: int = 1
    max_rate: Rate | None = None
    warm_up: date | None = None
    plan: tuple[int, ...] = _PLAN

    @classmethod
    def of(cls, url: str) -> Self:
        """Return the server of a URL such as
        "smtp+tls://user:password@host:587?weight=3&rate=14/second&warm_up=2026-12-01".

        The schemes are smtp, smtp+tls (STARTTLS) and smtps (TLS from the first byte, RFC 8314).
        Raises ValueError.
        """
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES or not parts.hostname or parts.path.strip("/"):
            raise ValueError("smtp://, smtp+tls:// or smtps://, then user:password@host:port")
        _check_host(parts.hostname)
        return cls(
            host=parts.hostname,
            port=parts.port or _SCHEMES[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            starttls=parts.scheme == "smtp+tls",
            tls=parts.scheme == "smtps",
            **_options(parts),
        )

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def rate_on(self, today: date) -> Rate | None:
        """Return the rate on that day: the one that it allows or, while it is warmed up, that of
        the day if that is slower. Returns None where nothing limits it."""
        day = (today - self.warm_up).days if self.warm_up else len(self.plan)
        if day >= len(self.plan):
            return self.max_rate
        number = self.plan[max(day, 0)]
        warming = Rate(number, _DAY, max(1, number // 24))
        return min(filter(None, (warming, self.max_rate)), key=lambda rate: rate.per_second)


def servers(urls: str) -> tuple[Server, ...]:
    """Return the servers of URLs with blanks between them. Raises ValueError."""
    return tuple(Server.of(url) for url in urls.split())


def _check_host(host: str) -> None:
    """Raise ValueError where `host` cannot be looked up in the DNS."""
    try:
        host.encode("idna")
    except UnicodeError as error:
        raise ValueError(f"{host} is no name of a host") from error


def _options(parts: SplitResult) -> dict[str, Any]:
    """Return what stands behind the question mark, by the names of `Server`. Raises ValueError."""
    options: dict[str, Any] = {}
    for name, value in parse_qsl(parts.query, strict_parsing=bool(parts.query)):
        match name:
            case "weight" if value.isdecimal() and 1 <= int(value) <= 1000:
                options["weight"] = int(value)
            case "timeout" | "final" if float(value) > 0:
                options[name] = float(value)
            case "rate":
                # A server counts by the second, so little goes at once.
                options["max_rate"] = Rate.of(value, burst_seconds=1)
            case "warm_up":
                options["warm_up"] = date.fromisoformat(value)
            case "plan" if all(number.strip("0") for number in value.split(",")):
                options["plan"] = tuple(int(number) for number in value.split(","))
            case _:
                raise ValueError(f"{name}={value}?")
    return options
