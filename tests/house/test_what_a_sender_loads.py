"""A process that only sends does not load what takes much memory and is needed elsewhere."""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings

LOADED = """
import sys, django
django.setup()
from bulletin_site.celery import app
app.loader.import_default_modules()
print(sorted({"rjieba", "pdfplumber", "pypdfium2", "openpyxl"} & set(sys.modules)))
"""


def test_no_dictionary_and_no_reader_of_pdfs_or_spreadsheets_is_loaded_before_it_is_needed() -> (
    None
):
    answer = subprocess.run(
        [sys.executable, "-c", LOADED],
        capture_output=True,
        text=True,
        check=True,
        cwd=settings.BASE_DIR,
        env={
            "DJANGO_SETTINGS_MODULE": "bulletin_site.settings",
            "DATA_DIR": str(settings.DATA_DIR),
        },
    )
    assert answer.stdout.strip() == "[]"
