"""What the record form and the results show, and to whom."""

from __future__ import annotations

from typing import Any

import pytest

from models.core.db import db
from models.fund.codes import GROUP, State
from models.fund.proposal import Proposal
from models.fund.session import AgendaItem
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal, manager_of, score, walk
from tests.views.fund.scoring_pages import on_agenda, sheet, typed


@pytest.fixture
def cast(session: Any) -> Cast:
    """Staff, chair, secretary and one more member."""
    return Cast(members=[make_account("committee")])


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


def test_nothing_that_reaches_an_applicant_names_who_judged(client, new_client, sign_in, session, cast):
    from jobs.letters import render
    from models.core.outbox import Message

    people = {cast.staff, cast.secretary, cast.chair, *cast.members}
    for number, person in enumerate(people):
        person.last_name = f"ผู้ตัดสินลำดับ{number}"
    proposal, item = on_agenda(cast)
    staff = sign_in(client, cast.staff)
    staff.post(f"/scoring/{item.id}", data=typed(proposal, 3, **{"advice-8": "เพิ่มวิธีวัดผล", "action": "send"}))
    applicant = manager_of(proposal.organization)
    theirs = sign_in(new_client(), applicant)
    paths = ["", "/revisions/1", "/history"]

    answers = [theirs.get(f"/proposals/{proposal.id}{path}") for path in paths] + [
        theirs.get(path)
        for path in ("/notifications/", f"/papers/scoring/{proposal.id}/group.pdf", "/access-log/", item_url(item))
    ]
    mails = [render(message, reveal=True) for message in session.query(Message).filter_by(address=applicant.email)]

    assert "เพิ่มวิธีวัดผล" in answers[0].text
    assert [answer.status_code for answer in answers[-3:]] == [404, 403, 404]
    assert mails
    told = [answer.text for answer in answers if answer.status_code == 200] + [str(mail) for mail in mails]
    assert "ผู้ตัดสินลำดับ" in staff.get(f"/scoring/{item.id}/result").text
    assert not any("ผู้ตัดสินลำดับ" in text for text in told)


def item_url(item: AgendaItem) -> str:
    """The page of a recorded item, which is for those of its session."""
    return f"/scoring/{item.id}/result"


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
