"""The changes that a word processor tracked in a document. LibreOffice prints what was struck out,
and marks what is new, so that they are accepted before: what the author deleted is for nobody.

Packages are rewritten; other formats become one first where changes may be in them.
"""

from __future__ import annotations

import re
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZIP_DEFLATED, ZipFile

from document_reading.formats import Format

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRUCK = {f"{W}{name}" for name in ("del", "moveFrom")}
NEW = {f"{W}{name}" for name in ("ins", "moveTo")}
# In an ODT what was struck out stands apart from the text, in this element alone.
ODT_CHANGES = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}tracked-changes"
# The parts of a package in which there is text, and what says that changes were tracked there.
_PARTS = {
    Format.DOCX: re.compile(r"word/[^/]+\.xml"),
    Format.ODT: re.compile(r"content\.xml|styles\.xml"),
}
_TRACKED = {
    Format.DOCX: re.compile(rb"<(?:\w+:)?(?:del|ins|moveFrom|moveTo|[a-z]+PrChange)[\s/>]"),
    Format.ODT: re.compile(rb"<(?:\w+:)?tracked-changes[\s/>]"),
    Format.RTF: re.compile(rb"\\(?:deleted|revised)"),
    Format.DOC: re.compile(rb"[\x00\x01]\x08\x01"),  # sprmCFRMarkDel, sprmCFRMark ([MS-DOC] 2.6.1)
}


def may_be_in(file: Path, format_: Format) -> bool:
    """Return whether changes may be in a document that is no package. One with none may be said to
    have some."""
    return bool(_TRACKED[format_].search(file.read_bytes()))


def accept(file: Path, format_: Format, made: Path) -> bool:
    """Write a DOCX or ODT with its changes accepted. Returns False, and writes nothing, where there
    are none."""
    with ZipFile(file) as package:
        names = [name for name in package.namelist() if _PARTS[format_].fullmatch(name)]
        tracked = {name for name in names if _TRACKED[format_].search(package.read(name))}
        if not tracked:
            return False
        with ZipFile(made, "w", ZIP_DEFLATED) as whole:
            for entry in package.infolist():
                content = package.read(entry)
                if entry.filename in tracked:
                    content = _accepted(content, format_)
                whole.writestr(entry.filename, content)
    return True


def _accepted(content: bytes, format_: Format) -> bytes:
    for _event, (prefix, uri) in ElementTree.iterparse(BytesIO(content), events=["start-ns"]):  # noqa: S314 - entities are refused before
        with suppress(ValueError):  # a prefix such as ns1, which it gives itself
            ElementTree.register_namespace(str(prefix), str(uri))
    tree = ElementTree.fromstring(content)  # noqa: S314 - as above
    if format_ is Format.ODT:
        for parent in tree.iter():
            for changes in parent.findall(ODT_CHANGES):
                parent.remove(changes)
    else:
        _accept(tree)
    return bytes(ElementTree.tostring(tree, encoding="UTF-8", xml_declaration=True))


def _accept(element: Element) -> None:
    """Accept the changes in an element; a paragraph whose end was struck out goes on in the next
    one."""
    kept: list[Element] = []
    before: list[Element] = []  # of paragraphs whose end was struck out
    for child in element:
        if child.tag in STRUCK or child.tag.endswith("PrChange") or _is_struck(child, "trPr"):
            continue
        ends = not _is_struck(child, "pPr", "rPr")
        _accept(child)
        if child.tag == f"{W}p":
            head = [one for one in child if one.tag == f"{W}pPr"]
            text = [*before, *(one for one in child if one.tag != f"{W}pPr")]
            child[:], before = [*head, *text], [] if ends else text
        if ends:
            kept += child if child.tag in NEW else [child]
    if before:
        kept.append(_paragraph(before))
    element[:] = kept


def _is_struck(element: Element, *properties: str) -> bool:
    """Return whether the properties of an element, such as a row, say that it was struck out."""
    found: Element | None = element
    for name in properties:
        found = found.find(f"{W}{name}") if found is not None else None
    return found is not None and any(one.tag in STRUCK for one in found)


def _paragraph(runs: list[Element]) -> Element:
    made = Element(f"{W}p")
    made.extend(runs)
    return made
