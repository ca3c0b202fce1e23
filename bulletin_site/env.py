"""The one place where the environment is read.

Every variable has a default that works on a laptop; nonsense is refused when the process
starts, all of it in one error (`environs.EnvValidationError`). The table in
`docs/settings.md` and `.env.example` name the same variables; a test holds the three
together.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import available_timezones

import dj_database_url
from environs import Env, ValidationError, validate

from mail.rate_limits.providers import Provider, providers
from mail.servers import Server, servers

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(eager=False)
env_file = Path(env.str("ENV_FILE", "") or BASE_DIR / ".env")
if env_file.is_file():
    env.read_env(str(env_file), recurse=False)


def secret_in(path: Path, *, size: int = 48) -> str:
    """A random secret kept in a file that only its owner can read; made on first use.

    Several processes may start at once: the file appears whole or not at all, and the first wins.
    """
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:  # mode 0600
        draft.write(secrets.token_urlsafe(size))
        draft.flush()
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft.name)
    return path.read_text()


def socket_for(data_dir: Path) -> Path:
    """Where the embedded Redis of this data directory listens.

    It stands in the directory for temporary files, because the path of a Unix socket may
    have no more than 107 bytes (unix(7)) and a clone can stand anywhere.
    """
    name = hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"bulletin-{name}" / "redis.sock"


def _an_object(value: object) -> None:
    if not isinstance(value, dict):
        raise ValidationError('An object, such as {"WEBHOOK_SECRET": "user:password"}.')


def _such_as(parse: Callable[[str], object]) -> Callable[[str], None]:
    """What `parse` understands, or nothing."""

    def check(value: str) -> None:
        try:
            if value:
                parse(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    return check


data_dir = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
data_dir.mkdir(parents=True, exist_ok=True)

debug: bool = env.bool("DEBUG", False)
secret_key: str = env.str("SECRET_KEY", "") or secret_in(data_dir / "secret-key")
secret_key_fallbacks: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
port: int = env.int("PORT", 8000, validate=validate.Range(1, 65535))
site_url: str = env.str(
    "SITE_URL", f"http://localhost:{port}", validate=validate.URL(require_tld=False)
)
allowed_hosts: list[str] = env.list("ALLOWED_HOSTS", [])
_database_url: str = env.str("DATABASE_URL", "", validate=_such_as(dj_database_url.parse))
database = dj_database_url.parse(
    _database_url or f"sqlite:///{data_dir / 'bulletin.sqlite3'}",
    conn_max_age=60,
    conn_health_checks=True,
)
redis_url: str = env.str("REDIS_URL", "")
redis_socket = socket_for(data_dir)
catcher_smtp_port: int = env.int("CATCHER_SMTP_PORT", 8025, validate=validate.Range(1, 65535))
_email_url: str = env.str("EMAIL_URL", "", validate=_such_as(servers))
mail_is_caught: bool = not _email_url
mail_servers: tuple[Server, ...] = servers(_email_url or f"smtp://localhost:{catcher_smtp_port}")
_provider_paces: str = env.str("PROVIDER_PACES", "", validate=_such_as(providers))
mail_providers: Mapping[str, Provider] = providers(_provider_paces or "")
default_from_email: str = env.str("DEFAULT_FROM_EMAIL", "bulletin@localhost")
email_backend: str = env.str("EMAIL_BACKEND", "")
anymail: dict[str, object] = dict(env.json("ANYMAIL", {}, validate=_an_object))
return_path: str = env.str(
    "RETURN_PATH",
    "",
    validate=validate.Regexp(
        r"^$|^[a-z0-9._-]{1,19}@[A-Za-z0-9.-]{1,190}$",
        error="A plain address, such as bounces@example.org; 19 letters before the @ at most.",
    ),
)
_dkim_keys: str = env.str(
    "DKIM_KEYS",
    "",
    validate=validate.Regexp(
        r"^$|^/[^,]*/[A-Za-z0-9-]{1,63}\.pem(,/[^,]*/[A-Za-z0-9-]{1,63}\.pem)*$",
        error="Whole paths of .pem files that are called as their selectors.",
    ),
)
dkim_keys = [Path(path) for path in _dkim_keys.split(",") if path]
_dkim_domains: str = env.str(
    "DKIM_DOMAINS",
    "",
    validate=validate.Regexp(
        r"^$|^[a-z0-9.-]{1,190}(,[a-z0-9.-]{1,190})*$", error="Domains, such as example.org."
    ),
)
dkim_domains = [domain for domain in _dkim_domains.split(",") if domain]
feedback_mailbox: str = env.str(
    "FEEDBACK_MAILBOX",
    "",
    validate=validate.Regexp(
        r"^$|^maildir:///.+|^(imaps|pops)://[^@/]+:[^@/]+@[^@/]+(/.*)?$",
        error="maildir:///path, imaps://user:password@host/folder or pops://user:password@host.",
    ),
)
time_zone: str = env.str(
    "TIME_ZONE", "Asia/Shanghai", validate=validate.OneOf(sorted(available_timezones()))
)
language: str = env.str("LANGUAGE_CODE", "zh-hans", validate=validate.OneOf(["zh-hans", "en"]))
log_level: str = env.str(
    "LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])
)
catcher_port: int = env.int("CATCHER_PORT", 8026, validate=validate.Range(1, 65535))
pdf_max_mb: int = env.int("PDF_MAX_MB", 50, validate=validate.Range(1, 1000))
reading_memory_mb: int = env.int("READING_MEMORY_MB", 1024, validate=validate.Range(256, 65536))
reading_seconds: int = env.int("READING_SECONDS", 300, validate=validate.Range(5, 3600))
reading_pages: int = env.int("READING_PAGES", 2000, validate=validate.Range(1, 100_000))
send_batch: int = env.int("SEND_BATCH", 500, validate=validate.Range(1, 5000))
send_sessions: int = env.int("SEND_SESSIONS", 4, validate=validate.Range(1, 100))
send_uncertain: str = env.str("SEND_UNCERTAIN", "hold", validate=validate.OneOf(["hold", "resend"]))
chaos: bool = env.bool("CHAOS", False)
send_lease_seconds: int = env.int("SEND_LEASE_SECONDS", 300, validate=validate.Range(2, 3600))
sign_ups_per_hour: int = env.int("SIGN_UPS_PER_HOUR", 30, validate=validate.Range(1, 100_000))
network_sign_ups_per_hour: int = env.int(
    "NETWORK_SIGN_UPS_PER_HOUR", 100, validate=validate.Range(1, 1_000_000)
)
site_sign_ups_per_hour: int = env.int(
    "SITE_SIGN_UPS_PER_HOUR", 1000, validate=validate.Range(1, 10_000_000)
)
site_sign_ups_per_day: int = env.int(
    "SITE_SIGN_UPS_PER_DAY", 5000, validate=validate.Range(1, 10_000_000)
)
proxies: int = env.int("PROXIES", 0, validate=validate.Range(0, 10))
page_query_seconds: int = env.int("PAGE_QUERY_SECONDS", 20, validate=validate.Range(0, 3600))
worker_processes: int = env.int("WORKER_PROCESSES", 2, validate=validate.Range(1, 256))

env.seal()
