"""html-validate's rules for mail, and what caniemail knows of mail programs, by Node."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent

_STYLE = "Gmail's website on a phone has no style sheet: how it looks stands inline"
_ROUND = "corners are square there, and nothing moves"

# What some mail program has not, and why the mail is whole without it.
DISPENSABLE = {
    "<style> element": _STYLE,
    "Type selector": _STYLE,
    "Class selector": _STYLE,
    "ID selector": _STYLE,
    "Descendant combinator": _STYLE,
    "Chaining selectors": f"{_STYLE}; Word gives the links the colour of the text",
    "@media": "no dark colours and no narrower margins there; the column fits without",
    "display:none": "the preheader is hidden by its size and its height too",
    "height property": "heights of pictures stand as attributes as well",
    "aria-label attribute": "the words of the link make sense alone",
    "word-break": "long words are broken by word-wrap",
    "<body> element": "the paper has its colour on a table inside of it",
    "Local anchors": "the contents are a list there, and lead nowhere",
    "outline": _ROUND,
    "table-layout": "widths stand as attributes as well",
    "border-radius": _ROUND,
    "word-spacing": "it is in what MJML resets, and changes nothing",
    "float": "how many articles there are stands behind the name of the section there",
    "text-wrap": "a title may have a short last line there",
    ":hover": "a title is a link there, too, that is not underlined",
    "white-space": "a link of the foot may stand on two lines there",
    "overflow": "it hides the preheader, which Word hides by mso-hide",
}


def missing() -> str:
    """Return why it cannot be asked, "" where it can."""
    if not shutil.which("node"):
        return "Node (Debian: nodejs npm)"
    there = (HERE / "node_modules" / "html-validate").exists()
    return "" if there else "html-validate and caniemail (npm install in checks/)"


def faults(html: str) -> list[str]:
    """Return what is not HTML for mail, or needed and missing in Gmail, Outlook, Apple Mail or
    Yahoo."""
    with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(html)
        file.flush()
        said = subprocess.run(
            ["node", "mail_html.mjs", file.name],
            cwd=HERE,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    found = json.loads(said)
    for title, clients in found["lacks"].items():
        print(f"  missing in {', '.join(clients)}: {title} ({DISPENSABLE.get(title, '?')})")
    lacks = [title for title in found["lacks"] if title not in DISPENSABLE]
    return [*found["faults"], *(f"caniemail: {title} is not explained" for title in lacks)]
