"""Images of the pages of an issue's files, kept on disk beside them.

A file is hostile: its pages are rendered in a child process with the limits of reading, and by
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

from issues.intake import pdf
from issues.intake.errors import Unreadable
from issues.models import Issue, IssueFile, PagedFile
from issues.models.issue_file import pages_path

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
    file = issue.file_of_page(number)
    if file is None:
        raise NotThere
    try:
        nothing = not (path := _path(file, number)).stat().st_size
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
    """Make the images that are missing, from a page on and then the others, for so many seconds.

    Returns whether some are left over. What another worker makes is left to it.
    """
    stop = time.monotonic() + seconds
    pages = [
        (number, file)
        for file in issue.paged_files
        for number in range(file.first, file.first + file.file.page_count)
    ]
    for number, file in sorted(pages, key=lambda page: (page[0] < first, page[0])):
        if not _path(file, number).exists():
            if time.monotonic() > stop:
                return True
            _make(file, number)
    return False


def listen() -> None:
    """Delete the images with their file."""
    post_delete.connect(_forget, sender=IssueFile, dispatch_uid="issues.page_images")


def _make(file: PagedFile, number: int) -> None:
    """Store the image of a page; an empty file where it cannot be made, which another try would
    not change."""
    path = _path(file, number)
    part = path.with_suffix(".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    if _is_fresh(part):
        return
    part.touch()
    try:
        png = pdf.page_image(Path(file.file.pdf.path), file.own(number), WIDTH)
    except Unreadable as error:
        issue = file.file.issue_id
        logger.info("issue %s: page %s cannot be rendered: %s", issue, number, error.reason)
        png = b""
    part.write_bytes(png)
    with suppress(FileNotFoundError):  # the issue was deleted meanwhile
        part.replace(path)


def _is_fresh(part: Path) -> bool:
    """Return whether who began it may still be at it."""
    try:
        return time.time() - part.stat().st_mtime < pdf.IMAGE_WALL_SECONDS + 5
    except FileNotFoundError:
        return False


def _folder(file: IssueFile) -> Path:
    return Path(default_storage.path(pages_path(file)))


def _path(file: PagedFile, number: int) -> Path:
    return _folder(file.file) / f"{file.own(number)}.png"


def _forget(instance: IssueFile, **_more: Any) -> None:
    folder = _folder(instance)
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))
