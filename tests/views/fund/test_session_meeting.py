"""What is done with a session: invitations with their files, attendance and quorum, moving, cancelling, the month."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from jobs.letters import render
from models.core.clock import BANGKOK
from models.core.db import db, now
from models.core.matrix import set_cells
from models.core.outbox import Message
from models.fund.codes import GROUP, SUB, State
from models.fund.conflicts import declare
from models.fund.scoring import sheet_of
from services.mail import compose
from tests.factories.core import make_account
from tests.factories.fund import Cast, all_topics, make_proposal, make_session, put_on

NAME = "การประชุมคณะทำงานตรวจสอบโครงการ ครั้งที่ 7/2569 ว่าด้วยการกลั่นกรองข้อเสนอโครงการของสถานศึกษา"


@pytest.fixture
def cast(session: Any) -> Cast:
    """Staff, chair, secretary and two members."""
    return Cast(members=[make_account("committee"), make_account("committee")])


@pytest.fixture
def meeting(cast: Cast) -> Any:
    """A session on 25 March 2030, half past nine in Bangkok."""
    starts = datetime(2030, 3, 25, 9, 30, tzinfo=BANGKOK)
    return make_session(
        cast=cast, name=NAME, starts_at=starts, ends_at=starts + timedelta(hours=3), place="ห้อง 2, อาคาร ก; ชั้น 4"
    )


def fresh(record: Any) -> Any:
    """The record as the database has it now."""
    db.session.expire_all()
    return record


def words_of(page: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"<[^>]+>", "", page)


def letters(session: Any, event: str) -> list[Message]:
    """The mails of an event, oldest first."""
    return session.query(Message).filter_by(event=event).order_by(Message.id).all()


def files_of(message: Message) -> tuple[Any, Any]:
    """The mail as it goes out, and the event of its calendar file."""
    mail = compose(message.address, render(message, reveal=True), message.key, "no-reply@sala.example", "กองทุน")
    calendar = Calendar.from_ical(next(mail.iter_attachments()).get_payload(decode=True))
    return mail, calendar


def test_the_invitations_mail_carries_the_meeting_for_a_calendar(client, sign_in, session, cast, meeting):
    sign_in(client, cast.staff).post(f"/sessions/{meeting.id}/invite", data={"version": meeting.version})

    message = next(m for m in letters(session, "session_invitation") if m.user_id == cast.members[0].id)
    mail, calendar = files_of(message)
    (event,) = calendar.walk("VEVENT")

    assert calendar["METHOD"] == "REQUEST"
    assert event["SUMMARY"] == NAME
    assert event["UID"] == meeting.calendar_uid
    assert event["SEQUENCE"] == 1
    assert event["LOCATION"] == "ห้อง 2, อาคาร ก; ชั้น 4"
    assert event.decoded("DTSTART") == meeting.starts_at
    assert event.decoded("DTEND") == meeting.ends_at
    assert event["DTSTART"].params["TZID"] == "Asia/Bangkok"
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Bangkok"]
    assert event["ORGANIZER"].startswith("mailto:")
    assert event["ATTENDEE"] == f"mailto:{message.address}"
    assert f"/sessions/{meeting.id}" in event["URL"]
    parts = {part.get_content_type(): part for part in mail.walk()}
    assert parts["text/calendar"].get_param("method") in ("REQUEST", None)
    assert any(part.get_param("method") == "REQUEST" for part in mail.walk())
    assert next(mail.iter_attachments()).get_filename() == "invitation.ics"


def test_every_line_of_the_file_is_folded_within_75_octets_and_whole_characters(
    client, sign_in, session, cast, meeting
):
    sign_in(client, cast.staff).post(f"/sessions/{meeting.id}/invite", data={"version": meeting.version})

    mail, _calendar = files_of(letters(session, "session_invitation")[0])
    content = next(mail.iter_attachments()).get_payload(decode=True)

    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")


def test_a_change_goes_out_with_the_same_uid_and_a_higher_sequence(client, sign_in, session, cast, meeting):
    staff = sign_in(client, cast.staff)
    staff.post(f"/sessions/{meeting.id}/invite", data={"version": meeting.version})
    typed = {"name": NAME, "level": GROUP, "day": "25/03/2573", "starts": "13.00", "ends": "15.00", "place": "ห้อง 5"}

    saved = staff.post(
        f"/sessions/{meeting.id}/edit",
        data={**typed, "chair_id": cast.chair.id, "version": fresh(meeting).version},
        follow_redirects=True,
    )

    assert "ระบบส่งอีเมลแจ้งผู้ที่เกี่ยวข้องแล้ว" in saved.text
    told = letters(session, "session_changed")
    assert len(told) == 4
    _mail, calendar = files_of(told[0])
    (event,) = calendar.walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"], event["LOCATION"]) == (meeting.calendar_uid, 2, "ห้อง 5")
    assert event.decoded("DTSTART") == datetime(2030, 3, 25, 13, 0, tzinfo=BANGKOK)

    staff.post(
        f"/sessions/{meeting.id}/edit", data={**typed, "chair_id": cast.chair.id, "version": fresh(meeting).version}
    )
    assert len(letters(session, "session_changed")) == 4


def test_who_is_taken_out_gets_a_cancellation_that_names_no_page(client, sign_in, session, cast, meeting):
    staff = sign_in(client, cast.staff)
    staff.post(f"/sessions/{meeting.id}/invite", data={"version": meeting.version})

    data = {"version": fresh(meeting).version, "user_id": cast.members[0].id}
    staff.post(f"/sessions/{meeting.id}/people/remove", data=data)

    (message,) = letters(session, "session_called_off")
    _mail, calendar = files_of(message)
    (event,) = calendar.walk("VEVENT")
    assert message.user_id == cast.members[0].id
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)
    assert "URL" not in event
    assert f"/sessions/{meeting.id}" not in render(message).text


def test_the_page_says_who_was_invited(client, sign_in, session, cast, meeting):
    staff = sign_in(client, cast.staff)
    staff.post(f"/sessions/{meeting.id}/invite", data={"version": meeting.version})

    page = words_of(staff.get(f"/sessions/{meeting.id}").text)

    assert "หนังสือเชิญ" in page
    assert page.count("แจ้งเมื่อ") == 4


def test_the_chair_of_a_session_with_invitations_is_not_taken_out(client, sign_in, session, cast, meeting):
    staff = sign_in(client, cast.staff)
    staff.post(f"/sessions/{meeting.id}/invite", data={"version": meeting.version})

    data = {"version": fresh(meeting).version, "user_id": cast.chair.id}
    answer = staff.post(f"/sessions/{meeting.id}/people/remove", data=data, follow_redirects=True)

    assert "จึงต้องมีประธาน" in answer.text
    assert fresh(meeting).chair.id == cast.chair.id


def test_a_cancelled_session_says_why_and_takes_nothing_more(client, sign_in, session, cast):
    proposal = make_proposal(State.AGENDA_GROUP, cast=cast)
    found = proposal.open_item.session
    staff = sign_in(client, cast.staff)

    wrong = staff.post(f"/sessions/{found.id}/cancel", data={"version": found.version, "reason": " "})
    staff.post(f"/sessions/{found.id}/cancel", data={"version": found.version, "reason": "ประธานติดราชการ"})

    assert wrong.status_code == 422
    assert (fresh(found).state, proposal.state) == ("cancelled", State.WAIT_GROUP)
    page = words_of(staff.get(f"/sessions/{found.id}").text)
    assert "เหตุผล: ประธานติดราชการ" in page
    assert "กลับไปรอบรรจุวาระ" in page
    assert "ในขั้นตอนสุดท้าย" not in page, "nothing can be put on it any more"
    assert found.name in words_of(staff.get("/sessions/?tab=cancelled").text)
    again = {"proposal_id": proposal.id, "version": proposal.version}
    staff.post(f"/sessions/{found.id}/agenda/add", data=again)
    assert fresh(proposal).state == State.WAIT_GROUP


def test_a_session_closes_with_undecided_items_only_when_they_are_let_go(client, sign_in, session, cast):
    proposal = make_proposal(State.AGENDA_GROUP, cast=cast)
    found = proposal.open_item.session
    staff = sign_in(client, cast.staff)

    staff.post(f"/sessions/{found.id}/close", data={"version": found.version})
    assert fresh(found).state == "open"
    staff.post(f"/sessions/{found.id}/close", data={"version": found.version, "return_items": "1"})

    assert (fresh(found).state, proposal.state) == ("closed", State.WAIT_GROUP)


def test_an_item_moves_to_another_session_of_the_level(client, sign_in, session, cast):
    proposal = make_proposal(State.AGENDA_GROUP, cast=cast)
    found, item = proposal.open_item.session, proposal.open_item
    target, other_level = make_session(cast=cast), make_session(SUB, cast=cast)
    staff = sign_in(client, cast.staff)
    url = f"/sessions/{found.id}/agenda/{item.id}/move"

    page = words_of(staff.get(url).text)
    assert target.name in page
    assert other_level.name not in page
    assert staff.post(url, data={"version": proposal.version}).status_code == 422
    refused = staff.post(url, data={"version": proposal.version, "session_id": other_level.id})
    assert refused.status_code == 422
    staff.post(url, data={"version": proposal.version, "session_id": target.id})

    assert [entry.proposal_id for entry in fresh(target).agenda] == [proposal.id]
    assert fresh(found).agenda == []
    assert staff.get(url).status_code == 404


def test_attendance_is_noted_and_the_quorum_shown_with_the_items_that_fall_below_it(
    client, new_client, sign_in, session, cast
):
    proposal = make_proposal(State.AGENDA_GROUP, cast=cast)
    found = proposal.open_item.session
    secretary = sign_in(client, cast.secretary)
    member = sign_in(new_client(), cast.members[0])

    assert "องค์ประชุมไม่น้อยกว่า 2 จาก 3 คน" in words_of(secretary.get(f"/sessions/{found.id}").text)
    member.post(f"/sessions/{found.id}/attendance", data={"version": found.version, "present": cast.chair.id})
    assert all(seat.attended is None for seat in fresh(found).members)
    present = [cast.chair.id, cast.members[0].id]
    secretary.post(f"/sessions/{found.id}/attendance", data={"version": found.version, "present": present})
    assert "ครบองค์ประชุม: เข้าประชุม 2 คน" in words_of(secretary.get(f"/sessions/{found.id}").text)

    declare(proposal.open_item, cast.chair, cast.staff)
    declare(proposal.open_item, cast.members[0], cast.staff)
    session.commit()
    page = words_of(secretary.get(f"/sessions/{found.id}").text)
    assert "วาระที่ 1: พิจารณาได้ 0 คน ต้องไม่น้อยกว่า 1 จาก 1 คน" in page


def sheet_data(proposal: Any, **more: Any) -> dict[str, Any]:
    """A whole sheet as a browser posts it."""
    data: dict[str, Any] = {"version": 0, "proposal_version": proposal.version, "action": "send", "advice": ""}
    for number, answer in all_topics(4)["topics"].items():
        data |= {f"choice-{number}": "has", f"tick-{number}": answer["ticked"], f"advice-{number}": ""}
    return {**data, **more}


def test_a_result_below_the_quorum_is_recorded_with_a_tick_and_a_reason_and_not_otherwise(
    client, sign_in, session, cast
):
    proposal = make_proposal(State.AGENDA_GROUP, cast=cast)
    item = proposal.open_item
    found = item.session
    staff = sign_in(client, cast.staff)
    url = f"/scoring/{item.id}"
    assert "ยังไม่ได้บันทึกผู้เข้าประชุม" in words_of(staff.get(url).text)
    staff.post(f"/sessions/{found.id}/attendance", data={"version": found.version, "present": cast.chair.id})

    assert "ไม่ครบองค์ประชุม: เข้าประชุม 1 คน" in words_of(staff.get(url).text)
    for more in ({}, {"without_quorum": "น้ำท่วม"}, {"no_quorum": "1", "without_quorum": "  "}):
        answer = staff.post(url, data=sheet_data(fresh(proposal), **more))
        assert answer.status_code == 409
        assert proposal.state == State.AGENDA_GROUP
        assert sheet_of(proposal.submitted_revision, GROUP) is None
    staff.post(url, data=sheet_data(fresh(proposal), no_quorum="1", without_quorum="น้ำท่วม"))

    assert fresh(proposal).state == State.WAIT_SUB
    assert "บันทึกผลโดยไม่ครบองค์ประชุม: น้ำท่วม" in words_of(staff.get(f"/sessions/{found.id}").text)


def test_meetings_at_the_same_time_with_the_same_people_or_room_are_shown_and_not_refused(
    client, sign_in, session, cast, meeting
):
    at = meeting.starts_at + timedelta(hours=1)
    same_room = make_session(SUB, cast=Cast(staff=cast.staff), name="ห้องซ้ำ", starts_at=at, place=f" {meeting.place} ")
    same_people = make_session(SUB, cast=cast, name="คนซ้ำ", starts_at=at, place="ห้องอื่น")
    later = make_session(SUB, cast=cast, name="คนละเวลา", starts_at=meeting.ends_at, place=meeting.place)
    staff = sign_in(client, cast.staff)

    for path in ("", "/edit", "/people"):
        page = words_of(staff.get(f"/sessions/{meeting.id}{path}").text)
        assert "มีการประชุมอื่นในเวลาเดียวกัน" in page
        assert same_room.name in page
        assert same_people.name in page
        assert later.name not in page
    assert cast.chair.full_name in page


# --- the month and one's own calendar --------------------------------------------------------------------------------


def test_the_month_shows_the_meetings_one_may_see_on_their_days(client, new_client, sign_in, session, cast, meeting):
    hidden = make_session(cast=Cast(staff=cast.staff), name="ของผู้อื่น", starts_at=meeting.starts_at)
    at_night = make_session(SUB, cast=cast, name="เช้าตรู่ของเมษายน", starts_at=datetime(2030, 4, 1, 1, 0, tzinfo=BANGKOK))

    staff = sign_in(client, cast.staff).get("/sessions/month?month=2573-03").text
    member = sign_in(new_client(), cast.members[0]).get("/sessions/month?month=2573-03").text
    april = client.get("/sessions/month?month=2573-04&level=sub").text

    assert NAME in words_of(staff)
    assert hidden.name in staff
    assert NAME in words_of(member)
    assert hidden.name not in member
    assert at_night.name in words_of(april)
    cell = re.search(r"<td[^>]*>(?:(?!</td>).)*เช้าตรู่(?:(?!</td>).)*</td>", april, re.DOTALL)[0]
    assert "วันจันทร์ที่ 1 เมษายน 2573" in cell


@pytest.mark.parametrize("month", ["", "abc", "2573-13", "0000-00", "9999-12", "2573-03-01", "٢٥٧٣-03"])
def test_a_month_that_cannot_be_meant_is_this_month(client, sign_in, session, cast, month):
    found = make_session(cast=cast, starts_at=now())

    page = sign_in(client, cast.staff).get("/sessions/month", query_string={"month": month})

    assert page.status_code == 200
    assert found.name in words_of(page.text)


def test_ones_own_calendar_holds_the_sessions_one_sits_in_and_no_other(client, sign_in, session, cast, meeting):
    other = make_session(cast=Cast(staff=cast.staff), name="ของผู้อื่น")
    gone = make_session(cast=cast, name="ยกเลิกแล้ว")
    gone.perform("cancel", cast.staff, gone.version, reason="ป่วย")

    answer = sign_in(client, cast.members[0]).get("/sessions/mine.ics")
    events = {event["UID"]: event for event in Calendar.from_ical(answer.data).walk("VEVENT")}

    assert answer.mimetype == "text/calendar"
    assert meeting.calendar_uid in events
    assert other.calendar_uid not in events
    assert events[gone.calendar_uid]["STATUS"] == "CANCELLED"


# --- the secretary's right (H1) --------------------------------------------------------------------------------------


def test_a_secretary_records_for_their_session_only_and_never_an_item_they_stepped_out_of(
    client, sign_in, session, cast
):
    mine, left, elsewhere = (make_proposal(State.WAIT_GROUP, cast=cast) for _n in range(3))
    here = put_on(mine, cast)
    put_on(left, cast, here)
    put_on(elsewhere, Cast(staff=cast.staff))
    declare(left.open_item, cast.secretary, cast.secretary)
    session.commit()
    secretary = sign_in(client, cast.secretary)

    assert secretary.get(f"/scoring/{mine.open_item.id}").status_code == 200
    for proposal in (left, elsewhere):
        assert secretary.get(f"/scoring/{proposal.open_item.id}").status_code == 404
        assert secretary.post(f"/scoring/{proposal.open_item.id}", data=sheet_data(proposal)).status_code == 404
        assert fresh(proposal).state == State.AGENDA_GROUP


def test_without_the_houses_row_a_secretary_neither_records_nor_notes_who_came(client, sign_in, session, cast):
    proposal = make_proposal(State.AGENDA_GROUP, cast=cast)
    found = proposal.open_item.session
    set_cells({("result.record_own_session", "committee"): False})
    session.commit()
    secretary = sign_in(client, cast.secretary)

    assert secretary.get(f"/scoring/{proposal.open_item.id}").status_code == 403
    data = {"version": found.version, "present": cast.chair.id}
    secretary.post(f"/sessions/{found.id}/attendance", data=data)
    assert all(seat.attended is None for seat in fresh(found).members)
    assert "บันทึกผู้เข้าประชุม…" not in secretary.get(f"/sessions/{found.id}").text
