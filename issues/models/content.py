"""Fields that hold values of `pdf_reading.issue_text`: typed in Python, their JSON in the table.

A row is decoded when its values are asked for: a list can be shown of rows of which one holds
wrong JSON, and whoever asks for the values of that one gets an error that names it.
"""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from pdf_reading.account import PageAccount
from pdf_reading.issue_text import (
    InvalidContent,
    ParseWarning,
    Place,
    StoredPassage,
    from_json,
    to_json,
)

Value = TypeVar("Value")
_Values = tuple[Value, ...]


class _Decoding(DeferredAttribute):
    """The values of a row, decoded when they are asked for first."""

    field: _ContentField[Any]

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is not None and not (isinstance(value, tuple) or hasattr(value, "as_sql")):
            value = self._decoded(instance, value)
            self.__set__(instance, value)
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value

    def _decoded(self, instance: models.Model, value: Any) -> Any:
        try:
            return self.field.to_python(value)
        except InvalidContent as error:
            row = f"{instance._meta.label_lower} {instance.pk}"
            raise InvalidContent(f"{row}: {self.field.attname}: {error}") from error


class _ContentField(models.JSONField[_Values[Value], _Values[Value]], Generic[Value]):
    """A tuple of values of the type `kind`."""

    descriptor_class = _Decoding
    kind: ClassVar[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"default": tuple, **kwargs})

    def to_python(self, value: Any) -> Any:
        """Return the values. Raises InvalidContent."""
        return from_json(value, tuple[self.kind, ...])  # type: ignore[name-defined]

    def get_prep_value(self, value: Any) -> Any:
        """Return the JSON of the values; an expression is left as it is."""
        return value if hasattr(value, "as_sql") else to_json(value)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Raise ValidationError where there must be values and are none."""
        super().validate(to_json(value), model_instance)

    def value_to_string(self, obj: models.Model) -> Any:
        """Return the JSON of the values, for serializers."""
        return to_json(self.value_from_object(obj))


class PassagesField(_ContentField[StoredPassage]):
    """The passages of an article."""

    kind = StoredPassage


class PlacesField(_ContentField[Place]):
    """The places where an article stands on the pages."""

    kind = Place


class AccountField(_ContentField[PageAccount]):
    """The account of the characters of the whole issue, as that of one page 0."""

    kind = PageAccount


class WarningsField(_ContentField[ParseWarning]):
    """The warnings: what the editor should look at."""

    kind = ParseWarning
