"""The bell and the menu's numbers: fresh without reloading, capped, in few queries, and no sign of use."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.core import outbox
from models.core.clock import frozen_at, now
from models.core.identity import open_sessions
from models.core.outbox import Notification, notifications_of
from models.fund.codes import MANAGER, State
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_member, make_organization, make_proposal, manager_of
from views.core import pulse

S = State


def ask(client):
    answer = client.get("/pulse/", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 200
    return answer.get_json()


def test_staff_are_told_what_waits_behind_their_menu(client, session, sign_in):
    cast = Cast()
    for _n in range(2):
        make_proposal(S.SCREENING, cast=cast)
    outbox.post("x@sala.example", "already_registered").state = outbox.FAILED
    session.commit()

    badges = ask(sign_in(client, cast.staff))["badges"]

    assert badges["ScreeningView.list"]["count"] == "2"
    assert badges["ScreeningView.list"]["spoken"] == "รอ 2 เรื่อง"
    assert badges["MessageView.list"]["count"] == "1"
    assert "ProposalView.list" not in badges


def test_applicants_are_told_of_their_own_alone(client, session, sign_in, new_client):
    proposal = make_proposal(S.READY)
    make_proposal(S.RETURNED, author=proposal.author, organization=proposal.organization)
    make_proposal(S.RETURNED)
    manager = manager_of(proposal.organization)
    session.commit()

    assert ask(sign_in(client, proposal.author))["badges"] == {
        "ProposalView.list": {"count": "1", "spoken": "รอ 1 เรื่อง"}
    }
    assert ask(sign_in(new_client(), manager))["badges"]["ProposalView.list"]["count"] == "2"
    assert ask(sign_in(new_client(), make_member(make_organization(), MANAGER)))["badges"] == {}


def test_the_numbers_are_capped_and_cost_one_query_however_many_there_are(
    client, session, sign_in, count_queries, monkeypatch
):
    cast = Cast()
    for _n in range(4):
        make_proposal(S.SCREENING, cast=cast)
    session.commit()
    monkeypatch.setattr(pulse, "MOST", 3)
    sign_in(client, cast.staff)
    ask(client)
    count_queries.clear()

    answer = ask(client)

    assert answer["badges"]["ScreeningView.list"]["count"] == "3+"
    assert len(count_queries) <= 5


def test_asking_by_itself_keeps_no_idle_session_open(client, session, sign_in):
    person = make_account("staff")
    session.commit()
    begun = now()
    sign_in(client, person)
    before = open_sessions(person.id)[0].seen_at

    with frozen_at(begun + timedelta(minutes=30)):
        ask(client)
        session.expire_all()
        assert open_sessions(person.id)[0].seen_at == before
        client.get("/notifications/")
        session.expire_all()
        assert open_sessions(person.id)[0].seen_at > before
    with frozen_at(begun + timedelta(minutes=30 + 121)):
        assert client.get("/pulse/", headers={"X-Requested-With": "fetch"}).status_code == 401


@pytest.fixture
def reader(client, session, sign_in):
    """Somebody with three lines under the bell."""
    person = make_account("project_manager")
    for _n in range(3):
        outbox.tell([person], "password_changed", person)
    session.commit()
    sign_in(client, person)
    return person


def unread(session, person):
    session.expire_all()
    return outbox.unread_count(person.id)


def test_one_line_is_marked_read_and_unread_again(client, session, reader):
    line = notifications_of(reader.id)[0]

    client.post(f"/notifications/{line.id}/mark", data={"read": "1", "next": "/notifications/?unread=1"})
    assert unread(session, reader) == 2
    client.post(f"/notifications/{line.id}/mark", data={"read": "0"})
    assert unread(session, reader) == 3
    client.post("/notifications/read")
    assert unread(session, reader) == 0
    assert ask(client)["unread"] == {"count": "", "spoken": "การแจ้งเตือน"}


def test_marking_leads_back_to_where_one_was_and_nowhere_else(client, session, reader):
    line = notifications_of(reader.id)[0]

    for given, led in (
        ("/notifications/?unread=1", "/notifications/?unread=1"),
        ("https://evil.example", "/notifications/"),
    ):
        answer = client.post(f"/notifications/{line.id}/mark", data={"next": given})
        assert answer.headers["Location"] == led


def test_the_lines_of_others_cannot_be_marked(client, session, reader, new_client, sign_in):
    line = notifications_of(reader.id)[0]
    other = sign_in(new_client(), make_account("project_manager"))

    for path in (f"/notifications/{line.id}", f"/notifications/{line.id}/mark"):
        assert other.post(path, data={"read": "1"}).status_code == 404
    assert unread(session, reader) == 3


def test_the_list_is_paged_and_narrowed_to_the_unread(client, session, reader):
    for _n in range(60):
        session.add(Notification(user_id=reader.id, event="password_changed", values={}, read_at=now()))
    session.commit()

    page, only_unread = (
        client.get(path).get_data(as_text=True) for path in ("/notifications/", "/notifications/?unread=1")
    )

    assert page.count("s-news-b") == 50
    assert 'rel="next"' in page
    assert only_unread.count("s-news-b") == 3
    assert 'rel="next"' not in only_unread
