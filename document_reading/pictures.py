"""The pictures of a document: as PNG of a bounded size, without what else a camera writes down."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from document_reading.packages import check_picture

WIDTH = 1_200  # pixels; of figures that are cut out of pages, too
HEIGHT = 2_400


def png_of(content: bytes) -> bytes | None:
    """Return a picture as PNG, upright; None for what is no picture that can be shown, such as a
    drawing of Windows. Raises UnreadableDocument where it has too many pixels."""
    check_picture(content)
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.draft("RGB", (WIDTH, HEIGHT))
            picture.thumbnail((WIDTH, HEIGHT))
            upright = ImageOps.exif_transpose(picture)
            shown = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        return None
    output = io.BytesIO()
    shown.save(output, "PNG")
    return output.getvalue()
