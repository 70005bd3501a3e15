"""How a province enters what an agency outside asks for, edits and deletes it, or says that there is none.

Who saves second is merged with the first or told; nothing saved is overwritten unseen. Rows and the word that there is
none exclude each other, also for two who press at once: both wait at the committee's own row (spec: assessment.md 6.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ScalarResult, Select, func, inspect, select
from sqlalchemy.orm import aliased

from models.assessment import lines
from models.assessment.codes import NAME_LENGTH, SECTORS, STATE
from models.assessment.counts import Clash, Counts, merged
from models.assessment.outside import CONFIRM, ENTER, NoneOutside, OutsideAgency, OutsideLine, none_outside
from models.assessment.round import Round, hold, refusal_to_save
from models.assessment.school import School
from models.core import audit
from models.core.clock import now
from models.core.db import db
from models.core.entity.values import WrongValue, WrongValues
from models.core.reference.provinces import PROVINCES
from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line, sort_key
from models.core.workflow import Refusal, Refused

if TYPE_CHECKING:
    from models.core.identity import Account


@dataclass(frozen=True)
class Details:
    """Who asks: name, sector (state or private), parent agency (สังกัด) and province."""

    name: str = ""
    sector: str = STATE
    parent: str = ""
    province_code: str = ""


DETAILS = tuple(Details.__dataclass_fields__)


@dataclass(frozen=True)
class Sheet:
    """An agency's row as a page was opened on it: its version (0: none yet), who asks, and for how many."""

    version: int = 0
    details: Details = field(default_factory=Details)
    counts: Counts = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """A field of the details that two people changed differently since both read it."""

    field: str
    before: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Saved:
    """What a save came to: both people's sheet, what was taken over of others, what both said differently.

    With clashes or differences nothing was stored, and the sheet says theirs there.
    """

    sheet: Sheet
    taken: Mapping[int, int] = field(default_factory=dict)
    taken_fields: tuple[str, ...] = ()
    clashes: tuple[Clash, ...] = ()
    differences: tuple[Difference, ...] = ()
    changed: bool = False


def wrong_details(values: Mapping[str, Any]) -> Iterator[tuple[str, BadValue]]:
    """What is wrong with who asks: (field, reason). An agency of the state has one that it belongs to (assumed)."""
    for name in ("name", "province_code"):
        if not values.get(name):
            yield name, WrongValue("needed")
    if values.get("sector") not in SECTORS:
        yield "sector", WrongValue("not_a_choice" if values.get("sector") else "needed")
    if values.get("province_code") and values["province_code"] not in PROVINCES:
        yield "province_code", WrongValue("not_a_choice")
    if values.get("sector") == STATE and not values.get("parent"):
        yield "parent", WrongValue("needed")
    for name in ("name", "parent"):
        if (length := len(values.get(name) or "")) > NAME_LENGTH:
            yield name, WrongValue("too_long", limit=NAME_LENGTH, length=length)


def merged_details(before: Details, mine: Details, theirs: Details) -> tuple[Details, tuple[Difference, ...]]:
    """What I made of the details, put upon what somebody saved in the meantime; where we differ, theirs stand."""
    found, differences = {}, []
    for name in DETAILS:
        was, own, other = (getattr(one, name) for one in (before, mine, theirs))
        found[name] = own if other == was else other
        if other not in (was, own) and own != was:
            differences.append(Difference(name, was, own, other))
    return Details(**found), tuple(differences)


def sheet_of(agency: OutsideAgency) -> Sheet:
    """The row as it stands; one query."""
    return Sheet(agency.version, _details(agency), _counts(agency.id))


# --- why something cannot be done -------------------------------------------------------------------------------------


def refusal_to_enter(user: Account, this: Round | None, committee: School) -> Refusal | None:
    """Why agencies of a committee can be neither entered nor edited nor deleted now; None means they can."""
    if not _may(user, committee, ENTER):
        return Refusal("not_permitted", permission=ENTER)
    return refusal_to_save(this, committee)


def refusal_to_add(user: Account, this: Round | None, committee: School) -> Refusal | None:
    """As `refusal_to_enter`; besides, whoever said that there is none withdraws that first."""
    reason = refusal_to_enter(user, this, committee)
    if reason is not None or this is None:
        return reason
    said = none_outside(this.id, committee.id)
    return Refusal("none_outside_confirmed", day=said.confirmed_at) if said is not None else None


def refusal_to_confirm(user: Account, this: Round | None, committee: School) -> Refusal | None:
    """Why a committee cannot confirm now that there is none: refused while rows exist."""
    reason = refusal_to_withdraw(user, this, committee)
    if reason is not None or this is None:
        return reason
    count = db.session.scalar(select(func.count()).select_from(_rows(this, committee).subquery()))
    return Refusal("outside_agencies_exist", count=count) if count else None


def refusal_to_withdraw(user: Account, this: Round | None, committee: School) -> Refusal | None:
    """Why a committee cannot take back its word that there is none."""
    if not _may(user, committee, CONFIRM):
        return Refusal("not_permitted", permission=CONFIRM)
    return refusal_to_save(this, committee)


def _may(user: Account, committee: School, permission: str) -> bool:
    """Whether the school is a committee, and among those for which the user holds the permission."""
    own = School.visible_to(user, permission).where(School.id == committee.id, School.committee.is_not(None))
    return db.session.scalar(select(own.with_only_columns(School.id).exists())) or False


# --- rows -------------------------------------------------------------------------------------------------------------


def add(
    user: Account, this: Round, committee: School, curriculum: str, details: Details, counts: Counts
) -> OutsideAgency:
    """Enter what an agency asks for; the caller commits.

    Raises WrongValues for the details; Refused where it is not theirs to report, the round takes no numbers, none was
    confirmed, the agency is there already, it asks for nothing, or a branch is not of the curriculum.
    """
    details = _clean(details)
    hold(this, committee)
    _check(refusal_to_add(user, this, committee))
    _check(_twice(this, committee, curriculum, details))
    _check_asked(curriculum, counts, {})
    made = OutsideAgency(round_id=this.id, committee_id=committee.id, curriculum=curriculum, **asdict(details))
    made.students, made.saved_by = sum(counts.values()), user.id
    db.session.add(made)
    db.session.flush()
    lines.store(OutsideLine, OutsideLine.agency_id, made.id, {}, counts)
    audit.note("assessment_outside.create", made, counts=lines.told({}, counts))
    return made


def change(user: Account, agency: OutsideAgency, details: Details, counts: Counts, opened: Sheet) -> Saved:
    """Save what a page says upon what it was opened on; the caller commits.

    Raises what `add` raises, and Refused (agency_deleted) where somebody deleted the row in the meantime.
    """
    details = _clean(details)
    this, committee = _locked(agency)
    _check(refusal_to_enter(user, this, committee))
    if agency.deleted_at is not None:
        raise Refused(Refusal("agency_deleted", name=agency.name))
    stored = sheet_of(agency)
    if agency.version == opened.version:  # nobody saved since: what is stored is what was read
        opened = stored
    _check_asked(agency.curriculum, counts, opened.counts)
    who, differences = merged_details(opened.details, details, stored.details)
    asked = merged(opened.counts, counts, stored.counts)
    taken_fields = tuple(n for n in DETAILS if getattr(who, n) != getattr(details, n))
    sheet = Sheet(agency.version, who, asked.counts)
    if asked.clashes or differences:
        return Saved(sheet, asked.taken, taken_fields, asked.clashes, differences)
    if sheet == stored:
        return Saved(sheet, asked.taken, taken_fields)
    if not asked.counts:  # each of two people took another branch away
        raise Refused(Refusal("nothing_asked"))
    _check(_twice(this, committee, agency.curriculum, who, but=agency.id))
    _write(user, agency, who, stored.counts, asked.counts)
    return Saved(replace(sheet, version=agency.version), asked.taken, taken_fields, changed=True)


def remove(user: Account, agency: OutsideAgency, version: int | str | None) -> None:
    """Delete a row, which `bring_back` undoes; the caller commits. Raises Refused, or StaleVersion for an old page."""
    this, committee = _locked(agency)
    _check(refusal_to_enter(user, this, committee))
    if agency.deleted_at is None:
        agency.take_version(version)
        agency.deleted_at = now()
        db.session.flush()


def bring_back(user: Account, agency: OutsideAgency) -> None:
    """Undo a deletion; the caller commits. Raises Refused as `add` does."""
    this, committee = _locked(agency)
    _check(refusal_to_add(user, this, committee))
    if agency.deleted_at is None:
        return
    _check(_twice(this, committee, agency.curriculum, _details(agency)))
    agency.deleted_at = None
    db.session.flush()


def askers_before(last: Round, this: Round, committee: School) -> ScalarResult[OutsideAgency]:
    """Who asked in the round before and is not entered in this one yet, by name: what is offered to be taken over."""
    now_there = aliased(OutsideAgency)
    there = _rows(this, committee, now_there).where(*_same(now_there, OutsideAgency))
    rows = _rows(last, committee).where(~there.exists())
    return db.session.scalars(rows.order_by(OutsideAgency.name_sort, OutsideAgency.id))


def asked_before(last: Round, committee: School, agency: OutsideAgency) -> dict[int, int]:
    """What an agency asked for in the round before, by branch; nothing where it did not ask."""
    before = db.session.scalar(_rows(last, committee).where(*_same(OutsideAgency, agency)))
    return _counts(before.id) if before is not None else {}


# --- there is none ----------------------------------------------------------------------------------------------------


def confirm_none(user: Account, this: Round, committee: School) -> NoneOutside:
    """Say that no agency outside asks in this round; saying it twice is as once. The caller commits. Raises Refused."""
    hold(this, committee)
    _check(refusal_to_confirm(user, this, committee))
    if (said := none_outside(this.id, committee.id)) is not None:
        return said
    said = NoneOutside(round_id=this.id, committee_id=committee.id, confirmed_by=user.id)
    db.session.add(said)
    db.session.flush()
    audit.note("assessment_outside.confirm_none", committee, round=[this.academic_year, this.number])
    return said


def withdraw_none(user: Account, this: Round, committee: School) -> None:
    """Take back the word that there is none; the caller commits. Raises Refused."""
    hold(this, committee)
    _check(refusal_to_withdraw(user, this, committee))
    if (said := none_outside(this.id, committee.id)) is not None:
        db.session.delete(said)
        db.session.flush()
        audit.note("assessment_outside.withdraw_none", committee, round=[this.academic_year, this.number])


# --- below ------------------------------------------------------------------------------------------------------------


def _check(reason: Refusal | None) -> None:
    if reason is not None:
        raise Refused(reason)


def _clean(details: Details) -> Details:
    details = Details(**{name: clean_line(value) for name, value in asdict(details).items()})
    if wrong := dict(wrong_details(asdict(details))):
        raise WrongValues(wrong)
    return details


def _check_asked(curriculum: str, counts: Counts, read: Counts) -> None:
    if not counts:
        raise Refused(Refusal("nothing_asked"))
    lines.check_branches(curriculum, counts, read)


def _locked(agency: OutsideAgency) -> tuple[Round, School]:
    """The row's round and committee, both rows held and the row as it stands now."""
    this, committee = db.session.get_one(Round, agency.round_id), db.session.get_one(School, agency.committee_id)
    hold(this, committee)
    # Its own columns alone: whoever is loaded beside it is not locked.
    columns = [attribute.key for attribute in inspect(OutsideAgency).column_attrs]
    db.session.refresh(agency, attribute_names=columns, with_for_update=True)
    return this, committee


def _rows(this: Round, committee: School, table: Any = OutsideAgency) -> Select[Any]:
    return select(table).where(
        table.round_id == this.id, table.committee_id == committee.id, table.deleted_at.is_(None)
    )


def _same(one: Any, other: Any) -> list[Any]:
    """An agency is known again in a curriculum by its name and province."""
    return [getattr(one, name) == getattr(other, name) for name in ("curriculum", "name_sort", "province_code")]


def _twice(this: Round, committee: School, curriculum: str, details: Details, but: int | None = None) -> Refusal | None:
    """Whether another row of the same round and curriculum is of the same name in the same province."""
    rows = _rows(this, committee).where(
        OutsideAgency.curriculum == curriculum,
        OutsideAgency.province_code == details.province_code,
        OutsideAgency.name_sort == sort_key(details.name),
        OutsideAgency.id != (but or 0),
    )
    other = db.session.scalar(rows)
    return Refusal("agency_is_there", name=other.name, id=other.id) if other is not None else None


def _details(agency: OutsideAgency) -> Details:
    return Details(**{name: getattr(agency, name) for name in DETAILS})


def _counts(agency_id: int) -> dict[int, int]:
    return lines.counts_of(OutsideLine, OutsideLine.agency_id, agency_id)


def _write(user: Account, agency: OutsideAgency, who: Details, before: Counts, after: Counts) -> None:
    for name, value in asdict(who).items():
        setattr(agency, name, value)
    agency.students, agency.saved_at, agency.saved_by = sum(after.values()), now(), user.id
    lines.store(OutsideLine, OutsideLine.agency_id, agency.id, before, after)
    db.session.flush()
    told: Any = {"counts": lines.told(before, after)} if before != after else {}
    audit.note("assessment_outside.change", agency, **told)
