"""The record form: who may, what is computed where, drafts, sending once, and two recorders at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms.fund.scoring import read_sheet, too_long, write_answer
from models.core import draft
from models.core.db import db, now
from models.core.identity import SignInSession
from models.core.matrix import set_cells
from models.core.outbox import Notification
from models.fund.codes import GROUP, SUB, State
from models.fund.conflicts import declare
from models.fund.proposal import Proposal
from models.fund.scoring import Sheet, sheet_of
from models.fund.session import AgendaItem
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal, make_session, manager_of, put_on, score, walk

# Ticks per topic, all four where none is named: 100 - 6 - 6 - 6 - 2 points.
EIGHTY = {3: 3, 4: 3, 10: 3, 1: 3}


@pytest.fixture
def cast(session: Any) -> Cast:
    """Staff, chair, secretary and one more member."""
    return Cast(members=[make_account("committee")])


def on_agenda(cast: Cast, state: str = State.AGENDA_GROUP) -> tuple[Proposal, AgendaItem]:
    """A proposal on an agenda, and its item."""
    proposal = make_proposal(state, cast=cast)
    item = proposal.open_item
    assert item is not None
    db.session.commit()
    return proposal, item


def typed(
    proposal: Proposal,
    ticked: int | Mapping[int, int] = 4,
    leave_out: Sequence[int] = (),
    version: int = 0,
    **more: Any,
) -> dict[str, Any]:
    """A whole sheet as a browser posts it: so many indicators ticked, on each topic or by number."""
    data: dict[str, Any] = {"version": version, "proposal_version": proposal.version, "advice": "", **more}
    for number in range(1, 12):
        if number in leave_out:
            continue
        ticks = ticked.get(number, 4) if isinstance(ticked, Mapping) else ticked
        data[f"choice-{number}"] = "has"
        data[f"tick-{number}"] = [str(position) for position in range(ticks)]
    return data


def sheet(proposal: Proposal, level: str = GROUP) -> Sheet | None:
    """The sheet as the database has it now."""
    db.session.expire_all()
    return sheet_of(proposal.submitted_revision, level)


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


# --- who may ---------------------------------------------------------------------------------------------------------


def test_staff_and_the_sessions_own_secretary_record(client, new_client, sign_in, session, cast):
    first, one = on_agenda(cast)
    second, other = on_agenda(cast)

    staff = sign_in(client, cast.staff).post(f"/scoring/{one.id}", data=typed(first, action="send"))
    secretary = sign_in(new_client(), cast.secretary).post(f"/scoring/{other.id}", data=typed(second, action="send"))

    assert staff.status_code == secretary.status_code == 302
    assert sheet(first).sent_by_id == cast.staff.id
    assert sheet(second).sent_by_id == cast.secretary.id
    assert first.state == second.state == State.WAIT_SUB


def test_nobody_else_opens_or_posts_the_form(client, new_client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    elsewhere = Cast(staff=cast.staff)
    on_agenda(elsewhere)
    applicant = manager_of(proposal.organization)
    refused = {
        cast.members[0]: 403,  # sits in the session, is not its secretary
        cast.chair: 403,
        elsewhere.secretary: 404,  # secretary of another session
        make_account("committee"): 404,
        applicant: 403,  # holds no permission to record at all
        make_account("super_user"): 403,
    }

    for account, status in refused.items():
        browser = sign_in(new_client(), account)
        assert browser.get(f"/scoring/{item.id}").status_code == status
        assert browser.post(f"/scoring/{item.id}", data=typed(proposal, action="send")).status_code == status
        assert browser.post(f"/scoring/{item.id}/keep", data=typed(proposal)).status_code == status

    assert sheet(proposal) is None
    assert proposal.state == State.AGENDA_GROUP
    assert sign_in(client, cast.secretary).get(f"/scoring/{item.id}").status_code == 200


def test_an_applicant_does_not_find_a_recorded_item(client, new_client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    score(proposal, cast.staff)
    session.commit()

    assert sign_in(client, manager_of(proposal.organization)).get(f"/scoring/{item.id}/result").status_code == 404
    assert sign_in(new_client(), cast.members[0]).get(f"/scoring/{item.id}/result").status_code == 200


def test_a_secretary_who_stepped_out_sees_neither_form_nor_result(client, new_client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    browser = sign_in(client, cast.secretary)
    assert browser.get(f"/scoring/{item.id}").status_code == 200

    declare(item, cast.secretary, cast.secretary)
    session.commit()

    assert browser.get(f"/scoring/{item.id}").status_code == 404
    assert browser.post(f"/scoring/{item.id}", data=typed(proposal, action="send")).status_code == 404
    score(proposal, cast.staff)
    session.commit()
    assert browser.get(f"/scoring/{item.id}/result").status_code == 404
    assert sign_in(new_client(), cast.members[0]).get(f"/scoring/{item.id}/result").status_code == 200


def test_without_h1_the_secretary_records_nothing(client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    set_cells({("result.record_own_session", "committee"): False})
    session.commit()

    assert sign_in(client, cast.secretary).get(f"/scoring/{item.id}").status_code == 403
    assert sign_in(client, cast.secretary).post(f"/scoring/{item.id}", data=typed(proposal)).status_code == 403
    assert sheet(proposal) is None


def test_an_item_of_an_earlier_session_records_no_more(client, sign_in, session, cast):
    proposal, earlier = on_agenda(cast)
    proposal.perform("take_off_agenda", cast.staff, proposal.version)
    later = make_session(GROUP, cast=cast)
    put_on(proposal, cast, later)
    session.commit()
    staff = sign_in(client, cast.staff)

    assert staff.get(f"/scoring/{earlier.id}").status_code == 404
    assert staff.post(f"/scoring/{earlier.id}", data=typed(proposal, action="send")).status_code == 404
    assert staff.get(f"/scoring/{proposal.open_item.id}").status_code == 200


# --- points ----------------------------------------------------------------------------------------------------------


def test_eighty_passes_through_the_form_and_less_goes_back(client, sign_in, session, cast):
    good, one = on_agenda(cast)
    poor, other = on_agenda(cast)
    staff = sign_in(client, cast.staff)

    staff.post(f"/scoring/{one.id}", data=typed(good, EIGHTY, action="send"))
    # 78 is the nearest below 80 that the delivered ladders reach with one more tick left out.
    staff.post(f"/scoring/{other.id}", data=typed(poor, {**EIGHTY, 2: 3}, action="send"))

    assert (sheet(good).total, good.state) == (80, State.WAIT_SUB)
    assert (sheet(poor).total, poor.state) == (78, State.RETURNED)


def test_seventy_nine_fails_and_eighty_passes(client, sign_in, session, cast):
    """With a form whose first topic gives a single point less: the limit itself is between 79 and 80."""
    from models.fund.scoring.form import new_version

    form = new_version(make_account("super_user"))
    topics = [{"number": topic.number, "points": list(topic.points)} for topic in form.topics]
    topics[0]["points"] = [0, 0, 1, 4, 5]
    form.perform("edit", make_account("super_user"), form.version, content={"topics": topics})
    form.perform("publish", make_account("super_user"), form.version)
    fails, one = on_agenda(cast)
    passes, other = on_agenda(cast)
    staff = sign_in(client, cast.staff)
    # 100 less 6 thrice makes 82, less 2 makes 80; topic 1 then costs one more.
    exactly = {3: 3, 4: 3, 10: 3, 2: 3}

    staff.post(f"/scoring/{one.id}", data=typed(fails, {**exactly, 1: 3}, action="send"))
    staff.post(f"/scoring/{other.id}", data=typed(passes, exactly, action="send"))

    assert (sheet(fails).total, fails.state, fails.group_points) == (79, State.RETURNED, 79)
    assert (sheet(passes).total, passes.state, passes.group_points) == (80, State.WAIT_SUB, 80)


def test_a_forged_total_is_ignored(client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    forged = {"total": "100", "points": "100", "points-1": "5", "sent_by_id": "1", "level": "sub"}

    sign_in(client, cast.staff).post(f"/scoring/{item.id}", data=typed(proposal, 0, action="send", **forged))

    assert sheet(proposal).total == 0
    assert sheet(proposal, SUB) is None
    assert proposal.state == State.RETURNED


def test_ticks_under_the_other_main_choice_count_nothing(client, sign_in, session, cast):
    proposal, item = on_agenda(cast)

    sign_in(client, cast.staff).post(f"/scoring/{item.id}", data={**typed(proposal), "choice-3": "none"})

    assert sheet(proposal).total == 85


@for_all(
    st.dictionaries(st.sampled_from(["choice-1", "tick-1", "answer-1", "advice-1", "advice"]), st.text(max_size=20))
)
def test_whatever_is_posted_reads_as_a_sheet(data):
    content = read_sheet(MultiDict(data), [1])

    assert content["topics"][1]["choice"] in (None, "none", "has")
    assert set(content["topics"][1]["ticked"]) <= {0, 1, 2, 3}
    assert too_long(content) == []


@for_all(st.sampled_from([None, "none", "has"]), st.sets(st.integers(0, 3)))
def test_a_whole_answer_reads_as_it_was_written(choice, ticked):
    ticked = ticked if choice == "has" else set()

    content = read_sheet(MultiDict({"answer-4": write_answer(choice, ticked)}), [4])

    assert content["topics"][4] == {"choice": choice, "ticked": sorted(ticked), "advice": ""}


# --- saving and sending ----------------------------------------------------------------------------------------------


def test_saving_keeps_a_draft_that_comes_back_and_tells_nobody(client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    told = session.query(Notification).count()
    staff = sign_in(client, cast.staff)

    data = typed(proposal, leave_out=[7], **{"advice-9": "แยกค่าตอบแทนวิทยากร", "action": "save"})
    staff.post(f"/scoring/{item.id}", data=data)
    page = staff.get(f"/scoring/{item.id}").text

    assert not sheet(proposal).is_sent
    assert proposal.state == State.AGENDA_GROUP
    assert "แยกค่าตอบแทนวิทยากร" in page
    assert session.query(Notification).count() == told


def test_sending_is_refused_with_the_topics_that_lack_an_answer_and_loses_nothing(client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    data = typed(proposal, leave_out=[4, 11], **{"advice-1": "ชื่อยาวเกินไป", "action": "send"})

    answer = sign_in(client, cast.staff).post(f"/scoring/{item.id}", data=data)

    assert answer.status_code == 422
    assert 'href="#topic-4"' in answer.text
    assert 'href="#topic-11"' in answer.text
    assert 'href="#topic-5"' not in answer.text
    assert "ชื่อยาวเกินไป" in answer.text
    assert not sheet(proposal).is_sent
    assert sheet(proposal).unanswered == [4, 11]
    assert proposal.state == State.AGENDA_GROUP


def test_a_double_click_sends_once(client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    staff = sign_in(client, cast.staff)
    data = typed(proposal, action="send")

    first = staff.post(f"/scoring/{item.id}", data=data)
    told = session.query(Notification).count()
    second = staff.post(f"/scoring/{item.id}", data=data)

    assert first.headers["Location"] == second.headers["Location"]
    assert session.query(Notification).count() == told
    assert session.query(Sheet).filter_by(revision_id=item.revision_id, level=GROUP).count() == 1
    assert proposal.state == State.WAIT_SUB


def test_advice_that_is_too_long_stays_on_the_page_and_is_said(client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    long = "ก" * 20_001

    answer = sign_in(client, cast.staff).post(f"/scoring/{item.id}", data=typed(proposal, **{"advice-3": long}))

    assert answer.status_code == 422
    assert 'href="#advice-3"' in answer.text
    assert long in answer.text
    assert sheet(proposal) is None


def test_a_recorded_result_cannot_be_recorded_again(client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    staff = sign_in(client, cast.staff)
    staff.post(f"/scoring/{item.id}", data=typed(proposal, action="send"))

    again = staff.post(f"/scoring/{item.id}", data=typed(proposal, 0, version=sheet(proposal).version, action="send"))

    assert again.status_code == 409
    assert sheet(proposal).total == 100


def test_a_new_version_of_the_form_is_told_before_the_first_save(client, sign_in, session, cast):
    from models.fund.scoring.form import new_version

    proposal, item = on_agenda(cast)
    staff, editor = sign_in(client, cast.staff), make_account("super_user")
    form_id = re.search(r'name="form_id" value="(\d+)"', staff.get(f"/scoring/{item.id}").text)[1]
    form = new_version(editor)
    form.perform("publish", editor, form.version)
    session.commit()

    told = staff.post(f"/scoring/{item.id}", data=typed(proposal, form_id=form_id, advice="ยังอยู่"))
    assert told.status_code == 409
    assert "ยังอยู่" in told.text
    assert sheet(proposal) is None

    staff.post(f"/scoring/{item.id}", data=typed(proposal, form_id=form.id, advice="ยังอยู่"))
    assert sheet(proposal).form_id == form.id


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


# --- what the form shows ---------------------------------------------------------------------------------------------


def test_the_sub_committee_sees_the_working_groups_sheet_and_never_the_other_way(client, sign_in, session, cast):
    proposal, item = on_agenda(cast, State.AGENDA_SUB)
    group_item = session.query(AgendaItem).filter_by(proposal_id=proposal.id).order_by(AgendaItem.id).first()
    sheet(proposal, GROUP)
    staff = sign_in(client, cast.staff)

    page = staff.get(f"/scoring/{item.id}").text
    assert 'class="s-lower"' in page
    assert "เอกสารครบถ้วนตามประกาศ" in page  # topic 13

    staff.post(f"/scoring/{item.id}", data=typed(proposal, advice="ความลับของระดับบน", action="send"))
    below = staff.get(f"/scoring/{group_item.id}/result").text
    assert "ความลับของระดับบน" not in below
    assert "ความลับของระดับบน" in staff.get(f"/scoring/{item.id}/result").text


def test_the_form_at_the_first_level_shows_no_other_sheet(client, sign_in, session, cast):
    _proposal, item = on_agenda(cast)

    assert 'class="s-lower"' not in sign_in(client, cast.staff).get(f"/scoring/{item.id}").text


def test_the_applicant_reads_points_and_advice_and_never_who_said_what(app, client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    staff = sign_in(client, cast.staff)
    staff.post(f"/scoring/{item.id}", data=typed(proposal, 3, **{"advice-8": "เพิ่มวิธีวัดผล", "action": "send"}))
    applicant = manager_of(proposal.organization)
    stranger = manager_of(make_proposal(cast=cast).organization)

    shown, hidden = _results(app, proposal, applicant), _results(app, proposal, stranger)

    assert "เพิ่มวิธีวัดผล" in shown
    assert "60 / 100" in shown
    for account in (cast.staff, cast.secretary, cast.chair):
        assert account.full_name not in shown
    assert hidden.strip() == ""


def test_a_draft_of_a_sheet_is_no_result(app, client, sign_in, session, cast):
    proposal, item = on_agenda(cast)
    sign_in(client, cast.staff).post(f"/scoring/{item.id}", data=typed(proposal, advice="ยังไม่ส่ง"))

    assert "ยังไม่ส่ง" not in _results(app, proposal, manager_of(proposal.organization))


def test_a_member_of_the_group_reads_up_to_their_own_level(app, client, sign_in, session):
    group, sub = Cast(members=[make_account("committee")]), Cast()
    proposal = make_proposal(State.AGENDA_GROUP, cast=group)
    score(proposal, group.staff)
    walk(proposal, State.AGENDA_SUB, sub)
    score(proposal, sub.staff, 3)
    session.commit()

    of_group = _results(app, proposal, group.members[0])
    of_sub = _results(app, proposal, sub.secretary)

    assert "100 / 100" in of_group
    assert "60 / 100" not in of_group
    assert "60 / 100" in of_sub
    assert "100 / 100" in of_sub


def _results(app: Any, proposal: Proposal, account: Any) -> str:
    """The partial as a page includes it, for this reader."""
    from flask import g, render_template_string

    db.session.expire_all()
    with app.test_request_context("/", headers={"Accept-Language": "th"}):
        g.user = db.session.get(type(account), account.id)
        revision = db.session.get(Proposal, proposal.id).submitted_revision
        source = '{% from "fund/scoring/_result.html" import result with context %}{{ result(revision, user) }}'
        return render_template_string(source, revision=revision, user=g.user)


def test_the_form_asks_a_bounded_number_of_queries(client, sign_in, session, cast, count_queries):
    proposal, item = on_agenda(cast, State.AGENDA_SUB)
    staff = sign_in(client, cast.staff)
    staff.post(f"/scoring/{item.id}", data=typed(proposal, action="save"))
    path = f"/scoring/{item.id}"
    db.session.remove()
    count_queries.clear()

    assert staff.get(path).status_code == 200

    assert len(count_queries) <= 30
