"""The anchors of the parts of an issue's page, such as `block-…` and `title-…`."""

from __future__ import annotations

from issues.editing import acts
from issues.editing.acts import Act
from issues.editing.document import Gone

MAX_KEY = 19  # digits of an id
ADD, EDIT = "add", "edit"  # how a part is opened: with an editor below it, or in its place


def anchor_of(act: Act) -> str:
    """Return the anchor of the part that an act of an editor is about; "" for others."""
    match act:
        case acts.EditBlock(block=handle):
            return f"block-{handle}"
        case acts.AddBlocks(article=key, after=after):
            return f"after-{after}" if after else f"start-{key}"
        case acts.EditArticle(article=key):
            return f"title-{key}"
        case acts.EditSection(section=key):
            return f"head-{key}"
        case acts.EditFacts():
            return "facts"
    return ""


def key_of(text: str) -> int:
    """Return the key in an anchor. Raises Gone where it is none."""
    if not (text.isascii() and text.isdecimal() and len(text) < MAX_KEY):
        raise Gone
    return int(text)


def part_of(anchor: str) -> str:
    """Return the anchor of the part to which the editor of an anchor belongs."""
    kind, _dash, name = anchor.partition("-")
    return {"after": f"block-{name}", "start": f"title-{name}"}.get(kind, anchor)


def how_to_open(anchor: str) -> str:
    """Return how its part is opened so that the editor of an anchor is there."""
    return ADD if anchor.startswith(("after-", "start-")) else EDIT
