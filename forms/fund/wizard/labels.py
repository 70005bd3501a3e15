"""The words of the wizard: parts, fields, lists, choices and what is missing (spec: fund.md 4)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _

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
    "contribution_place": _("Place"),
    "contribution_equipment": _("Equipment"),
    "contribution_vehicle": _("Vehicles"),
    "contribution_speaker": _("Speakers"),
    "contribution_budget": _("Budget"),
    "contribution_volunteer": _("Volunteers"),
    "contribution_food": _("Food and drink"),
    "contribution_other": _("Other contributions"),
    "steps": _("Steps"),
    "activities": _("Activities"),
}

ATTACHMENTS: dict[str, Any] = {
    "expense_table": _("Table of expenses"),
    "training_table": _("Training timetable"),
    "speaker_history": _("Speakers’ histories"),
    "research_outline": _("Research outline"),
    "other": _("Other document"),
}

DISABILITIES: dict[str, Any] = {
    "seeing": _("Seeing"),
    "hearing": _("Hearing"),
    "intellectual": _("Intellectual"),
    "physical": _("Physical, movement or health"),
    "learning": _("Learning"),
    "speech": _("Speech and language"),
    "behaviour": _("Behaviour or emotion"),
    "autism": _("Autism"),
    "multiple": _("Multiple disabilities"),
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
    "research_outline": _("research outline"),
}
# fmt: on


def field_label(name: str) -> str:
    """The name of a field or list, as it stands over it."""
    return str(FIELDS.get(name) or LISTS.get(name) or ATTACHMENTS.get(name) or name)


def disability_label(kind: str) -> str:
    """The name of a kind of disability."""
    return str(DISABILITIES.get(kind, kind))


def attachment_label(kind: str, kind_name: str = "") -> str:
    """The name of a kind of attached document, the user's own where they named one."""
    return kind_name or str(ATTACHMENTS.get(kind, kind))


def missing_label(code: str) -> str:
    """What is missing, in a few words."""
    return str(MISSING.get(code, code))
