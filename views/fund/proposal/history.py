"""The history of a proposal for the fund's staff: who, when, what, from what to what (spec: README)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from forms.fund.wizard import labels as wizard
from models.core.audit import AuditEntry
from models.core.identity import names_of
from models.core.listing import Order, Page, walk
from models.core.thai.money import format_money
from models.fund.codes import BOARD, LEVELS, SCREENING, STATES
from models.fund.proposal import DRAFTING_ACTIONS, Proposal
from models.fund.revision import Revision
from views.core.field_words import known_label
from views.core.look import day, moment
from views.core.records.words import table_code
from views.fund.words import (
    finding_label,
    item_label,
    level_chip,
    level_label,
    move_label,
    result_chip,
    state_label,
)

PAGE = 25
LATEST_FIRST = Order("seq", (), AuditEntry.seq, descending=True)
CONTENT = frozenset({"fund_revision", "fund_disability", "fund_step", "fund_activity", "fund_line", "fund_attachment"})
# Looking is no change: it stands in the access log.
NOT_CHANGES = ("fund_proposal.view", "fund_proposal.print", "fund_proposal.export")
# Keys and places within the database say nothing to a reader.
UNTOLD = frozenset({"id", "line_id", "position", "salt", "version", "created_at"})


@dataclass(frozen=True)
class Field:
    """One field of a change, as people read it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One entry of the history."""

    at: datetime
    who: str
    what: str
    fields: list[Field]


def page_of(proposal: Proposal, after: str | None, before: str | None) -> tuple[list[Entry], Page]:
    """A page of the history, the latest first. Raises BadPosition.

    What is typed into a later revision stays its applicants' own until they submit it.
    """
    rows = select(AuditEntry).where(
        AuditEntry.entity == "fund_proposal",
        AuditEntry.entity_id == str(proposal.id),
        AuditEntry.action.not_in(NOT_CHANGES),
    )
    if proposal.is_draft and proposal.submitted_at is not None:
        unsent = AuditEntry.action.in_(DRAFTING_ACTIONS)
        rows = rows.where(~(unsent & (AuditEntry.at > proposal.submitted_at)))
    page = walk(rows, LATEST_FIRST, PAGE, after=after, before=before)
    people = names_of({entry.actor_id for entry in page.rows if entry.actor_id})
    return [_entry(entry, proposal, people) for entry in page.rows], page


def _entry(entry: AuditEntry, proposal: Proposal, people: dict[int, str]) -> Entry:
    payload = entry.payload or {}
    actions = [str(note.get("action", "")) for note in payload.get("notes", ())] or [entry.action]
    what = ", ".join(dict.fromkeys(move_label(action.rpartition(".")[2]) for action in actions))
    sent = proposal.submitted_at
    is_unsent = proposal.is_draft and sent is not None and entry.at > sent
    fields = [
        field
        for change in payload.get("changes", ())
        for field in _fields(change, is_unsent and change["in"] in CONTENT)
    ]
    who = people.get(entry.actor_id or 0, "") or (_("System") if entry.actor_id is None else _("Deleted account"))
    return Entry(entry.at, who, what, fields)


def _fields(change: dict[str, Any], results_only: bool) -> Iterator[Field]:
    for name, (before, after) in change["fields"].items():
        if name in UNTOLD or name.endswith(("_id", "_sort", "_search")):
            continue
        if results_only and name not in Revision.RESULT_COLUMNS:
            continue
        yield Field(_label(change, name), _shown(change["in"], name, before), _shown(change["in"], name, after))


def field_label(name: str) -> str:
    """What a column of a proposal's tables is called; empty for one that has no words."""
    known: Any = wizard.FIELDS.get(name) or _LABELS.get(name)
    return str(known) if known else _level_field(name)


def _label(change: dict[str, Any], name: str) -> str:
    kind = change["in"]
    label = field_label(name) or known_label(kind, name)
    holders = {
        "fund_step": _("Step"),
        "fund_activity": _("Activity"),
        "fund_line": _("List of the form"),
        "fund_attachment": _("Attachment"),
        "fund_screening": _("Screening form"),
        "fund_screening_item": _("Check list"),
        "fund_sheet": _("Evaluation sheet"),
        "fund_answer": _("Evaluation topic"),
        "fund_board_decision": _("Board’s resolution"),
    }
    return f"{holders[kind]}: {label}" if kind in holders else label


_LABELS = {
    "state": _l("State"),
    "title": _l("Project name"),
    "number": _l("Number"),
    "sequence": _l("Running number"),
    "fiscal_year": _l("Fiscal year"),
    "revision_number": _l("Revision"),
    "closing_reason": _l("Reason"),
    "submitted_at": _l("Submitted"),
    "first_submitted_at": _l("First submitted"),
    "decided_at": _l("Decided"),
    "organization_snapshot": _l("Organization data at submission"),
    "text": _l("Text"),
    "detail": _l("Detail"),
    "amount": _l("Amount"),
    "kind": _l("Kind"),
    "kind_name": _l("Name of the kind"),
    "name": _l("Name"),
    "budget": _l("Budget"),
    "duration_days": _l("Duration (days)"),
    "choice": _l("Choice"),
    "advice": _l("Advice"),
    "result": _l("Result"),
    "chosen": _l("Result chosen, not sent"),
    "label": _l("Name"),
    "code": _l("Item"),
    "points": _l("Points"),
    "total": _l("Total"),
    "ticked": _l("Indicators ticked"),
    "sent_at": _l("Sent"),
    "deleted_at": _l("Deleted"),
    "span_starts_on": _l("First day of the steps"),
    "span_ends_on": _l("Last day of the steps"),
    "current_revision_id": _l("Revision in hand, no."),
    "submitted_revision_id": _l("Revision submitted last, no."),
    "resolution_number": _l("Resolution number"),
    "resolution_date": _l("Resolution date"),
}


def _level_field(name: str) -> str:
    level, _dash, what = name.rpartition("_")
    words = {"status": _("status"), "result": _("result"), "points": _("points"), "at": _("time")}
    return f"{level_label(level)}: {words[what]}" if level in LEVELS and what in words else ""


def _shown(entity: str, name: str, value: Any) -> str:
    """A value as people read it: codes in words, moments in Bangkok's time, dates and money as everywhere."""
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, (dict, list)):
        return _("(stored whole)")
    text = value_words(entity, name, value)
    return text if len(text) <= 300 else text[:300] + "…"


def value_words(entity: str, name: str, value: Any) -> str:
    """A stored value as people read it."""
    return _code(entity, name, str(value)) or table_code(entity, name, value) or _written(name, str(value))


def _code(entity: str, name: str, value: str) -> str:
    """The words of a stored code; empty for what is no code."""
    level, _dash, what = name.rpartition("_")
    if name == "state" and value in STATES:
        return state_label(value)
    if name == "level" and value in LEVELS:
        return level_label(value)
    if level in LEVELS and what == "status":
        chip = level_chip(level, value)
        return str(chip.text) if chip else _("Not reached yet")
    if name in ("result", "chosen") or (level in LEVELS and what == "result"):
        where = level if level in LEVELS else BOARD if entity == "fund_board_decision" else SCREENING
        return str(result_chip(where, value).text)
    if name == "code":
        return item_label(value)
    if name == "choice":
        return finding_label(value) if entity == "fund_screening_item" else _choice(value)
    if name == "kind":
        return _kind(entity, value)
    return ""


def _choice(value: str) -> str:
    return {"has": _("Has indicators"), "none": _("Has no indicators")}.get(value, value)


def _kind(entity: str, value: str) -> str:
    known: dict[str, Callable[[str], str]] = {
        "fund_line": wizard.list_label,
        "fund_disability": wizard.disability_label,
        "fund_attachment": wizard.attachment_label,
    }
    return known[entity](value) or value if entity in known else value


def _written(name: str, value: str) -> str:
    if name == "ticked":
        return str(int(value).bit_count()) if value.isdigit() else value
    try:
        if name.endswith("_at"):
            return moment(datetime.fromisoformat(value))
        if name.endswith(("_on", "_date")):
            return day(date.fromisoformat(value))
        if name in ("budget", "amount", "amount_asked"):
            return format_money(Decimal(value))
    except (ValueError, ArithmeticError):
        return value
    return value
