"""The values that the parts of an import pass to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from subscribers.addresses import Address

Cells: TypeAlias = tuple[str, ...]

TOPIC_PREFIX = "topic:"  # a column with a mark for each row that wants that topic


class Column(StrEnum):
    """The content of a column of the list."""

    NOTHING = ""
    ADDRESS = "address"
    NAME = "name"
    UNIT = "unit"
    LANGUAGE = "language"
    TOPICS = "topics"


class FileFailure(StrEnum):
    """The reason why a file cannot be read."""

    EMPTY = "empty"
    NOT_A_TABLE = "not_a_table"
    OLD_EXCEL = "old_excel"
    OPEN_DOCUMENT = "open_document"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_LARGE_INSIDE = "too_large_inside"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MANY_ROWS = "too_many_rows"
    LONG_CELL = "long_cell"
    UNKNOWN_ENCODING = "unknown_encoding"
    NO_ADDRESSES = "no_addresses"


class UnreadableFile(Exception):
    """The file is no list that can be read, for a reason."""

    def __init__(self, reason: FileFailure) -> None:
        super().__init__(reason.value)
        self.reason = reason


class RowProblem(StrEnum):
    """The reason why a row, or one address of it, is not taken in."""

    NO_ADDRESS = "no_address"
    NOT_AN_ADDRESS = "not_an_address"
    NOT_SUPPORTED = "not_supported"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNKNOWN_TOPIC = "unknown_topic"
    TOO_LONG = "too_long"


class Outcome(StrEnum):
    """The outcome for an address that could be read."""

    NEW = "new"  # a reader from now on
    CONFIRMED = "confirmed"  # had signed up without confirming, and is a reader from now on
    UPDATED = "updated"  # a reader before, who got what was missing
    KNOWN = "known"  # a reader before, left as they are
    ASKED = "asked"  # is mailed a link to confirm
    WAITING = "waiting"  # was mailed such a link before, by whomever
    LEFT = "left"
    SUPPRESSED = "suppressed"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address that is to become a reader's, and what the list says beside it. `topics` are
    primary keys; none where the list names none."""

    address: Address
    name: str = ""
    unit: str = ""
    language: str = ""
    topics: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Bad:
    """The problem of a row, and the words that are wrong."""

    problem: RowProblem
    words: str = ""


@dataclass(frozen=True, slots=True)
class RowReading:
    """The readers that a row of the list names, and its problems; neither of an empty row."""

    wanted: tuple[Wanted, ...] = ()
    bad: tuple[Bad, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a file, by its name and how many of its first rows have an address."""

    name: str
    addresses: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The place of the list in its file: the sheet, the number of its first row, counted from 1,
    and what its columns hold (a `Column`, or TOPIC_PREFIX and a topic's primary key)."""

    sheet: str = ""
    first_row: int = 1
    columns: tuple[str, ...] = ()
    heads: Cells = ()


@dataclass(frozen=True, slots=True)
class Names:
    """The names by which a list may call what a bulletin has: `topics` by `topics.key_of`."""

    topics: Mapping[str, int] = field(default_factory=dict)
