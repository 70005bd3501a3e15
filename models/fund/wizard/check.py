"""What is missing from a draft, and what is wrong with typed content (spec: fund.md 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.core.thai.text import clean_line
from models.fund.codes import (
    ATTACHMENT_KINDS,
    DISABILITIES,
    EMAIL_LENGTH,
    LARGEST_AMOUNT,
    LINE_KINDS,
    LONG_LENGTH,
    NAME_LENGTH,
    PARTS,
    PHONE_LENGTH,
    SHORT_LENGTH,
)
from models.fund.revision import Revision

# --- what is missing -------------------------------------------------------------------------------------------------


def missing(revision: Revision) -> dict[str, list[str]]:
    """What keeps a draft from being complete: part -> codes of what is required and absent; {} when complete."""
    found = {part: _MISSING[part](revision) for part in PARTS}
    return {part: codes for part, codes in found.items() if codes}


def _empty(revision: Revision, *fields: str) -> list[str]:
    return [field for field in fields if not getattr(revision, field)]


def _no_lines(revision: Revision, *kinds: str) -> list[str]:
    return [kind for kind in kinds if not any(line.text for line in revision.lines_of(kind))]


def _missing_1(revision: Revision) -> list[str]:
    if revision.asked_before is None:
        return ["asked_before"]
    return ["times_asked"] if revision.asked_before and not revision.times_asked else []


def _missing_2_1(revision: Revision) -> list[str]:
    unit = ("unit_name", "unit_phone", "unit_email")
    coordinator = ("coordinator_name", "coordinator_phone", "coordinator_email")
    return _empty(revision, "title", "disabilities", *unit, *coordinator)


def _missing_2_2(revision: Revision) -> list[str]:
    return _empty(revision, "rationale") + _no_lines(revision, "objective", "target", "indicator", "output")


def _missing_2_3(revision: Revision) -> list[str]:
    period = [] if revision.starts_on and revision.ends_on else ["period"]
    return _no_lines(revision, "place") + period + _empty(revision, "method", "amount_asked")


def _missing_2_4(revision: Revision) -> list[str]:
    if not revision.steps:
        return ["steps"]
    activities = [activity for step in revision.steps for activity in step.activities]
    codes = {
        "step_name": any(not step.name for step in revision.steps),
        "activities": any(not step.activities for step in revision.steps),
        "activity_name": any(not activity.name for activity in activities),
        "activity_dates": any(not (activity.starts_on and activity.ends_on) for activity in activities),
        "budget_note": revision.budget_difference != 0 and not revision.budget_note,
    }
    return [code for code, is_missing in codes.items() if is_missing]


def _missing_3(_revision: Revision) -> list[str]:
    return []


def _missing_4(revision: Revision) -> list[str]:
    return ["research_outline"] if revision.is_research and not revision.attachments_of("research_outline") else []


_MISSING: dict[str, Callable[[Revision], list[str]]] = {
    "1": _missing_1,
    "2.1": _missing_2_1,
    "2.2": _missing_2_2,
    "2.3": _missing_2_3,
    "2.4": _missing_2_4,
    "3": _missing_3,
    "4": _missing_4,
}


# --- what is wrong ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """What is wrong with typed content: where (as in `steps.0.activities.2.ends_on`), a code, and its values."""

    where: str
    code: str  # too_long, too_large, negative, ends_before_start, no_such_choice, not_a_file, name_needed, out_of_range
    values: Mapping[str, Any]


class WrongContent(Exception):
    """Content that breaks a rule reached the model; forms ask `problems` first, so that a person is told in place."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.where}: {problem.code}" for problem in found))
        self.problems = found


TEXTS: dict[str, dict[str, int]] = {
    "1": {"achievements": LONG_LENGTH, "last_project": NAME_LENGTH, "problems_met": LONG_LENGTH},
    "2.1": {
        "title": NAME_LENGTH,
        "unit_name": NAME_LENGTH,
        "unit_phone": PHONE_LENGTH,
        "unit_email": EMAIL_LENGTH,
        "coordinator_name": NAME_LENGTH,
        "coordinator_phone": PHONE_LENGTH,
        "coordinator_email": EMAIL_LENGTH,
    },
    "2.2": {"rationale": LONG_LENGTH},
    "2.3": {"method": LONG_LENGTH},
    "2.4": {"budget_note": SHORT_LENGTH},
    "3": {},
    "4": {},
}


def problems(part: str, content: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the typed content of a part; [] when it may be saved. Shapes: see `save_part`."""
    found = [
        *_texts_wrong("", content, TEXTS[part]),
        *_period_wrong("", content),
        *_amount_wrong("amount_asked", content.get("amount_asked")),
    ]
    times, year = content.get("times_asked"), content.get("last_supported_year")
    if times is not None and not 1 <= times <= 1000:
        found.append(Problem("times_asked", "out_of_range", {"lowest": 1, "highest": 1000}))
    if year is not None and not 2400 <= year <= 2800:
        found.append(Problem("last_supported_year", "out_of_range", {"lowest": 2400, "highest": 2800}))
    found += [
        Problem("disabilities", "no_such_choice", {"choice": kind})
        for kind in content.get("disabilities", ())
        if kind not in DISABILITIES
    ]
    for kind in LINE_KINDS.get(part, ()):
        for index, row in enumerate(content.get(kind, ())):
            where = f"{kind}.{index}."
            found += _texts_wrong(where, row, {"text": SHORT_LENGTH, "detail": SHORT_LENGTH})
            found += _amount_wrong(f"{where}amount", row.get("amount"))
    for index, step in enumerate(content.get("steps", ())):
        found += _step_wrong(f"steps.{index}.", step)
    for index, row in enumerate(content.get("attachments", ())):
        found += _attachment_wrong(f"attachments.{index}.", row)
    return found


def _texts_wrong(where: str, row: Mapping[str, Any], lengths: Mapping[str, int]) -> Iterable[Problem]:
    for field, longest in lengths.items():
        length = len(row.get(field) or "")
        if length > longest:
            yield Problem(f"{where}{field}", "too_long", {"longest": longest, "length": length})


def _amount_wrong(where: str, amount: Decimal | None) -> Iterable[Problem]:
    if amount is None:
        return
    if not amount.is_finite() or amount < 0:
        yield Problem(where, "negative", {})
    elif amount > LARGEST_AMOUNT:
        yield Problem(where, "too_large", {"largest": LARGEST_AMOUNT})
    elif amount != amount.quantize(Decimal("0.01")):
        yield Problem(where, "too_many_decimals", {})


def _period_wrong(where: str, row: Mapping[str, Any]) -> Iterable[Problem]:
    start: date | None = row.get("starts_on")
    end: date | None = row.get("ends_on")
    if start is not None and end is not None and end < start:
        yield Problem(f"{where}ends_on", "ends_before_start", {})


def _step_wrong(where: str, step: Mapping[str, Any]) -> Iterable[Problem]:
    yield from _texts_wrong(where, step, {"name": NAME_LENGTH})
    for index, activity in enumerate(step.get("activities", ())):
        inner = f"{where}activities.{index}."
        yield from _texts_wrong(inner, activity, {"name": NAME_LENGTH, "detail": LONG_LENGTH})
        yield from _period_wrong(inner, activity)
        yield from _amount_wrong(f"{inner}budget", activity.get("budget"))


def _attachment_wrong(where: str, row: Mapping[str, Any]) -> Iterable[Problem]:
    if row.get("kind") not in ATTACHMENT_KINDS:
        yield Problem(f"{where}kind", "no_such_choice", {"choice": row.get("kind")})
    elif row["kind"] == "other" and not clean_line(row.get("kind_name") or ""):
        yield Problem(f"{where}kind_name", "name_needed", {})
    yield from _texts_wrong(where, row, {"kind_name": NAME_LENGTH})
    if not row.get("file_id"):
        yield Problem(f"{where}file_id", "not_a_file", {})
