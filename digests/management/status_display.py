"""The status display: a digest's report in a terminal, with a bar, the counts and problems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from digests import progress_sentences
from digests.models import Digest
from digests.models.delivery import DeliveryStatus, SkipReason
from digests.models.feedback import FeedbackKind
from digests.reporting import Report, State

BAR_COLUMNS = 40


def render(digest: Digest, report: Report) -> Group:
    """Return everything of the report, without empty parts. The digest comes with its issue and
    bulletin."""
    counts = report.counts
    bar = Table.grid(padding=(0, 2))
    done = ProgressBar(total=max(counts.candidates, 1), completed=counts.settled, width=BAR_COLUMNS)
    bar.add_row(done, Text(_rate(report), style="dim"))
    return Group(
        _text(f"{digest.bulletin.name} · {digest} (#{digest.pk})", style="bold"),
        _text(progress_sentences.sentence(digest, report)),
        *(_text(check.detail, style="dim") for check in report.standstill.values() if check.detail),
        bar,
        *_tables(report),
    )


def _rate(report: Report) -> str:
    if report.rate is None:
        return ""
    params = {"rate": f"{report.rate:.1f}"}
    if report.state is not State.UNDER_WAY or report.seconds_left is None:
        return _("%(rate)s mails a second") % params
    left = timedelta(seconds=round(report.seconds_left))
    return _("%(rate)s mails a second, %(time)s left") % (params | {"time": str(left)})


def _tables(report: Report) -> Iterator[RenderableType]:
    counts = report.counts
    yield _table(
        "",
        {
            _("readers"): counts.candidates,
            str(DeliveryStatus.SENT.label): counts.sent,
            str(DeliveryStatus.FAILED.label): counts.failed,
            str(DeliveryStatus.UNCERTAIN.label): counts.uncertain,
            str(DeliveryStatus.SKIPPED.label): counts.skipped,
            str(DeliveryStatus.EXCLUDED.label): counts.excluded,
            _("waiting"): counts.waiting,
        },
    )
    reasons = {str(SkipReason(reason).label): number for reason, number in report.reasons.items()}
    events = {str(FeedbackKind(kind).label): number for kind, number in report.feedback.items()}
    for title, rows in (
        (_("Why readers got nothing, or wait"), reasons),
        (_("What the mail server said to those that failed"), report.smtp_responses),
        (_("What came back"), events),
    ):
        if rows:
            yield _table(title, rows)
    if report.uncertain:
        yield Text("\n" + _("Uncertain deliveries"), style="bold")
        yield Text(" ".join(f"#{key}" for key in report.uncertain))


def _table(title: str, rows: dict[str, int]) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(min_width=12)
    grid.add_column(justify="right")
    for name, number in rows.items():
        grid.add_row(_text(name), str(number))
    return Group(Text("\n" + title, style="bold"), grid) if title else grid


def _text(words: str, *, style: str = "") -> Text:
    """Return foreign text as it is: no markup, and no control characters for the terminal."""
    shown = (letter if letter.isprintable() or letter == "\n" else " " for letter in words)
    return Text("".join(shown), style=style)
