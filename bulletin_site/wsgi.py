"""The WSGI application that gunicorn serves: whoever loads it is a web process."""

import os

from django.core.wsgi import get_wsgi_application

from bulletin_site import query_timeout

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulletin_site.settings")

application = get_wsgi_application()
query_timeout.set_for_this_process()
