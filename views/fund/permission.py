"""The fund's part of the permission screen: its groups, its pages by name, and the records one can ask about."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.core.db import db
from models.fund.organization import Organization
from models.fund.proposal import Proposal, parse_number
from models.fund.session import EvaluationSession
from views.core.field_words import explain_fields
from views.core.permission.pages import name_pages
from views.core.permission.subjects import Subject, name_scopes, register_subject
from views.core.permission.words import name_domain, name_groups
from views.core.records.words import table_label
from views.fund.proposal.history import field_label, value_words
from views.fund.proposal.lines import title_of

ORGANIZATION_TABLES = ("fund_organization", "fund_membership")
ORGANIZATION_FIELDS = {
    "name": _l("Name"),
    "sector": _l("Sector"),
    "parent_agency": _l("Parent agency"),
    "registered_year": _l("Year registered"),
    "province_code": _l("Province"),
    "address": _l("Office address"),
    "subdistrict": _l("Subdistrict"),
    "district": _l("District"),
    "postcode": _l("Postcode"),
    "chair": _l("President"),
    "directors": _l("Directors"),
    "officers": _l("Officers"),
    "objectives": _l("Objectives"),
    "chair_title": _l("Chair: title"),
    "chair_first_name": _l("Chair: first name"),
    "chair_last_name": _l("Chair: last name"),
    "merged_into_id": _l("Merged into no."),
    "phone": _l("Telephone"),
    "email": _l("E-mail"),
    "latitude": _l("Latitude"),
    "longitude": _l("Longitude"),
    "role": _l("Role"),
    "state": _l("State"),
    "organization_id": _l("Organization no."),
}
ORGANIZATION_WORDS = {
    ("sector", "public"): _l("Public sector"),
    ("sector", "private"): _l("Private sector"),
    ("role", "manager"): _l("Organization manager"),
    ("role", "member"): _l("Member"),
    ("role", "director"): _l("Director of the organization"),
    ("role", "officer"): _l("Officer of the organization"),
    ("state", "active"): _l("active"),
    ("state", "suspended"): _l("suspended"),
    ("state", "left"): _l("left"),
    ("state", "removed"): _l("taken out"),
}
GROUPS = {
    "account": _l("User accounts"),
    "session": _l("Evaluation sessions"),
    "result": _l("Results of the evaluation"),
    "statistics": _l("Statistics"),
    "กลุ่มสิทธิ์การจัดการโครงการ": _l("Managing proposals"),
    "กลุ่มสิทธิ์การจัดการองค์กร": _l("Managing organizations"),
    "กลุ่มสิทธิ์การจัดการผู้ใช้งาน": _l("Managing users"),
    "กลุ่มสิทธิ์การแต่งตั้งผู้ใช้งาน": _l("Appointing users"),
}
PAGES = {
    "ProposalView.list": _l("Proposals"),
    "ProposalView.show": _l("A proposal"),
    "ProposalView.compare": _l("Two revisions of a proposal compared"),
    "ProposalView.history": _l("History of a proposal"),
    "PaperView.proposal": _l("A proposal as PDF"),
    "WizardView.create": _l("Create a proposal"),
    "WizardView.part": _l("A part of the proposal form"),
    "WizardView.review": _l("Check and submit a proposal"),
    "ProposalMoveView.deleted": _l("Deleted drafts"),
    "ScreeningView.list": _l("Proposals to screen"),
    "ScreeningView.form": _l("Screening form of a proposal"),
    "PaperView.screening_form": _l("A screening form as PDF"),
    "SessionView.list": _l("Evaluation sessions"),
    "SessionView.show": _l("An evaluation session"),
    "SessionView.new": _l("Create a session"),
    "SessionView.edit": _l("Edit a session"),
    "SessionView.people": _l("People of a session"),
    "SessionView.agenda": _l("Agenda of a session"),
    "ScoringView.record": _l("Record a result"),
    "ScoringView.result": _l("A result"),
    "PaperView.scoring_form": _l("An evaluation form as PDF"),
    "OrganizationView.list": _l("Organizations"),
    "OrganizationView.map": _l("Map of the organizations"),
    "OrganizationView.new": _l("Add an organization"),
    "OrganizationView.show": _l("An organization"),
    "OrganizationView.edit": _l("Edit an organization"),
    "DuplicateView.list": _l("Organizations entered twice"),
    "DuplicateView.merge": _l("Merge two organizations"),
    "UserView.list": _l("System users"),
    "UserView.committee": _l("Committee"),
    "UserView.new": _l("Add an account"),
    "UserView.show": _l("A user’s account"),
    "UserView.edit": _l("Edit a user’s data"),
    "StatisticsView.index": _l("Statistics"),
    "RegisterView.form": _l("Open an account"),
}


def find_proposal(typed: str) -> int | None:
    """The id of the proposal with this number (2569-0001, Thai digits too)."""
    number = parse_number(typed.strip())
    if number is None:
        return None
    rows = select(Proposal.id).where(Proposal.fiscal_year == number[0], Proposal.sequence == number[1])
    return db.session.scalar(rows)


def _nothing(typed: str) -> None:  # noqa: ARG001 - organizations and sessions have no number that people write
    return None


SUBJECTS = (
    Subject(
        "fund_proposal",
        Proposal,
        _l("Proposal"),
        "proposal.view",
        find_proposal,
        lambda proposal: f"{proposal.number} {title_of(proposal)}".strip(),
        {
            "ProposalView.": "pk",
            "ProposalMoveView.": "pk",
            "WizardView.": "pk",
            "KeptTypingView.": "pk",
            "ScreeningView.": "pk",
            "PaperView.": "pk",
        },
    ),
    Subject(
        "fund_organization",
        Organization,
        _l("Organization"),
        "organization.view",
        _nothing,
        lambda organization: str(organization.name),
        {"OrganizationView.": "pk", "MemberView.": "organization"},
    ),
    Subject(
        "fund_evaluation_session",
        EvaluationSession,
        _l("Evaluation session"),
        "session.view",
        _nothing,
        lambda session: str(session.name),
        {"SessionView.": "pk"},
    ),
)


def organization_names(ids: set[int]) -> dict[int, str]:
    """The names of those organizations that the reader sees."""
    rows = Organization.visible_to(g.user, "organization.view").where(Organization.id.in_(ids))
    return {row.id: row.name for row in db.session.scalars(rows)}


def log_label(table: str, name: str) -> str:
    """A field of the fund's tables in the access log, as its forms call it."""
    if table.startswith(ORGANIZATION_TABLES):
        return str(ORGANIZATION_FIELDS.get(name, ""))
    # An organization's data stand in a submitted revision, too.
    return field_label(name) or table_label(table, name) or str(ORGANIZATION_FIELDS.get(name, ""))


def log_words(table: str, name: str, value: Any) -> str:
    """A value of the fund's tables in the access log, in words; empty where the log's own will do."""
    if table.startswith(ORGANIZATION_TABLES):
        return str(ORGANIZATION_WORDS.get((name, str(value)), ""))
    return "" if isinstance(value, dict | list) else value_words(table, name, value)


def register(builder: Any) -> None:  # noqa: ARG001 - as every module of the domain
    """Tell the permission screen the fund's words and records."""
    name_domain("fund", _l("Fund"))
    name_groups(GROUPS)
    name_pages(PAGES)
    name_scopes("organization", organization_names)
    for subject in SUBJECTS:
        register_subject(subject)
    explain_fields("fund_", log_label, log_words)
