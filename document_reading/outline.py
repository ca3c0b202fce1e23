"""The outline levels of a DOCX, which say what is a heading whatever its style is called: those of
a paragraph, or of its style and the styles that this one is based on."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEADINGS = range(6)  # of nine levels; the tenth is running text
MAX_BASES = 20  # styles that a style is based on
STYLE = "BulletinOutline"


def with_outline_styles(file: Path) -> io.BytesIO:
    """Return the document, paragraphs with an outline level in the style STYLE and their level,
    from 1."""
    package = io.BytesIO(file.read_bytes())
    with ZipFile(package) as whole:
        names = set(whole.namelist())
        if DOCUMENT not in names:
            return package
        document = ElementTree.fromstring(whole.read(DOCUMENT))  # noqa: S314 - entities are refused before
        styles = _levels(whole.read(STYLES)) if STYLES in names else {}
    if _mark(document, styles):
        with ZipFile(package, "a") as whole, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # the later entry of a name counts
            whole.writestr(DOCUMENT, ElementTree.tostring(document))
    package.seek(0)
    return package


def _mark(document: Element, styles: Mapping[str, int]) -> bool:
    """Set the style of each paragraph that has a level. Returns whether there were any."""
    marked = False
    for properties in document.iter(f"{W}pPr"):
        style = properties.find(f"{W}pStyle")
        name = style.get(f"{W}val", "") if style is not None else ""
        level = _own_level(properties)
        level = styles.get(name) if level is None else level
        if level is not None and level in HEADINGS:
            if style is None:
                style = ElementTree.SubElement(properties, f"{W}pStyle")
            style.set(f"{W}val", f"{STYLE}{level + 1}")
            marked = True
    return marked


def _levels(content: bytes) -> dict[str, int]:
    """Return the levels of the styles that have one."""
    own: dict[str, int | None] = {}
    bases: dict[str, str] = {}
    for style in ElementTree.fromstring(content).iter(f"{W}style"):  # noqa: S314 - as above
        name = style.get(f"{W}styleId", "")
        properties, base = style.find(f"{W}pPr"), style.find(f"{W}basedOn")
        own[name] = _own_level(properties) if properties is not None else None
        if base is not None:
            bases[name] = base.get(f"{W}val", "")
    levels: dict[str, int] = {}
    for name in own:
        at = name
        for _ in range(MAX_BASES):
            if (level := own.get(at)) is not None:
                levels[name] = level
                break
            at = bases.get(at, "")
    return levels


def _own_level(properties: Element) -> int | None:
    level = properties.find(f"{W}outlineLvl")
    value = level.get(f"{W}val", "") if level is not None else ""
    return int(value) if value.isdecimal() else None
