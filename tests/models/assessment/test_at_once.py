"""Two of the national office at once: one wins, the other is told, and nothing is stored twice or by halves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.assessment.branch_deeds import FIELD, add_branch, rename_group
from models.assessment.catalogue import Branch, Line
from models.assessment.codes import NATIONAL, RoundState
from models.assessment.importing import Given, stamp_of, store_file
from models.assessment.reference.catalogue import COLUMNS
from models.assessment.round import Round, Unlock
from models.assessment.school import School
from models.assessment.unlocking import unlock
from models.core.clock import now
from models.core.db import db
from models.core.identity import Account
from tests.at_once import at_once
from tests.factories.assessment import make_round, make_school
from tests.factories.core import make_account

PVC = "pvc2562"
NEW = {"branch_code": "2010199", "branch": "รถราง", "field_code": "20101"}


@pytest.fixture
def offices(own_database: Flask) -> list[int]:
    """Two people of the national office."""
    with own_database.app_context():
        people = [make_account(NATIONAL).id for _ in range(2)]
        db.session.commit()
    return people


def by_each(offices: list[int], deed: Callable[[Account, int], Any]) -> list[Callable[[], Any]]:
    """The deed by each of them, who is told its place among them."""
    return [lambda n=n, pk=pk: deed(db.session.get_one(Account, pk), n) for n, pk in enumerate(offices)]


def test_of_two_rounds_that_are_opened_at_once_one_is_open(own_database, offices):
    with own_database.app_context():
        rounds = [make_round(RoundState.PREPARED, year=year).id for year in (2568, 2569)]
        db.session.commit()

    def open_one(by: Account, n: int) -> None:
        this = db.session.get_one(Round, rounds[n])
        this.perform("open", by, this.version)

    assert sorted(at_once(own_database, by_each(offices, open_one))) == ["another_round_is_open", "done"]
    with own_database.app_context():
        assert db.session.scalar(select(func.count()).where(Round.state == RoundState.OPEN)) == 1


def test_of_two_files_that_are_stored_at_once_one_is_and_the_other_is_looked_at_anew(own_database, offices):
    with own_database.app_context():
        rows = db.session.scalars(select(Branch).where(Branch.curriculum == PVC).order_by(Branch.position))
        lines = [Line(n, *(getattr(one, column) for column in COLUMNS)) for n, one in enumerate(rows, 2)]
        stamp = stamp_of(PVC)

    def store(by: Account, n: int) -> None:
        given = Given(tuple(lines[n + 1 :]), ())
        store_file(by, PVC, given, stamp=stamp, name="x.xlsx")

    outcomes = at_once(own_database, by_each(offices, store))

    assert sorted(outcomes) == ["catalogue_changed", "done"]
    with own_database.app_context():
        retired = db.session.scalar(select(func.count()).where(Branch.is_retired))
        assert retired == outcomes.index("done") + 1


def test_a_branch_that_two_add_at_once_is_there_once(own_database, offices):
    outcomes = at_once(own_database, by_each(offices, lambda by, _n: add_branch(by, PVC, NEW)))

    assert sorted(outcomes) == ["done", "wrong"]
    with own_database.app_context():
        positions = list(db.session.scalars(select(Branch.position).where(Branch.curriculum == PVC)))
        assert len(positions) == len(set(positions)) == 130


def test_of_two_who_rename_a_field_at_once_the_later_one_is_told(own_database, offices):
    def rename(by: Account, n: int) -> None:
        # Read before one's turn comes, as a page does.
        list(db.session.scalars(select(Branch).where(Branch.curriculum == PVC)))
        rename_group(by, PVC, FIELD, "20101", was="ช่างยนต์", name=f"ช่างยนต์ {n}")

    outcomes = at_once(own_database, by_each(offices, rename))

    assert sorted(outcomes) == ["done", "renamed_meanwhile"]
    with own_database.app_context():
        names = set(
            db.session.scalars(select(Branch.field).where(Branch.field_code == "20101", Branch.curriculum == PVC))
        )
        assert names == {f"ช่างยนต์ {outcomes.index('done')}"}


def test_a_school_that_two_let_in_at_once_has_one_leave(own_database, offices):
    with own_database.app_context():
        this = make_round(RoundState.LOCKED, closes_at=now() - timedelta(days=1)).id
        school = make_school().id
        db.session.commit()

    def let_in(by: Account, n: int) -> None:
        until = now() + timedelta(days=n + 1)
        unlock(by, db.session.get_one(Round, this), db.session.get_one(School, school), until=until, reason="ตกหล่น")

    assert at_once(own_database, by_each(offices, let_in)) == ["done", "done"]
    with own_database.app_context():
        assert db.session.scalar(select(func.count()).where(Unlock.until > now())) == 1
        assert db.session.scalar(select(func.count(Unlock.id))) == 2
