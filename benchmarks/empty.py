"""Django on an empty SQLite database in a folder that vanishes; to be imported before models."""

from __future__ import annotations

import logging
import os
import tempfile

import django
from django.core.management import call_command

from benchmarks import isolation

isolation.begin(but=("DATABASE_URL",))
_folder = tempfile.TemporaryDirectory()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "bulletin_site.settings",
    "DATA_DIR": _folder.name,
    "DATABASE_URL": f"sqlite:///{_folder.name}/empty.sqlite3",
}
django.setup()
logging.disable(logging.INFO)


def migrate() -> None:
    """Make the tables."""
    call_command("migrate", verbosity=0)
