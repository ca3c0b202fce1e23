"""The Celery application; its options stand in the settings under CELERY_."""

import os

from celery import Celery
from celery.signals import worker_process_init, worker_shutting_down

from bulletin_site import draining

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_site.settings")

app = Celery("bulletin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

worker_shutting_down.connect(draining.ask, weak=False)
worker_process_init.connect(draining.listen, weak=False)
