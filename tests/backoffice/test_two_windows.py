"""Two people, or two windows, at one form: neither writes over what the other did."""

from __future__ import annotations

import pytest
from django.test import Client

from publications.models import Bulletin
from tests.support.browsing import Page
from tests.support.factories import weather

pytestmark = pytest.mark.django_db
MEANWHILE = "This was changed meanwhile, in another window or by somebody else."


def test_two_forms_of_a_bulletin(editor: Client) -> None:
    bulletin = weather()
    address = f"/admin/publications/bulletin/{bulletin.pk}/change/"
    first, second = Page.at(editor, address), Page.at(editor, address)
    first.press("bulletin_form", publisher="The sky")
    second.press("bulletin_form", description="All about rain.")
    again = second.press("bulletin_form", publisher="The sea")
    assert MEANWHILE in again.text
    bulletin = Bulletin.objects.get()
    assert (bulletin.publisher, bulletin.description) == ("The sky", "All about rain.")
