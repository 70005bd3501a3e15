"""Staff see what did not go out and why, and send it again; what it says is its reader's own where it must be."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.core import audit, choice, outbox
from models.core.clock import now
from models.core.outbox import Message
from models.fund.codes import State
from models.fund.session import SteppingOut
from services.seal import seal
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal, manager_of, put_on, walk
from views.core.outgoing_words import plain_error

LIST = "/outbox/"


@pytest.fixture
def clerk(client, session, sign_in):
    """A member of staff, signed in."""
    account = make_account("staff")
    session.commit()
    sign_in(client, account)
    return account


def message(session, address="a@sala.example", state=outbox.FAILED, event="already_registered", **more):
    made = outbox.post(address, event, **more.pop("values", {}))
    made.state = state
    for name, value in more.items():
        setattr(made, name, value)
    session.commit()
    return made


def text(client, where=LIST, **query):
    answer = client.get(where, query_string=query or None)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def states(session, *rows):
    session.expire_all()
    return [session.get(Message, row.id).state for row in rows]


def test_each_tab_shows_its_own_and_counts_all(client, session, clerk):
    message(session, "failed@sala.example", error="550 5.1.1 no such user")
    message(session, "waits@sala.example", outbox.WAITING)
    message(session, "held@sala.example", outbox.HELD)
    message(session, "sent@sala.example", outbox.SENT)

    failed, waiting, sent = (text(client, tab=tab) for tab in ("failed", "waiting", "sent"))

    assert "failed@sala.example" in failed
    assert "ไม่มีที่อยู่อีเมลนี้" in failed
    assert "sent@sala.example" not in failed
    assert "waits@sala.example" in waiting
    assert "held@sala.example" in waiting
    assert "sent@sala.example" in sent
    assert text(client) == failed or "failed@sala.example" in text(client)
    assert re.findall(r'class="s-count">([0-9,+]+)<', failed)[:3] == ["1", "2", "1"]


def test_filters_narrow_by_address_subject_and_time(client, session, clerk):
    message(session, "one@sala.example")
    message(session, "two@sala.example", event="kind_given", values={"kind": "staff"})
    message(session, "old@sala.example", made_at=now() - timedelta(days=10))

    by_address, by_subject = text(client, address="ONE@"), text(client, about="administration")
    by_account, by_time = text(client, about="account"), text(client, period="week")

    assert ("one@" in by_address, "two@" in by_address) == (True, False)
    assert ("one@" in by_subject, "two@" in by_subject) == (False, True)
    assert ("one@" in by_account, "two@" in by_account) == (True, False)
    assert ("one@" in by_time, "old@" in by_time) == (True, False)
    for bad in ({"tab": "gone"}, {"about": "x"}, {"period": "x"}, {"after": "x"}):
        assert client.get(LIST, query_string=bad).status_code == 400


def test_a_long_list_is_walked_page_by_page_in_few_queries(client, session, clerk, count_queries):
    for number in range(60):
        message(session, f"p{number:02}@sala.example")
    text(client)
    count_queries.clear()

    page, seen = text(client), []
    assert len(count_queries) <= 8
    for _turn in range(3):
        seen += re.findall(r"p(\d\d)@", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        page = text(client, following[1].replace("&amp;", "&")) if following else page

    assert seen == [f"{number:02}" for number in reversed(range(60))]


def test_one_several_or_all_are_sent_again_and_the_rest_stay(client, session, clerk):
    one, two, three, sent, waits = (
        message(session, f"{number}@sala.example", state)
        for number, state in enumerate([outbox.FAILED] * 3 + [outbox.SENT, outbox.WAITING])
    )

    client.post("/outbox/retry", data={"ids": [one.id, two.id, sent.id]})
    assert states(session, one, two, three, sent) == ["waiting", "waiting", "failed", "sent"]

    client.post("/outbox/retry", data={"which": "failed"})
    assert states(session, three, sent, waits) == ["waiting", "sent", "waiting"]
    assert any(note["action"] == "outbox.retry" for entry in audit_of(session) for note in entry.payload["notes"])


def audit_of(session):
    rows = select(audit.AuditEntry).where(audit.AuditEntry.entity == "core_message")
    return session.scalars(rows).all()


@pytest.mark.parametrize("data", [{}, {"ids": ["x", "-1", "9" * 30]}, {"which": "sent"}, {"which": "held"}])
def test_nothing_is_sent_again_that_nobody_ticked(client, session, clerk, data):
    rows = [message(session, f"{state}@x.example", state) for state in ("failed", "sent", "held")]

    answer = client.post("/outbox/retry", data=data, follow_redirects=True)

    assert answer.status_code == 200
    assert states(session, *rows) == ["failed", "sent", "held"]


def test_a_preview_is_the_mail_with_its_secrets_hidden_and_its_look_is_noted(client, session, clerk):
    kept = message(session, event="confirm_account", values={"token": seal("the-secret")})

    page, mail = text(client, f"/outbox/{kept.id}"), client.get(f"/outbox/{kept.id}/mail")

    assert "ยืนยันอีเมล" in page
    for shown in (page, mail.get_data(as_text=True)):
        assert "the-secret" not in shown
        assert "sealed:" not in shown
    assert "sandbox" in mail.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in mail.headers["Content-Security-Policy"]
    assert mail.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert any(note["action"] == "outbox.viewed" for entry in audit_of(session) for note in entry.payload["notes"])


def test_what_is_said_of_drafts_and_of_items_one_stepped_out_of_is_not_shown(client, session, clerk):
    draft = make_proposal(State.DRAFT, title="ร่างที่ยังไม่ส่ง")
    manager_of(draft.organization)
    walk(draft, State.READY)
    cast = Cast()
    left = make_proposal(State.WAIT_GROUP, title="โครงการของญาติ", cast=cast)
    meeting = put_on(left, cast)
    session.add(SteppingOut(item=meeting.items[0], user_id=clerk.id, reason="declared"))
    open_one = make_proposal(State.SCREENING, title="โครงการที่ส่งแล้ว", cast=cast)
    session.flush()
    rows = {
        proposal: session.scalars(select(Message).where(Message.entity_id == str(proposal.id))).first()
        for proposal in (draft, left, open_one)
    }
    session.commit()

    page = text(client, tab="waiting") + text(client, tab="failed")

    assert "ร่างที่ยังไม่ส่ง" not in page
    assert "โครงการของญาติ" not in page
    assert "โครงการที่ส่งแล้ว" in page
    for hidden in (draft, left):
        assert hidden.title not in text(client, f"/outbox/{rows[hidden].id}")
        assert client.get(f"/outbox/{rows[hidden].id}/mail").status_code == 404
    assert "โครงการที่ส่งแล้ว" in text(client, f"/outbox/{rows[open_one].id}/mail")


def test_a_digest_with_something_that_is_not_shown_is_not_shown(client, session, clerk):
    draft = make_proposal(State.DRAFT, title="ร่างที่ยังไม่ส่ง")
    manager = make_account("project_manager")
    choice.choose(manager.id, {"proposals": "daily"}, 1)
    outbox.tell([manager], "proposal_ready", draft, number="", title=draft.title)
    session.flush()
    mail = outbox.gather(manager.id, now() + timedelta(days=1))
    session.commit()

    assert "ร่างที่ยังไม่ส่ง" not in text(client, f"/outbox/{mail.id}")
    assert client.get(f"/outbox/{mail.id}/mail").status_code == 404


def test_the_main_page_tells_staff_and_nobody_else(client, session, clerk, new_client, sign_in):
    message(session)

    assert "ข้อความที่ส่งไม่ออก" in text(client, "/")
    for kind in ("committee", "project_manager"):
        other = sign_in(new_client(), make_account(kind))
        assert "ข้อความที่ส่งไม่ออก" not in text(other, "/")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("550 5.1.1 User unknown", "ไม่มีที่อยู่อีเมลนี้"),
        ("452 4.2.2 mailbox full", "เต็ม"),
        ("535 5.7.8 bad credentials", "รหัสผ่าน"),
        ("421 try later", "ภายหลัง"),
        ("554 5.7.1 spam", "ปฏิเสธ"),
        ("ConnectionRefusedError: [Errno 111] Connection refused", "ติดต่อ"),
        ("timed out", "ติดต่อ"),
        ("could not be written: KeyError", "จัดทำ"),
        ("the address is not one", "ไม่ถูกต้อง"),
        ("the value was sealed with another key", "ลิงก์"),
        ("299 odd", "ไม่รับ"),
    ],
)
def test_an_error_is_said_in_words_to_act_on(app, error, said):
    with app.test_request_context():
        from flask_babel import force_locale

        with force_locale("th"):
            assert said in plain_error(error)
