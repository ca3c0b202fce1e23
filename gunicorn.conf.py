"""Settings of gunicorn, which serves the site; it finds this file by itself when it starts in this
folder."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_site.settings")

from django.conf import settings

bind = f"127.0.0.1:{settings.PORT}"
workers = 2
threads = 4
worker_tmp_dir = "/dev/shm"  # noqa: S108 - in memory: on a disk that stalls, a worker looks dead
control_socket_disable = True  # nobody steers it by that, and it wants a home directory
accesslog = None  # the addresses of pages hold readers' signed links
logconfig_dict = settings.LOGGING
