"""Which school is a committee, and which schools lie under it, as the national office says (spec: assessment.md 1, 7).

A school of Bangkok is made an อศก., one of any other province an อศจ.; it goes on reporting for itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from models.assessment.codes import Committee
from models.assessment.outside import OutsideAgency
from models.assessment.round import open_round
from models.assessment.school import School
from models.core.db import db
from models.core.thai.errors import BadValue
from models.core.workflow import Refusal, Refused

if TYPE_CHECKING:
    from models.core.identity import Account

MANAGE: Final = "school.manage"
BANGKOK: Final = "10"
MOST_MOVED: Final = 200
"""Schools that are moved at once: more than any committee has."""


class BadSchool(BadValue):
    """Values that no school has together. Codes: committee_elsewhere; lies_under_none; not_a_committee."""


def committee_kind(province_code: str) -> str:
    """What a school of that province can be made: an อศก. in Bangkok, else an อศจ."""
    return Committee.BANGKOK if province_code == BANGKOK else Committee.PROVINCE


def wrong_school(values: Mapping[str, Any]) -> Iterator[tuple[str, BadValue]]:
    """What is wrong with the data of a school: pure, asked by forms, files and programs alike."""
    made, province = values.get("committee"), values.get("province_code")
    if made and province and made != committee_kind(province):
        yield "committee", BadSchool("committee_elsewhere")
    if made and values.get("under_id"):
        yield "under_id", BadSchool("lies_under_none")


def refusal_to_make(school: School) -> Refusal | None:
    """Why a school cannot be made a committee now; None means it can."""
    return Refusal("is_a_committee") if school.committee else None


def refusal_to_unmake(school: School) -> Refusal | None:
    """Why a committee must stay one: schools lie under it, or agencies outside ask through it in the open round."""
    if not school.committee:
        return Refusal("is_no_committee")
    if under := schools_under(school.id):
        return Refusal("schools_lie_under", count=under)
    this = open_round()
    if this is not None and (count := _agencies(this.id, school.id)):
        return Refusal("agencies_ask_through", count=count)
    return None


def make(by: Account, school: School, version: int) -> None:
    """Make a school the committee of its province; the caller commits. Raises Refused, StaleVersion."""
    _check(by, school)
    school.take_version(version)
    if reason := refusal_to_make(school):
        raise Refused(reason)
    school.committee, school.under_id = committee_kind(school.province_code), None
    db.session.flush()


def unmake(by: Account, school: School, version: int, under: School | None = None) -> None:
    """Let a committee be a school like others, which lies `under` another one; the caller commits.

    Raises Refused (not_permitted, is_no_committee, schools_lie_under, agencies_ask_through, not_a_committee),
    StaleVersion.
    """
    _check(by, school)
    # Who puts a school under it waits for this row.
    db.session.execute(select(School.id).where(School.id == school.id).with_for_update())
    school.take_version(version)
    if reason := refusal_to_unmake(school):
        raise Refused(reason)
    if under is not None:
        _hold(under.id)
    school.committee, school.under_id = None, under.id if under is not None else None
    db.session.flush()


def move(by: Account, school_ids: Collection[int], committee: School | None) -> list[School]:
    """Put schools under a committee, or under none; those that lay elsewhere. The caller commits.

    Raises Refused: not_permitted (for one of them at least), too_many_schools (most), not_a_committee (school: its
    code), committee_lies_under_none (school: the name of one that is a committee itself).
    """
    wanted = set(school_ids)
    if len(wanted) > MOST_MOVED:
        raise Refused(Refusal("too_many_schools", most=MOST_MOVED))
    rows = School.visible_to(by, MANAGE).where(School.id.in_(wanted)).order_by(School.id)
    schools = list(db.session.scalars(rows))
    if len(schools) != len(wanted):
        raise Refused(Refusal("not_permitted", permission=MANAGE))
    if committee is not None:
        _hold(committee.id)
    if led := next((school for school in schools if school.committee), None):
        raise Refused(Refusal("committee_lies_under_none", school=led.name))
    target = committee.id if committee is not None else None
    moved = [school for school in schools if school.under_id != target]
    for school in moved:
        school.under_id = target
    db.session.flush()
    return moved


def schools_under(committee_id: int) -> int:
    """How many schools lie under a committee, itself not counted."""
    rows = select(func.count()).select_from(School).where(School.under_id == committee_id, School.deleted_at.is_(None))
    return db.session.scalar(rows) or 0


def _check(by: Account, school: School) -> None:
    rows = School.visible_to(by, MANAGE).where(School.id == school.id).with_only_columns(School.id)
    if not db.session.scalar(select(rows.exists())):
        raise Refused(Refusal("not_permitted", permission=MANAGE))


def _hold(committee_id: int) -> None:
    """Keep a committee one until the transaction ends. Raises Refused where it is none (any more)."""
    held = select(School).where(School.id == committee_id).with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(held)
    if found is None or not found.committee or found.deleted_at is not None:
        raise Refused(Refusal("not_a_committee", school=found.code if found is not None else ""))


def _agencies(round_id: int, committee_id: int) -> int:
    rows = select(func.count()).select_from(OutsideAgency)
    own = OutsideAgency.committee_id == committee_id, OutsideAgency.deleted_at.is_(None)
    return db.session.scalar(rows.where(OutsideAgency.round_id == round_id, *own)) or 0
