"""The subprocess that renders a page:
`python -m pdf_reading.process.page_image FILE REQUEST LIMITS`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pdf_reading.limits import Limits, UnreadablePdf, enforce


def main() -> None:
    """Print the page as PNG; nothing where it cannot be rendered."""
    pdf, request, limits = Path(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3])
    enforce(Limits(**limits))
    from pdf_reading.glyphs.document import Document

    try:
        with Document(pdf) as document:
            if 1 <= request["page"] <= len(document):
                png = document.page_image(request["page"], width=request["width"])
                sys.stdout.buffer.write(png)
    except UnreadablePdf:
        return


if __name__ == "__main__":
    main()
