"""The words of an import: why a file or a row cannot be read, what a column holds, what became of
an address."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from subscribers.importing.values import Column, FileFailure, Outcome, RowProblem

FAILURES = {
    FileFailure.EMPTY: _("The file is empty."),
    FileFailure.NOT_A_TABLE: _("This is no table. Save the list as XLSX or CSV, and upload that."),
    FileFailure.OLD_EXCEL: _(
        "This is a file of an old Excel, or one with a password. Save it as XLSX without a "
        "password, and upload that."
    ),
    FileFailure.OPEN_DOCUMENT: _("Save this file as XLSX or CSV, and upload that."),
    FileFailure.DAMAGED: _("The file is damaged. Open it, save it anew as XLSX, and upload that."),
    FileFailure.ENCRYPTED: _("The file has a password. Save it without one, and upload that."),
    FileFailure.TOO_LARGE_INSIDE: _(
        "Unpacked, this file is too large. Save the list alone as CSV, and upload that."
    ),
    FileFailure.TOO_MANY_COLUMNS: _(
        "The list has more than 200 columns. Leave only those that are needed."
    ),
    FileFailure.TOO_MANY_ROWS: _("The list has more than 1,100,000 rows. Divide it."),
    FileFailure.LONG_CELL: _(
        "A cell has more than 100,000 characters. Is there a quotation mark that is not closed?"
    ),
    FileFailure.UNKNOWN_ENCODING: _(
        "The letters of this file cannot be read. Save it as XLSX, or as CSV in UTF-8."
    ),
    FileFailure.NO_ADDRESSES: _("There is no email address in this list."),
}
PROBLEMS = {
    RowProblem.NO_ADDRESS: _("no address"),
    RowProblem.NOT_AN_ADDRESS: _("no email address that can be written to"),
    RowProblem.NOT_SUPPORTED: _("other letters than a to z before the @ are not supported yet"),
    RowProblem.UNKNOWN_LANGUAGE: _("the language is neither Chinese nor English"),
    RowProblem.UNKNOWN_TOPIC: _("the bulletin has no such topic"),
    RowProblem.TOO_LONG: _("longer than 120 letters"),
}
COLUMNS = {
    Column.NOTHING: _("(not taken)"),
    Column.ADDRESS: _("email address"),
    Column.NAME: pgettext_lazy("of a person", "Name"),
    Column.UNIT: _("unit"),
    Column.LANGUAGE: _("language"),
    Column.TOPICS: _("topics"),
}
OUTCOMES = {
    Outcome.NEW: _("new readers"),
    Outcome.CONFIRMED: _("had signed up without confirming, and are readers now"),
    Outcome.UPDATED: _("known readers who got what was missing"),
    Outcome.KNOWN: _("known readers, left as they are"),
    Outcome.ASKED: _("are mailed a link to confirm"),
    Outcome.WAITING: _("were mailed such a link before"),
    Outcome.LEFT: _("had left, and do not come back by a list"),
    Outcome.SUPPRESSED: _("must not be mailed, and are not taken in"),
    Outcome.ERASED: _("had their data erased, and are not taken in"),
}
