"""Changing the matrix: what is refused, what it does to people, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.core import audit
from models.core.db import StaleVersion
from models.core.grants import grant, held_by, is_of
from models.core.identity import Account
from models.core.kinds import KINDS, kinds_of_domain
from models.core.matrix import MatrixVersion, allows, changing, current_matrix, reference
from models.core.matrix.changing import EDIT, change, lock_of, real, refusal_to_change, to_before, to_reference
from models.core.matrix.effects import effects_of
from models.core.workflow import Refused
from tests.factories.core import make_account
from tests.factories.fund import make_manager, make_organization

DECIDE = ("proposal.decide", "staff")


@pytest.fixture
def chief(session):
    account = make_account("super_user")
    session.commit()
    return account


def make(changes, by, reason="ตามมติที่ประชุม"):
    return change("fund", changes, reason, by=by, version=changing.version_now())


def code_of(changes, by, **more):
    with pytest.raises(Refused) as refused:
        make(changes, by, **more)
    return refused.value.refusal.code


def test_a_change_holds_and_is_one_entry_with_its_reason_and_from_what_to_what(session, chief):
    clerk = make_account("staff")
    assert allows(clerk, "proposal.decide")

    made = make({DECIDE: False, ("proposal.edit", "staff"): True}, chief)
    session.commit()

    assert not allows(clerk, "proposal.decide")
    assert allows(clerk, "proposal.edit")
    (entry,) = audit.history_of(made)
    assert entry.action == "permission.change"
    assert entry.payload["notes"][0]["reason"] == "ตามมติที่ประชุม"
    told = {tuple(row["fields"]["permission"]) for row in entry.payload["changes"]}
    assert told == {("proposal.decide", None), (None, "proposal.edit")}


def test_who_may_not_edit_the_permissions_changes_none(session):
    assert code_of({DECIDE: False}, make_account("staff")) == "not_permitted"


@pytest.mark.parametrize("reason", ["", "  \u200b "])
def test_a_change_needs_a_reason(session, chief, reason):
    assert code_of({DECIDE: False}, chief, reason=reason) == "matrix_reason_needed"
    assert current_matrix()["proposal.decide"] == {"staff"}


def test_a_reason_has_its_length(session, chief):
    assert code_of({DECIDE: False}, chief, reason="ก" * 501) == "matrix_reason_too_long"
    assert make({DECIDE: False}, chief, reason="ก" * 500).reason == "ก" * 500


def test_the_right_to_edit_stays_with_the_super_users(session, chief):
    assert code_of({(EDIT, "super_user"): False}, chief) == "matrix_last_super_user"
    assert code_of({(EDIT, "super_user"): False, (EDIT, "staff"): True}, chief) == "matrix_last_super_user"
    make({(EDIT, "staff"): True}, chief)
    make({(EDIT, "staff"): False}, chief)


def test_a_change_after_which_nobody_could_edit_is_refused(session, chief):
    clerk = make_account("staff")
    make({(EDIT, "staff"): True}, chief)
    chief.active = False
    session.flush()

    assert code_of({(EDIT, "staff"): False}, clerk) == "matrix_nobody_left"

    chief.active = True
    session.flush()
    make({(EDIT, "staff"): False}, clerk)


def test_visitors_get_no_more_than_the_manual_opens_to_them(session, chief):
    assert code_of({("proposal.view", "unregistered"): True}, chief) == "matrix_not_for_visitors"
    make({("statistics.view", "unregistered"): False}, chief)
    make({("statistics.view", "unregistered"): True}, chief)


def test_what_is_ticked_already_and_cells_of_no_matrix_are_no_change(session, chief):
    assert code_of({DECIDE: True, ("proposal.fly", "staff"): True, ("proposal.view", "pilot"): True}, chief) == (
        "matrix_no_change"
    )


def test_of_two_who_change_at_once_the_second_is_told_and_nothing_of_theirs_is_lost(session, chief):
    version = changing.version_now()
    first = make({DECIDE: False}, chief)

    with pytest.raises(StaleVersion):
        change("fund", {("proposal.edit", "staff"): True}, "อีกเรื่อง", by=chief, version=version)

    assert changing.changes_since("fund", version) == [first]
    assert changing.changes_since("fund", first.version) == []


def test_the_matrix_goes_back_to_the_manuals_whole_or_by_the_row(session, chief):
    make({DECIDE: False, ("proposal.edit", "staff"): True}, chief)

    assert to_reference("fund", "proposal.edit") == {("proposal.edit", "staff"): False}
    make(to_reference("fund"), chief)

    assert all(current_matrix().get(code, frozenset()) == row.kinds for code, row in reference("fund").items())


def test_cells_go_back_to_what_they_were_before_a_change_and_later_changes_stay(session, chief):
    earlier = make({DECIDE: False, ("proposal.edit", "staff"): True}, chief)
    make({("session.view", "committee"): False}, chief)
    make({("proposal.edit", "staff"): False}, chief)

    assert to_before(earlier) == {DECIDE: True}


def test_who_holds_a_permission_by_another_kind_loses_nothing(session, chief):
    clerk, both = make_account("staff"), make_account("staff")
    grant(both.id, "committee")
    make_account("staff").active = False
    session.flush()

    effects = effects_of(real({("proposal.view", "staff"): False}))

    (effect,) = effects.each
    assert effect.lose.first == (clerk,)
    assert (effect.lose.count, effects.concerned) == (1, 1)
    assert effect.gain.count == 0


def test_who_gains_is_told_also_of_kinds_that_follow_from_memberships(session, chief):
    manager = make_manager(make_organization("มูลนิธิแสงเทียน"))

    (effect,) = effects_of(real({("organization.delete", "organization_manager"): True})).each

    assert effect.gain.first == (manager,)


def test_names_are_capped_and_the_rest_counted(session, chief):
    for _ in range(23):
        make_account("staff")

    (effect,) = effects_of(real({DECIDE: False})).each

    assert (len(effect.lose.first), effect.lose.count, effect.lose.unnamed) == (20, 23, 3)


def test_visitors_are_told_apart_from_accounts(session, chief):
    (effect,) = effects_of(real({("statistics.view", "unregistered"): False})).each

    assert effect.visitors is False
    assert effect.lose.count == 0


def test_the_condition_for_many_says_of_each_what_the_account_itself_says(session):
    people = [make_account(kind) for kind in ("staff", "committee", "super_user", "project_manager", None)]
    people.append(make_manager(make_organization("องค์กรหนึ่ง")))
    for kind in KINDS:
        found = {row.id for row in session.query(Account).filter(is_of(Account.id, {kind}))}
        assert found >= {person.id for person in people if kind in {held.kind for held in held_by(person.id)}}
        assert found.isdisjoint(
            person.id for person in people if kind not in {held.kind for held in held_by(person.id)}
        )


CELLS = st.sampled_from([(code, kind.code) for code in reference("fund") for kind in kinds_of_domain("fund")])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(CELLS, st.booleans(), min_size=1, max_size=12))
def test_whatever_is_changed_somebody_may_still_edit_and_the_way_back_leads_back(session, changes):
    point = session.begin_nested()
    chief = make_account("super_user")
    before = changing.cells_of("fund")
    wanted = real(changes)

    if refusal_to_change(wanted) is None:
        made = make(wanted, chief)
        assert allows(chief, EDIT)
        assert all((cell in changing.cells_of("fund")) == held for cell, held in wanted.items())
        make(to_before(made), chief)
        assert changing.cells_of("fund") == before
    else:
        locked = any((lock := lock_of(*cell)) and lock.held == held for cell, held in wanted.items())
        assert locked or not wanted
    point.rollback()
    session.expire_all()
    assert session.get(MatrixVersion, 1) is not None
