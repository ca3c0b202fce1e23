"""A browser without a picture: pages over HTTP, their forms filled in, their links followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, cast
from urllib.parse import urljoin

from django.test import Client
from lxml import html


@dataclass(frozen=True)
class Page:
    """An answer, where it was found, and who asked."""

    client: Client
    path: str
    status: int
    text: str

    @classmethod
    def at(cls, client: Client, address: str, data: dict[str, list[str]] | None = None) -> Self:
        """The page that an address leads to, with `data` posted to it."""
        if data is None:
            answer = client.get(address, follow=True)
        else:
            answer = client.post(address, data, follow=True)
        asked = answer.request
        path = asked["PATH_INFO"] + (f"?{query}" if (query := asked["QUERY_STRING"]) else "")
        return cls(client, path, answer.status_code, answer.content.decode())

    def fields(self, form: str) -> dict[str, list[str]]:
        """What the form of that id would send as it stands."""
        values: dict[str, list[str]] = {}
        for name, value in self._form(form).form_values():
            # The line break after a <textarea> tag is not part of its value (HTML, 13.2.6.4.7).
            values.setdefault(name, []).append(value.removeprefix("\n"))
        return values

    def press(self, form: str, button: str = "_save", value: str = "1", **words: str) -> Self:
        """Write `words` into the fields of a form, and press one of its buttons."""
        unknown = words.keys() - self._form(form).fields.keys()
        assert not unknown, f"the form has no field {unknown}"
        data = self.fields(form) | {name: [word] for name, word in words.items()}
        where = urljoin(self.path, self._form(form).action or "")
        return type(self).at(self.client, where, data | {button: [value]})

    def language_button(self) -> tuple[str, str]:
        """The id of the form that a press on the other language sends, and where to."""
        (button,) = cast("list[html.HtmlElement]", self._tree().xpath("//button[@name='language']"))
        return button.get("form", ""), button.get("formaction", "")

    def follow(self, words: str) -> Self:
        """Follow the last link with these words."""
        links = self._tree().xpath("//a[normalize-space()=$words]/@href", words=words)
        return type(self).at(self.client, urljoin(self.path, str(cast("list[str]", links)[-1])))

    def _form(self, name: str) -> html.FormElement:
        return next(form for form in self._tree().forms if form.get("id") == name)

    def _tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.text)
