"""The registry's people and records for the walk: two committees, three schools, last year's round and this year's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from models.assessment.codes import NATIONAL, Committee, RoundState
from models.assessment.enrolment import Newcomer
from models.assessment.note import write
from models.assessment.registration import save
from models.assessment.round import Unlock
from models.assessment.school import School
from models.core.clock import now
from models.core.db import db
from tests.factories.assessment import enrolled, make_agency, make_branches, make_round
from tests.factories.core import make_account

CURRICULUM = "pvc2562"

SCHOOLS = (
    Newcomer("1320016201", "วิทยาลัยเทคนิคชายคลอง", "20", committee=Committee.PROVINCE, email="province@sala.example"),
    Newcomer("1320026301", "วิทยาลัยอาชีวศึกษาบ้านเนินมะขาม", "20", under="1320016201", email="school@sala.example"),
    Newcomer("1320036401", "วิทยาลัยการอาชีพหนองประดู่", "20", under="1320016201"),
    Newcomer("1321016201", "วิทยาลัยเทคนิคปากน้ำสามัคคี", "21", committee=Committee.PROVINCE),
    Newcomer("1321026301", "วิทยาลัยอาชีวศึกษาเขาตะเคียน", "21", under="1321016201"),
)
NAMES = ("province", "school", "other_school", "foreign_province", "foreign_school")


def registry_people() -> tuple[dict[str, Any], dict[str, School]]:
    """The accounts by who they are, all of them past their first sign-in, and the schools by the same names."""
    schools = dict(zip(NAMES, enrolled(*SCHOOLS), strict=True))
    accounts = {name: school.account for name, school in schools.items()}
    return accounts | {"national": make_account(NATIONAL)}, schools


def registry_values(people: dict[str, Any], schools: dict[str, School]) -> dict[str, Any]:
    """The records of the registry; their numbers as they stand in addresses, by the names in the tables of routes."""
    made = make_branches(3, CURRICULUM)
    branches = [one.id for one in made]
    then = make_round(RoundState.OPEN, year=2568)
    this = then
    for counts in ({branches[0]: 30, branches[1]: 12}, {branches[0]: 25}):
        saved = save(people["school"], this, schools["school"], CURRICULUM, counts, read={}, version=0)
        assert saved.changed
        if this is then:
            then.state = RoundState.LOCKED
            db.session.flush()
            this = make_round(RoundState.OPEN, year=2569)
    agency = make_agency(this, schools["province"], {made[0]: 8})
    unlock = Unlock(
        round_id=then.id,
        school_id=schools["school"].id,
        until=now() + timedelta(days=1),
        reason="-",
        given_by=people["national"].id,
    )
    db.session.add(unlock)
    db.session.flush()
    numbers = {f"{name}_row": school.id for name, school in schools.items()}
    return numbers | {
        "agency": agency.id,
        "branch": branches[0],
        "last_round": then.id,
        "round": this.id,
        "unlock": unlock.id,
        "note": write(people["province"], this, schools["school"], CURRICULUM, "-").id,
        "school_code": schools["school"].code,
    }
