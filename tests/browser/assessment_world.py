"""The registry in the middle of its round: a committee and its schools, last year's numbers and some of this year's.

The names of people of the world: `school` has entered a part, `other_school` nothing yet, `province` is the committee
that both lie under, `national` the national office.
"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from models.assessment.catalogue import Branch
from models.assessment.codes import NATIONAL, PRIVATE, STATE, Committee, RoundState
from models.assessment.enrolment import Newcomer, enrol
from models.assessment.note import write
from models.assessment.outside import NoneOutside, OutsideAgency
from models.assessment.reference.catalogue import COLUMNS
from models.assessment.round import Round, Unlock
from models.assessment.school import School
from models.assessment.status import Status, set_status
from models.core.clock import now
from models.core.db import db
from models.core.file import StoredFile, new_file_id
from models.core.identity import Account
from models.core.imports import PURPOSE
from services import storage
from tests.factories.assessment import enrolled, make_agency, make_registration, make_round
from tests.factories.core import make_account

COMMITTEE = "1320016201"
SCHOOLS = (
    Newcomer(
        COMMITTEE,
        "วิทยาลัยเทคนิคชลบุรีสามัคคี",
        "20",
        committee=Committee.PROVINCE,
        phone="038000001",
        email="province@sala.example",
    ),
    Newcomer(
        "1320026301",
        "วิทยาลัยอาชีวศึกษาเนินประดู่งาม",
        "20",
        under=COMMITTEE,
        phone="038000002",
        email="school@sala.example",
    ),
    Newcomer("1320036401", "วิทยาลัยการอาชีพบ้านสะเดาทอง", "20", under=COMMITTEE, phone="038000003"),
    Newcomer("1320047101", "วิทยาลัยเทคโนโลยีปัญญาวัฒน์บริหารธุรกิจ", "20", sector=PRIVATE, under=COMMITTEE),
    Newcomer("1321016201", "วิทยาลัยเทคนิคระยองสามัคคี", "21", committee=Committee.PROVINCE, phone="038000005"),
    Newcomer("1321026301", "วิทยาลัยอาชีวศึกษาเขาตะเคียน", "21", under="1321016201"),
)
NAMES = ("province", "school", "other_school", "private_school", "foreign_province", "foreign_school")
# Curriculum -> students of its first branches, last year and this year; the last of them vanished, one doubled.
LAST_YEAR = {"pvc2556": (12,), "pvs2557": (7,), "pvc2562": (31, 24, 18, 40), "pvs2563": (22, 35)}
THIS_YEAR = {"pvc2562": (33, 55, 17)}
# Who asks for instruments through the committee: name, sector, parent agency, province, curriculum, students.
ARMY = ("โรงเรียนช่างฝีมือทหาร", STATE, "กองบัญชาการกองทัพไทย กระทรวงกลาโหม", "10", "pvc2562", (24, 16))
TRAINING = ("ศูนย์ฝึกอบรมยานยนต์ภาคตะวันออก", PRIVATE, "", "20", "pvs2563", (40,))
PALACE = ("วิทยาลัยในวังหญิง", STATE, "สำนักงานส่งเสริมการศึกษาเอกชน", "10", "pvc2562", (8,))


def make_registry() -> tuple[dict[str, int], dict[str, Any]]:
    """Account ids by who they are, and the ids that stand in addresses; the caller commits."""
    schools = dict(zip(NAMES, enrolled(*SCHOOLS), strict=True))
    national = make_account(NATIONAL, first_name="วีรพงษ์", last_name="เรืองศรี")
    year = timedelta(days=365)
    then = make_round(RoundState.LOCKED, year=2568, opens_at=now() - year, closes_at=now() - year + timedelta(days=30))
    this = make_round(RoundState.OPEN, year=2569)
    for name in ("school", "other_school", "foreign_school"):
        _register(then, schools[name], LAST_YEAR)
    _register(this, schools["school"], THIS_YEAR)
    unlock = Unlock(
        round_id=then.id,
        school_id=schools["other_school"].id,
        until=now() + timedelta(days=2),
        reason="โรงเรียนแจ้งว่ากรอกจำนวนผู้เรียนสาขางานยานยนต์ผิด",
        given_by=national.id,
    )
    db.session.add(unlock)
    _checked(this, schools)
    agencies = _outside(then, this, schools)
    db.session.flush()
    people = {name: school.account_id for name, school in schools.items() if school.account_id is not None}
    ids = {f"{name}_row": school.id for name, school in schools.items()}
    branch = db.session.scalar(select(Branch.id).where(Branch.curriculum == "pvc2562").order_by(Branch.position))
    ids |= {"round": this.id, "last_round": then.id, "unlock": unlock.id, "branch": branch}
    ids["next_round"] = make_round(RoundState.PREPARED, year=2570).id
    # Nobody has signed in for it yet.
    newcomer = enrol(Newcomer("1320057101", "วิทยาลัยเทคโนโลยีบ้านเนินใหม่", "20", sector=PRIVATE, under=COMMITTEE))
    assert newcomer.account_id is not None
    people |= {"national": national.id, "new_school": newcomer.account_id}
    return people, ids | agencies | _files(national)


def _checked(this: Round, schools: dict[str, School]) -> None:
    """What the committee says of its schools: two notes on one, of which one is answered; another has nobody."""
    committee, school = schools["province"].account, schools["school"]
    assert committee is not None
    write(committee, this, school, "pvc2562", "สาขางานที่สองปีก่อน 24 คน ปีนี้ 55 คน โปรดตรวจสอบจำนวนอีกครั้ง")
    answered = write(committee, this, school, "pvs2563", "ปีก่อนมีผู้เรียน 57 คน ปีนี้ยังไม่กรอก")
    assert school.account is not None
    answered.perform("answer", school.account, answered.version, text="ปีนี้ไม่มีนักศึกษาชั้นปีที่ 2 ของหลักสูตรนี้")
    set_status(committee, this, schools["private_school"], Status.NO_STUDENTS, 0)


def _files(national: Account) -> dict[str, str]:
    """A curriculum's file that would change a few branches, and one with wrong lines; sent and not stored."""
    rows = select(Branch).where(Branch.curriculum == "pvc2562").order_by(Branch.position)
    lines = [[getattr(one, column) for column in COLUMNS] for one in db.session.scalars(rows)]
    right = [line[:] for line in lines if line[4] != "2010106"]
    right[0][5] = "เทคนิคยานยนต์"
    right.insert(6, [*right[0][:4], "2010199", "ยานยนต์ไฟฟ้า"])
    wrong = [line[:] for line in lines]
    wrong[1][5], wrong[2][4], wrong[3][3] = "", wrong[1][4], "ช่างรถ"
    return {"right_file": _sent(national, right), "wrong_file": _sent(national, wrong)}


def _sent(by: Account, lines: list[list[str]]) -> str:
    text = "\n".join(",".join(line) for line in [list(COLUMNS), *lines]).encode()
    file = StoredFile(
        id=new_file_id(), purpose=PURPOSE, name="ปวช-2562.csv", content_type="text/csv", uploaded_by=by.id
    )
    file.size, file.sha256 = storage.put(file.key, io.BytesIO(text), len(text))
    db.session.add(file)
    return file.id


def _outside(then: Round, this: Round, schools: dict[str, School]) -> dict[str, int]:
    """Who asked last year, who asks this year, one of them deleted; the other committee says that none does."""
    committee = schools["province"]
    for who in (ARMY, TRAINING, PALACE):
        _ask(then, committee, who)
    agency, gone = _ask(this, committee, ARMY), _ask(this, committee, PALACE)
    gone.deleted_at = now()
    word = {"committee_id": schools["foreign_province"].id, "confirmed_by": schools["foreign_province"].account_id}
    db.session.add(NoneOutside(round_id=this.id, **word))
    db.session.flush()
    return {"agency": agency.id, "gone_agency": gone.id}


def _ask(this: Round, committee: School, who: tuple[Any, ...]) -> OutsideAgency:
    *details, curriculum, numbers = who
    rows = select(Branch).where(Branch.curriculum == curriculum).order_by(Branch.position).limit(len(numbers))
    counts = dict(zip(db.session.scalars(rows), numbers, strict=True))
    names = ("name", "sector", "parent", "province_code")
    return make_agency(this, committee, counts, **dict(zip(names, details, strict=True)))


def _register(this: Round, school: School, counts: dict[str, tuple[int, ...]]) -> None:
    """Students of the first branches of each curriculum, as the catalogue has them."""
    for curriculum, numbers in counts.items():
        rows = select(Branch).where(Branch.curriculum == curriculum).order_by(Branch.position).limit(len(numbers))
        make_registration(this, school, dict(zip(db.session.scalars(rows), numbers, strict=True)))
