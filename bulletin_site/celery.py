"""The Celery application; its options stand in the settings under CELERY_."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init, worker_shutting_down

from foundation import graceful_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_site.settings")

app = Celery("bulletin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _leave_logging(**_kwargs: Any) -> None:
    """Keep logging as Django's settings have it: Celery, when somebody listens to this signal,
    sets neither a level nor a form of its own."""


setup_logging.connect(_leave_logging, weak=False)
worker_shutting_down.connect(graceful_shutdown.request, weak=False)
worker_process_init.connect(graceful_shutdown.handle_sigterm_during_tasks, weak=False)
