"""A session's page: who sees what, stepping out, closing, invitations, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.core.audit import AuditEntry
from models.core.db import db, now
from models.core.outbox import Message, Notification
from models.fund.codes import State
from models.fund.conflicts import declare
from tests.factories.core import make_account
from tests.factories.fund import make_session, put_on
from tests.views.fund.session_pages import cast, fresh, waiting, words_of

__all__ = ["cast"]


def test_another_committee_member_does_not_find_the_session(client, new_client, sign_in, session, cast):
    found = put_on(waiting(cast), cast)

    assert sign_in(client, cast.members[0]).get(f"/sessions/{found.id}").status_code == 200
    assert sign_in(new_client(), make_account("committee")).get(f"/sessions/{found.id}").status_code == 404
    assert sign_in(new_client(), make_account("committee")).get(f"/sessions/{found.id}/session.ics").status_code == 404


def test_who_steps_out_sees_the_place_of_the_item_and_nothing_else(client, new_client, sign_in, session, cast):
    found = make_session(cast=cast)
    secret, plain = waiting(cast, title="โครงการที่มีส่วนได้เสีย"), waiting(cast, title="โครงการอื่น")
    put_on(secret, cast, found)
    put_on(plain, cast, found)
    declare(found.agenda[0], cast.members[0], cast.members[0])

    leaver = words_of(sign_in(client, cast.members[0]).get(f"/sessions/{found.id}").text)
    other = words_of(sign_in(new_client(), cast.chair).get(f"/sessions/{found.id}").text)

    assert "คุณออกจากที่ประชุมในวาระนี้" in leaver
    assert "โครงการอื่น" in leaver
    for hidden in ("โครงการที่มีส่วนได้เสีย", secret.number, secret.organization.name):
        assert hidden not in leaver
        assert hidden in other
    assert "486,500.00" in leaver  # the total of what they may know
    assert "973,000.00" in other
    assert "973,000.00" not in leaver


def test_a_member_declares_for_themselves_only_and_staff_for_anybody(client, new_client, sign_in, session, cast):
    found = put_on(waiting(cast), cast)
    item = found.agenda[0]
    member, staff = sign_in(client, cast.members[0]), sign_in(new_client(), cast.staff)

    of_another = member.post(f"/sessions/{found.id}/step-out", data={"item_id": item.id, "user_id": cast.chair.id})
    member.post(
        f"/sessions/{found.id}/step-out", data={"item_id": item.id, "user_id": cast.members[0].id, "note": "ญาติ"}
    )
    staff.post(f"/sessions/{found.id}/step-out", data={"item_id": item.id, "user_id": cast.secretary.id})

    assert of_another.status_code == 422
    leavers = {row.user_id: row.note for row in fresh(item).stepping_out}
    assert leavers == {cast.members[0].id: "ญาติ", cast.secretary.id: ""}


def test_only_staff_take_a_stepping_out_back(client, new_client, sign_in, session, cast):
    found = put_on(waiting(cast), cast)
    item = found.agenda[0]
    declare(item, cast.members[0], cast.staff)
    data = {"item_id": item.id, "user_id": cast.members[0].id, "note": "เลือกวาระผิด"}
    staff = sign_in(new_client(), cast.staff)

    assert sign_in(client, cast.members[0]).post(f"/sessions/{found.id}/step-in", data=data).status_code == 403
    assert staff.post(f"/sessions/{found.id}/step-in", data={**data, "note": " "}).status_code == 422
    assert len(fresh(item).stepping_out) == 1
    staff.post(f"/sessions/{found.id}/step-in", data=data)
    assert fresh(item).stepping_out == []


def test_a_session_closes_when_all_is_decided_and_opens_again(client, sign_in, session, cast):
    proposal = waiting(cast, State.AGENDA_BOARD)
    found = proposal.open_item.session
    staff = sign_in(client, cast.staff)

    staff.post(f"/sessions/{found.id}/close", data={"version": found.version})
    assert fresh(found).state == "open"

    proposal.perform("approve", cast.staff, proposal.version)
    session.commit()
    staff.post(f"/sessions/{found.id}/close", data={"version": found.version})
    assert fresh(found).state == "closed"
    staff.post(f"/sessions/{found.id}/reopen", data={"version": found.version})
    assert fresh(found).state == "open"


def test_an_empty_session_is_deleted_and_one_with_items_is_not(client, sign_in, session, cast):
    empty, full = make_session(cast=cast), put_on(waiting(cast), cast)
    staff = sign_in(client, cast.staff)

    for found in (empty, full):
        staff.post(f"/sessions/{found.id}/delete", data={"version": found.version})

    assert fresh(empty).is_deleted
    assert not fresh(full).is_deleted
    assert staff.get(f"/sessions/{empty.id}").status_code == 404


def test_invitations_reach_everybody_who_sits_and_carry_the_meeting(client, new_client, sign_in, session, cast):
    found = make_session(cast=cast, name="คณะทำงาน ครั้งที่ 7/2569")
    staff = sign_in(client, cast.staff)

    staff.post(f"/sessions/{found.id}/invite", data={"version": found.version})

    told = session.query(Notification).filter_by(event="session_invitation").all()
    assert {line.user_id for line in told} == {cast.chair.id, cast.secretary.id, cast.members[0].id}
    mail = session.query(Message).filter_by(event="session_invitation").first()
    from jobs.letters import render

    written = render(mail)
    assert "คณะทำงาน ครั้งที่ 7/2569" in written.subject
    assert f"/sessions/{found.id}" in written.text
    file = sign_in(new_client(), cast.members[0]).get(f"/sessions/{found.id}/session.ics").text
    assert "BEGIN:VEVENT" in file
    assert "SEQUENCE:1" in file


def test_reading_writes_nothing(client, sign_in, session, cast):
    found = put_on(waiting(cast), cast)
    staff = sign_in(client, cast.staff)
    session.commit()
    before = session.query(AuditEntry).count()

    for path in ("", f"{found.id}", f"{found.id}/edit", f"{found.id}/people", f"{found.id}/agenda"):
        assert staff.get(f"/sessions/{path}").status_code == 200

    assert session.query(AuditEntry).count() == before


# --- bounded queries, the main page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/people", "/agenda"])
def test_a_page_asks_as_much_for_one_item_as_for_many(client, sign_in, session, cast, count_queries, path):
    at = now() + timedelta(days=3)
    small, large = make_session(cast=cast, starts_at=at), make_session(cast=cast, starts_at=at)
    put_on(waiting(cast), cast, small)
    for _n in range(5):
        put_on(waiting(cast), cast, large)
    declare(large.agenda[0], cast.chair, cast.staff)
    declare(small.agenda[0], cast.chair, cast.staff)
    staff = sign_in(client, cast.staff)
    session.commit()
    counts = []

    for found in (small, large):
        db.session.remove()
        count_queries.clear()
        assert staff.get(f"/sessions/{found.id}{path}").status_code == 200
        counts.append(len(count_queries))

    assert counts[0] == counts[1] <= 20
