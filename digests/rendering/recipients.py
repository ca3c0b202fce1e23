"""What is printed in one reader's mail: their delivery's row, read by the hundred."""

from __future__ import annotations

from typing import Final, NamedTuple, Self

from digests.models import Delivery


class Recipient(NamedTuple):
    """A delivery, its edition, and who gets it; `reader` is None where the row is gone. In a
    correction, `corrects` is the delivery that it corrects.

    A tuple, because a model for each of three tables costs more than printing the mail.
    """

    delivery: int
    language: str
    topic_mask: int
    alert_articles: str
    reader: int | None
    address: str
    name: str
    format: str
    time_zone: str
    link_key: int
    skip_reason: str = ""
    corrects: int | None = None

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        """The one of a delivery whose edition and subscriber are loaded."""
        edition, reader = delivery.edition, delivery.subscriber
        if edition is None:
            raise ValueError("an excluded reader gets no mail")
        shared = (delivery.pk, edition.language, edition.topic_mask, edition.alert_articles)
        known = (
            cls(*shared, None, "", "", "", "", 0)
            if reader is None
            else cls(
                *shared,
                reader.pk,
                reader.address,
                reader.name,
                reader.format,
                reader.time_zone,
                reader.link_key,
            )
        )
        return known._replace(corrects=delivery.corrects)


# The columns of an Addressee, as `values_list` of deliveries `with_skip_reason` takes them.
COLUMNS: Final = (
    "pk",
    "edition__language",
    "edition__topic_mask",
    "edition__alert_articles",
    "subscriber_id",
    "subscriber__address",
    "subscriber__name",
    "subscriber__format",
    "subscriber__time_zone",
    "subscriber__link_key",
    "skip_reason",
    "corrects",
)
