"""Django's settings, from the environment through `bulletin_site.env`."""

from __future__ import annotations

from urllib.parse import urlsplit

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from bulletin_site import env

django_stubs_ext.monkeypatch()

BASE_DIR = env.BASE_DIR
DATA_DIR = env.data_dir

SECRET_KEY = env.secret_key
SECRET_KEY_FALLBACKS = env.secret_key_fallbacks
DEBUG = env.debug
SITE_URL = env.site_url.rstrip("/")
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or "", "localhost", "127.0.0.1", *env.allowed_hosts]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "bulletin_site",
    "publications",
    "subscribers",
    "issues",
    "digests",
    "backoffice",
]
if env.anymail:
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
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bulletin_site.query_timeout.TooSlow",
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

DATABASES = {"default": env.database}
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

LANGUAGE_CODE = env.language
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.time_zone
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = DEBUG

MAIL_SERVERS = env.mail_servers
PROVIDERS = env.mail_providers
# For Django's own mails, and for backends that look for them; ours go by MAIL_SERVERS.
EMAIL_BACKEND = env.email_backend or "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = MAIL_SERVERS[0].host
EMAIL_PORT = MAIL_SERVERS[0].port
EMAIL_HOST_USER = MAIL_SERVERS[0].user
EMAIL_HOST_PASSWORD = MAIL_SERVERS[0].password
EMAIL_USE_TLS = MAIL_SERVERS[0].starttls
EMAIL_USE_SSL = MAIL_SERVERS[0].tls
EMAIL_TIMEOUT = MAIL_SERVERS[0].timeout
MAIL_IS_CAUGHT = env.mail_is_caught
DEFAULT_FROM_EMAIL = env.default_from_email
RETURN_PATH = env.return_path
DKIM_KEYS = env.dkim_keys
DKIM_DOMAINS = env.dkim_domains
FEEDBACK_MAILBOX = env.feedback_mailbox
# What a provider cannot do is less than what we set: no envelope sender of its own, say.
ANYMAIL = {"IGNORE_UNSUPPORTED_FEATURES": True, **env.anymail}

PORT = env.port
CATCHER_PORT = env.catcher_port
PDF_MAX_BYTES = env.pdf_max_mb * 1024 * 1024
READING_MEMORY_BYTES = env.reading_memory_mb * 1024 * 1024
READING_SECONDS = env.reading_seconds
READING_PAGES = env.reading_pages
SEND_BATCH = env.send_batch
SEND_SESSIONS = env.send_sessions
SEND_UNCERTAIN = env.send_uncertain
CHAOS = env.chaos
SEND_LEASE_SECONDS = env.send_lease_seconds
SIGN_UPS_PER_HOUR = env.sign_ups_per_hour
NETWORK_SIGN_UPS_PER_HOUR = env.network_sign_ups_per_hour
SITE_SIGN_UPS_PER_HOUR = env.site_sign_ups_per_hour
SITE_SIGN_UPS_PER_DAY = env.site_sign_ups_per_day
PROXIES = env.proxies
PAGE_QUERY_SECONDS = env.page_query_seconds
WORKER_PROCESSES = env.worker_processes

REDIS_URL = env.redis_url
REDIS_SOCKET = env.redis_socket
COUNTING_URL = REDIS_URL or f"redis+unix://{REDIS_SOCKET}"
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
    "subscribers.tasks.*": {"queue": "notices"},
    "digests.tasks.collect_feedback": {"queue": "notices"},
    "issues.tasks.read_issue": {"queue": "reading"},
    "issues.tasks.make_page_images": {"queue": "reading"},
}
SWEEP_SECONDS = 15.0  # from one sweep to the next; a task that no worker took by then is dropped
_SWEEP = {"schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS - 1}}
CELERY_BEAT_SCHEDULE = {
    "issues": {"task": "issues.tasks.sweep", **_SWEEP},
    "digests": {"task": "digests.tasks.sweep", **_SWEEP},
    "readers": {"task": "subscribers.tasks.sweep", **_SWEEP},
    "forgetting": {"task": "subscribers.tasks.forget", "schedule": 3600.0},
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
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]

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
_CELERY_LEVEL = "DEBUG" if env.log_level == "DEBUG" else "WARNING"
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
    "root": {"handlers": ["stderr"], "level": env.log_level},
    "loggers": {
        "flufl.bounce": {"level": "CRITICAL"},  # it logs each of its 17 guesses
        "mail.log": {"level": "WARNING"},  # aiosmtpd writes down addresses
        "gunicorn.error": {"handlers": ["stderr"], "level": env.log_level, "propagate": False},
        "celery.app.trace": {"level": _CELERY_LEVEL},
        "celery.beat": {"level": _CELERY_LEVEL},
        "celery.worker.strategy": {"level": _CELERY_LEVEL},
    },
}
