"""Builds the registry's demo: the schools, their committees, and two rounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import insert, select

from models.assessment import registration
from models.assessment.catalogue import Branch, ensure_catalogue
from models.assessment.codes import NATIONAL, PROVINCIAL, SCHOOL, RoundState
from models.assessment.enrolment import Newcomer, enrol_all
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.reference.schools import DemoSchool, demo_schools
from models.assessment.registration import Registration, RegistrationLine
from models.assessment.round import Round
from models.assessment.school import School
from models.core import audit
from models.core.clock import BANGKOK, frozen_at, now, today
from models.core.db import db
from models.core.grants import users_of_kind
from models.core.identity import Account
from models.core.kinds import SUPER_USER
from models.core.password import hash_password
from tests.factories.core import accept_texts, make_account
from views.assessment.demo import numbers, province
from views.assessment.demo.numbers import Numbers, Place
from views.core.cli import DemoAccount, DemoOptions

SEED = 2569
DOMAIN = "demo.sala.example"
SHOWN_IN = "20"
"""The province of the accounts to try: large enough to have of everything."""

OPENED_BEFORE, CLOSES_AFTER = timedelta(days=12), timedelta(days=18)
ACADEMIC_YEAR_BEGINS = 5  # May


@dataclass
class Demo:
    """What was made, for the parts that build upon it."""

    random: Random
    this: Round
    last: Round
    national: Account
    hashed: str
    schools: dict[str, School]
    before: dict[str, Numbers] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """The schools of the accounts to try, by code."""

    committee: str
    school: str
    newcomer: str


def build(options: DemoOptions) -> Iterable[DemoAccount]:
    """Fill the registry; the accounts to try it with. Commits as it goes, each part at its own moment."""
    random = Random(SEED)  # noqa: S311 - the same demo every time, no secret
    ensure_catalogue()
    opened = datetime.combine(today() - OPENED_BEFORE, time(8, 30), BANGKOK)
    a_year_ago = opened.replace(year=opened.year - 1, day=min(opened.day, 28))
    hashed = hash_password(options.password)
    with frozen_at(a_year_ago - timedelta(days=20)):
        national = _officer(
            NATIONAL,
            f"national@{DOMAIN}",
            ("นาง", "วิภาวรรณ", "รัตนโกศล"),
            "ผู้อำนวยการกลุ่มเครื่องมือประเมิน",
            hashed,
        )
        schools = {school.code: school for school in enrol_all(_newcomer(one) for one in demo_schools())}
        last = _round(academic_year(a_year_ago.date()), a_year_ago, RoundState.OPEN)
        db.session.commit()
    demo = Demo(random, last, last, national, hashed, schools)
    shown = shown_of(demo_schools())
    _report_last_year(demo)
    with frozen_at(last.closes_at + timedelta(hours=1)):
        last.perform("lock", national, last.version)
        audit.act_as(None)
        db.session.commit()
    with frozen_at(opened - timedelta(days=3)):
        demo.this = _round(academic_year(opened.date()), opened, RoundState.PREPARED)
        demo.this.perform("open", national, demo.this.version)
        db.session.commit()
    _report_this_year(demo, shown)
    province.fill(random, last, demo.this, list(schools.values()), _places(), schools[shown.school])
    others = _super_user(hashed)
    db.session.commit()
    return [*_accounts(demo, shown), *others]


def academic_year(day: date) -> int:
    """The academic year (พ.ศ.) of a day: it begins in May."""
    return day.year + 543 - (day.month < ACADEMIC_YEAR_BEGINS)


def shown_of(schools: Sequence[DemoSchool]) -> Shown:
    """The schools to try: a committee, a large school under it, and one that has yet to sign in."""
    here = [one for one in schools if one.province == SHOWN_IN]
    committee = next(one for one in here if one.committee)
    others = [one for one in here if one.under == committee.code and not one.committee]
    large = next(one for one in others if numbers.kind_of(one.code) == "62")
    newcomer = next(one for one in others if numbers.kind_of(one.code) == "64")
    return Shown(committee.code, large.code, newcomer.code)


def _newcomer(one: DemoSchool) -> Newcomer:
    under = "" if one.committee else one.under
    return Newcomer(one.code, one.name, one.province, one.kind, under, one.committee, one.phone, one.email)


def _officer(kind: str, email: str, names: tuple[str, str, str], position: str, hashed: str) -> Account:
    title, first, last = names
    officer = make_account(kind, email=email, title=title, first_name=first, last_name=last)
    officer.password = hashed
    if officer.profile is not None:
        officer.profile.position, officer.profile.work_group = position, "สำนักมาตรฐานการอาชีวศึกษาและวิชาชีพ"
    accept_texts(officer)
    db.session.flush()
    return officer


def _super_user(hashed: str) -> list[DemoAccount]:
    """Somebody who sets Sala up, where no other domain brought one along."""
    if db.session.scalar(users_of_kind(SUPER_USER).limit(1)) is not None:
        return []
    one = _officer(SUPER_USER, f"admin@{DOMAIN}", ("นาย", "ณัฐวุฒิ", "สายสวัสดิ์"), "นักวิชาการคอมพิวเตอร์ชำนาญการ", hashed)
    return [DemoAccount("assessment", SUPER_USER, one.username, one.full_name)]


def _round(year: int, opens_at: datetime, state: str) -> Round:
    closes = (opens_at + OPENED_BEFORE + CLOSES_AFTER).replace(hour=16, minute=30)
    made = Round(academic_year=year, number=1, opens_at=opens_at, closes_at=closes, state=state)
    db.session.add(made)
    db.session.flush()
    return made


def _places() -> dict[str, list[Place]]:
    rows = db.session.execute(
        select(Branch.curriculum, Branch.id, Branch.programme)
        .where(~Branch.is_retired)
        .order_by(Branch.curriculum, Branch.position)
    )
    found: dict[str, list[Place]] = {curriculum: [] for curriculum in CURRICULA}
    for curriculum, key, programme in rows:
        found[curriculum].append(Place(key, programme))
    return found


def _report_last_year(demo: Demo) -> None:
    """Nearly every school reported; the one to try by the real deed, so that its history is whole."""
    places, random = _places(), demo.random
    shown = shown_of(demo_schools())
    for code in demo.schools:
        if code == shown.newcomer or (random.random() < 0.04 and code not in (shown.school, shown.committee)):
            continue
        large = 1.1 if code == shown.school else random.triangular(0.6, 1.5, 0.9)
        if found := numbers.of_a_school(random, code, places, size=large):
            demo.before[code] = found
    closes = demo.last.closes_at
    _store(demo, demo.last, {code: one for code, one in demo.before.items() if code != shown.school}, closes)
    _save(demo, demo.last, shown.school, demo.before[shown.school], demo.last.opens_at + timedelta(days=4))


def _report_this_year(demo: Demo, shown: Shown) -> None:
    """Provinces are quick or slow: some are complete, some have hardly begun."""
    random, places = demo.random, _places()
    eager: dict[str, float] = {}
    found: dict[str, Numbers] = {}
    for code, school in demo.schools.items():
        share = eager.setdefault(school.province_code, random.choice((0.15, 0.4, 0.55, 0.7, 0.8, 0.9, 1.0)))
        if school.province_code == SHOWN_IN:
            share = 0.6
        if code == shown.newcomer or random.random() >= share:
            continue
        before = demo.before.get(code)
        numbers_now = numbers.a_year_later(random, before) if before else numbers.of_a_school(random, code, places)
        if random.random() < 0.12 and len(numbers_now) > 1:  # one level entered, the other to come
            numbers_now.popitem()
        found[code] = numbers_now
    # The school to try has entered one level and has the other before it, with last year's to bring over.
    found.pop(shown.school, None)
    _store(demo, demo.this, found, now())
    high = numbers.a_year_later(random, {"pvs2563": demo.before[shown.school]["pvs2563"]})
    _save(demo, demo.this, shown.school, high, demo.this.opens_at + timedelta(days=2))
    _activate(demo, {shown.school, shown.committee, *found, *demo.before} - {shown.newcomer})


def _store(demo: Demo, this: Round, found: dict[str, Numbers], until: datetime) -> None:
    """Write the registrations of a round row by row, at moments of its office hours."""
    days = max(1, (until - this.opens_at).days)
    registrations, lines = [], []
    for code, of_school in found.items():
        school = demo.schools[code]
        for curriculum, counts in of_school.items():
            saved_at = this.opens_at + timedelta(
                days=demo.random.randrange(days), minutes=demo.random.randrange(8 * 60)
            )
            registrations.append(
                {
                    "round_id": this.id,
                    "school_id": school.id,
                    "curriculum": curriculum,
                    "saved_at": saved_at,
                    "saved_by": school.account_id,
                    "students": sum(counts.values()),
                }
            )
            lines.append(counts)
    keys = db.session.scalars(
        insert(Registration).returning(Registration.id, sort_by_parameter_order=True), registrations
    )
    rows = [
        {"registration_id": key, "branch_id": branch, "students": students}
        for key, counts in zip(keys, lines, strict=True)
        for branch, students in counts.items()
    ]
    db.session.execute(insert(RegistrationLine), rows)
    db.session.commit()


def _save(demo: Demo, this: Round, code: str, of_school: Numbers, at: datetime) -> None:
    """Let a school save its numbers as its page does."""
    school = demo.schools[code]
    account = school.account
    if account is None:
        raise LookupError(code)
    for curriculum, counts in of_school.items():
        with frozen_at(at):
            audit.act_as(account.id)
            registration.save(account, this, school, curriculum, counts, read={}, version=0)
            audit.act_as(None)
            db.session.commit()


def _activate(demo: Demo, codes: Iterable[str]) -> None:
    """Schools that reported have a password of their own."""
    for code in sorted(codes):
        school = demo.schools[code]
        school.activated_at = (demo.last if code in demo.before else demo.this).opens_at
        if school.account is not None:
            school.account.password = demo.hashed
            accept_texts(school.account)
    db.session.flush()


def _accounts(demo: Demo, shown: Shown) -> list[DemoAccount]:
    rows = [DemoAccount("assessment", NATIONAL, demo.national.username, demo.national.full_name)]
    for kind, code, password in (
        (PROVINCIAL, shown.committee, ""),
        (SCHOOL, shown.school, ""),
        (f"{SCHOOL} (first sign-in)", shown.newcomer, shown.newcomer),
    ):
        rows.append(DemoAccount("assessment", kind, code, demo.schools[code].name, password))
    return rows
