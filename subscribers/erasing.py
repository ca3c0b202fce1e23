"""Erasing somebody at their own wish: all that is kept of their mailbox, in every bulletin."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from subscribers import erased_addresses, mailboxes
from subscribers.models import AddressChange, ErasureNotice, NoticeLimit, Subscriber, Suppression


@transaction.atomic
def erase_mailbox(reader: Subscriber, *, at: datetime) -> ErasureNotice | None:
    """Erase the readers at a reader's mailbox with all that hangs on them, and changes of address
    that name it. Returns the notice by which they are to be told; None where it was done before, or
    the address must not be mailed.

    What stays: that the address must not be mailed, where that is so, and the keyed hash by which
    no list brings it back (`subscribers.erased_addresses`). What was counted stays counted,
    without a name.
    """
    address_key = reader.address_key
    may_tell = Subscriber.objects.not_suppressed().filter(pk=reader.pk).exists()
    keys = list(mailboxes.readers_at(address_key).values_list("pk", flat=True))
    AddressChange.objects.filter(former_key=address_key).delete()
    AddressChange.objects.filter(address_key=address_key).delete()
    erased = [pk for pk in keys if erased_addresses.erase(pk, at=at)]
    NoticeLimit.objects.of(address_key).filter(kind=NoticeLimit.Kind.RESEND).delete()
    if not (may_tell and reader.pk in erased):
        return None
    return ErasureNotice.objects.create(
        bulletin=reader.bulletin,
        address=reader.address,
        language=reader.language,
        held=Suppression.objects.unlifted().filter(address_key=address_key).exists(),
        erased_at=at,
        due_at=at,
    )
