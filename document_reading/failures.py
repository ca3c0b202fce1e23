"""The reasons for which a document is refused."""

from __future__ import annotations

from enum import StrEnum


class DocumentFailure(StrEnum):
    """The reason why a document cannot be read. The values are stable: they are stored and
    translated."""

    DAMAGED = "document_damaged"
    ENCRYPTED = "encrypted"
    NOT_OPENED = "document_not_opened"  # by LibreOffice, which does not say why
    TOO_COSTLY = "document_too_costly"
    TOO_LARGE_INSIDE = "document_too_large_inside"
    HUGE_PICTURE = "document_huge_picture"
    HAS_ENTITIES = "document_has_entities"
    NO_TEXT = "document_no_text"
    UNKNOWN_ENCODING = "document_unknown_encoding"
    NEEDS_LIBREOFFICE = "needs_libreoffice"


class UnreadableDocument(Exception):
    """The document cannot be read, and `reason` says why."""

    def __init__(self, reason: DocumentFailure) -> None:
        super().__init__(reason.value)
        self.reason = reason
