"""Documents of word processors, Markdown and plain text: `format_of` recognises them by content,
`to_pdf` converts what LibreOffice opens, and `read` reads what libraries do, as `IssueText`.

Both work in a subprocess, so that a hostile file costs the reading and never the caller. No Django.
"""

from document_reading.emphasis import with_emphasis
from document_reading.failures import DocumentFailure, UnreadableDocument
from document_reading.formats import Format, format_of
from document_reading.headline import with_headline
from document_reading.libreoffice import is_installed
from document_reading.subprocesses import read, to_docx, to_pdf

__all__ = [
    "DocumentFailure",
    "Format",
    "UnreadableDocument",
    "format_of",
    "is_installed",
    "read",
    "to_docx",
    "to_pdf",
    "with_emphasis",
    "with_headline",
]
