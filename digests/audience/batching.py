"""Cutting the deliveries of a digest into batches, which workers claim."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from digests.models import Digest
from digests.models.delivery import DeliveryStatus


def cut(digest: Digest) -> None:
    """Write down the batches of a digest whose deliveries are all there: intervals of the ids of
    an edition's deliveries, SEND_BATCH long. One statement, whatever the number of readers. They
    are claimed in the order of the readers, so that what is read at a time lies together."""
    sql = """
        INSERT INTO digests_batch
            (digest_id, edition_id, first, last, waiting, due_at, claim, leased_until)
        SELECT %s, edition_id, MIN(id), MAX(id), COUNT(*), MIN(due_at), '', NULL
        FROM (
            SELECT id, edition_id, due_at,
                (ROW_NUMBER() OVER (PARTITION BY edition_id ORDER BY id) - 1) / %s AS part
            FROM digests_delivery
            WHERE digest_id = %s AND status = %s
        ) AS numbered
        GROUP BY edition_id, part
        ORDER BY MIN(id)"""
    with connection.cursor() as cursor:
        cursor.execute(
            sql, [digest.pk, settings.SEND_BATCH, digest.pk, DeliveryStatus.QUEUED.value]
        )
