"""The sums of part 2.4 over what stands on the page, saved or typed, as its script computes them too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from forms.fund.wizard.parts import StepsForm
from forms.fund.wizard.rows import Row
from models.fund.revision import Revision, days


@dataclass(frozen=True)
class Sums:
    """Baht, days added up, and the calendar span from the first start to the last end."""

    budget: Decimal
    days: int
    starts_on: date | None
    ends_on: date | None

    @property
    def span_days(self) -> int:
        """Calendar days of the span, both ends included."""
        return days(self.starts_on, self.ends_on)


@dataclass(frozen=True)
class PageSums:
    """The sums of the project and of each step, and what the budget differs from the amounts asked (baht)."""

    project: Sums
    steps: dict[str, Sums]
    asked: Decimal

    @property
    def difference(self) -> Decimal:
        """Budget less what is asked from the fund and from others; needs a note unless 0."""
        return self.project.budget - self.asked


def _sum(activities: Iterable[Row]) -> Sums:
    rows = list(activities)
    dated = [
        (row["starts_on"].value, row["ends_on"].value)
        for row in rows
        if row["starts_on"].value and row["ends_on"].value
    ]
    return Sums(
        sum((row["budget"].value or Decimal(0) for row in rows), Decimal(0)),
        sum(days(start, end) for start, end in dated),
        min((start for start, _end in dated), default=None),
        max((end for _start, end in dated), default=None),
    )


def sums_of(form: StepsForm, revision: Revision) -> PageSums:
    """The sums of what the form holds; what cannot be read counts as nothing."""
    steps = form.steps.list.shown
    by_step = {row.prefix: _sum(row.inner.rows if row.inner else ()) for row in steps}
    everything = [activity for row in steps if row.inner for activity in row.inner.rows]
    asked = (revision.amount_asked or Decimal(0)) + revision.other_sources
    return PageSums(_sum(everything), by_step, asked)
