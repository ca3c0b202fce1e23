"""The forms of an import: a file, where the list stands in it, and what is to be done with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.subscriber_pages.import_words import COLUMNS
from publications.models import Bulletin, Topic
from subscribers.importing import tables
from subscribers.importing.taking import Decision
from subscribers.importing.values import TOPIC_PREFIX, Column, Layout
from subscribers.models import ReaderImport

CONSENT_LABEL = gettext_lazy("Where their consent comes from")
CONSENT_HELP = gettext_lazy(
    "For example: signed lists of the spring meeting of 2026. It is kept with each subscription."
)


class ListForm(forms.Form):
    """A bulletin, and the file of a list."""

    bulletin = forms.ModelChoiceField(Bulletin.objects.all(), label=gettext_lazy("Bulletin"))
    file = forms.FileField(
        label=gettext_lazy("List of readers"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm"}),
        error_messages={"empty": gettext_lazy("This file is empty.")},
    )

    def __init__(self, *args: Any, bulletins: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bulletin"].queryset = bulletins  # type: ignore[attr-defined]
        only = list(bulletins[:2])
        if len(only) == 1:
            self.initial["bulletin"] = only[0].pk
        self.fields["file"].help_text = _(
            "XLSX or CSV, at most %(most)s. One row for each reader; which columns are the "
            "address, the name and so on is found out, and can be changed before anybody is taken "
            "in."
        ) % {"most": filesizeformat(tables.MAX_BYTES)}

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > tables.MAX_BYTES:
            raise ValidationError(
                _("This file is too large. At most %(most)s are allowed: divide the list."),
                params={"most": filesizeformat(tables.MAX_BYTES)},
            )
        return file


class LayoutForm(forms.Form):
    """The sheet, the first row, and what each column holds."""

    first_row = forms.IntegerField(
        label=gettext_lazy("The list begins in row"), min_value=1, max_value=tables.MAX_ROWS
    )

    def __init__(self, run: ReaderImport, *args: Any, width: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["first_row"] = run.first_row
        self._run, self._width = run, width
        if len(run.sheets) > 1:
            self.fields["sheet"] = forms.ChoiceField(
                label=_("Sheet"), choices=[(name, name) for name in run.sheets], initial=run.sheet
            )
        choices = [*COLUMNS.items(), (_("has marks for the topic"), _topics(run.bulletin))]
        for n in range(width):
            self.fields[f"column_{n}"] = forms.ChoiceField(
                label=_("Column %(number)d") % {"number": n + 1},
                choices=choices,
                required=False,
                initial=run.columns[n] if n < len(run.columns) else "",
            )

    def columns(self) -> list[forms.BoundField]:
        """Return the choice of each column."""
        return [self[f"column_{n}"] for n in range(self._width)]

    def clean(self) -> dict[str, Any] | None:
        chosen = super().clean() or {}
        if not self._moved() and Column.ADDRESS.value not in self._columns():
            raise ValidationError(_("Choose the column with the email addresses."))
        return chosen

    def layout(self) -> Layout | None:
        """Return where the list is to be read; None where another sheet is, whose columns are
        to be guessed anew."""
        if self._moved():
            return None
        heads = tuple(self._run.heads)
        return Layout(
            self._run.sheet, self.cleaned_data["first_row"], tuple(self._columns()), heads
        )

    def chosen_sheet(self) -> str:
        """Return the sheet that was chosen."""
        return str(self.cleaned_data.get("sheet", self._run.sheet))

    def _moved(self) -> bool:
        return self.chosen_sheet() != self._run.sheet

    def _columns(self) -> list[str]:
        return [str(self.cleaned_data.get(f"column_{n}", "")) for n in range(self._width)]


class DecisionForm(forms.Form):
    """A decision about all of a list."""

    consent = forms.CharField(
        label=CONSENT_LABEL,
        max_length=300,
        help_text=CONSENT_HELP,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    ask = forms.ChoiceField(
        label=gettext_lazy("Confirmation"),
        choices=[
            ("no", gettext_lazy("They agreed already: they are readers at once.")),
            (
                "yes",
                gettext_lazy(
                    "Ask each by mail: who confirms becomes a reader, also who had left before."
                ),
            ),
        ],
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language, where the list names none"), choices=settings.LANGUAGES
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(),
        label=gettext_lazy("Topics, where the list names none"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    complete = forms.BooleanField(
        label=gettext_lazy(
            "Give known readers a name and topics that they lack; what they ended stays ended"
        ),
        required=False,
    )

    def __init__(self, run: ReaderImport, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._run = run
        self.fields["topics"].queryset = offered(run.bulletin)  # type: ignore[attr-defined]
        self.initial["language"] = run.bulletin.language

    def clean_topics(self) -> Any:
        """Return them; at least one where anybody would follow nothing."""
        topics = self.cleaned_data["topics"]
        without = self._run.numbers.get("without_topics", 0)
        if without and not topics:
            raise ValidationError(
                _("%(count)d rows name no topic: choose what these readers follow."),
                params={"count": without},
            )
        return topics

    def decision(self) -> Decision:
        """Return what was decided."""
        chosen = self.cleaned_data
        return Decision(
            consent=chosen["consent"],
            ask=chosen["ask"] == "yes",
            language=chosen["language"],
            topics=tuple(topic.pk for topic in chosen["topics"]),
            complete=chosen["complete"],
        )


def offered(bulletin: Bulletin) -> Any:
    """Return the topics that can be followed."""
    return Topic.objects.filter(bulletin=bulletin, retired_at__isnull=True)


def _topics(bulletin: Bulletin) -> list[tuple[str, str]]:
    return [(f"{TOPIC_PREFIX}{topic.pk}", str(topic)) for topic in offered(bulletin)]
