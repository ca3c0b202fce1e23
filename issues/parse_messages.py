"""The findings of the reading, in an editor's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from document_reading import DocumentFailure
from document_reading.libreoffice import PACKAGE
from pdf_reading import ParseFailure
from pdf_reading.issue_text import ParseWarning

UNREADABLE: Mapping[str, Promise | str] = {
    ParseFailure.EMPTY: gettext_lazy("The file is empty."),
    ParseFailure.NOT_A_PDF: gettext_lazy("The file is not a PDF, whatever its name says."),
    ParseFailure.ENCRYPTED: gettext_lazy(
        "The file is protected by a password. Save it without one and upload it again."
    ),
    ParseFailure.DAMAGED: gettext_lazy(
        "The file is damaged or incomplete. Export it again and upload the new file."
    ),
    ParseFailure.NO_PAGES: gettext_lazy("The file has no pages."),
    ParseFailure.NO_TEXT: gettext_lazy(
        "There is no text in this file: its pages are empty, or pictures as from a scanner. "
        "Upload the file that was exported from the typesetting or word processing program."
    ),
    ParseFailure.GARBLED: gettext_lazy(
        "The text cannot be made out: the file does not say which letters its fonts stand for. "
        "Export it again with embedded fonts."
    ),
    ParseFailure.TOO_MANY_PAGES: gettext_lazy("The file has too many pages."),
    ParseFailure.TOO_COSTLY: gettext_lazy(
        "Reading the file took too long or needed too much memory."
    ),
    DocumentFailure.DAMAGED: gettext_lazy(
        "The file is damaged or incomplete. Save it again and upload the new file."
    ),
    DocumentFailure.NOT_OPENED: gettext_lazy(
        "The file could not be opened: it is damaged, or protected by a password. Save it again "
        "without one, or as PDF, and upload the new file."
    ),
    DocumentFailure.TOO_COSTLY: gettext_lazy(
        "Converting the file took too long or needed too much memory. Save it as PDF and upload "
        "that."
    ),
    DocumentFailure.TOO_LARGE_INSIDE: gettext_lazy(
        "The file is packed: unpacked it is far too large for a document, and it was not opened."
    ),
    DocumentFailure.HUGE_PICTURE: gettext_lazy(
        "A picture in the file has more than 60 million pixels. Make it smaller and upload the new "
        "file."
    ),
    DocumentFailure.HAS_ENTITIES: gettext_lazy(
        "The file refers to other files in a way that no document does, and it was not opened."
    ),
    DocumentFailure.NO_TEXT: gettext_lazy("There is no text in this file."),
    DocumentFailure.UNKNOWN_ENCODING: gettext_lazy(
        "It cannot be told in which encoding this text is. Save it as UTF-8 and upload it again."
    ),
    DocumentFailure.NEEDS_LIBREOFFICE: format_lazy(
        gettext_lazy(
            "This kind of file can be read only where LibreOffice is installed (Debian package "
            "{package}). Ask your operator for it, or save the file as PDF or DOCX."
        ),
        package=PACKAGE,
    ),
}


def unreadable(reason: str, *, file_name: str = "") -> str:
    """Return why a file could not be read; which one, where it is one of several."""
    why = str(UNREADABLE.get(reason, _("The file cannot be read.")))
    return _("%(name)s: %(sentence)s") % {"name": file_name, "sentence": why} if file_name else why


def listed(words: Iterable[str]) -> str:
    """Return words in a row, parted as the language in force parts them."""
    return pgettext("between the entries of a list", ", ").join(words)


@dataclass(frozen=True, slots=True)
class Spot:
    """The place to look at: a page (0 for none), an article (None for none), and the words in
    question."""

    page: int
    article: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that the editor should look at, by its code and in a sentence, and where."""

    code: str
    sentence: str
    spots: list[Spot]


def hints(
    warnings: Iterable[ParseWarning],
    *,
    titles: Mapping[str, int] = MappingProxyType({}),
    untitled: Mapping[int, int] = MappingProxyType({}),
) -> list[Hint]:
    """Return what the editor should look at, each sentence once. `titles` are the articles by
    headline, `untitled` those without one by the page on which they begin."""
    found: dict[str, Hint] = {}
    for warning in warnings:
        page, words = warning.page, warning.words
        sentence = WARNINGS.get(warning.code, gettext_lazy("Something here may need a look."))
        article = titles.get(words, untitled.get(page) if words else None)
        hint = found.setdefault(warning.code, Hint(warning.code, str(sentence), []))
        if page or words:
            hint.spots.append(Spot(page, article, words))
    return list(found.values())


WARNINGS: Mapping[str, Promise] = {
    "needs_review": gettext_lazy(
        "It is not certain that the headlines of this issue were found. Please compare all of it "
        "with its pages."
    ),
    "page_without_text": gettext_lazy("A page has no text that can be read."),
    "unreadable_characters": gettext_lazy(
        "The file does not say which letters some of its characters are; they may be missing or "
        "wrong here:"
    ),
    "invisible_text": gettext_lazy(
        "There is text that nobody sees, such as white on white; it was not read:"
    ),
    "vertical_text": gettext_lazy("The text is set vertically; please check its order."),
    "order_uncertain": gettext_lazy(
        "The order of the text on a page with columns is in doubt; please compare it with the page."
    ),
    "no_headlines": gettext_lazy(
        "No headline was found: the whole text was kept as one article without a headline."
    ),
    "article_without_headline": gettext_lazy(
        "The text before the first headline was kept as an article without a headline:"
    ),
    "article_holds_much": gettext_lazy(
        "An article holds a large part of the text of the issue; others may be hidden in it:"
    ),
    "headings_like_headlines": gettext_lazy(
        "An article has many sub-headings as large as headlines; some may be articles:"
    ),
    "page_without_article": gettext_lazy("There is text on a page that is in no article:"),
    "rotated_text": gettext_lazy(
        "A page has much text that does not stand upright, and was not read:"
    ),
    "left_over": gettext_lazy("There is text that is in no article; you can take it in below:"),
    "page_read_in_part": gettext_lazy(
        "A page has so many characters that it was not read to its end:"
    ),
    "headline_not_in_contents": gettext_lazy("A headline is not in the printed contents:"),
    "entry_without_headline": gettext_lazy("The printed contents list what was not found:"),
    "section_without_headlines": gettext_lazy("A section has text but no headline:"),
    "outline_elsewhere": gettext_lazy("The file's outline leads to another page for a headline:"),
    "article_without_text": gettext_lazy("An article has a headline but no text:"),
    "article_from_box": gettext_lazy("A box was made an article of its own:"),
    "macros_left_out": gettext_lazy("The file has macros. They were left out, and never run."),
}
