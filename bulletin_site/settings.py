"""Django's settings, from the environment and the file ENV_FILE, which are read here alone, once.

First stands every variable of the environment. Each has a default that works on a laptop;
an invalid value is refused when the process starts, all of it in one error
(`environs.EnvValidationError`). `docs/settings.md` and `.env.example` name the same variables.
What Django is to know under another name, or made of several, follows below `env.seal()`.

Importing this makes no file and no folder: the secret key is made when it is first needed, the
data folder when a process starts (`bulletin_site.apps`).
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import dj_database_url
import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env, ValidationError, validate

from bulletin_site.secret_files import lazy_secret
from mail.rate_limits.providers import Provider, providers
from mail.servers import Server, servers

django_stubs_ext.monkeypatch()


def _an_object(value: object) -> None:
    if not isinstance(value, dict):
        raise ValidationError('An object, such as {"WEBHOOK_SECRET": "user:password"}.')


def _parsed_by(parse: Callable[[str], object]) -> Callable[[str], None]:
    """A validator of what `parse` understands, or nothing."""

    def check(value: str) -> None:
        try:
            if value:
                parse(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    return check


def _matching(pattern: str, error: str) -> validate.Regexp:
    """A validator of what `pattern` describes as a whole, or nothing."""
    return validate.Regexp(rf"^(?:{pattern})?$", error=error)


BASE_DIR = Path(__file__).resolve().parent.parent

_PORTS = validate.Range(1, 65535)

env = Env(eager=False)
env_file = Path(env.str("ENV_FILE", "") or BASE_DIR / ".env")
if env_file.is_file():
    env.read_env(str(env_file), recurse=False)

# Names in small letters are not for `django.conf.settings`: other settings are made of them.
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
DEBUG: bool = env.bool("DEBUG", False)
SECRET_KEY: str = env.str("SECRET_KEY", "") or lazy_secret(DATA_DIR / "secret-key")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
PORT: int = env.int("PORT", 8000, validate=_PORTS)
site_url: str = env.str(
    "SITE_URL", f"http://localhost:{PORT}", validate=validate.URL(require_tld=False)
)
allowed_hosts: list[str] = env.list("ALLOWED_HOSTS", [])
database_url: str = env.str("DATABASE_URL", "", validate=_parsed_by(dj_database_url.parse))
REDIS_URL: str = env.str("REDIS_URL", "")
catcher_smtp_port: int = env.int("CATCHER_SMTP_PORT", 8025, validate=_PORTS)
email_url: str = env.str("EMAIL_URL", "", validate=_parsed_by(servers))
provider_rate_limits: str = env.str("PROVIDER_RATE_LIMITS", "", validate=_parsed_by(providers))
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", "bulletin@localhost")
email_backend: str = env.str("EMAIL_BACKEND", "")
anymail: Any = env.json("ANYMAIL", {}, validate=_an_object)
RETURN_PATH: str = env.str(
    "RETURN_PATH",
    "",
    validate=_matching(
        r"[a-z0-9._-]{1,19}@[A-Za-z0-9.-]{1,190}",
        "A plain address, such as bounces@example.org; 19 letters before the @ at most.",
    ),
)
dkim_keys: str = env.str(
    "DKIM_KEYS",
    "",
    validate=_matching(
        r"/[^,]*/[A-Za-z0-9-]{1,63}\.pem(,/[^,]*/[A-Za-z0-9-]{1,63}\.pem)*",
        "Whole paths of .pem files that are called as their selectors.",
    ),
)
dkim_domains: str = env.str(
    "DKIM_DOMAINS",
    "",
    validate=_matching(r"[a-z0-9.-]{1,190}(,[a-z0-9.-]{1,190})*", "Domains, such as example.org."),
)
FEEDBACK_MAILBOX: str = env.str(
    "FEEDBACK_MAILBOX",
    "",
    validate=_matching(
        r"maildir:///.+|(imaps|pops)://[^@/]+:[^@/]+@[^@/]+(/.*)?",
        "maildir:///path, imaps://user:password@host/folder or pops://user:password@host.",
    ),
)
TIME_ZONE: str = env.str(
    "TIME_ZONE", "Asia/Shanghai", validate=validate.OneOf(sorted(available_timezones()))
)
LANGUAGE_CODE: str = env.str("LANGUAGE_CODE", "zh-hans", validate=validate.OneOf(["zh-hans", "en"]))
log_level: str = env.str(
    "LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])
)
CATCHER_PORT: int = env.int("CATCHER_PORT", 8026, validate=_PORTS)
AUDIT_LOG_DAYS: int = env.int("AUDIT_LOG_DAYS", 1095, validate=validate.Range(0, 36_500))
CATCH_UP_DAYS: int = env.int("CATCH_UP_DAYS", 100, validate=validate.Range(32, 3650))
pdf_max_mb: int = env.int("PDF_MAX_MB", 50, validate=validate.Range(1, 1000))
reading_memory_mb: int = env.int("READING_MEMORY_MB", 1024, validate=validate.Range(256, 65536))
READING_SECONDS: int = env.int("READING_SECONDS", 300, validate=validate.Range(5, 3600))
READING_PAGES: int = env.int("READING_PAGES", 2000, validate=validate.Range(1, 100_000))
SEND_BATCH: int = env.int("SEND_BATCH", 500, validate=validate.Range(1, 5000))
SEND_SESSIONS: int = env.int("SEND_SESSIONS", 4, validate=validate.Range(1, 100))
SEND_UNCERTAIN: str = env.str("SEND_UNCERTAIN", "hold", validate=validate.OneOf(["hold", "resend"]))
CHAOS: bool = env.bool("CHAOS", False)
SEND_LEASE_SECONDS: int = env.int("SEND_LEASE_SECONDS", 300, validate=validate.Range(2, 3600))
SIGN_UPS_PER_HOUR: int = env.int("SIGN_UPS_PER_HOUR", 30, validate=validate.Range(1, 100_000))
NETWORK_SIGN_UPS_PER_HOUR: int = env.int(
    "NETWORK_SIGN_UPS_PER_HOUR", 100, validate=validate.Range(1, 1_000_000)
)
SITE_SIGN_UPS_PER_HOUR: int = env.int(
    "SITE_SIGN_UPS_PER_HOUR", 1000, validate=validate.Range(1, 10_000_000)
)
SITE_SIGN_UPS_PER_DAY: int = env.int(
    "SITE_SIGN_UPS_PER_DAY", 5000, validate=validate.Range(1, 10_000_000)
)
SIGN_UPS_ALARM: int = env.int("SIGN_UPS_ALARM", 300, validate=validate.Range(1, 1_000_000))
LEFT_READERS_DAYS: int = env.int("LEFT_READERS_DAYS", 365, validate=validate.Range(30, 36_500))
DELIVERY_DAYS: int = env.int("DELIVERY_DAYS", 400, validate=validate.Range(0, 36_500))
FEEDBACK_DAYS: int = env.int("FEEDBACK_DAYS", 1095, validate=validate.Range(90, 36_500))
PROXIES: int = env.int("PROXIES", 0, validate=validate.Range(0, 10))
PAGE_QUERY_SECONDS: int = env.int("PAGE_QUERY_SECONDS", 20, validate=validate.Range(0, 3600))
WORKER_PROCESSES: int = env.int("WORKER_PROCESSES", 2, validate=validate.Range(1, 256))
MFA_REQUIRED_FOR: list[str] = env.list("MFA_REQUIRED_FOR", [])
oidc_url: str = env.str("OIDC_URL", "", validate=_matching(r"https?://.+", "An address."))
oidc_client_id: str = env.str("OIDC_CLIENT_ID", "")
oidc_client_secret: str = env.str("OIDC_CLIENT_SECRET", "")
OIDC_NAME: str = env.str("OIDC_NAME", "")
feishu_url: str = env.str(
    "FEISHU_URL", "https://open.feishu.cn", validate=validate.URL(require_tld=False)
)
feishu_app_id: str = env.str("FEISHU_APP_ID", "")
feishu_app_secret: str = env.str("FEISHU_APP_SECRET", "")
dingtalk_client_id: str = env.str("DINGTALK_CLIENT_ID", "")
dingtalk_client_secret: str = env.str("DINGTALK_CLIENT_SECRET", "")
DINGTALK_CORP_ID: str = env.str("DINGTALK_CORP_ID", "")
sign_on_domains: list[str] = env.list("SIGN_ON_DOMAINS", [])

env.seal()

SITE_URL = site_url.rstrip("/")
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or "", "localhost", "127.0.0.1", *allowed_hosts]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "backoffice.issue_pages.block_editor.unsaved.forged_or_old"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "bulletin_site",
    "audit_log",
    "publications",
    "subscribers",
    "issues",
    "digests",
    "accounts",
    "backoffice",
]
if anymail:
    INSTALLED_APPS.append("anymail")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "bulletin_site.personal_pages.PersonalPages",
    "foundation.response_headers.ContentSecurityPolicyMiddleware",
    "foundation.response_headers.permissions_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "foundation.response_headers.cookies_vary",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "bulletin_site.bulletin_language.BulletinLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorRequired",
    "accounts.middleware.HashesFewPasswords",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bulletin_site.query_timeout.TooSlow",
    "bulletin_site.nul.NoNul",
]

ROOT_URLCONF = "bulletin_site.urls"
WSGI_APPLICATION = "bulletin_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        database_url or f"sqlite:///{DATA_DIR / 'bulletin.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets pages be read while a worker writes; IMMEDIATE makes a writer wait for its turn
    # at BEGIN instead of failing in mid-transaction (sqlite.org/lang_transaction.html).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # libpq by itself waits for a silent server as long as TCP does: two minutes and more.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["bulletin_site.formats"]
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

MAIL_IS_CAUGHT = not email_url
MAIL_SERVERS: tuple[Server, ...] = servers(email_url or f"smtp://localhost:{catcher_smtp_port}")
PROVIDERS: Mapping[str, Provider] = providers(provider_rate_limits)
# For Django's own mails, and for backends that look for them; ours go by MAIL_SERVERS.
EMAIL_BACKEND = email_backend or "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = MAIL_SERVERS[0].host
EMAIL_PORT = MAIL_SERVERS[0].port
EMAIL_HOST_USER = MAIL_SERVERS[0].user
EMAIL_HOST_PASSWORD = MAIL_SERVERS[0].password
EMAIL_USE_TLS = MAIL_SERVERS[0].starttls
EMAIL_USE_SSL = MAIL_SERVERS[0].tls
EMAIL_TIMEOUT = MAIL_SERVERS[0].timeout
DKIM_KEYS = [Path(path) for path in dkim_keys.split(",") if path]
DKIM_DOMAINS = [domain for domain in dkim_domains.split(",") if domain]
# What a provider cannot do is less than what we set: no envelope sender of its own, say.
ANYMAIL = {"IGNORE_UNSUPPORTED_FEATURES": True, **anymail}

PDF_MAX_BYTES = pdf_max_mb * 1024 * 1024
READING_MEMORY_BYTES = reading_memory_mb * 1024 * 1024

# The embedded Redis of this data folder listens in the folder for temporary files: the path of a
# Unix socket may have no more than 107 bytes (unix(7)), and a clone can stand anywhere.
redis_folder = f"bulletin-{hashlib.sha256(str(DATA_DIR).encode()).hexdigest()[:12]}"
REDIS_SOCKET = Path(tempfile.gettempdir(), redis_folder, "redis.sock")
RATE_LIMIT_STORAGE_URL = REDIS_URL or f"redis+unix://{REDIS_SOCKET}"
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{REDIS_SOCKET}"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
# No task of ours runs longer than a few minutes; kombu looks for what a killed worker left
# only every interval x throttle seconds, 100 s unless set.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2.0,
    "socket_connect_timeout": 1.0,
    "visibility_timeout": max(900, READING_SECONDS * 2),
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
# A task that cannot be enqueued is no loss: the sweep finds the work. So enqueueing must not hang
# the page of an editor while Redis is away or does not answer.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_DEFAULT_QUEUE = "digests"
CELERY_TASK_ROUTES = {
    "subscribers.tasks.work_on_import": {"queue": "reading"},  # readers wait for the notices
    "subscribers.tasks.*": {"queue": "notices"},
    "accounts.tasks.*": {"queue": "notices"},
    "backoffice.tasks.*": {"queue": "notices"},
    "digests.tasks.collect_feedback": {"queue": "notices"},
    "digests.tasks.forget_feedback": {"queue": "notices"},
    "digests.tasks.prune_deliveries": {"queue": "notices"},
    "issues.tasks.read_issue*": {"queue": "reading"},
    "issues.tasks.make_page_images": {"queue": "reading"},
}
SWEEP_SECONDS = 15.0  # from one sweep to the next; a task that no worker took by then is dropped
_SWEEP = {"schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS - 1}}
CELERY_BEAT_SCHEDULE = {
    "issues": {"task": "issues.tasks.sweep", **_SWEEP},
    "digests": {"task": "digests.tasks.sweep", **_SWEEP},
    "readers": {"task": "subscribers.tasks.sweep", **_SWEEP},
    "colleagues": {"task": "accounts.tasks.sweep", **_SWEEP},
    "office": {"task": "backoffice.tasks.sweep", **_SWEEP},
    "forgetting": {"task": "subscribers.tasks.forget", "schedule": 3600.0},
    "returned": {"task": "digests.tasks.forget_feedback", "schedule": crontab("27", "3")},
    "deliveries": {"task": "digests.tasks.prune_deliveries", "schedule": 3600.0},
    "bin": {"task": "issues.tasks.forget", "schedule": 3600.0},
    "log": {"task": "audit_log.tasks.forget", "schedule": crontab("47", "3")},
    "sessions": {"task": "subscribers.tasks.clear_sessions", "schedule": crontab("17", "3")},
}
if FEEDBACK_MAILBOX:
    CELERY_BEAT_SCHEDULE["feedback"] = {
        "task": "digests.tasks.collect_feedback",
        "schedule": 60.0,
        "options": {"expires": 59},
    }
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat")

LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "publications.rights.BulletinRights",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]

PASSWORD_RESET_TIMEOUT = 3 * 3600
PASSWORD_HASHERS = [
    "accounts.hashing.BoundedHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]

# What allauth is to do, and what it is not: guesses are counted by accounts.login_limit.
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"reauthenticate": "accounts.forms.PasswordAgainForm"}
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address here is what an administrator wrote
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a clock may be wrong by half a minute
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_URL.startswith("https://")
SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.SocialAdapter"
FEISHU_URL = feishu_url.rstrip("/")
SIGN_ON_DOMAINS = [domain.lower() for domain in sign_on_domains]
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {}
if oidc_url and oidc_client_id:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OIDC_NAME or "OpenID Connect",
                "client_id": oidc_client_id,
                "secret": oidc_client_secret,
                "settings": {"server_url": oidc_url},
            }
        ],
        "OAUTH_PKCE_ENABLED": True,
    }
if feishu_app_id:
    SOCIALACCOUNT_PROVIDERS["feishu"] = {
        "APP": {"client_id": feishu_app_id, "secret": feishu_app_secret}
    }
if dingtalk_client_id and DINGTALK_CORP_ID:
    SOCIALACCOUNT_PROVIDERS["dingtalk"] = {
        "APP": {"client_id": dingtalk_client_id, "secret": dingtalk_client_secret}
    }

X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
if SITE_URL.startswith("https://"):
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Celery says of each task that it came and went: 30 lines a minute where nothing happens.
celery_level = "DEBUG" if log_level == "DEBUG" else "WARNING"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "bulletin_site.log_format.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "zone": TIME_ZONE,
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": log_level},
    "loggers": {
        "flufl.bounce": {"level": "CRITICAL"},  # it logs each of its 17 guesses
        "mail.log": {"level": "WARNING"},  # aiosmtpd writes down addresses
        "gunicorn.error": {"handlers": ["stderr"], "level": log_level, "propagate": False},
        "celery.app.trace": {"level": celery_level},
        "celery.beat": {"level": celery_level},
        "celery.worker.strategy": {"level": celery_level},
    },
}
