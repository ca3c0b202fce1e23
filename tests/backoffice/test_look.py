"""The look of a bulletin's mails is seen beside the form in which it is chosen."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from publications.models import Bulletin
from tests.support.factories import a_bulletin

pytestmark = pytest.mark.django_db
LOOK = "/admin/publications/bulletin/look/"


def a_picture(size: tuple[int, int] = (400, 100)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "red").save(written, "png")
    return written.getvalue()


def test_a_new_bulletin_is_seen_before_it_is_saved(editor: Client) -> None:
    form = {
        "name": "Tide & Times",
        "language": "en",
        "accent": "#b5442e",
        "publisher": "The Office",
        "postal_address": "1 Quay Street",
    }
    page = editor.post(LOOK, form).content.decode()
    for words in ("Tide &amp; Times", "#b5442e", "The Office", "1 Quay Street", "Section 1"):
        assert words in page
    assert not Bulletin.objects.exists()


def test_it_is_shown_in_the_language_of_the_bulletin(editor: Client) -> None:
    page = editor.post(LOOK, {"name": "湖区简报", "language": "zh-hans"}).content.decode()
    assert 'lang="zh-Hans"' in page
    assert "栏目 1" in page


def test_a_stored_one_begins_with_what_is_stored(editor: Client) -> None:
    bulletin = a_bulletin(name="Letters", accent="#123456")
    bulletin.image.save("head.png", ContentFile(a_picture()))
    page = editor.get(f"{LOOK}?bulletin={bulletin.pk}").content.decode()
    assert "#123456" in page
    assert f"/b/{bulletin.slug}/" in page  # its image
    cleared = editor.post(f"{LOOK}?bulletin={bulletin.pk}", {"image-clear": "on"})
    assert "<img" not in cleared.content.decode()
    assert Bulletin.objects.get().image


def test_a_chosen_image_is_shown_though_it_is_nowhere_yet(editor: Client) -> None:
    image = SimpleUploadedFile("a.png", a_picture(), content_type="image/png")
    answer = editor.post(LOOK, {"name": "Letters", "image": image})
    page = answer.content.decode()
    assert 'src="data:image/png;base64,' in page
    assert 'width="200" height="50"' in page
    assert "data:" in answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" in answer.headers["Content-Security-Policy"].partition("style-src")[2]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.png", b"no picture", "Upload a valid image"),
        ("a.png", b"\0" * 200_001, "Upload a valid image"),
        ("a.svg", a_picture(), "File extension"),
        ("a.png", a_picture() + b"\0" * 200_000, "larger than 200 kB"),
    ],
)
def test_an_image_that_cannot_be_taken_is_answered_in_words(
    editor: Client, name: str, data: bytes, why: str
) -> None:
    answer = editor.post(LOOK, {"image": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    assert why in answer.content.decode()


def test_what_is_not_valid_yet_is_left_as_it_was(editor: Client) -> None:
    bulletin = a_bulletin(accent="#123456")
    form = {"accent": "red;} body {", "language": "xx", "name": "N" * 500}
    page = editor.post(f"{LOOK}?bulletin={bulletin.pk}", form).content.decode()
    assert "#123456" in page
    assert "red;}" not in page
    assert "N" * 120 in page
    assert "N" * 121 not in page


def test_it_is_for_those_who_may_make_bulletins(client: Client) -> None:
    client.force_login(User.objects.create_user("clerk", is_staff=True))
    assert client.get(LOOK).status_code == 403
    assert client.get(f"{LOOK}?bulletin={a_bulletin().pk}").status_code == 403


def test_the_form_shows_it_with_and_without_a_script(editor: Client) -> None:
    bulletin = a_bulletin()
    page = editor.get(f"/admin/publications/bulletin/{bulletin.pk}/change/").content.decode()
    assert f'src="{LOOK}?bulletin={bulletin.pk}"' in page
    assert f'formaction="{LOOK}?bulletin={bulletin.pk}" formtarget="look"' in page
