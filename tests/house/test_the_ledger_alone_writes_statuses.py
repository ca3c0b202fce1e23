"""Only the ledger writes `Delivery.status`; the audience's INSERT alone makes rows beside it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

TOP = Path(settings.BASE_DIR)
LEDGER = "digests/sending/ledger.py"
CREATION = "digests/audience/choosing.py"  # INSERT ... SELECT: no row passes through Python
ROOMS = ("bulletin_site", "backoffice", "digests", "issues", "subscribers")
WRITING = {"update", "create", "get_or_create", "update_or_create", "Delivery"}
SQL = re.compile(r"\b(UPDATE|INSERT\s+INTO)\s+digests_delivery\b")


def writes(source: str) -> Iterator[int]:
    """The lines of a module in which a delivery's status is written."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    if not any(isinstance(node, ast.Name) and "Deliver" in node.id for node in nodes):
        return
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), keywords=keywords):
                if name in WRITING and any(keyword.arg == "status" for keyword in keywords):
                    yield node.lineno
                if name == "bulk_update" and "status" in ast.unparse(node):
                    yield node.lineno
            case ast.Assign(targets=targets):
                if any(isinstance(to, ast.Attribute) and to.attr == "status" for to in targets):
                    yield node.lineno
            case ast.Constant(value=str(text)) if SQL.search(text):
                yield node.lineno


def test_no_other_module_writes_the_status_of_a_delivery() -> None:
    found = {
        name
        for room in ROOMS
        for path in (TOP / room).rglob("*.py")
        if "migrations" not in path.parts
        if any(writes(path.read_text(encoding="utf-8")))
        for name in [str(path.relative_to(TOP))]
    }
    assert found == {LEDGER, CREATION}


@pytest.mark.parametrize(
    "line",
    [
        "Delivery.objects.filter(pk=1).update(status='sent')",
        "Delivery(status=DeliveryStatus.SENT)",
        "Delivery.objects.create(status='sent')",
        "Delivery.objects.bulk_update(rows, ['status'])",
        "row: Delivery; row.status = DeliveryStatus.SENT",
        "Delivery; sql = 'UPDATE digests_delivery SET status = 1'",
    ],
)
def test_each_way_of_writing_is_found(line: str) -> None:
    assert list(writes(line))
