"""Builds the fund's demo: the small one by the moves, millions more by rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import update

from models.core import audit
from models.core.clock import frozen_at, today
from models.core.db import db, now
from models.core.outbox import SENT, Message, Notification
from models.core.password import hash_password
from models.core.thai.dates import day_bounds, fiscal_year, fiscal_year_range
from models.fund.codes import PROJECT_MANAGER
from models.fund.conflicts import set_affiliations
from models.fund.scoring import ensure_reference
from views.core.cli import DemoAccount, DemoOptions
from views.fund.demo import bulk
from views.fund.demo.diary import Diary
from views.fund.demo.meetings import Meetings
from views.fund.demo.organizations import House, make_houses
from views.fund.demo.people import COMMITTEE_PEOPLE, DOMAIN, People, Staff, applicants_shown, make_staff
from views.fund.demo.story import Story

SMALL = 105  # proposals that are sent; with the drafts some 120
SEED = 2569
YEARS = 3
# Lines under the bell older than this are read, mails gone out.
READ_AFTER, SENT_AFTER = timedelta(days=8), timedelta(hours=20)


def build(options: DemoOptions) -> Iterable[DemoAccount]:
    """Fill the fund; the accounts to try it with. Commits as it goes, each deed at its own moment."""
    random = Random(SEED)  # noqa: S311 - the same demo every time, no secret
    first = fiscal_year_range(fiscal_year(today()) - YEARS + 1)[0]
    with frozen_at(day_bounds(first)[0] + timedelta(hours=9)):
        ensure_reference()
        people = People(random, hash_password(options.password))
        staff = make_staff(people)
        houses = make_houses(random, people)
        _affiliate(staff, houses)
        db.session.commit()
    with _unsynced():
        _live(random, staff, houses, first)
    newcomer = people.account(PROJECT_MANAGER, f"newcomer@{DOMAIN}", ("นาย", "เอกชัย", "สุขเกษม"), has_profile=False)
    _quieten()
    db.session.commit()
    if options.proposals > SMALL:
        bulk.fill(options.proposals - SMALL, before=first)
    return [*applicants_shown(houses[0].authors[0], houses[0].manager, newcomer), *staff.shown]


@contextmanager
def _unsynced() -> Iterator[None]:
    """Let SQLite not wait for the disk at each of a thousand commits: what a crash spoils is made anew."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    if is_sqlite:
        _set_synchronous("OFF")
    yield
    if is_sqlite:
        db.session.commit()
        _set_synchronous("FULL")


def _set_synchronous(level: str) -> None:
    # On the driver's own connection: within a transaction it would not be taken.
    with db.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"PRAGMA synchronous={level}")


def _affiliate(staff: Staff, houses: list[House]) -> None:
    """Where the committee belongs; two of them have to do with organizations that apply."""
    everybody = [staff.chair, *staff.committee]
    for member, (*_names, place) in zip(everybody, COMMITTEE_PEOPLE, strict=True):
        rows: list[tuple[int | None, str]] = [(None, place)]
        if member in everybody[3:5]:
            rows.append((houses[everybody.index(member) * 4].organization.id, ""))
        set_affiliations(member, rows, staff.officers[0])
    # A citizen ID among the directors of the organization of the accounts to try.
    profile = staff.committee[-1].profile
    if profile is not None:
        houses[0].organization.directors[0].citizen_id = profile.citizen_id or ""


def _live(random: Random, staff: Staff, houses: list[House], first: date) -> None:
    days = (today() - first).days
    diary = Diary(random)
    story = Story(random, diary, staff, houses)
    story.plan(SMALL, days)
    Meetings(random, story, staff).plan(days)
    diary.run()


def _quieten() -> None:
    """What people were told long ago they have read, and its mail has gone out."""
    moment = now()
    db.session.execute(
        update(Notification)
        .where(Notification.told_at < moment - READ_AFTER)
        .values(read_at=Notification.told_at)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Message)
        .where(Message.made_at < moment - SENT_AFTER)
        .values(state=SENT, sent_at=Message.made_at, attempts=1)
        .execution_options(synchronize_session=False)
    )
    audit.act_as(None)
