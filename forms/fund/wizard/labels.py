"""The words of the wizard: parts, fields, lists, choices and what is missing (spec: fund.md 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from models.fund.kinds import contribution_name, disability_name, document_name, is_contribution

# fmt: off
PARTS: dict[str, Any] = {
    "1": _("Organization data"),
    "2.1": _("Basic details"),
    "2.2": _("Rationale, objectives, targets and outputs"),
    "2.3": _("Carrying out the project"),
    "2.4": _("Steps of the project"),
    "3": _("Participation of other agencies"),
    "4": _("Attachments"),
}

FIELDS: dict[str, Any] = {
    "achievements": _("Achievements of the last year"),
    "asked_before": _("Has the organization asked this fund for support before?"),
    "times_asked": _("How many times"),
    "last_supported_year": _("Last year supported (B.E.)"),
    "last_project": _("Name of the last project that was supported"),
    "problems_met": _("Problems met"),
    "title": _("Project name"),
    "disabilities": _("Kinds of disability concerned"),
    "unit_name": _("Responsible unit"),
    "unit_phone": _("Telephone of the responsible unit"),
    "unit_email": _("E-mail of the responsible unit"),
    "coordinator_name": _("Project coordinator"),
    "coordinator_phone": _("Telephone of the coordinator"),
    "coordinator_email": _("E-mail of the coordinator"),
    "is_research": _("This is a research project"),
    "rationale": _("Principles and rationale"),
    "starts_on": _("Start of the project"),
    "ends_on": _("End of the project"),
    "method": _("Method"),
    "amount_asked": _("Amount asked from the fund"),
    "budget_note": _("Note on the difference of the budget"),
    "steps": _("Steps"),
    "attachments": _("Attachments"),
}

LISTS: dict[str, Any] = {
    "current_activity": _("Current activities and projects"),
    "other_help": _("Help from other funding sources at home and abroad"),
    "objective": _("Objectives"),
    "target": _("Targets"),
    "indicator": _("Indicators"),
    "output": _("Outputs"),
    "outcome": _("Outcomes"),
    "impact": _("Impacts"),
    "place": _("Places"),
    "other_source": _("Other sources asked for this project"),
    "steps": _("Steps"),
    "activities": _("Activities"),
}

# What is missing: said briefly, as it stands after "Missing".
MISSING: dict[str, Any] = {
    "asked_before": _("whether the fund was asked before"),
    "times_asked": _("how many times the fund was asked"),
    "title": _("project name"),
    "disabilities": _("kinds of disability"),
    "unit_name": _("responsible unit"),
    "unit_phone": _("telephone of the unit"),
    "unit_email": _("e-mail of the unit"),
    "coordinator_name": _("coordinator"),
    "coordinator_phone": _("telephone of the coordinator"),
    "coordinator_email": _("e-mail of the coordinator"),
    "rationale": _("rationale"),
    "objective": _("objectives"),
    "target": _("targets"),
    "indicator": _("indicators"),
    "output": _("outputs"),
    "place": _("places"),
    "period": _("period"),
    "method": _("method"),
    "amount_asked": _("amount asked"),
    "steps": _("steps"),
    "step_name": _("name of a step"),
    "activities": _("activities of a step"),
    "activity_name": _("name of an activity"),
    "activity_dates": _("dates of an activity"),
    "budget_note": _("note on the budget’s difference"),
}
# fmt: on


def field_label(name: str) -> str:
    """The name of a field or list, as it stands over it."""
    return str(FIELDS.get(name) or list_label(name) or attachment_label(name))


def list_label(name: str) -> str:
    """The name of a list of rows; empty for what is none."""
    if is_contribution(name):
        return contribution_name(name, _lang())
    return str(LISTS.get(name, ""))


def disability_label(kind: str) -> str:
    """The name of a kind of disability."""
    return disability_name(kind, _lang())


def attachment_label(kind: str, kind_name: str = "") -> str:
    """The name of a kind of attached document, the user's own where they named one."""
    return kind_name or document_name(kind, _lang())


def missing_label(code: str) -> str:
    """What is missing, in a few words: a field, or a kind of document."""
    return str(MISSING.get(code) or attachment_label(code))


def lazy(label: Callable[[str], str], code: str) -> Any:
    """A name that the office gives, looked up when it is shown."""
    return LazyString(label, code)


def _lang() -> str:
    locale = get_locale()
    return locale.language if locale else "th"
