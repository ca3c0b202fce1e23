"""Rules of the house that a tool can check."""

import ast
import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

TOP = Path(settings.BASE_DIR)
OWN = (
    "bulletin_site",
    "backoffice",
    "digests",
    "issues",
    "pdf_reading",
    "subscribers",
    "publications",
    "audit_log",
    "mail",
    "foundation",
)
NOWHERE = {
    "utils", "helpers", "services", "managers", "constants", "exceptions", "signals", "common",
}  # fmt: skip


def test_imports_point_down() -> None:
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_no_module_has_a_name_that_says_nothing() -> None:
    names = {path.stem for top in OWN for path in (TOP / top).rglob("*")}
    assert names & NOWHERE == set()


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    output = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=output)
    assert "No changes detected" in output.getvalue()


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(TOP))
        for top in OWN
        for path in (TOP / top).rglob("*.py")
        if "migrations" not in path.parts
        and path.name != "__init__.py"
        and not ast.get_docstring(ast.parse(path.read_bytes()))
    ]
    assert silent == []
