"""A school's first sign-in, and how its province gives it another one (spec: assessment.md 2).

A school's code is public, and so is the password that it begins with, which is the same code. So that one opens only
while a round is open and only until the school chose its own; that somebody came in by it is told to the school and
its province at once, and the province can take it back. Where the setting says so, one-time codes from letters stand
for it.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, Select, String, delete, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column

from models.assessment.codes import NATIONAL
from models.assessment.enrolment import clean_code, synthetic_address
from models.assessment.round import open_round
from models.assessment.school import School
from models.assessment.settings import ACTIVATION_CODES
from models.assessment.telling import tell_committee, tell_schools
from models.core import audit, outbox
from models.core.clock import now
from models.core.db import Model, UtcDateTime, db
from models.core.grants import users_of_kind
from models.core.identity import Account, Identity, end_sessions, hash_token, kill_links
from models.core.outbox import Notification
from models.core.registration import first_password, register_chosen
from models.core.setting import value
from models.core.workflow import Refusal, Refused

LET_IN: Final = "school.let_in"
ENTERED, RESET = "assessment_first_sign_in", "assessment_password_reset"
MOST_LETTERS: Final = 100
"""Letters of one print: more than any committee has schools, and made within some seconds."""

TOLD_AGAIN = timedelta(days=1)
_GROUPED = re.compile(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}")


class ActivationCode(Model):
    """The one-time code that opens a school's account for the first time, as a digest; a newer one replaces it."""

    __tablename__ = "assessment_activation_code"
    __table_args__ = (Index("ix_assessment_activation_code_made_by", "made_by"),)

    school_id: Mapped[int] = mapped_column(ForeignKey("assessment_school.id"), primary_key=True, autoincrement=False)
    code_hash: Mapped[str] = mapped_column(String(64), nullable=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    made_by: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)


def uses_codes() -> bool:
    """Whether one-time codes stand for the school's own code at the first sign-in."""
    return bool(value(ACTIVATION_CODES))


# --- the door ---------------------------------------------------------------------------------------------------------


def clean_activation_code(typed: str) -> str | None:
    """A one-time code as it was typed from a letter, with or without its dashes; None: it is none."""
    letters = re.sub(r"[\s\-–]", "", typed).casefold()
    grouped = "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
    return grouped if _GROUPED.fullmatch(grouped) else None


def claims(code: str, typed: str) -> bool:
    """Whether what was typed may be a first password of the school with this code, by its look alone."""
    return clean_code(typed) == code or clean_activation_code(typed) is not None


def opens(code: str, typed: str) -> bool:
    """Whether what was typed is the first password of the school with this code now: in an open round, never later.

    The same two questions are asked of the database for every code, known or not.
    """
    this = open_round()
    row = db.session.execute(
        select(School.id, ActivationCode.code_hash)
        .join(Account, Account.id == School.account_id)
        .outerjoin(ActivationCode, ActivationCode.school_id == School.id)
        .where(
            School.code == code,
            School.deleted_at.is_(None),
            School.activated_at.is_(None),
            Account.active,
            Account.password.is_(None),
        )
    ).one_or_none()
    if this is None or not this.takes_numbers or row is None:
        return False
    if uses_codes():
        given = clean_activation_code(typed)
        return given is not None and hmac.compare_digest(hash_token(given), row.code_hash or "")
    return clean_code(typed) == code


def school_of(account: Account) -> School | None:
    """The school that signs in with this account, with the committee that it lies under."""
    rows = select(School).where(School.account_id == account.id).options(joinedload(School.under))
    return db.session.scalar(rows)


def entered(account: Account) -> None:
    """Tell the school's contact and its province that somebody came in by the first password; the caller commits.

    A committee's, or a school's under none, is told to the national office. Not twice a day, but for a reset between.
    """
    school = school_of(account)
    if school is None:
        return
    audit.note("school_sign_in.first", school)
    last = db.session.execute(
        select(Notification.event, Notification.told_at)
        .where(Notification.user_id == account.id, Notification.event.in_((ENTERED, RESET)))
        .order_by(Notification.id.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and last.event == ENTERED and last.told_at > now() - TOLD_AGAIN:
        return
    values = {**_named(school), "at": now().isoformat(), **_committee_of(school)}
    tell_schools([school], ENTERED, school, **values)
    if school.under is not None:
        tell_committee(school, ENTERED, school, **values)
    else:
        outbox.tell(_national(), ENTERED, school, **values)


def _named(school: School) -> dict[str, Any]:
    return {"school": school.name, "code": school.code}


def _committee_of(school: School) -> dict[str, Any]:
    under = school.under
    return {"committee": under.name, "phone": under.phone} if under is not None else {}


def _national() -> list[Account]:
    return list(db.session.scalars(select(Account).where(Account.id.in_(users_of_kind(NATIONAL)), Account.active)))


def chosen(account: Account) -> None:
    """A school chose a password of its own: its first one is worth nothing from here on."""
    school = school_of(account)
    if school is None or school.activated_at is not None:
        return
    school.activated_at = now()
    db.session.execute(delete(ActivationCode).where(ActivationCode.school_id == school.id))


register_chosen(chosen)


# --- letters ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """A one-time code for a school, known to nobody but the letter that it stands in."""

    school: School
    code: str


def waiting(user: Account) -> Select[Any]:
    """The schools that `user` may let in and that have no password of their own."""
    rows = School.visible_to(user, LET_IN).where(School.activated_at.is_(None), School.account_id.is_not(None))
    return rows.order_by(School.name_sort, School.id).options(joinedload(School.under))


def draw(rows: Select[Any]) -> list[Drawn]:
    """A new code for each of these schools, stored by `keep` alone.

    Raises Refused: codes_are_off, no_letters (nobody waits for one), too_many_letters (limit).
    """
    if not uses_codes():
        raise Refused(Refusal("codes_are_off"))
    schools = list(db.session.scalars(rows.limit(MOST_LETTERS + 1)))
    if not schools:
        raise Refused(Refusal("no_letters"))
    if len(schools) > MOST_LETTERS:
        raise Refused(Refusal("too_many_letters", limit=MOST_LETTERS))
    return [Drawn(school, first_password()) for school in schools]


def keep(drawn: Sequence[Drawn], by: Account) -> None:
    """Store the codes of printed letters; a school's earlier letter opens nothing any more. The caller commits.

    A school that chose a password since the letters were drawn has no use for its own.
    """
    codes = {one.school.id: one.code for one in drawn}
    rows = select(School).where(School.id.in_(codes), School.activated_at.is_(None)).order_by(School.id)
    schools = list(db.session.scalars(rows.with_for_update(of=School)))
    kept = select(ActivationCode).where(ActivationCode.school_id.in_([school.id for school in schools]))
    before = {row.school_id: row for row in db.session.scalars(kept)}
    for school in schools:
        row = before.get(school.id) or ActivationCode(school_id=school.id)
        row.code_hash, row.made_at, row.made_by = hash_token(codes[school.id]), now(), by.id
        db.session.add(row)
        audit.note("school_sign_in.letter", school)
    db.session.flush()


def letters_of(school_ids: Collection[int]) -> dict[int, datetime]:
    """School -> when its letter that still holds was printed; one query."""
    rows = select(ActivationCode.school_id, ActivationCode.made_at).where(
        ActivationCode.school_id.in_(list(school_ids))
    )
    return {row.school_id: row.made_at for row in db.session.execute(rows)}


# --- giving the first password back -----------------------------------------------------------------------------------


def refusal_to_reset(school: School, user: Account) -> Refusal | None:
    """Why `user` may not give a school its first password back; None means they may."""
    seen = School.visible_to(user, LET_IN).where(School.id == school.id)
    if not db.session.scalar(select(seen.exists())):
        return Refusal("not_permitted", permission=LET_IN)
    return refusal_of_state(school, user)


def refusal_of_state(school: School, user: Account) -> Refusal | None:
    """The same for a school that is known to be among the user's; no query."""
    if school.account_id is None:
        return Refusal("no_account")
    if school.account_id == user.id:
        return Refusal("own_password")
    if school.activated_at is None:
        return Refusal("not_activated")
    return None


def reset(school: School, by: Account) -> None:
    """Give a school its first password back: whoever is signed in as it is signed out; the caller commits.

    E-mail addresses that the account was given go too, since whoever had taken it over could come back by them.
    Raises Refused: not_permitted, no_account, own_password, not_activated.
    """
    # In the order in which a sign-in takes them, so that neither waits for the other: the account, then the school.
    account = db.session.get(Account, school.account_id, with_for_update={"of": Account}) if school.account_id else None
    db.session.refresh(school, with_for_update={"of": School})
    reason = refusal_to_reset(school, by)
    if reason is not None or account is None:
        raise Refused(reason or Refusal("no_account"))
    account.password, account.password_changed_at, account.must_change_password = None, now(), False
    account.email = account.username = synthetic_address(school.code)
    db.session.execute(delete(Identity).where(Identity.user_id == account.id, Identity.type == "email"))
    db.session.execute(delete(ActivationCode).where(ActivationCode.school_id == school.id))
    end_sessions(account.id)
    kill_links(account.id)
    school.activated_at = None
    audit.note("school_sign_in.reset", school)
    tell_schools([school], RESET, school, **_named(school), **_committee_of(school))
    db.session.flush()
