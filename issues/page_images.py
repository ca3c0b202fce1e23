"""Images of the pages of an issue's file, kept on disk beside it.

The file is hostile: its pages are rendered in a child process with the limits of reading, and by
a worker, so that nobody's page waits for it.
"""

from __future__ import annotations

import logging
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from PIL import Image

from issues.intake.errors import Unreadable
from issues.intake.kinds import kind_of_file
from issues.intake.pdf import IMAGE_WALL_SECONDS
from issues.models import Issue
from issues.models.issue import pages_path

logger = logging.getLogger(__name__)

WIDTH = 1000  # pixels: sharp in half of a wide screen
POINTS = 72  # to the inch


class NotThere(Exception):
    """There is no such page, or it cannot be rendered."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of a page, in points."""

    width: float
    height: float


def kept(issue: Issue, number: int) -> Path | None:
    """Return the image of a page; None where it is not made yet. Raises NotThere."""
    if not 1 <= number <= issue.page_count:
        raise NotThere
    try:
        nothing = not (path := _path(issue, number)).stat().st_size
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
    return any(_is_fresh(part) for part in _folder(issue).glob("*.part"))


def make_missing(issue: Issue, *, first: int = 1, seconds: float) -> bool:
    """Make the images that are missing, from a page on and then the others, for so many seconds.

    Returns whether some are left over. What another worker makes is left to it.
    """
    stop = time.monotonic() + seconds
    numbers = range(1, issue.page_count + 1)
    for number in sorted(numbers, key=lambda number: (number < first, number)):
        if not _path(issue, number).exists():
            if time.monotonic() > stop:
                return True
            _make(issue, number)
    return False


def listen() -> None:
    """Delete the images with their issue."""
    post_delete.connect(_forget, sender=Issue, dispatch_uid="issues.page_images")


def _make(issue: Issue, number: int) -> None:
    """Store the image of a page; an empty file where it cannot be made, which another try would
    not change."""
    path = _path(issue, number)
    part = path.with_suffix(".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    if _is_fresh(part):
        return
    part.touch()
    file = Path(issue.pdf.path)
    try:
        png = kind_of_file(file).page_image(file, number, WIDTH)
    except Unreadable as error:
        logger.info("issue %s: page %s cannot be rendered: %s", issue.pk, number, error.reason)
        png = b""
    part.write_bytes(png)
    with suppress(FileNotFoundError):  # the issue was deleted meanwhile
        part.replace(path)


def _is_fresh(part: Path) -> bool:
    """Return whether who began it may still be at it."""
    try:
        return time.time() - part.stat().st_mtime < IMAGE_WALL_SECONDS + 5
    except FileNotFoundError:
        return False


def _folder(issue: Issue) -> Path:
    return Path(default_storage.path(pages_path(issue)))


def _path(issue: Issue, number: int) -> Path:
    return _folder(issue) / f"{number}.png"


def _forget(instance: Issue, **_more: Any) -> None:
    folder = _folder(instance)
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))
