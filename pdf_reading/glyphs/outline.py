"""The PDF's outline as a sign of headings: long headlines may be broken over several entries,
levels may be wrong, entries may be missing, and some have the wrong page."""

from __future__ import annotations

from collections.abc import Sequence

from pdf_reading.glyphs.normalisation import compact
from pdf_reading.glyphs.page import Bookmark
from pdf_reading.lexicon import without_label


class Outline:
    """The bookmarks of a file, to be searched by the words of a heading."""

    def __init__(self, marks: Sequence[Bookmark]) -> None:
        self._marks = [(compact(mark.title), mark) for mark in marks if compact(mark.title)]

    def __len__(self) -> int:
        return len(self._marks)

    def leads_elsewhere(self, heading: str, *, page: int) -> bool:
        """Return whether entries have these words, and none of them the page."""
        pages = [mark.page for words, mark in self._marks if words == compact(heading)]
        return bool(pages) and all(abs(each - page) > 1 for each in pages)

    def level(self, heading: str, *, page: int) -> int | None:
        """The level of the entry, or run of entries, that spells the heading, with or without its
        number (LaTeX leaves it out); None without.

        The page must agree within one, as some programs point at the end of the page before.
        """
        found = self._level(compact(heading), page=page)
        return self._level(compact(without_label(heading)), page=page) if found is None else found

    def _level(self, wanted: str, *, page: int) -> int | None:
        for start, (words, mark) in enumerate(self._marks):
            if abs(mark.page - page) > 1 or not wanted.startswith(words):
                continue
            spelled, index = words, start + 1
            while spelled != wanted and index < len(self._marks):
                spelled += self._marks[index][0]
                if not wanted.startswith(spelled):
                    break
                index += 1
            if spelled == wanted:
                return mark.level
        return None
