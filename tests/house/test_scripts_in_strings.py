"""Python in strings, such as what a test hands to `python -c`, calls what there is.

Neither the type checker nor an import sees it: a name that moved is missed when it runs, and what
runs seldom (`make chaos`, the journeys) is broken until then.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.house.test_the_architecture import ROOMS, is_there

TOP = Path(settings.BASE_DIR)
FOLDERS = [*ROOMS, "benchmarks", "checks", "samples", "tests"]
IMPORTS = re.compile(rf"(?:^|;)[ \t]*(?:from|import) (?:{'|'.join(FOLDERS)})\b", re.MULTILINE)
PLACEHOLDER = "to_be_filled_in"


def strings(tree: ast.AST) -> Iterator[str]:
    """Yield each string, of an f-string all of it."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.JoinedStr(values):
                yield "".join(map(_piece, values))
            case ast.Constant(value=str(text)):
                yield text
            case _:
                yield from strings(node)


def _piece(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else PLACEHOLDER


def script(text: str) -> ast.Module:
    """Parse Python, which may be indented, and a template of str.format."""
    filled = re.sub(r"(?<!\{)\{\w+(?:![rs])?\}(?!\})", PLACEHOLDER, text)
    return ast.parse(textwrap.dedent(filled))


def bound(tree: ast.Module) -> dict[str, str]:
    """Return what a script imports of ours: the dotted name behind each of its own."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module)):
                names |= {one.asname or one.name: f"{module}.{one.name}" for one in node.names}
            case ast.Import():
                names |= {one.asname or one.name: one.name for one in node.names}
    return {name: dotted for name, dotted in names.items() if dotted.split(".")[0] in FOLDERS}


def asked(tree: ast.Module) -> Iterator[str]:
    """Yield the dotted names that a script imports of ours, and what it asks of each."""
    names = bound(tree)
    yield from names.values()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(ast.Name(name), attr) if name in names and attr != PLACEHOLDER:
                yield f"{names[name]}.{attr}"


def missing(source: str | bytes) -> list[str]:
    """Return what is asked for in the strings of a module, and is not there."""
    scripts = [script(text) for text in strings(ast.parse(source)) if IMPORTS.search(text)]
    names = {name for one in scripts for name in asked(one)}
    return sorted(name for name in names if not (is_module(name) or is_there(name)))


def is_module(dotted: str) -> bool:
    """Return whether there is such a module, without a look into it: some act when imported."""
    path = TOP.joinpath(*dotted.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


@pytest.mark.parametrize("folder", FOLDERS)
def test_scripts_in_strings_ask_for_what_there_is(folder: str) -> None:
    modules = {*(TOP / folder).rglob("*.py")} - {Path(__file__)}
    found = {str(path.relative_to(TOP)): missing(path.read_bytes()) for path in modules}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("from digests import publishing\npublishing.publish(1)", []),
        ("from digests import nothing", ["digests.nothing"]),
        ("import time; from digests.nothing import at_all", ["digests.nothing.at_all"]),
        (
            "    from digests import publishing\n    publishing.at_all()",
            ["digests.publishing.at_all"],
        ),
        ("from subscribers.links import Purpose\nprint(Purpose.{purpose})", []),
        ("from digests import nothing\nprint({{n: n}}, {names!r})", ["digests.nothing"]),
    ],
)
def test_what_is_not_there_is_found(code: str, names: list[str]) -> None:
    assert missing(f"CODE = {code!r}") == names


def test_what_is_not_there_is_found_in_a_string_of_pieces() -> None:
    assert missing('CODE = "from digests import nothing;" f"nothing.open({1!r})"') == [
        "digests.nothing",
        "digests.nothing.open",
    ]
