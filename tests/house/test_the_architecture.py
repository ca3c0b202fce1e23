"""The picture of the house is true: its tree, its layers, and each path that a document names."""

from __future__ import annotations

import importlib
import re
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.conf import settings

from tests.house.test_documents import PAGES

TOP = Path(settings.BASE_DIR)
ARCHITECTURE = (TOP / "docs" / "architecture.md").read_text(encoding="utf-8")
LINES = ARCHITECTURE.partition("## The rooms")[2].split("```")[1].strip("\n").splitlines()
DJANGOS = {"management", "migrations", "templatetags", "__pycache__"}  # where Django looks
PERMISSIONS = {"issues.publish_issue"}


def layers() -> list[str]:
    """Return the rooms from the roof to the floor, as lint-imports holds them."""
    parsed = ConfigParser()
    parsed.read(TOP / ".importlinter")
    return re.findall(r"\w+", parsed["importlinter:contract:rooms"]["layers"])


def named(line: str) -> list[str]:
    """Return the folders and modules with which a line of the tree begins."""
    run = re.match(r"(?:\w+(?:/|\.py)(?:\s+|$))*", line.strip())
    return run[0].split() if run else []


def drawn() -> dict[str, list[str]]:
    """Return what the tree names in each folder at the top."""
    rooms: dict[str, list[str]] = {}
    room = ""
    for line in LINES:
        if not line.startswith(" "):
            for folder in named(line):
                room = folder.rstrip("/")
                rooms[room] = []
        elif not line.startswith("    "):
            rooms[room] += named(line)
    return rooms


ROOMS = layers()


def test_the_tree_names_the_rooms_in_the_order_of_the_layers() -> None:
    assert [room for room in drawn() if room in ROOMS] == ROOMS


def test_everything_in_the_tree_is_there() -> None:
    missing = [
        f"{room}/{name}"
        for room, names in drawn().items()
        for name in ["", *names]
        if not (TOP / room / name).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("room", ROOMS)
def test_each_package_of_a_room_is_in_the_tree(room: str) -> None:
    packages = {path.parent.name for path in (TOP / room).glob("*/__init__.py")}
    assert packages - DJANGOS <= {name.rstrip("/") for name in drawn()[room]}


def test_each_folder_at_the_top_is_in_the_tree() -> None:
    folders = {path.parts[0] for path in map(Path, tracked()) if len(path.parts) > 1}
    assert {one for one in folders if one[0] != "."} - {"deploy"} == set(drawn())


def tracked() -> list[str]:
    listed = [path for path in TOP.glob("*/*") if not path.name.startswith((".", "__"))]
    ours = [path.relative_to(TOP) for path in listed]
    return [str(path) for path in ours if path.parts[0] not in {"var", "__pycache__"}]


def code(text: str) -> list[str]:
    """Return what stands between backticks, and the blocks of code."""
    blocks = re.findall(r"^```.*?^```|^(?: {4}.*\n)+", text, re.MULTILINE | re.DOTALL)
    return [*blocks, *re.findall(r"`([^`\n]+)`", text)]


def is_there(dotted: str) -> bool:
    """Return whether a dotted name is a module, or an attribute within one."""
    module, *attributes = dotted.split(".")
    while attributes and (
        (TOP / module.replace(".", "/") / f"{attributes[0]}.py").exists()
        or (TOP / module.replace(".", "/") / attributes[0]).is_dir()
    ):
        module = f"{module}.{attributes.pop(0)}"
    found: object = importlib.import_module(module)
    for attribute in attributes:
        if not hasattr(found, attribute):
            return False
        found = getattr(found, attribute)
    return True


DOTTED = re.compile(rf"(?<![\w./@:-])(?:{'|'.join(ROOMS)})(?:\.[A-Za-z_]\w*)+(?!\w|\.\w|/)")
PATH = re.compile(rf"(?<![\w./@:-])(?:{'|'.join(drawn())})(?:/[\w.*-]+)+/?")


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=lambda page: page.name
)
def test_each_path_and_module_that_a_document_names_is_there(page: Path) -> None:
    snippets = code(page.read_text(encoding="utf-8"))
    modules = {name for one in snippets for name in DOTTED.findall(one)} - PERMISSIONS
    paths = {name for one in snippets for name in PATH.findall(one)}
    assert [name for name in sorted(modules) if not is_there(name)] == []
    assert [name for name in sorted(paths) if not any(TOP.glob(name.rstrip("/")))] == []
