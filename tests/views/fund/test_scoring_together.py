"""The record form while others are at it: two recorders, typing kept by itself, a version that is replaced."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest

from models.core import draft
from models.core.db import db, now
from models.core.identity import SignInSession
from models.fund.codes import GROUP, State
from models.fund.proposal import Proposal
from models.fund.scoring import Sheet
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_session, put_on
from tests.views.fund.scoring_pages import on_agenda, sheet, typed, version_in


@pytest.fixture
def cast(session: Any) -> Cast:
    """Staff, chair, secretary and one more member."""
    return Cast(members=[make_account("committee")])


# --- two recorders ---------------------------------------------------------------------------------------------------


def test_of_two_recorders_one_wins_and_the_other_is_shown_both(client, new_client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    colleague = make_account("staff", first_name="กมลวรรณ", last_name="เรืองศรี")
    one, other = sign_in(client, cast.staff), sign_in(new_client(), colleague)
    version = version_in(one.get(f"/scoring/{item.id}").text)

    other.post(f"/scoring/{item.id}", data=typed(proposal, 3, version=version, **{"advice-2": "ของเพื่อน"}))
    answer = one.post(f"/scoring/{item.id}", data=typed(proposal, 4, version=version, **{"advice-2": "ของฉัน"}))

    assert answer.status_code == 409
    assert "กมลวรรณ เรืองศรี" in answer.text
    assert 'value="ของฉัน"' in answer.text
    assert 'value="ของเพื่อน"' in answer.text
    assert ">ของฉัน</textarea>" in answer.text
    assert sheet(proposal).total == 60

    chosen = {"version": sheet(proposal).version, "proposal_version": proposal.version, "advice": ""}
    chosen |= {f"answer-{n}": "has:0,1,2,3" for n in range(1, 12)} | {f"advice-{n}": "" for n in range(1, 12)}
    one.post(f"/scoring/{item.id}", data={**chosen, "advice-2": "ของเพื่อน"})
    assert sheet(proposal).total == 100
    assert sheet(proposal).answers[1].advice == "ของเพื่อน"


def test_two_who_share_the_topics_out_between_them_lose_nothing(client, new_client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    colleague = make_account("staff", first_name="กมลวรรณ", last_name="เรืองศรี")
    one, other = sign_in(client, cast.staff), sign_in(new_client(), colleague)
    theirs = typed(proposal, 4, leave_out=[4, 5, 6, 7, 8, 9, 10, 11], **{"advice-2": "ของเพื่อน"})
    mine = typed(proposal, 3, leave_out=[1, 2, 3], advice="ของฉัน")

    other.post(f"/scoring/{item.id}", data=theirs)
    told = one.post(f"/scoring/{item.id}", data=mine)

    assert told.status_code == 409
    assert 'id="conflict"' not in told.text
    assert "กมลวรรณ เรืองศรี" in told.text
    assert "ของเพื่อน" in told.text
    assert sheet(proposal).unanswered == [4, 5, 6, 7, 8, 9, 10, 11]
    both = typed(proposal, {1: 4, 2: 4, 3: 4, **dict.fromkeys(range(4, 12), 3)}, version=int(version_in(told.text)))
    one.post(f"/scoring/{item.id}", data={**both, "advice": "ของฉัน", "advice-2": "ของเพื่อน"})
    found = sheet(proposal)
    assert (found.unanswered, found.total, found.advice) == ([], 25 + 9 + 3 * 4 + 6 + 9 + 9, "ของฉัน")


def test_recorders_learn_of_each_other_while_they_type(client, new_client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    one, other = sign_in(client, cast.staff), sign_in(new_client(), cast.secretary)

    alone = one.post(f"/scoring/{item.id}/keep", data=typed(proposal, 4)).get_json()
    told = other.post(f"/scoring/{item.id}/keep", data=typed(proposal, 3)).get_json()
    one.post(f"/scoring/{item.id}", data=typed(proposal, 4))
    late = other.post(f"/scoring/{item.id}/keep", data=typed(proposal, 3)).get_json()

    assert alone["others"] == ""
    assert cast.staff.full_name in told["others"]
    assert "กำลังกรอกแบบนี้อยู่ด้วย" in told["others"]
    assert f"{cast.staff.full_name} บันทึกแบบนี้เมื่อ" in late["others"]


def test_a_begun_sheet_says_which_version_it_keeps(client, sign_in, session, cast):
    from models.fund.scoring import new_version

    proposal, item = on_agenda(cast)
    staff, editor = sign_in(client, cast.staff), make_account("super_user")
    staff.post(f"/scoring/{item.id}", data=typed(proposal, 3))
    form = new_version(editor)
    form.perform("edit", editor, form.version, content={"passing": 60, "floors": [60, 50, 40, 20]})
    form.perform("publish", editor, form.version)
    session.commit()

    page = staff.get(f"/scoring/{item.id}").text
    staff.post(f"/scoring/{item.id}", data=typed(proposal, 3, version=int(version_in(page)), action="send"))

    assert "ใช้ฉบับเดิมจนเสร็จ" in page
    assert 'data-passing="80"' in page
    assert (sheet(proposal).total, sheet(proposal).band, proposal.state) == (60, "good", State.RETURNED)


def test_of_two_who_send_in_the_same_moment_exactly_one_is_recorded(own_database, sign_in):
    with own_database.app_context():
        people = Cast()
        proposal, item = on_agenda(people)
        pk, data = item.id, typed(proposal, action="send")
        revision_id, proposal_id = item.revision_id, proposal.id
        both = [people.staff, people.secretary]
        browsers = [sign_in(own_database.test_client(), account) for account in both]
    gate, answers = Barrier(2), {}

    def send(n: int) -> None:
        gate.wait(10)
        answers[n] = browsers[n].post(f"/scoring/{pk}", data={**data, "advice": f"คนที่ {n}"})

    threads = [Thread(target=send, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(answer.status_code for answer in answers.values()) == [302, 409]
    loser = next(n for n, answer in answers.items() if answer.status_code == 409)
    assert f"คนที่ {loser}" in answers[loser].text
    with own_database.app_context():
        (sheet_,) = db.session.query(Sheet).filter_by(revision_id=revision_id).all()
        assert sheet_.advice == f"คนที่ {1 - loser}"
        assert db.session.get(Proposal, proposal_id).state == State.WAIT_SUB


def test_typing_that_came_after_the_sending_is_kept_and_shown(client, new_client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    one, other = sign_in(client, cast.staff), sign_in(new_client(), cast.secretary)
    late = typed(proposal, 2, **{"advice-5": "ความเห็นของเลขานุการ", "action": "send"})

    one.post(f"/scoring/{item.id}", data=typed(proposal, action="send"))
    answer = other.post(f"/scoring/{item.id}", data=late)

    assert answer.status_code == 409
    assert "ความเห็นของเลขานุการ" in answer.text
    assert sheet(proposal).total == 100
    assert proposal.state == State.WAIT_SUB
    kept = draft.kept(cast.secretary.id, "fund_sheet", f"{item.revision_id}-{GROUP}", "")
    assert kept.content["topics"]["5"]["advice"] == "ความเห็นของเลขานุการ"


def test_typing_is_kept_when_the_item_was_taken_off_meanwhile(client, new_client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    staff = sign_in(client, cast.staff)
    late = typed(proposal, **{"advice-5": "เก็บไว้ก่อน"})
    proposal.perform("take_off_agenda", cast.staff, proposal.version)
    put_on(proposal, cast, make_session(GROUP, cast=cast))
    session.commit()

    assert staff.post(f"/scoring/{item.id}", data=late).status_code == 404  # an item that is off is found no more
    staff.post(f"/scoring/{proposal.open_item.id}/keep", data=late)

    assert "เก็บไว้ก่อน" in staff.get(f"/scoring/{proposal.open_item.id}").text


# --- typing kept by itself -------------------------------------------------------------------------------------------


def test_typing_is_kept_apart_from_the_sheet_and_comes_back_to_its_writer_only(
    client, new_client, sign_in, session, cast
):
    proposal, item = on_agenda(cast)
    writer, other = sign_in(client, cast.staff), sign_in(new_client(), make_account("staff"))

    kept = writer.post(f"/scoring/{item.id}/keep", data=typed(proposal, leave_out=[2], advice="กำลังพิมพ์"))

    assert kept.json["at"]
    assert sheet(proposal) is None
    assert "กำลังพิมพ์" in writer.get(f"/scoring/{item.id}").text
    assert "กำลังพิมพ์" not in other.get(f"/scoring/{item.id}").text

    writer.post(f"/scoring/{item.id}/forget")
    assert "กำลังพิมพ์" not in writer.get(f"/scoring/{item.id}").text


def test_saving_lets_go_of_what_was_kept(client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    staff = sign_in(client, cast.staff)

    staff.post(f"/scoring/{item.id}/keep", data=typed(proposal, advice="ร่างแรก"))
    staff.post(f"/scoring/{item.id}", data=typed(proposal, advice="ฉบับบันทึก"))

    page = staff.get(f"/scoring/{item.id}").text
    assert "ฉบับบันทึก" in page
    assert "ร่างแรก" not in page


def test_kept_typing_on_an_older_sheet_meets_the_conflict_when_saved(client, new_client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    writer, other = sign_in(client, cast.staff), sign_in(new_client(), make_account("staff"))
    writer.post(f"/scoring/{item.id}/keep", data=typed(proposal, advice="ของฉัน"))
    other.post(f"/scoring/{item.id}", data=typed(proposal, advice="ของเขา"))

    page = writer.get(f"/scoring/{item.id}").text
    answer = writer.post(f"/scoring/{item.id}", data=typed(proposal, version=int(version_in(page)), advice="ของฉัน"))

    assert "ของฉัน" in page
    assert answer.status_code == 409
    assert sheet(proposal).advice == "ของเขา"


def test_a_lapsed_session_keeps_what_was_posted(client, sign_in, session, cast):
    from datetime import timedelta

    proposal, item = on_agenda(cast)
    staff = sign_in(client, cast.staff)
    session.query(SignInSession).update({"seen_at": now() - timedelta(hours=3)})
    session.commit()

    answer = staff.post(f"/scoring/{item.id}", data=typed(proposal, advice="พิมพ์ไว้นาน", action="send"))

    assert answer.status_code == 302
    assert "/sign/in" in answer.headers["Location"]
    assert f"scoring/{item.id}" in answer.headers["Location"].replace("%2F", "/")
    assert sheet(proposal) is None
    assert "พิมพ์ไว้นาน" in sign_in(client, cast.staff).get(f"/scoring/{item.id}").text
