"""The tree of a curriculum: every total is the sum of its parts, and only what is ticked and right counts."""

import pytest
from sqlalchemy import select

from forms.assessment.branches import rows_of
from models.assessment.catalogue import Branch
from models.assessment.counts import Typed
from models.assessment.reference.catalogue import CURRICULA
from models.core.db import db
from tests.factories.assessment import make_branches
from views.assessment.branches import tree_of

PVC = "pvc2562"


@pytest.mark.parametrize("curriculum", CURRICULA)
@pytest.mark.parametrize("step", [1, 3, 10])
def test_totals_at_every_level_are_the_sums_of_their_parts(session, curriculum, step):
    branches = list(db.session.scalars(select(Branch.id).where(Branch.curriculum == curriculum)))
    counts = {branch: 1 + place % 97 for place, branch in enumerate(branches[::step])}

    tree = tree_of(curriculum, rows_of(counts))

    assert tree.students == sum(counts.values()) == sum(one.students for one in tree.programmes)
    assert tree.chosen == len(counts) == sum(one.chosen for one in tree.programmes)
    assert [row.id for row in tree.rows if row.students] == [branch for branch in branches if branch in counts]
    for programme in tree.programmes:
        assert programme.students == sum(field.students for field in programme.fields)
        for field in programme.fields:
            assert field.students == sum(counts.get(row.id, 0) for row in field.rows)


def test_what_is_wrong_counts_nowhere_and_is_told_only_where_it_is_asked(session):
    right, no_number, no_tick, too_many = (one.id for one in make_branches(4, PVC))
    rows = {
        right: Typed(True, "25"),
        no_number: Typed(True, ""),
        no_tick: Typed(False, "30"),
        too_many: Typed(True, "10000"),
    }

    tree, checked = tree_of(PVC, rows), tree_of(PVC, rows, check=True)

    assert (tree.students, tree.chosen, tree.wrong) == (25, 3, [])
    wrong = {no_number: "no_number", no_tick: "no_tick", too_many: "out_of_range"}
    assert {row.id: row.wrong for row in checked.wrong} == wrong


def test_a_retired_branch_shows_where_it_is_typed_and_may_stay_but_not_come(session):
    stays, comes, gone = make_branches(3, PVC)
    for one in (stays, comes, gone):
        one.is_retired = True
    db.session.flush()
    rows = {stays.id: Typed(True, "5"), comes.id: Typed(True, "6")}

    tree = tree_of(PVC, rows, read=[stays.id], check=True)

    shown = {row.id for row in tree.rows}
    assert {stays.id, comes.id} <= shown
    assert gone.id not in shown
    assert {row.id: row.wrong for row in tree.wrong} == {comes.id: "retired"}


def test_programme_types_that_say_anything_are_open_and_all_are_where_nothing_is_said(session):
    one = make_branches(1, PVC, programme="998")[0]

    empty, begun = tree_of(PVC, {}), tree_of(PVC, {}, last={one.id: 7})

    assert all(programme.is_open for programme in empty.programmes)
    assert [programme.code for programme in begun.programmes if programme.is_open] == ["998"]
