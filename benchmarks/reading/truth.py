"""What is to be found in an issue, of a file beside it or of a corpus, in one form.

A corpus gives no words, only how a name begins, how long it is and its hash; so names are always
compared by these.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]
BEGINNING = 6  # letters
MAX_DIFFERENCE = 0.2  # of the letters of a name
FACTS = ("title", "number", "date")


def normal(text: str) -> str:
    """A text for comparing: NFKC, case folded, letters and digits alone."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def digest(letters: str) -> str:
    """The first 16 hex digits of the SHA-256 of letters."""
    return hashlib.sha256(letters.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Name:
    """A name by its beginning, the number of its letters and their hash."""

    begins: str
    letters: int
    sha256: str

    def is_exactly(self, text: str) -> bool:
        """Whether a text has the letters of the name and no others."""
        letters = normal(text)
        return len(letters) == self.letters and digest(letters) == self.sha256

    def is_begun_by(self, text: str) -> bool:
        """Whether a text begins with the whole name."""
        letters = normal(text)
        return letters.startswith(self.begins) and digest(letters[: self.letters]) == self.sha256

    def resembles(self, text: str) -> bool:
        """Whether a text begins as the name does and is hardly longer or shorter."""
        letters = normal(text)
        near = abs(len(letters) - self.letters) <= MAX_DIFFERENCE * self.letters
        return near and letters.startswith(self.begins)


@dataclass(frozen=True, slots=True)
class Truth:
    """What a careful person finds: sections and headlines in order, names that may be found or
    not, how many texts have no headline, and the facts that are known ("" for none printed)."""

    sections: tuple[Name, ...]
    headlines: tuple[Name, ...]
    either_way: tuple[Name, ...] = ()
    untitled: int = 0
    facts: dict[str, Name | str] = field(default_factory=dict)


def named(words: str) -> Name:
    """The name of words."""
    letters = normal(words)
    return Name(letters[:BEGINNING], len(letters), digest(letters))


def truth_of(record: Record) -> Truth:
    """The truth of an issue of a corpus, or of an expected reading."""
    articles = [
        article
        for section in record["sections"]
        for article in section.get("headlines", section.get("articles", ()))
    ]
    return Truth(
        sections=tuple(_name(s["title"]) for s in record["sections"] if s["title"]),
        headlines=tuple(_name(a) for a in articles if _is_headed(a)),
        either_way=tuple(map(_name, record.get("either_way", ()))),
        untitled=sum(not _is_headed(article) for article in articles),
        facts=_facts(record.get("issue", record)),
    )


def _is_headed(article: Record) -> bool:
    return bool(article.get("title", article.get("begins")))


def _name(of: Record | str) -> Name:
    if isinstance(of, str):
        return named(of)
    if "title" in of:
        return named(of["title"])
    return Name(of["begins"], of["letters"], of["sha256"])


def _facts(issue: Record) -> dict[str, Name | str]:
    facts: dict[str, Name | str] = {}
    for key in FACTS:
        if key in issue:
            fact = issue[key]
            facts[key] = fact if key == "date" or not fact else _name(fact)
    return facts
