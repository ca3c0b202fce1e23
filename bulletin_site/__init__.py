"""The site: settings, routes, Celery, outgoing mail, and the servers of a laptop."""

from bulletin_site.celery import app as celery_app

__all__ = ["celery_app"]
