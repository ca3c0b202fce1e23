"""DOCX to blocks by mammoth, for where LibreOffice is not installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

import mammoth

from document_reading import outline
from document_reading.blocks import Block, blocks_of_html
from document_reading.failures import DocumentFailure, UnreadableDocument
from document_reading.pictures import png_of

# "!" leaves out: the contents repeat the headings.
STYLE_MAP = "\n".join(
    [
        *(f"p.{outline.STYLE}{level} => h{level}:fresh" for level in range(1, 7)),
        "p[style-name='Title'] => h1.title:fresh",
        *(f"p[style-name='{name}'] => blockquote > p:fresh" for name in ("Quote", "Intense Quote")),
        *(f"p[style-name='{name}'] => p.caption:fresh" for name in ("caption", "Caption")),
        *(f"p[style-name='toc {level}'] => !" for level in range(1, 10)),
        *(f"p[style-name='TOC {word}'] => !" for word in ("Heading", *range(1, 10))),
    ]
)


def blocks_of_docx(file: Path) -> list[Block]:
    """Return the blocks of a document. Raises UnreadableDocument."""
    pictures: dict[str, bytes] = {}

    def keep(image: Any) -> dict[str, str]:
        with image.open() as content:
            png = png_of(content.read())
        if png is None:
            return {"src": ""}
        name = f"picture {len(pictures)}"
        pictures[name] = png
        return {"src": name}

    try:
        html = mammoth.convert_to_html(
            outline.with_outline_styles(file),
            style_map=STYLE_MAP,
            include_embedded_style_map=False,
            convert_image=mammoth.images.img_element(keep),
        ).value
    except (BadZipFile, KeyError, ParseError, ExpatError, ValueError) as error:
        raise UnreadableDocument(DocumentFailure.DAMAGED) from error
    return blocks_of_html(html, pictures=pictures)
