"""The PDF of each issue becomes its file, and the way back is there; nothing on the disk moves."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

PUBLICATIONS = ("publications", "0002_time_zone_of_a_bulletin")
BEFORE = [("issues", "0006_bin_of_issues"), PUBLICATIONS]
AFTER = [("issues", "0009_issues_without_a_pdf"), PUBLICATIONS]


@pytest.mark.django_db(transaction=True)
def test_each_pdf_is_carried_into_a_file_and_back() -> None:
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        old = _migrated(BEFORE)
        bulletin = old.get_model("publications", "Bulletin").objects.create(slug="l", name="L")
        old.get_model("issues", "Issue").objects.bulk_create(
            old.get_model("issues", "Issue")(
                bulletin=bulletin,
                pdf=f"issues/l/{number}.pdf",
                pdf_sha256=number,
                pdf_name=f"{number}.jpg",
                page_count=4,
                uploaded_at=timezone.now(),
            )
            for number in ("a", "b")
        )
        new = _migrated(AFTER)
        files = new.get_model("issues", "IssueFile").objects.order_by("sha256")
        assert list(files.values_list("original", "pdf", "sha256", "name", "page_count")) == [
            (f"issues/l/{number}.pdf", f"issues/l/{number}.pdf", number, f"{number}.jpg", 4)
            for number in ("a", "b")
        ]
        assert new.get_model("issues", "Issue").objects.earliest("pk").file_name == "a.jpg"
        new.get_model("issues", "Issue").objects.create(  # by hand, of no file
            bulletin_id=bulletin.pk, status="draft", uploaded_at=timezone.now()
        )
        new.get_model("issues", "Issue").objects.create(
            bulletin_id=bulletin.pk, status="draft", uploaded_at=timezone.now()
        )
        back = _migrated(BEFORE).get_model("issues", "Issue").objects.order_by("pk")
        assert list(back.values_list("pdf", "pdf_name"))[:2] == [
            ("issues/l/a.pdf", "a.jpg"),
            ("issues/l/b.pdf", "b.jpg"),
        ]
        assert len(set(back.values_list("pdf_sha256"))) == 4
        back.all().delete()
    finally:
        _migrated(latest)


def _migrated(targets: list[tuple[str, str]]):  # type: ignore[no-untyped-def]
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps
