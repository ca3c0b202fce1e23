"""Every string is Chinese as well as English, and what is compiled is what is written."""

from __future__ import annotations

import gettext
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

TOP = Path(settings.BASE_DIR)
CATALOGUE = TOP / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|</?\w+>", text))


def test_no_string_is_untranslated_or_fuzzy() -> None:
    catalogue = polib.pofile(str(CATALOGUE))
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_a_translation_has_the_parameters_and_tags_of_its_original() -> None:
    for entry in polib.pofile(str(CATALOGUE)):
        for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
            if translation:
                assert placeholders(translation) == placeholders(entry.msgid), entry.msgid


def test_what_is_compiled_is_what_is_written() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in polib.pofile(str(CATALOGUE)):
        if not entry.msgid_plural and not entry.msgctxt:
            assert compiled.gettext(entry.msgid) == entry.msgstr


def test_makemessages_finds_nothing_new(tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        pytest.skip("xgettext (Debian: gettext) is not on this machine")
    copy = tmp_path / "copy"
    kept_out = shutil.ignore_patterns(
        ".venv", "var", "node_modules", ".git", "__pycache__", "*.pdf", ".*cache"
    )
    shutil.copytree(TOP, copy, ignore=kept_out)
    subprocess.run(
        [
            sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "--no-location",
            "--no-obsolete",
        ],
        cwd=copy,
        check=True,
        capture_output=True,
    )  # fmt: skip
    found = polib.pofile(str(copy / CATALOGUE.relative_to(TOP)))
    known = {entry.msgid for entry in polib.pofile(str(CATALOGUE))}
    assert {entry.msgid for entry in found} == known
