"""The speed at which a list of readers comes in: `python -m benchmarks.importing [--rows 100000]`.

A CSV of an office (an address, a name, a unit and two topics in a row) is read, judged and taken in
on PostgreSQL by the statements that workers run, then undone. Beside it: PostgreSQL copying the
same readers and subscriptions, and django-import-export as its documents begin, for some of the
rows.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import isolation
from benchmarks.chaos.stage import of_its_own
from benchmarks.measuring import microseconds


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--plain", type=int, default=2_000, help="rows for django-import-export")
    parser.add_argument("--xlsx", action="store_true", help="the same list as XLSX")
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    given = parser.parse_args()
    isolation.begin(database=given.database)
    with tempfile.TemporaryDirectory() as name, of_its_own(given.database) as url:
        os.environ |= {
            "DATABASE_URL": url,
            "DATA_DIR": name,
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "bulletin_site.settings",
        }
        import django  # noqa: PLC0415 - the settings come first

        django.setup()
        _measure(given, url)


def _measure(given: argparse.Namespace, url: str) -> None:
    from django.core.management import call_command  # noqa: PLC0415 - as above

    call_command("migrate", verbosity=0)
    bulletin, topics = _bulletin()
    run = _uploaded(bulletin, given.rows, xlsx=given.xlsx)
    before = _peak()
    used = _processor()
    steps = {name: _seconds(step) for name, step in _steps(run, topics).items()}
    used = _processor() - used
    total = steps["read"] + steps["taken in"]
    print(f"{given.rows} rows: {total:.1f} s, {given.rows / total:.0f} rows a second")
    print(", ".join(f"{name}: {seconds:.1f} s" for name, seconds in steps.items()))
    print(f"processor, of Python and PostgreSQL together: {used:.1f} s")
    print(f"peak memory: {before} MB before, {_peak()} MB after")
    copied = _seconds(lambda: _copy(url))
    print(f"COPY of the same rows: {copied:.1f} s, {given.rows / copied:.0f} rows a second")
    plain = _seconds(lambda: _plainly(bulletin, given.plain))
    print(f"django-import-export: {given.plain / plain:.0f} rows a second, of {given.plain} rows")
    undone = _seconds(lambda: _undo(run))
    print(f"undone: {undone:.1f} s")


def _seconds(step: Callable[[], object]) -> float:
    began = time.monotonic()
    step()
    return time.monotonic() - began


def _processor() -> float:
    """Return the seconds that this process and its process of PostgreSQL used so far."""
    from django.db import connection  # noqa: PLC0415 - as above

    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    return (microseconds(os.getpid()) + microseconds(backend)) / 1e6


def _bulletin() -> tuple[Any, list[Any]]:
    from publications.models import Bulletin, Topic  # noqa: PLC0415 - as above

    bulletin = Bulletin.objects.create(name="B", slug="b", sender_email="b@office.example")
    names = ("Law", "Markets", "Science")
    return bulletin, [Topic.objects.create(bulletin=bulletin, name_en=name) for name in names]


def _uploaded(bulletin: Any, rows: int, *, xlsx: bool) -> Any:
    from django.core.files.base import File  # noqa: PLC0415 - as above
    from django.utils import timezone  # noqa: PLC0415 - as above

    from subscribers.models import ReaderImport  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "list")
        (_write_xlsx if xlsx else _write_csv)(path, rows)
        run = ReaderImport(bulletin=bulletin, file_name="list", uploaded_at=timezone.now())
        with path.open("rb") as file:
            run.file.save("list", File(file), save=False)
        run.save()
    return run


def _lines(rows: int) -> Any:
    yield ("Email", "Name", "Unit", "Topics")
    for n in range(rows):
        yield (f"reader{n}@office{n % 500}.example.org", f"Reader {n}", "Unit", "Law; Science")


def _write_csv(path: Path, rows: int) -> None:
    path.write_text("".join(f"{','.join(line)}\n" for line in _lines(rows)))


def _write_xlsx(path: Path, rows: int) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - of this format alone

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in _lines(rows):
        sheet.append(line)
    book.save(path)


def _steps(run: Any, topics: list[Any]) -> dict[str, Callable[[], object]]:
    from subscribers.importing import taking  # noqa: PLC0415 - as above

    decision = taking.Decision(
        consent="the benchmark", ask=False, language="en", topics=(topics[0].pk,), complete=False
    )

    def take() -> None:
        from django.utils import timezone  # noqa: PLC0415 - as above

        assert taking.start(run.pk, decision, at=timezone.now())
        _work(run)

    return {"read": lambda: _work(run), "taken in": take}


def _work(run: Any) -> None:
    from django.utils import timezone  # noqa: PLC0415 - as above

    from subscribers.importing import working  # noqa: PLC0415 - as above

    working.work(run.pk, clock=timezone.now, should_stop=lambda: False)


def _undo(run: Any) -> None:
    from django.utils import timezone  # noqa: PLC0415 - as above

    from subscribers.importing import reverting  # noqa: PLC0415 - as above

    assert reverting.start(run.pk, at=timezone.now())
    _work(run)


def _copy(url: str) -> None:
    """Copy the readers and what they follow into tables with the same columns and indexes."""
    with psycopg.connect(url, autocommit=True) as source, psycopg.connect(url) as target:
        for table in ("subscribers_subscriber", "subscribers_subscription"):
            target.execute(f"CREATE TABLE copied_{table} (LIKE {table} INCLUDING ALL)")
            with (
                source.cursor().copy(f"COPY {table} TO STDOUT") as out,
                target.cursor().copy(f"COPY copied_{table} FROM STDIN") as back,
            ):
                for piece in out:
                    back.write(piece)


def _plainly(bulletin: Any, rows: int) -> None:
    """Import readers alone, without what they follow."""
    import tablib  # noqa: PLC0415 - of this way alone
    from import_export import resources  # noqa: PLC0415 - of this way alone

    from subscribers.models import Subscriber  # noqa: PLC0415 - as above

    class Readers(resources.ModelResource):  # type: ignore[misc]  # it has no types
        class Meta:
            model = Subscriber
            fields = ("bulletin", "address", "address_key", "name", "unit", "signed_up_at")
            import_id_fields = ("bulletin", "address_key")

    heads = ["bulletin", "address", "address_key", "name", "unit", "signed_up_at"]
    data = tablib.Dataset(headers=heads)
    for n in range(rows):
        address = f"plain{n}@office.example.org"
        data.append([bulletin.pk, address, address, f"Reader {n}", "Unit", "2026-11-29 12:00:00"])
    result = Readers().import_data(data)
    assert not result.has_errors(), result.row_errors()[:1]


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
