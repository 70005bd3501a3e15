"""Who is what, and what that opens."""

from datetime import timedelta

import pytest

from models.core import matrix
from models.core.clock import now
from models.core.grants import Grant, grant
from models.core.identity import Visitor
from tests.factories.core import make_account

MANUAL_MARKS = {row.code: row for row in matrix.reference_rows("fund")}


def test_the_reference_matrix_is_the_manuals_28_rows_and_the_houses_own():
    rows = matrix.reference_rows("fund")

    assert sum(not row.is_house for row in rows) == 28
    assert {row.number for row in rows if row.is_house} == {f"H{n}" for n in range(1, 10)}


@pytest.mark.parametrize("code", sorted(MANUAL_MARKS))
def test_init_loads_every_row_as_the_file_has_it(session, code):
    assert matrix.current_matrix().get(code, frozenset()) == MANUAL_MARKS[code].kinds


def test_a_kind_opens_what_the_matrix_says_and_nothing_else(session):
    clerk = make_account("staff")

    assert matrix.allows(clerk, "proposal.decide")
    assert not matrix.allows(clerk, "proposal.edit")
    assert not matrix.allows(clerk, "permission.edit")


def test_a_visitor_holds_what_the_unregistered_hold(session):
    assert matrix.allows(Visitor(), "statistics.view")
    assert not matrix.allows(Visitor(), "proposal.view")


def test_a_super_user_obeys_the_matrix_like_everyone(session):
    assert not matrix.allows(make_account("super_user"), "proposal.edit")


def test_a_change_of_the_matrix_holds_at_once_and_can_be_taken_back(session):
    clerk = make_account("staff")

    matrix.set_cells({("proposal.edit", "staff"): True})
    assert matrix.allows(clerk, "proposal.edit")

    matrix.set_cells({("proposal.edit", "staff"): False})
    assert not matrix.allows(clerk, "proposal.edit")


def test_loading_the_reference_again_keeps_what_people_changed(session):
    matrix.set_cells({("proposal.decide", "staff"): False})

    matrix.ensure_matrix("fund")

    assert not matrix.allows(make_account("staff"), "proposal.decide")


def test_a_grant_counts_only_between_its_moments(session):
    person = make_account()
    session.add(Grant(user_id=person.id, kind="staff", begins_at=now() + timedelta(days=1)))
    session.add(
        Grant(
            user_id=person.id, kind="committee", begins_at=now() - timedelta(days=2), ends_at=now() - timedelta(days=1)
        )
    )
    session.add(Grant(user_id=person.id, kind="super_user", begins_at=now() - timedelta(days=2)))
    session.flush()

    assert person.kinds == {"super_user"}


def test_granting_twice_gives_one_grant(session):
    person = make_account()

    assert grant(person.id, "staff").id == grant(person.id, "staff").id


def test_somebody_with_several_kinds_holds_a_permission_by_those_that_hold_it(session):
    person = make_account("staff")
    grant(person.id, "committee")
    person.forget_grants()

    assert matrix.kinds_of(person, "proposal.view") == {"staff", "committee"}
    assert matrix.kinds_of(person, "proposal.decide") == {"staff"}
