"""Everything the log is for is in it, by going through the pages (spec: fund.md 11)."""

from __future__ import annotations

import pytest

from models.core import access_log
from models.core.audit import AuditEntry
from models.core.matrix import changing
from models.fund.codes import State
from tests.conftest import PASSWORD
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_member, make_organization, make_proposal, make_session, put_on


@pytest.fixture
def written(session):
    """The entries that somebody wrote since: (action, record, actor, address)."""

    def since(before):
        session.expire_all()
        rows = session.query(AuditEntry).filter(AuditEntry.seq > before).order_by(AuditEntry.seq)
        return [(row.action, row.entity, row.actor_id, row.address) for row in rows]

    return since


def last(session):
    session.commit()
    return session.query(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1).scalar() or 0


def test_sign_ins_good_and_bad_and_sign_outs(client, session, written):
    person = make_account("staff", email="somchai@sala.example", password=PASSWORD)
    before = last(session)

    client.post("/sign/in", data={"email": person.email, "password": "ไม่ใช่รหัสนี้แน่"})
    client.post("/sign/in", data={"email": "nobody@sala.example", "password": PASSWORD})
    client.post("/sign/in", data={"email": person.email, "password": PASSWORD})
    client.post("/sign/out")

    assert written(before) == [
        ("sign_in_failed", "ab_user", None, "127.0.0.1"),
        ("sign_in_failed", "", None, "127.0.0.1"),
        ("sign_in", "ab_user", person.id, "127.0.0.1"),
        ("sign_out", "ab_user", person.id, "127.0.0.1"),
    ]


def test_views_of_personal_data_by_others_than_those_they_are_of(client, session, sign_in, written):
    cast = Cast()
    organization = make_organization("มูลนิธิแสงเทียน")
    author = make_member(organization)
    proposal = make_proposal(State.SCREENING, author=author, organization=organization, cast=cast)
    before = last(session)
    sign_in(client, cast.staff)

    for path, entity in (
        (f"/users/{author.id}", "account.view"),
        (f"/users/{author.id}/edit", "account.view"),
        (f"/proposals/{proposal.id}", "fund_proposal.view"),
        (f"/screening/{proposal.id}", "fund_proposal.view"),
        (f"/organizations/{organization.id}", "fund_organization.view"),
    ):
        assert client.get(path).status_code == 200, path
        entries = [entry for entry in written(before) if entry[2] == cast.staff.id]
        assert entries[-1][0] == entity, path
        assert access_log.group_of(entries[-1][0]) == access_log.VIEW
    assert len([entry for entry in written(before) if entry[2] == cast.staff.id]) == 5

    before = last(session)
    sign_in(client, author)
    for path in (f"/proposals/{proposal.id}", f"/organizations/{organization.id}"):
        assert client.get(path).status_code == 200
    assert written(before) == []


def test_changes_permission_changes_exports_and_prints(client, session, sign_in, written):
    cast = Cast()
    proposal = make_proposal(State.WAIT_GROUP, cast=cast)
    put_on(proposal, cast, make_session(cast=cast))
    chief = make_account("super_user")
    before = last(session)
    sign_in(client, chief)

    client.post(f"/users/{cast.secretary.id}/status", data={"status": "closed"})
    change = {"version": changing.version_now(), "step": "save", "reason": "ทดลอง", "take": "session.view:staff"}
    client.post("/permissions/matrix/fund", data=change)
    for path in ("/access-log/export.csv", "/permissions/export/fund.csv", f"/papers/proposal/{proposal.id}.pdf"):
        with client.get(path) as answer:
            answer.get_data()

    groups = [access_log.group_of(action) for action, *_rest in written(before)]
    assert groups == ["change", "permission", "export", "export", "export"]
    assert {entry[2] for entry in written(before)} == {chief.id}
