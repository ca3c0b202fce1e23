"""Words that an editor typed on an earlier visit and did not save, as the page offers them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from backoffice.issue_pages.block_editor import editors
from issues.editing.document import Draft, Gone
from issues.models import Issue, KeptText


@dataclass(frozen=True, slots=True)
class KeptWords:
    """The words of an editor's fields, and when they were kept. `address` is the page with that
    editor open; "" where the part that it was of is gone."""

    anchor: str
    words: str
    at: datetime
    address: str

    @property
    def is_there(self) -> bool:
        """Whether the part is there to go on with."""
        return bool(self.address)


def words_of(issue: Issue, draft: Draft, texts: Iterable[KeptText]) -> list[KeptWords]:
    """Return the words that were kept, by the editor in which they were typed."""
    by_editor = groupby(sorted(texts, key=lambda one: one.field), key=_anchor)
    return [_words(issue, draft, anchor, list(fields)) for anchor, fields in by_editor]


def _words(issue: Issue, draft: Draft, anchor: str, texts: list[KeptText]) -> KeptWords:
    try:
        address = editors.of_part(issue, draft, anchor).address
    except Gone:
        address = ""
    return KeptWords(
        anchor,
        words="\n".join(one.text for one in texts),
        at=max(one.kept_at for one in texts),
        address=address,
    )


def _anchor(text: KeptText) -> str:
    return text.field.partition(":")[0]
