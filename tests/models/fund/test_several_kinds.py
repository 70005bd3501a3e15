"""Somebody with several kinds sees, per permission, the union over the kinds that hold it, and nothing besides."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import pytest
from sqlalchemy import select

from models.core.db import db
from models.core.grants import grant
from models.core.identity import Account
from models.core.matrix import set_cells
from models.fund.codes import COMMITTEE, MANAGER, ORGANIZATION_MANAGER, PROJECT_MANAGER, STAFF, SUPER_USER, State
from models.fund.organization import Organization
from models.fund.proposal import Proposal
from models.fund.session import EvaluationSession
from tests.factories.fund import Cast, make_member, make_organization, make_proposal, make_session, put_on

KINDS = (PROJECT_MANAGER, ORGANIZATION_MANAGER, STAFF, COMMITTEE)
SUBSETS = tuple(chain.from_iterable(combinations(KINDS, size) for size in range(len(KINDS) + 1)))
SCOPED = (
    (Proposal, "proposal.view"),
    (Organization, "organization.view"),
    (EvaluationSession, "session.view"),
)


@pytest.fixture
def everything(session) -> Account:
    """One who drafts, manages, works for the fund and sits on a session, among proposals of others."""
    ours, theirs = make_organization(), make_organization()
    person = make_member(ours, MANAGER)
    colleague = make_member(ours)
    stranger = make_member(theirs)
    grant(person.id, STAFF)
    grant(person.id, COMMITTEE)
    for state in (State.DRAFT, State.SCREENING):
        make_proposal(state, author=person, organization=ours)
        make_proposal(state, author=colleague, organization=ours)
        make_proposal(state, author=stranger, organization=theirs)
    cast = Cast(secretary=person)
    sat_on = make_proposal(State.WAIT_GROUP, author=stranger, organization=theirs)
    put_on(sat_on, cast, make_session(cast=cast))
    make_session()
    session.commit()
    person.forget_grants()
    return person


def seen(user: Account, model: Any, permission: str, kinds: tuple[str, ...]) -> frozenset[int]:
    """What the user sees while only these kinds hold the permission."""
    set_cells({(permission, kind): kind in kinds for kind in (*KINDS, SUPER_USER, "unregistered")})
    rows = model.visible_to(user, permission).with_only_columns(model.id)
    return frozenset(db.session.scalars(rows))


@pytest.mark.parametrize(("model", "permission"), SCOPED)
def test_what_is_seen_is_the_union_over_the_kinds_that_hold_the_permission(everything, model, permission):
    by_kind = {kind: seen(everything, model, permission, (kind,)) for kind in KINDS}
    all_rows = frozenset(db.session.scalars(select(model.id)))

    assert any(by_kind.values())
    assert len(set(by_kind.values())) > 1  # The kinds do differ in what they reach.
    for kinds in SUBSETS:
        expected = frozenset().union(*(by_kind[kind] for kind in kinds))
        assert seen(everything, model, permission, kinds) == expected <= all_rows, kinds


def test_each_kind_reaches_what_the_manual_says(everything):
    def states(kind: str) -> list[tuple[str, bool, bool]]:
        ids = seen(everything, Proposal, "proposal.view", (kind,))
        ours = everything.id
        rows = db.session.scalars(select(Proposal).where(Proposal.id.in_(ids))).all()
        home = next(
            row.organization_id for row in db.session.scalars(select(Proposal).where(Proposal.author_id == ours))
        )
        return sorted((row.state, row.author_id == ours, row.organization_id == home) for row in rows)

    assert states(PROJECT_MANAGER) == [("draft", True, True), ("screening", True, True)]
    assert states(ORGANIZATION_MANAGER) == [
        ("draft", False, True),
        ("draft", True, True),
        ("screening", False, True),
        ("screening", True, True),
    ]
    # Their own draft is no other's; those of colleagues and strangers are.
    assert ("draft", False, True) not in states(STAFF)
    assert ("draft", False, False) not in states(STAFF)
    assert [state for state, *_rest in states(COMMITTEE)] == ["agenda_group"]


def test_no_kind_bypasses_the_matrix(session, everything):
    grant(everything.id, SUPER_USER)
    everything.forget_grants()

    for model, permission in SCOPED:
        assert seen(everything, model, permission, ()) == frozenset()
