"""Pictures that an editor adds: bounded, encoded anew, kept once."""

from __future__ import annotations

import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from struct import pack
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageFile

from issues import picture_encoding, pictures
from issues.models import Issue
from issues.models.issue import figure_path
from issues.picture_encoding import PictureRefused, Refusal, encoded

pytestmark = pytest.mark.django_db

GPS = 0x8825
ORIENTATION = 0x0112


def a_picture(
    form: str = "PNG", *, size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: Any
) -> bytes:
    kept = BytesIO()
    Image.new(mode, size, more.pop("colour", "red")).save(kept, form, **more)
    return kept.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def a_photograph() -> bytes:
    """A JPEG that lies on its side, and says where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[2] = (39.0, 54.0, 30.0)
    exif[0x010F] = "A camera"
    photograph = a_picture("JPEG", exif=exif, comment=b"Ann's house")
    assert opened(photograph).getexif().get_ifd(GPS)
    return photograph


def a_large_head(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and has nothing in it."""
    head = b"IHDR" + pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + pack(">I", 13) + head + pack(">I", zlib.crc32(head))
        + pack(">I", 0) + b"IDAT" + pack(">I", zlib.crc32(b"IDAT"))
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_picture("PNG"), "png"),
        (a_picture("JPEG"), "jpg"),
        (a_picture("GIF"), "png"),
        (a_picture("WEBP"), "jpg"),
        (a_picture("PNG", mode="RGBA", colour=(0, 0, 255, 90)), "png"),
        (a_picture("PNG", mode="I;16", colour=40_000), "png"),
        (a_picture("JPEG", mode="CMYK"), "jpg"),
    ],
)
def test_each_kind_of_picture_is_kept_as_png_or_jpeg(content: bytes, kind: str) -> None:
    kept = encoded(content)
    assert (kept.kind, kept.width, kept.height) == (kind, 60, 40)
    picture = opened(kept.content)
    assert picture.format == {"png": "PNG", "jpg": "JPEG"}[kind]
    assert picture.mode in {"RGB", "RGBA"}
    assert not re.search(rb"exif|icc|comment", kept.content[:2000], re.IGNORECASE)


def test_a_photograph_is_upright_and_does_not_say_where_it_was_taken() -> None:
    kept = encoded(a_photograph())
    assert (kept.width, kept.height) == (40, 60)
    picture = opened(kept.content)
    assert not picture.getexif()
    assert b"Ann" not in kept.content
    assert b"camera" not in kept.content


def test_of_what_moves_the_first_picture_is_kept() -> None:
    kept = BytesIO()
    first, second = (Image.new("P", (20, 20), colour) for colour in (1, 2))
    for image in (first, second):
        image.putpalette([0, 0, 0, 255, 0, 0, 0, 0, 255])
    first.save(kept, "GIF", save_all=True, append_images=[second])
    assert opened(encoded(kept.getvalue()).content).getpixel((0, 0)) == (255, 0, 0)


def test_what_is_wide_or_high_is_scaled_down() -> None:
    assert encoded(a_picture(size=(4000, 1000))).width == 1600
    assert encoded(a_picture("JPEG", size=(500, 8000))).height == 3200
    assert encoded(a_picture(size=(40_000, 1))).height == 1


def test_a_photograph_as_png_is_kept_lighter() -> None:
    kept = BytesIO()
    Image.effect_noise((900, 900), 40).convert("RGB").save(kept, "PNG")
    light = encoded(kept.getvalue())
    assert light.kind == "jpg"
    assert len(light.content) < len(kept.getvalue()) / 2


REFUSED = [
    (b"", Refusal.EMPTY),
    (b"%PDF-1.4 and more", Refusal.UNKNOWN),
    (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", Refusal.DRAWING),
    (a_picture("BMP"), Refusal.UNKNOWN),
    (a_picture("TIFF"), Refusal.UNKNOWN),
    (a_picture("PNG")[:60], Refusal.DAMAGED),
    (a_picture("JPEG", size=(900, 900))[:900], Refusal.DAMAGED),
    (a_large_head(6400, 6400), Refusal.TOO_MANY_PIXELS),
    (a_large_head(10_000, 10_000), Refusal.TOO_MANY_PIXELS),
    (a_large_head(60_000, 60_000), Refusal.TOO_MANY_PIXELS),
    (bytes(picture_encoding.MAX_BYTES + 1), Refusal.TOO_LARGE),
]


def test_a_picture_that_was_cut_off_is_refused_whatever_others_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(PictureRefused):
        encoded(a_picture("PNG")[:60])


@pytest.mark.parametrize(("content", "reason"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_picture_or_too_large_is_refused(content: bytes, reason: Refusal) -> None:
    with pytest.raises(PictureRefused) as refusal:
        encoded(content)
    assert refusal.value.reason == reason


def test_a_picture_is_kept_once_whoever_adds_it_when(draft: Issue) -> None:
    content = a_picture("PNG", size=(400, 300))
    with ThreadPoolExecutor(4) as pool:
        names = set(pool.map(lambda _: pictures.add(draft, content).name, range(8)))
    (name,) = names
    _folders, files = default_storage.listdir(figure_path(draft, "").rstrip("/"))
    assert [one for one in files if one.startswith(name[:24])] == [name]
    assert pictures.of_issue(draft)[name] == 0


def test_a_picture_that_a_crash_cut_short_is_kept_anew(draft: Issue) -> None:
    content = a_picture("PNG")
    name = pictures.add(draft, content).name
    default_storage.delete(figure_path(draft, name))
    default_storage.save(figure_path(draft, name), ContentFile(b"\x89PNG"))
    assert pictures.add(draft, content).name == name
    with default_storage.open(figure_path(draft, name)) as file:
        assert opened(file.read()).size == (60, 40)


def address(issue: Issue) -> str:
    return f"/admin/issues/issue/{issue.pk}/pictures/"


def send(client: Client, issue: Issue, content: bytes, **more: Any) -> Any:
    """Upload as the script does."""
    file = SimpleUploadedFile("holiday.svg", content, "image/svg+xml")
    headers = {"accept": "application/json", "accept-language": "en"}
    return client.post(address(issue), {"picture": file, **more}, headers=headers)


def test_the_script_is_answered_with_the_line_to_write(editor: Client, draft: Issue) -> None:
    answer = send(editor, draft, a_photograph())
    added = answer.json()
    assert answer.status_code == 201
    assert (added["width"], added["height"]) == (40, 60)
    assert added["line"] == f"[[figure {added['name']}]]"
    shown = editor.get(added["url"])
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert len(b"".join(shown)) == added["size"]
    assert Client().get(added["url"]).status_code == 404


@pytest.mark.parametrize("content", [one for one, _ in REFUSED[1:]], ids=range(1, len(REFUSED)))
def test_each_refusal_is_a_sentence(editor: Client, draft: Issue, content: bytes) -> None:
    answer = send(editor, draft, content)
    assert answer.status_code == 400
    sentence = answer.json()["error"]
    assert sentence.endswith(".")
    assert "%(" not in sentence
    assert list(pictures.of_issue(draft)) == ["cloud.png"]


def test_a_plain_form_leads_back_and_shows_the_line(editor: Client, draft: Issue) -> None:
    there = f"/admin/issues/issue/{draft.pk}/history/"
    file = SimpleUploadedFile("a.png", a_picture())
    page = editor.post(address(draft), {"picture": file, "next": there}, follow=True)
    assert page.redirect_chain == [(there, 302)]
    assert "[[figure " in page.content.decode()
    away = {"picture": SimpleUploadedFile("a.png", a_picture()), "next": "https://evil.example/"}
    home = f"/admin/issues/issue/{draft.pk}/change/"
    assert editor.post(address(draft), away).headers["Location"] == home
    empty = editor.post(
        address(draft), {"next": there}, follow=True, headers={"accept-language": "en"}
    )
    assert "Choose a picture first" in empty.content.decode()


def test_only_who_may_change_the_issue_adds_pictures(client: Client, draft: Issue) -> None:
    assert send(client, draft, a_picture()).status_code == 302
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_issue"))
    client.force_login(viewer)
    assert send(client, draft, a_picture()).status_code == 403
    assert list(pictures.of_issue(draft)) == ["cloud.png"]


def test_without_a_script_the_editor_of_a_text_and_its_form_for_pictures_can_be_sent(
    editor: Client, draft: Issue
) -> None:
    whole = editor.get(f"/admin/issues/issue/{draft.pk}/change/").content.decode()
    (part, *_) = re.findall(r'href="([^"]+/part/block-[^"]+)\?open=menu"', whole)
    page = editor.get(f"{part}?open=edit", follow=True).content.decode()
    forms = re.findall(r"<form class=\"(?:editor|add-picture).*?</form>", page, re.DOTALL)
    assert len(forms) == 2
    assert all('name="csrfmiddlewaretoken"' in form for form in forms)
