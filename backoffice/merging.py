"""Merging of forms of one row that two people, or two windows, fill in at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _

MAX_INLINE_LENGTH = 200  # characters that can stand in a sentence


class MergingForm(forms.ModelForm[Any]):
    """A form that carries along what it showed. It changes only the fields that were changed in
    it; of one that somebody else changed meanwhile, too, it shows both and saves neither."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = _can_be_carried(field) and self.instance.pk is not None

    def full_clean(self) -> None:
        """Take what is stored for what was shown, where the form does not carry the latter."""
        carried = self._carried() if self.is_bound else []
        if not any(self.add_initial_prefix(name) in self.data for name in carried):
            for name in carried:
                current, typed = self._current(name), self[name].data
                self._write(name, typed if self.same(name, current, typed) else current)
        super().full_clean()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in self._carried():
            self._merge(name)
        return cleaned

    def same(self, name: str, one: Any, other: Any) -> bool:
        """Return whether two values of a field, as they are stored or sent, mean the same."""
        return not self.fields[name].has_changed(_one_line_end(one), _one_line_end(other))

    def _merge(self, name: str) -> None:
        current, typed = self._current(name), self[name].data
        shown = self.data.get(self.add_initial_prefix(name))
        if self.same(name, current, shown) or self.same(name, current, typed):
            return
        self._write(name, current)
        if self.same(name, shown, typed):
            self._write(name, current, key=self.add_prefix(name))
            self.cleaned_data.pop(name, None)  # so that the row keeps what it has
            self.errors.pop(name, None)
        else:
            self.add_error(name, _both(self._label(name, current)))

    def _carried(self) -> list[str]:
        return [
            name
            for name, field in self.fields.items()
            if field.show_hidden_initial and not field.disabled
        ]

    def _current(self, name: str) -> Any:
        field = self.fields[name]
        return field.prepare_value(self.get_initial_for_field(field, name))

    def _write(self, name: str, value: Any, *, key: str = "") -> None:
        """Write `value` into the data of the form: as what it showed, or under `key` as sent."""
        sent: Any = self.data
        self.data = sent = sent.copy()
        sent[key or self.add_initial_prefix(name)] = "" if value is None else str(value)

    def _label(self, name: str, value: Any) -> str:
        """Return the value as the page names it: of a choice its label."""
        flat: dict[str, str] = {}
        for key, label in getattr(self.fields[name], "choices", ()):
            group = label if isinstance(label, list | tuple) else [(key, label)]
            flat |= {str(each): str(name) for each, name in group}
        stored = "" if value is None else str(value)
        return flat.get(stored, stored)


def _can_be_carried(field: forms.Field) -> bool:
    return not isinstance(field, forms.FileField | forms.ModelMultipleChoiceField)


def _one_line_end(value: Any) -> Any:
    """Write line ends as they are stored: browsers send CR LF (HTML, 4.10.21.8)."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _both(current: str) -> ValidationError:
    sentence = _(
        "This was changed meanwhile, in another window or by somebody else. What you wrote still "
        "stands in the field and is not saved; saving again keeps yours. Stored is now:"
    )
    if len(current) <= MAX_INLINE_LENGTH and "\n" not in current:
        return ValidationError(format_html("{} “{}”", sentence, current))
    shown = '{}<textarea class="stored" readonly rows="12" aria-label="{}">\n{}</textarea>'
    return ValidationError(format_html(shown, sentence, _("Stored now"), current))
