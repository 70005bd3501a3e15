"""What opening a round needs is named before somebody presses the button."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from models.assessment.catalogue import Branch
from models.assessment.codes import RoundState
from models.assessment.readiness import ALONE, CATALOGUE, COMMITTEES, CONTACTS, DATES, SCHOOLS, needs_of
from models.core.clock import now
from tests.factories.assessment import make_committee, make_round, make_school


@pytest.fixture
def this(session):
    """A round that is prepared."""
    return make_round(RoundState.PREPARED)


def unmet(this):
    return {need.code: need.values for need in needs_of(this) if not need.is_met}


def test_with_catalogue_schools_and_committees_nothing_is_missing(this):
    make_school(make_committee(email="a@sala.example"), email="b@sala.example")

    assert unmet(this) == {}


def test_what_is_missing_is_named_with_how_much_of_it(this, session):
    make_school()
    make_school(email="b@sala.example")
    session.execute(update(Branch).where(Branch.curriculum == "pvs2557").values(is_retired=True))

    assert unmet(this) == {
        CATALOGUE: {"branches": 360, "empty": ("pvs2557",)},
        COMMITTEES: {"without": 2},
        CONTACTS: {"without": 1},
    }


def test_without_schools_there_is_nobody_to_open_for(this):
    assert SCHOOLS in unmet(this)


def test_what_forbids_opening_is_told_from_what_is_only_better(this):
    make_round(RoundState.OPEN, year=2568)
    this.opens_at, this.closes_at = now() - timedelta(days=2), now() - timedelta(days=1)

    needs = {need.code: need for need in needs_of(this)}

    assert {code for code, need in needs.items() if need.is_must} == {DATES, ALONE}
    assert not needs[DATES].is_met
    assert (needs[ALONE].is_met, needs[ALONE].values) == (False, {"year": 2568, "number": 1})
