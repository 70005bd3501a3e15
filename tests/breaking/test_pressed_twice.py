"""The same button pressed several times at the same moment does its work once, and nobody meets an error page."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from models.core.db import db
from models.core.job import Job
from models.core.privacy.request import PrivacyRequest
from models.core.saved_list import SavedList
from models.fund.codes import COMMITTEE, State
from models.fund.session import SteppingOut
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal, put_on

TIMES = 6


@pytest.fixture
def press(own_database, sign_in):
    """Post the same from several browsers at once; the answers' statuses."""

    def do(account, path, data):
        clients = [sign_in(own_database.test_client(), account) for _n in range(TIMES)]
        together = threading.Barrier(TIMES)

        def one(client):
            together.wait(60)
            return client.post(path, data=data).status_code

        with ThreadPoolExecutor(TIMES) as pool:
            return list(pool.map(one, clients))

    return do


@pytest.mark.parametrize(
    ("path", "data", "model"),
    [
        ("/account/data/copy", {}, Job),
        ("/account/data/", {"kind": "erasure", "text": "ขอลบ"}, PrivacyRequest),
        ("/proposals/saved", {"name": "รอของฉัน", "list-status": "waiting"}, SavedList),
    ],
)
def test_one_copy_one_request_one_tab(own_database, press, path, data, model):
    with own_database.app_context():
        account = SimpleNamespace(id=make_account("staff").id)
        db.session.commit()
        before = db.session.scalar(sa.select(sa.func.count()).select_from(model))

    assert press(account, path, data) == [302] * TIMES

    with own_database.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == before + 1


def test_one_steps_out_once(own_database, press):
    with own_database.app_context():
        member = make_account(COMMITTEE)
        cast = Cast(members=[member])
        meeting = put_on(make_proposal(State.WAIT_GROUP, cast=cast), cast)
        [item] = meeting.items
        staff, path = SimpleNamespace(id=cast.staff.id), f"/sessions/{meeting.id}/step-out"
        data = {"item_id": item.id, "user_id": member.id, "note": "เคยร่วมงาน"}
        db.session.commit()

    assert press(staff, path, data) == [302] * TIMES

    with own_database.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SteppingOut)) == 1


def test_a_tab_that_no_key_can_name_is_not_found(client, session, sign_in):
    account = make_account("staff")

    answer = sign_in(client, account).post(f"/proposals/saved/{2**63}", data={"action": "remove"})

    assert answer.status_code == 404
