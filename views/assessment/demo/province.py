"""What the demo's committees did: outside agencies, the word that there are none, statuses, notes to schools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sqlalchemy import insert, select

from models.assessment import note
from models.assessment.codes import PRIVATE, STATE
from models.assessment.outside import NoneOutside, OutsideAgency, OutsideLine
from models.assessment.registration import Registration
from models.assessment.round import Round
from models.assessment.school import School
from models.assessment.status import Status, set_status
from models.core import audit
from models.core.clock import frozen_at
from models.core.db import db
from models.core.identity import Account
from models.core.reference.provinces import PROVINCES
from views.assessment.demo.numbers import Place


@dataclass(frozen=True)
class Kind:
    """A kind of agency outside: how it is named, whom it belongs to, and what it teaches."""

    name: str
    sector: str
    parent: str
    programmes: tuple[str, ...]


KINDS = (
    Kind("โรงเรียนกีฬาและอาชีพ{}", STATE, "องค์การบริหารส่วนจังหวัด{}", ("พาณิชยกรรม", "บริหารธุรกิจ")),
    Kind("โรงเรียนสาธิตการช่าง{}", STATE, "มหาวิทยาลัยราชพฤกษ์{}", ("อุตสาหกรรม",)),
    Kind("ศูนย์ฝึกอาชีพเทศบาล{}", STATE, "เทศบาลเมือง{}", ("คหกรรม", "อุตสาหกรรม")),
    Kind("โรงเรียนมูลนิธิปัญญาทาน {}", PRIVATE, "มูลนิธิปัญญาทาน", ("พาณิชยกรรม", "บริหารธุรกิจ", "คหกรรม")),
)
# Of a hundred committees this year: so many asked for agencies, so many gave their word that there are none.
ASKED, NONE = 38, 32
# Schools excused in all of the country, and notes that wait for an answer.
EXCUSED = 14
NOTES = (
    "จำนวนผู้เรียนต่างจากปีที่แล้วมาก กรุณาตรวจสอบกับงานทะเบียน",
    "กรุณาตรวจสอบสาขางาน เนื่องจากสถานศึกษาไม่ได้เปิดสอนสาขางานนี้เมื่อปีที่แล้ว",
    "จำนวนผู้เรียนไม่ตรงกับเอกสารที่ส่งให้ อศจ. กรุณาแก้ไข",
)


def fill(
    random: Random, last: Round, this: Round, schools: Sequence[School], places: dict[str, list[Place]], shown: School
) -> None:
    """Let the committees do their part of both rounds; `shown` is the school to try."""
    committees = [school for school in schools if school.committee]
    for school in committees:
        lot = random.randrange(100)
        if school.id == shown.under_id or lot < ASKED:
            _ask(random, (last, this), school, places)
            continue
        _none(last, school)
        if lot < ASKED + NONE:
            _none(this, school)
    db.session.commit()
    _excuse(random, this, schools)
    _note(this, next(school for school in committees if school.id == shown.under_id), shown)


def _ask(random: Random, rounds: tuple[Round, Round], committee: School, places: dict[str, list[Place]]) -> None:
    """An agency or two, each year much alike."""
    province = PROVINCES[committee.province_code].name_th
    for kind in random.sample(KINDS, random.randint(1, 2)):
        for curriculum in random.sample(("pvc2562", "pvs2563"), random.randint(1, 2)):
            fitting = [place for place in places[curriculum] if place.programme in kind.programmes]
            chosen = random.sample(fitting, min(len(fitting), random.randint(1, 4)))
            for this in rounds:
                agency = OutsideAgency(
                    round_id=this.id,
                    committee_id=committee.id,
                    curriculum=curriculum,
                    name=kind.name.format(province),
                    sector=kind.sector,
                    parent=kind.parent.format(province),
                    province_code=committee.province_code,
                    saved_at=this.opens_at + timedelta(days=random.randint(1, 9), hours=random.randint(0, 7)),
                    saved_by=committee.account_id,
                )
                rows = [{"branch_id": place.id, "students": random.randint(6, 45)} for place in chosen]
                agency.students = sum(row["students"] for row in rows)
                db.session.add(agency)
                db.session.flush()
                db.session.execute(insert(OutsideLine), [{"agency_id": agency.id, **row} for row in rows])


def _none(this: Round, committee: School) -> None:
    db.session.add(
        NoneOutside(
            round_id=this.id,
            committee_id=committee.id,
            confirmed_at=this.opens_at + timedelta(days=3),
            confirmed_by=committee.account_id,
        )
    )


def _excuse(random: Random, this: Round, schools: Sequence[School]) -> None:
    """Schools that closed or have nobody to assess, as their committees say."""
    reported = set(db.session.scalars(select(Registration.school_id).where(Registration.round_id == this.id)))
    silent = [one for one in schools if one.id not in reported and one.under_id is not None and one.activated_at]
    committees = {school.id: school for school in schools if school.committee}
    with frozen_at(this.opens_at + timedelta(days=8)):
        for school in random.sample(silent, min(EXCUSED, len(silent))):
            status = random.choice((Status.CLOSED, Status.NO_STUDENTS, Status.NO_STUDENTS))
            committee = committees.get(school.under_id or 0)
            if committee is not None:
                by = _acting(committee)
                set_status(by, this, school, status, version=0)
                db.session.commit()
    audit.act_as(None)


def _note(this: Round, committee: School, first: School) -> None:
    """Notes on three of the committee's schools, the `first` among them, which wait for the schools."""
    by = _acting(committee)
    reported = (
        select(Registration, School)
        .join(School, School.id == Registration.school_id)
        .where(Registration.round_id == this.id, School.under_id == committee.id, Registration.curriculum == "pvs2563")
        .order_by(School.id != first.id, School.code)
    )
    with frozen_at(this.opens_at + timedelta(days=10)):
        for (_registration, school), text in zip(db.session.execute(reported.limit(len(NOTES))), NOTES, strict=False):
            note.write(by, this, school, "pvs2563", text)
        db.session.commit()
    audit.act_as(None)


def _acting(committee: School) -> Account:
    account = committee.account
    if account is None:
        raise LookupError(committee.code)
    audit.act_as(account.id)
    return account
