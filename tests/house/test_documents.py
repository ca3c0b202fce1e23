"""The documents lead somewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

TOP = Path(settings.BASE_DIR)
PAGES = [*TOP.glob("*.md"), *TOP.glob("docs/**/*.md"), *TOP.glob("samples/README.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_the_project_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_command_that_is_named_is_there() -> None:
    named = {
        name
        for page in PAGES
        if page.name != "CHANGELOG.md"  # says what they were called
        for name in re.findall(r"manage\.py (\w+)", page.read_text(encoding="utf-8"))
    }
    assert named <= set(get_commands())


def test_each_decision_has_the_number_of_its_file() -> None:
    pages = sorted(TOP.glob("docs/decisions/*.md"))
    titles = [page.read_text(encoding="utf-8").splitlines()[0] for page in pages]
    assert [title.split()[1] for title in titles] == [f"{int(page.name[:4])}." for page in pages]
