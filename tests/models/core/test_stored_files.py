"""Where a stored file stands, which row names it; and work that was given up, done again."""

from __future__ import annotations

import pytest

from models.core import job
from models.core.clock import later, now
from models.core.file import ATTACHED, ORPHANED, STAGED, STAGING_LASTS, NamedBy, StoredFile, named_by, standing_is
from models.core.workflow import Refused
from tests.factories.core import make_account
from tests.factories.fund import make_file


def test_a_file_is_staged_then_attached_or_left_over_alike_in_python_and_in_the_database(session):
    author = make_account()
    staged, attached, left = (make_file(author) for _n in range(3))
    attached.attach()
    left.uploaded_at = now() - STAGING_LASTS * 2
    session.flush()

    found = {
        standing: {row.id for row in session.query(StoredFile).filter(standing_is(standing))}
        for standing in (STAGED, ATTACHED, ORPHANED)
    }

    assert [file.standing for file in (staged, attached, left)] == [STAGED, ATTACHED, ORPHANED]
    assert found == {STAGED: {staged.id}, ATTACHED: {attached.id}, ORPHANED: {left.id}}


def test_the_row_that_names_a_file_is_found_in_whichever_table_it_stands(session, count_queries):
    author = make_account()
    card, made, alone = (make_file(author) for _n in range(3))
    author.profile.card_file_id = card.id
    done = job.enqueue("render")
    job.finish(done, made.id)
    session.flush()
    count_queries.clear()

    found = named_by([card.id, made.id, alone.id])

    assert found == {card.id: NamedBy("core_profile", str(author.id)), made.id: NamedBy("core_job", str(done.id))}
    assert len(count_queries) == 1
    assert named_by([]) == {}


def test_work_that_was_given_up_is_due_at_once_and_only_that(session):
    row = job.enqueue("render")
    for _n in range(job.MOST_ATTEMPTS):
        row.state, row.due_at = job.WAITING, later(minutes=-1)
        session.flush()
        job.fail(job.lease_job(), "OSError")
    session.flush()
    assert row.state == job.FAILED

    job.retry(row)

    assert (row.state, row.attempts, row.ended_at) == (job.WAITING, 0, None)
    assert job.lease_job().id == row.id
    with pytest.raises(Refused):
        job.retry(row)
