"""The last hour of a round, small: schools save at the same moment, two people each (bench/registry.py takes 900)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from models.assessment.codes import SCHOOL, SCOPE_SCHOOL
from models.assessment.registration import Registration, sheet_of
from models.core import audit
from models.core.db import db
from models.core.grants import grant
from tests.conftest import make_app
from tests.factories.assessment import make_branches, make_round, make_school
from tests.factories.core import make_account
from tests.views.assessment.registration_pages import PVC, URL, opened, typed

SCHOOLS = 6
BRANCHES = 8


def test_schools_that_save_at_once_lose_and_double_nothing_though_two_people_of_each_save(
    own_database, tmp_path, sign_in
):
    app = own_database
    # As of two worker processes: each has its own connections.
    workers = (app, make_app(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path))
    with app.app_context():
        this = make_round().id
        branches = [one.id for one in make_branches(BRANCHES, PVC)]
        schools = [make_school() for _n in range(SCHOOLS)]
        people = []
        for school in schools:
            second = make_account()
            grant(second.id, SCHOOL, scope_type=SCOPE_SCHOOL, scope_id=school.id)
            people += [SimpleNamespace(id=school.account_id), SimpleNamespace(id=second.id)]
        keys = [school.id for school in schools]
        db.session.commit()
    clients = [sign_in(workers[n % 2].test_client(), person) for n, person in enumerate(people)]
    together = threading.Barrier(len(people))

    def report(n: int) -> int:
        own = branches[n % 2 :: 2]
        fields = typed(opened(clients[n]), **{f"n{branch}": str(100 + n) for branch in own})
        together.wait(60)
        return clients[n].post(URL, data=fields).status_code

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(report, range(len(people))))

    assert answers == [303] * len(people)
    with app.app_context():
        for place, key in enumerate(keys):
            wanted = {branch: 100 + 2 * place + number % 2 for number, branch in enumerate(branches)}
            assert sheet_of(this, key, PVC).counts == wanted
            assert db.session.query(Registration).filter_by(school_id=key).one().students == sum(wanted.values())
        assert audit.verify() is None
    with workers[1].app_context():
        db.session.remove()
        db.engine.dispose()
