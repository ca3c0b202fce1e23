"""A docstring is a promise: it begins with an imperative or a noun phrase, `Returns` and `Raises`
are sentences of their own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.house.test_the_architecture import ROOMS

TOP = Path(settings.BASE_DIR)
# What begins a clause, an answer or an aside. An attribute may say whether something is so.
NEITHER = re.compile(
    r"(?:whether|what|how|where|who|whose|those|each|why|when|if|from|in|on|at|after|before|with"
    r"|without|while|once|until|as|for|by|to|and|but|here|just|nothing|nobody|none|true|false"
    r"|returns|raises)\b",
    re.IGNORECASE,
)
ASIDE = re.compile(r"(?:\. (?:None|False|True|How many)|; (?:how many[.,]|returns|raises))(?: |$)")

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def docstrings(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each public thing of a module that has a docstring, with the docstring on one line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, Documented) or not (text := ast.get_docstring(node)):
            continue
        name = "" if isinstance(node, ast.Module) else node.name
        if not name.startswith("_"):
            prefix = "@property " if _is_property(node) else ""
            yield f"{prefix}{path.relative_to(TOP)}:{name}", " ".join(text.split())


def _is_property(node: Documented) -> bool:
    decorators = () if isinstance(node, ast.Module) else node.decorator_list
    return any("property" in ast.unparse(decorator) for decorator in decorators)


def is_promise(what: str, text: str) -> bool:
    """Return whether a docstring is written as they are here."""
    says_whether = what.startswith("@property") and text.startswith("Whether ")
    return (says_whether or not NEITHER.match(text)) and not ASIDE.search(text)


@pytest.mark.parametrize("room", ROOMS)
def test_docstrings_begin_with_an_imperative_or_a_noun_phrase(room: str) -> None:
    found = [
        f"{what}: {text}"
        for path in sorted((TOP / room).rglob("*.py"))
        if "migrations" not in path.parts
        for what, text in docstrings(path)
        if not is_promise(what, text)
    ]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    ("text", "promise"),
    [
        ("Pause the digest. Returns False if it was paused already.", True),
        ("The lines of a sheet.", True),
        ("Whether it is paused.", False),
        ("Pause the digest; returns False if it was paused already.", False),
        ("Delete some rows; how many.", False),
        ("Return the rate. None while it is paused.", False),
    ],
)
def test_what_is_no_promise_is_found(text: str, promise: bool) -> None:
    assert is_promise("a function", text) == promise


def test_an_attribute_may_say_whether_something_is_so() -> None:
    assert is_promise("@property digests/x.py:is_paused", "Whether it is paused.")
