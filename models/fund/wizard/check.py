"""What is missing from a draft, and what is wrong with typed content (spec: fund.md 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.core import setting
from models.core.thai.text import clean_line
from models.fund import settings
from models.fund.codes import EMAIL_LENGTH, PARTS, PHONE_LENGTH
from models.fund.kinds import OTHER_DOCUMENT, line_kinds, wanted_documents
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
        "budget_note": _note_is_missing(revision),
    }
    return [code for code, is_missing in codes.items() if is_missing]


def _note_is_missing(revision: Revision) -> bool:
    is_wanted: bool = setting.value(settings.NOTE_WANTED)
    return is_wanted and revision.budget_difference != 0 and not revision.budget_note


def _missing_3(_revision: Revision) -> list[str]:
    return []


def _missing_4(revision: Revision) -> list[str]:
    return [kind for kind in wanted_documents(revision.is_research) if not revision.attachments_of(kind)]


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


# The texts of each part, and what says how long they may be: a setting, or the column's own length.
TEXTS: dict[str, dict[str, str | int]] = {
    "1": {
        "achievements": settings.LENGTH_LONG,
        "last_project": settings.LENGTH_NAME,
        "problems_met": settings.LENGTH_LONG,
    },
    "2.1": {
        "title": settings.LENGTH_NAME,
        "unit_name": settings.LENGTH_NAME,
        "unit_phone": PHONE_LENGTH,
        "unit_email": EMAIL_LENGTH,
        "coordinator_name": settings.LENGTH_NAME,
        "coordinator_phone": PHONE_LENGTH,
        "coordinator_email": EMAIL_LENGTH,
    },
    "2.2": {"rationale": settings.LENGTH_LONG},
    "2.3": {"method": settings.LENGTH_LONG},
    "2.4": {"budget_note": settings.LENGTH_SHORT},
    "3": {},
    "4": {},
}
_LINE = {"text": settings.LENGTH_SHORT, "detail": settings.LENGTH_SHORT}


def longest_texts(part: str) -> dict[str, int]:
    """The most characters of each text of a part, by the revision's column names."""
    return _lengths(TEXTS[part])


def _lengths(texts: Mapping[str, str | int]) -> dict[str, int]:
    return {name: setting.value(longest) if isinstance(longest, str) else longest for name, longest in texts.items()}


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
        if kind not in setting.choices(settings.KINDS_OF_DISABILITY)
    ]
    for kind in line_kinds(part):
        for index, row in enumerate(content.get(kind, ())):
            where = f"{kind}.{index}."
            found += _texts_wrong(where, row, _LINE)
            found += _amount_wrong(f"{where}amount", row.get("amount"))
    for index, step in enumerate(content.get("steps", ())):
        found += _step_wrong(f"steps.{index}.", step)
    for index, row in enumerate(content.get("attachments", ())):
        found += _attachment_wrong(f"attachments.{index}.", row)
    return found


def _texts_wrong(where: str, row: Mapping[str, Any], texts: Mapping[str, str | int]) -> Iterable[Problem]:
    for field, longest in _lengths(texts).items():
        length = len(row.get(field) or "")
        if length > longest:
            yield Problem(f"{where}{field}", "too_long", {"longest": longest, "length": length})


def _amount_wrong(where: str, amount: Decimal | None) -> Iterable[Problem]:
    if amount is None:
        return
    if not amount.is_finite() or amount < 0:
        yield Problem(where, "negative", {})
    elif amount > (largest := setting.value(settings.LARGEST)):
        yield Problem(where, "too_large", {"largest": largest})
    elif amount != amount.quantize(Decimal("0.01")):
        yield Problem(where, "too_many_decimals", {})


def _period_wrong(where: str, row: Mapping[str, Any]) -> Iterable[Problem]:
    start: date | None = row.get("starts_on")
    end: date | None = row.get("ends_on")
    if start is not None and end is not None and end < start:
        yield Problem(f"{where}ends_on", "ends_before_start", {})


def _step_wrong(where: str, step: Mapping[str, Any]) -> Iterable[Problem]:
    yield from _texts_wrong(where, step, {"name": settings.LENGTH_NAME})
    for index, activity in enumerate(step.get("activities", ())):
        inner = f"{where}activities.{index}."
        yield from _texts_wrong(inner, activity, {"name": settings.LENGTH_NAME, "detail": settings.LENGTH_LONG})
        yield from _period_wrong(inner, activity)
        yield from _amount_wrong(f"{inner}budget", activity.get("budget"))


def _attachment_wrong(where: str, row: Mapping[str, Any]) -> Iterable[Problem]:
    if row.get("kind") not in setting.choices(settings.KINDS_OF_DOCUMENT):
        yield Problem(f"{where}kind", "no_such_choice", {"choice": row.get("kind")})
    elif row["kind"] == OTHER_DOCUMENT and not clean_line(row.get("kind_name") or ""):
        yield Problem(f"{where}kind_name", "name_needed", {})
    yield from _texts_wrong(where, row, {"kind_name": settings.LENGTH_NAME})
    if not row.get("file_id"):
        yield Problem(f"{where}file_id", "not_a_file", {})
