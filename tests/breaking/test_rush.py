"""The last hour before a deadline, small: many save and submit at the same moment (bench/rush.py does it with 200)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from models.core import audit
from models.core.db import db
from models.core.outbox import Notification
from models.fund.codes import State
from models.fund.proposal import Proposal
from tests.conftest import make_app
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_manager, make_proposal
from tests.views.fund.wizard_pages import fields_of

APPLICANTS = 16


def test_whoever_saves_and_submits_at_once_keeps_the_save_and_gets_a_number_of_their_own(
    own_database, tmp_path, sign_in
):
    app = own_database
    # As of two worker processes: each has its own connections, fewer than there are applicants.
    workers = (app, make_app(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path))
    with app.app_context():
        cast = Cast()
        staff = make_account("staff").id
        people = [make_manager() for _n in range(APPLICANTS)]
        proposals = [make_proposal(author=person, cast=cast).id for person in people]
        people = [SimpleNamespace(id=person.id) for person in people]
        db.session.commit()
    clients = [sign_in(workers[n % 2].test_client(), person) for n, person in enumerate(people)]
    together = threading.Barrier(APPLICANTS)

    def hour(n: int) -> tuple[int, list[int]]:
        client, pk = clients[n], proposals[n]
        together.wait(60)
        fields = fields_of(client.get(f"/wizard/{pk}/2.1").text)
        saved = client.post(f"/wizard/{pk}/2.1", data={**fields, "title": f"โครงการของคนที่ {n}", "go": "save"})
        with app.app_context():
            version = db.session.get(Proposal, pk).version
        together.wait(60)
        move = f"/wizard/{pk}/move/submit"
        return saved.status_code, [client.post(move, data={"version": version}).status_code for _press in range(2)]

    with ThreadPoolExecutor(APPLICANTS) as pool:
        answers = list(pool.map(hour, range(APPLICANTS)))

    assert answers == [(303, [302, 302])] * APPLICANTS
    with app.app_context():
        rows = [db.session.get(Proposal, pk) for pk in proposals]
        assert [row.submitted_revision.title for row in rows] == [f"โครงการของคนที่ {n}" for n in range(APPLICANTS)]
        assert {row.state for row in rows} == {State.SCREENING}
        assert sorted(row.sequence for row in rows) == list(range(1, APPLICANTS + 1))
        told = db.session.query(Notification).filter_by(user_id=staff, event="proposal_submitted").count()
        assert told == APPLICANTS
        assert audit.verify() is None
    with workers[1].app_context():
        db.session.remove()
        db.engine.dispose()
