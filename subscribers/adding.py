"""Adding one reader, as an editor does for somebody who asked for it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError

from publications.models import Bulletin, Topic
from subscribers.addresses import Address
from subscribers.importing.entering import Entered, Terms, ask, enter
from subscribers.importing.values import Wanted
from subscribers.models.subscription import SubscriptionSource

log = logging.getLogger(__name__)


def add(
    bulletin: Bulletin,
    *,
    address: Address,
    name: str,
    language: str,
    topics: Iterable[Topic],
    consent: str,
    confirm: bool,
    at: datetime,
) -> Entered:
    """Make a reader of somebody from `at`, or have them mailed a link to confirm first. Returns
    what became of it: who is suppressed, and, if they are not asked, who left, is not added."""
    terms = Terms(consent, language, tuple(topic.pk for topic in topics), SubscriptionSource.EDITOR)
    wanted = Wanted(address, name)
    if confirm:
        entered = ask(bulletin, wanted, terms, at=at)
    else:
        try:
            (entered,) = enter(bulletin, [wanted], terms, at=at)
        except IntegrityError:  # somebody signed up with it at this moment
            (entered,) = enter(bulletin, [wanted], terms, at=at)
    log.info("added subscriber=%s outcome=%s", entered.subscriber, entered.outcome.value)
    return entered
