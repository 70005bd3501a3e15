"""Two presses or two people in the same moment, on real connections: one wins, nothing is doubled or lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from models.core.db import db
from models.fund.codes import State
from models.fund.proposal import Proposal
from tests.factories.fund import complete_content
from tests.views.fund.wizard_pages import draft_of, member, open_part, post_part


@pytest.fixture
def app_with_people(own_database, sign_in):
    with own_database.app_context():
        manager = member("manager")
        proposals = [draft_of(manager, content=complete_content()) for _each in range(2)]
        known = [(proposal.id, proposal.version) for proposal in proposals]
    return own_database, manager, known


def at_once(app, jobs):
    """Run the jobs from as many threads, started together; their answers."""
    start = Barrier(len(jobs))

    def run(job):
        start.wait(10)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_two_presses_of_submit_at_once_give_one_number(app_with_people, sign_in):
    app, manager, ((first, version), (second, other_version)) = app_with_people
    browsers = [sign_in(app.test_client(), manager) for _each in range(3)]

    def press(browser, pk, seen):
        return lambda: browser.post(f"/wizard/{pk}/move/submit", data={"version": seen}).status_code

    answers = at_once(
        app,
        [
            press(browsers[0], first, version),
            press(browsers[1], first, version),
            press(browsers[2], second, other_version),
        ],
    )

    assert answers == [302, 302, 302]
    with app.app_context():
        rows = db.session.execute(sa.select(Proposal.state, Proposal.revision_number, Proposal.sequence)).all()
        assert [row.state for row in rows] == [State.SCREENING] * 2
        assert [row.revision_number for row in rows] == [1, 1]
        assert abs(rows[0].sequence - rows[1].sequence) == 1


def test_two_presses_of_create_at_once_make_one_draft(app_with_people, sign_in):
    app, manager, _known = app_with_people
    browsers = [sign_in(app.test_client(), manager) for _each in range(2)]

    answers = at_once(app, [lambda browser=browser: browser.post("/wizard/new").location for browser in browsers])

    assert len(set(answers)) == 1
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Proposal)) == 3


def test_of_two_saves_of_one_part_at_once_one_is_told(app_with_people, sign_in):
    app, manager, ((pk, _version), _other) = app_with_people
    browsers = [sign_in(app.test_client(), manager) for _each in range(2)]

    class Draft:
        id = pk

    fields = [open_part(browser, Draft, "2.2") for browser in browsers]

    def save(number):
        typed = {**fields[number], "rationale": f"เหตุผลที่ {number}"}
        return lambda: post_part(browsers[number], Draft, "2.2", typed).status_code

    answers = at_once(app, [save(0), save(1)])

    assert sorted(answers) == [303, 409]
    with app.app_context():
        saved = db.session.get(Proposal, pk).current_revision.rationale
        assert saved == f"เหตุผลที่ {answers.index(303)}"
