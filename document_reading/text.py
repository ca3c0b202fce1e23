"""Plain text and Markdown to blocks.

Text with a heading of Markdown is Markdown. Other text was not meant as such: `1986. A great year`
is no list in it, and each line is a paragraph, as pasting makes it.
"""

from __future__ import annotations

import re
from pathlib import Path

from markdown_it import MarkdownIt

from document_reading.blocks import Block, blocks_of_html, paragraph
from document_reading.encodings import text_of
from document_reading.pieces import Piece

_NOTE = re.compile(r"^( {0,3})\[\^(?=[^\]\s]+\]:)", re.MULTILINE)  # its text, at the end
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+\S", re.MULTILINE)


def blocks_of_text(file: Path) -> list[Block]:
    """Return the blocks of a text, whatever its encoding. Raises UnreadableDocument."""
    text = text_of(file.read_bytes())
    if HEADING.search(text):
        # CommonMark knows no notes: what they say would be the address of a link, and not be seen.
        return blocks_of_html(_markdown().render(_NOTE.sub(r"\1\\[^", text)))
    return [made for line in text.split("\n") if (made := paragraph([Piece(line)]))]


def _markdown() -> MarkdownIt:
    """Return what renders Markdown. Raw HTML in it is text, what is indented is a paragraph, and
    addresses such as `javascript:` are no links."""
    parser = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True})
    return parser.enable("table").disable("code")
