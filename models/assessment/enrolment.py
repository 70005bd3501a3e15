"""How a school comes to be: its record, the account that acts for it, and its code as the way to sign in.

(spec: assessment.md 2, 6.4, 7.) A school has no e-mail to sign in by, so its account carries an address that no mail
can reach, and no password until the school's first sign-in gives it one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, or_, select

from models.assessment.codes import CODE_LENGTH, STATE
from models.assessment.school import School
from models.core.clock import now
from models.core.db import db
from models.core.identity import SYNTHETIC_DOMAIN, Account, Identity
from models.core.registration import name as name_account
from models.core.thai.text import digits_of
from models.core.workflow import Refusal, Refused

SCHOOL_CODE = "school_code"
"""The type of the identity that a school signs in by."""


@dataclass(frozen=True)
class Newcomer:
    """A school as it is told; `under` is the code of the committee that it lies under, which may come along with it."""

    code: str
    name: str
    province_code: str
    sector: str = STATE
    under: str = ""
    committee: str | None = None
    phone: str = ""
    email: str = ""


def clean_code(typed: str) -> str | None:
    """The ten digits that were typed for a school's code, in any digits and with spaces or dashes; None: it is none."""
    return digits_of(typed, CODE_LENGTH)


def enrol(one: Newcomer) -> School:
    """Make one school with its account; the caller commits. Raises Refused as `enrol_all` does."""
    return enrol_all([one])[0]


def enrol_all(newcomers: Iterable[Newcomer]) -> list[School]:
    """Make schools with their accounts, in their order; the caller commits. No query is run for each.

    Raises Refused: code_wrong, code_taken (by a deleted school, too), not_a_committee (what it is to lie under); all
    with the code as `school`. Nothing is made then.
    """
    wanted = list(newcomers)
    if not wanted:
        return []
    committees = _committees_for(wanted)
    accounts = [_account(one) for one in wanted]
    db.session.add_all(accounts)
    db.session.flush()
    identities = [
        {"user_id": account.id, "type": SCHOOL_CODE, "value": one.code}
        for account, one in zip(accounts, wanted, strict=True)
    ]
    db.session.execute(insert(Identity), identities)
    made = {one.code: _school(one, account) for one, account in zip(wanted, accounts, strict=True)}
    # The committees first: those that lie under one need its number.
    led = [school for school in made.values() if school.committee]
    db.session.add_all(led)
    db.session.flush()
    committees |= {school.code: school.id for school in led}
    for one in wanted:
        if one.under:
            made[one.code].under_id = committees[one.under]
    db.session.add_all(made.values())
    db.session.flush()
    return list(made.values())


def synthetic_address(code: str) -> str:
    """The address that a school's account carries, which no mail can reach."""
    return f"school-{code}@{SYNTHETIC_DOMAIN}"


def rename(school: School, name: str) -> None:
    """Give a school another name: its account goes by it, too."""
    school.name = name
    if school.account is not None:
        name_account(school.account, "", school.name, "")


def _committees_for(wanted: Sequence[Newcomer]) -> dict[str, int]:
    """The numbers of the committees named that are there already, which stay committees meanwhile; one query.

    Raises Refused.
    """
    codes: set[str] = set()
    for one in wanted:
        if clean_code(one.code) != one.code:
            raise Refused(Refusal("code_wrong", school=one.code))
        if one.code in codes:
            raise Refused(Refusal("code_taken", school=one.code))
        codes.add(one.code)
    coming = {one.code for one in wanted if one.committee}
    named = {one.under for one in wanted if one.under} - coming
    there = select(School).where(or_(School.code.in_(codes), School.code.in_(named))).order_by(School.id)
    known = list(db.session.scalars(there.with_for_update().execution_options(populate_existing=True)))
    if taken := sorted(school.code for school in known if school.code in codes):
        raise Refused(Refusal("code_taken", school=taken[0]))
    found = {school.code: school.id for school in known if school.committee and school.deleted_at is None}
    for one in wanted:
        if one.under and (one.committee or one.under not in coming | found.keys()):
            raise Refused(Refusal("not_a_committee", school=one.under))
    return found


def _account(one: Newcomer) -> Account:
    address = synthetic_address(one.code)
    account = Account(username=address, email=address, active=True, confirmed_at=now())
    name_account(account, "", one.name, "")
    return account


def _school(one: Newcomer, account: Account) -> School:
    return School(
        code=one.code,
        name=one.name,
        province_code=one.province_code,
        sector=one.sector,
        committee=one.committee,
        phone=one.phone,
        email=one.email,
        account_id=account.id,
    )
