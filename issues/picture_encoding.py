"""Pictures that an editor brings, encoded anew: bounded, upright, and with nothing in them but what
is seen. Where a photograph was taken, and with what, stays with who took it."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 40_000_000
WIDTH, HEIGHT = 1600, 3200  # pixels; twice what a page or a mail is wide
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_LARGE = 300_000  # bytes above which a PNG without transparency may as well be a JPEG
_QUALITY = 85
_SRGB = ImageCms.createProfile("sRGB")


class Refusal(StrEnum):
    """The reason for which a picture is refused."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    DRAWING = "drawing"
    UNKNOWN = "unknown"
    DAMAGED = "damaged"


class PictureRefused(Exception):
    """The picture is not kept: `reason`."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as it is kept: `kind` is png or jpg."""

    content: bytes
    kind: str
    width: int
    height: int


def encoded(content: bytes) -> Encoded:
    """Return the picture of a file, of an animation its first. Raises PictureRefused."""
    # Some libraries set this for the whole process: then a picture that was cut off has grey below.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    image = _opened(content)
    lossy = image.format in {"JPEG", "WEBP"}
    try:
        image.draft("RGB", (2 * WIDTH, 2 * WIDTH))  # a JPEG is decoded at the half where that does
        image = _plain(_upright(image))
        image.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        return _written(image, lossy=lossy)
    except MemoryError as error:
        raise PictureRefused(Refusal.TOO_MANY_PIXELS) from error
    except (OSError, ValueError, SyntaxError, EOFError, ZeroDivisionError) as error:
        raise PictureRefused(Refusal.DAMAGED) from error


def _opened(content: bytes) -> Image.Image:
    """Return the picture, of which nothing but the head was read yet."""
    if not content:
        raise PictureRefused(Refusal.EMPTY)
    if len(content) > MAX_BYTES:
        raise PictureRefused(Refusal.TOO_LARGE)
    try:
        image = Image.open(BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(Refusal.TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        drawn = b"<svg" in content[:4096].lower()
        raise PictureRefused(Refusal.DRAWING if drawn else Refusal.UNKNOWN) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise PictureRefused(Refusal.DAMAGED) from error
    if image.width * image.height > MAX_PIXELS:
        raise PictureRefused(Refusal.TOO_MANY_PIXELS)
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture as its camera was held; as it is where what says so is damaged."""
    try:
        return ImageOps.exif_transpose(image)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, struct.error):
        return image


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture in RGB, or in RGBA where something shines through, with no words in it."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    transparent = "A" in image.mode or "transparency" in image.info
    if profile and image.mode in {"RGB", "RGBA", "CMYK", "L"}:
        image = _in_srgb(image, profile)
    image = image.convert("RGBA" if transparent else "RGB")
    if transparent and image.getchannel("A").getextrema()[0] == 255:
        image = image.convert("RGB")
    image.info.clear()
    return image


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return the picture in the colours of the web; as it is where its profile is none."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, own, _SRGB, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _written(image: Image.Image, *, lossy: bool) -> Encoded:
    """Return the picture as a JPEG where it was one or is much lighter so, or else as a PNG."""
    forms = {}
    if image.mode == "RGBA" or not lossy:
        forms["png"] = _bytes(image, "PNG", optimize=True)
    if image.mode != "RGBA" and (lossy or len(forms["png"]) > _LARGE):
        forms["jpg"] = _bytes(image, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    kind = min(forms, key=lambda one: len(forms[one]) * (2 if one == "jpg" else 1))
    return Encoded(forms[kind], kind, image.width, image.height)


def _bytes(image: Image.Image, form: str, **options: object) -> bytes:
    kept = BytesIO()
    image.save(kept, form, **options)
    return kept.getvalue()
