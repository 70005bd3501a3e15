"""Schools, branches and rounds for tests."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from models.assessment.catalogue import Branch
from models.assessment.codes import Committee, RoundState
from models.assessment.round import Round
from models.assessment.school import School
from models.core.clock import now
from models.core.db import db
from tests.factories.core import make_account

_numbers = count(1)


def make_round(state: str = RoundState.OPEN, *, year: int = 2569, **fields: Any) -> Round:
    """A round that runs from last week to the next."""
    values = {"opens_at": now() - timedelta(days=7), "closes_at": now() + timedelta(days=7), **fields}
    made = Round(academic_year=year, state=state, **values)
    db.session.add(made)
    db.session.flush()
    return made


def make_school(under: School | None = None, committee: str | None = None, **fields: Any) -> School:
    """A school with an account of its own."""
    number = next(_numbers)
    values = {"name": f"วิทยาลัยเทคนิคบ้านสวน {number}", "province_code": "20", **fields}
    made = School(code=f"13200{number:05}", under=under, committee=committee, account=make_account(), **values)
    db.session.add(made)
    db.session.flush()
    return made


def make_committee(**fields: Any) -> School:
    """A school that was made the committee of its province."""
    return make_school(committee=Committee.PROVINCE, **fields)


def make_branches(how_many: int, curriculum: str = "pvc2562") -> list[Branch]:
    """Branches of one field of a curriculum."""
    made = []
    for _ in range(how_many):
        number = next(_numbers)
        one = Branch(
            curriculum=curriculum,
            programme_code="299",
            programme="อุตสาหกรรม",
            field_code="29901",
            field="ช่างทดสอบ",
            branch_code=f"299{number:06}",
            branch=f"สาขางานทดสอบ {number}",
            position=number,
        )
        one.place()
        made.append(one)
    db.session.add_all(made)
    db.session.flush()
    return made
