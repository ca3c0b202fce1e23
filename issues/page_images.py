"""Images of the pages of an issue's files, kept on disk beside them: large ones to read, small
ones to find a page by.

A file is hostile: its pages are rendered in a child process with the limits of reading, and by
a worker, so that nobody's page waits for it.
"""

from __future__ import annotations

import io
import logging
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from PIL import Image

from issues.intake import pdf
from issues.intake.errors import Unreadable
from issues.models import Article, Issue, IssueFile, PagedFile
from issues.models.issue_file import pages_path

logger = logging.getLogger(__name__)

POINTS = 72  # to the inch
UNSURE = 0.6  # confidence below which an article is marked
SEEN_AT_ONCE = 3  # pages of a file that is opened, or scrolled to


class Width(IntEnum):
    """Of an image, in pixels."""

    LARGE = 1000  # sharp in half of a wide screen
    SMALL = 160


class NotThere(Exception):
    """There is no such page, or it cannot be rendered."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of a page, in points."""

    width: float
    height: float


def kept(issue: Issue, number: int, width: Width = Width.LARGE) -> Path | None:
    """Return the image of a page; None where it is not made yet. Raises NotThere."""
    file = issue.file_of_page(number)
    if file is None:
        raise NotThere
    try:
        nothing = not (path := _path(file, number, width)).stat().st_size
    except FileNotFoundError:
        return None
    if nothing:
        raise NotThere
    return path


def size(issue: Issue, number: int) -> Size | None:
    """Return how large a page is, by its image; None where there is none."""
    try:
        path = kept(issue, number)
    except NotThere:
        return None
    if path is None:
        return None
    with Image.open(path) as image:
        across, down = image.info["dpi"]
        return Size(image.width / across * POINTS, image.height / down * POINTS)


def being_made(issue: Issue) -> bool:
    """Return whether somebody renders pages of the issue at this moment."""
    folders = [_folder(file) for file in issue.originals]
    return any(_is_fresh(part) for folder in folders for part in folder.glob("*.part"))


def make_missing(issue: Issue, *, first: int = 1, seconds: float) -> bool:
    """Make the images that are missing, for so many seconds: first those from a page on that
    somebody looks at, then those that an editor will look at, then the others.

    Returns whether some are left over. What another worker makes is left to it. Three queries.
    """
    missing = {
        number: file
        for number, file in issue.files_by_page.items()
        if not all(_path(file, number, width).exists() for width in Width)
    }
    looked_at = _looked_at(issue) if missing else set()
    seen = range(first, first + SEEN_AT_ONCE)
    stop = time.monotonic() + seconds

    def urgency(number: int) -> tuple[bool, bool, bool, int]:
        return (number not in seen, number not in looked_at, number < first, number)

    for number in sorted(missing, key=urgency):
        if time.monotonic() > stop:
            return True
        _make(missing[number], number)
    return False


def _looked_at(issue: Issue) -> set[int]:
    """Return the pages that an editor looks at: those where the reading gave a warning, left text
    over, or is not sure of an article."""
    unsure = Article.objects.filter(section__issue=issue, confidence__lt=UNSURE, first_page__gt=0)
    return {
        *(warning.page for warning in issue.warnings),
        *(place.page for piece in issue.pieces.all() for place in piece.places),
        *(page for pages in unsure.values_list("first_page", "last_page") for page in pages),
    }


def listen() -> None:
    """Delete the images with their file."""
    post_delete.connect(_forget, sender=IssueFile, dispatch_uid="issues.page_images")


def _make(file: PagedFile, number: int) -> None:
    """Store the images of a page; empty files where they cannot be made, which another try would
    not change. The large one is there last: whoever sees it has both."""
    large = _path(file, number, Width.LARGE)
    part = large.with_suffix(".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    if _is_fresh(part):
        return
    part.touch()
    png = large.read_bytes() if large.exists() else _rendered(file, number)
    part.write_bytes(_smaller(png))
    with suppress(FileNotFoundError):  # the issue was deleted meanwhile
        part.replace(_path(file, number, Width.SMALL))
        part.write_bytes(png)
        part.replace(large)


def _rendered(file: PagedFile, number: int) -> bytes:
    try:
        return pdf.page_image(Path(file.file.pdf.path), file.own(number), Width.LARGE)
    except Unreadable as error:
        issue = file.file.issue_id
        logger.info("issue %s: page %s cannot be rendered: %s", issue, number, error.reason)
        return b""


def _smaller(png: bytes) -> bytes:
    """Return a small image of a large one that we made."""
    if not png:
        return b""
    written = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.thumbnail((Width.SMALL, image.height), reducing_gap=2.0)
        image.save(written, "png", optimize=True)
    return written.getvalue()


def _is_fresh(part: Path) -> bool:
    """Return whether who began it may still be at it."""
    try:
        return time.time() - part.stat().st_mtime < pdf.IMAGE_WALL_SECONDS + 5
    except FileNotFoundError:
        return False


def _folder(file: IssueFile) -> Path:
    return Path(default_storage.path(pages_path(file)))


def _path(file: PagedFile, number: int, width: Width) -> Path:
    own = file.own(number)
    return _folder(file.file) / (f"{own}.png" if width == Width.LARGE else f"{own}.{width}.png")


def _forget(instance: IssueFile, **_more: Any) -> None:
    folder = _folder(instance)
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))
