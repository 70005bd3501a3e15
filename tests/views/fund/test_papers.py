"""Who may print which paper, what the log says of it, and how it is given."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from models.core import audit
from models.core.db import db
from models.fund.codes import GROUP, SUB, Result, State
from models.fund.scoring import new_version, save_sheet
from models.fund.screening import save_screening
from models.fund.session import AgendaItem, SteppingOut
from reports.core.pdf import PdfFailed
from tests.factories.believable import make_believable_proposal
from tests.factories.core import make_account
from tests.factories.fund import (
    Cast,
    all_items,
    all_topics,
    make_manager,
    make_member,
    make_organization,
    make_proposal,
    make_session,
    manager_of,
    put_on,
    score,
    screen,
    walk,
)
from tests.reports.reading import needs_poppler, says, text_of, typeset_once
from views.fund import papers

pytestmark = needs_poppler
__all__ = ["typeset_once"]


@pytest.fixture
def cast(session):
    return Cast(members=[make_account("committee")])


@pytest.fixture
def get(new_client, sign_in, session):
    """Fetch an address as somebody."""

    def fetch(account, path, **arguments):
        db.session.commit()
        return sign_in(new_client(), account).get(path, query_string=arguments)

    return fetch


def on_agenda(cast, level=GROUP):
    """A proposal on the agenda of a level, whose meetings are those of `cast`."""
    proposal = make_proposal(State.WAIT_GROUP, cast=cast)
    put_on(proposal, cast, make_session(cast=cast))
    if level == SUB:
        score(proposal, cast.staff)
        put_on(proposal, cast, make_session(SUB, cast=cast))
    return proposal


def prints_of(proposal):
    rows = [entry for entry in audit.history_of(proposal) if entry.action == "fund_proposal.print"]
    return [(row.actor_id, row.payload["notes"][0]["paper"], row.payload["notes"][0]["revision"]) for row in rows]


# --- the proposal ----------------------------------------------------------------------------------------------------


def test_applicants_print_their_draft_and_nobody_else_does(get):
    proposal = make_proposal()
    path = f"/papers/proposal/{proposal.id}.pdf"
    others = [make_member(make_organization()), make_manager(), make_account("staff"), make_account("committee")]

    for applicant in (proposal.author, manager_of(proposal.organization)):
        answer = get(applicant, path)
        assert answer.status_code == 200
        assert says(answer.data, "ร่าง (ยังไม่ได้ส่งข้อเสนอต่อกองทุน)")
    assert [get(other, path).status_code for other in others] == [404, 404, 404, 404]


def test_staff_and_the_committee_of_its_session_print_a_submitted_one(get, cast):
    proposal = on_agenda(cast)
    path = f"/papers/proposal/{proposal.id}.pdf"

    assert get(cast.staff, path).status_code == 200
    assert get(cast.members[0], path).status_code == 200
    assert get(make_account("committee"), path).status_code == 404


def test_whoever_stepped_out_prints_nothing_of_the_item(get, cast):
    proposal = on_agenda(cast)
    addresses = [f"/papers/proposal/{proposal.id}.pdf", f"/papers/screening/{proposal.id}.pdf"]
    addresses += [f"/papers/scoring/{proposal.id}/group.pdf"]
    member = cast.members[0]
    before = [get(member, path).status_code for path in addresses]

    item = db.session.query(AgendaItem).filter_by(proposal_id=proposal.id).one()
    item.stepping_out.append(SteppingOut(user_id=member.id, reason="declared"))

    assert before == [200, 200, 200]
    assert [get(member, path).status_code for path in addresses] == [404, 404, 404]


def test_a_visitor_is_asked_to_sign_in(client, cast):
    proposal = on_agenda(cast)

    assert client.get(f"/papers/proposal/{proposal.id}.pdf").status_code == 302


def test_revisions_are_chosen_by_number_and_an_unsent_one_is_its_applicants_alone(get, cast):
    proposal = make_proposal(State.RETURNED, cast=cast)
    proposal.perform("revise", proposal.author, proposal.version)
    path = f"/papers/proposal/{proposal.id}.pdf"

    assert says(get(proposal.author, path).data, "ร่าง (ยังไม่ได้ส่งข้อเสนอต่อกองทุน)")
    assert says(get(proposal.author, path, revision=1).data, f"{proposal.number} ฉบับที่ 1")
    assert not says(get(cast.staff, path).data, "ร่าง (ยังไม่ได้ส่ง")
    assert get(cast.staff, path, revision=2).status_code == 404
    assert get(proposal.author, path, revision="two").status_code == 404
    assert get(proposal.author, "/papers/proposal/99999999999999999999.pdf").status_code == 404


def test_each_print_is_in_the_log_with_who_and_what(get, cast):
    proposal = on_agenda(cast)
    score(proposal, cast.staff)

    get(proposal.author, f"/papers/proposal/{proposal.id}.pdf")
    get(cast.staff, f"/papers/screening/{proposal.id}.pdf")
    get(cast.staff, f"/papers/scoring/{proposal.id}/group.pdf")
    get(make_account("committee"), f"/papers/proposal/{proposal.id}.pdf")

    assert prints_of(proposal) == [
        (cast.staff.id, "scoring_group", 1),
        (cast.staff.id, "screening", 1),
        (proposal.author.id, "proposal", 1),
    ]
    assert audit.verify() is None


def test_the_file_opens_in_the_browser_under_its_thai_name_and_stays_in_no_cache(get, cast):
    proposal = on_agenda(cast)

    answer = get(cast.staff, f"/papers/proposal/{proposal.id}.pdf")

    disposition = answer.headers["Content-Disposition"]
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert disposition.startswith(f'inline; filename="{proposal.number}.pdf"')
    assert unquote(disposition.partition("UTF-8''")[2]) == f"{proposal.number} {proposal.title}.pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "script-src" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("", "2569-0001", "ชื่อ: โครงการ/ใหม่\r\nX-Evil: 1"), "2569-0001 ชื่อ โครงการ ใหม่ X-Evil 1.pdf"),
        (("แบบกลั่นกรอง", "2569-0001", ""), "แบบกลั่นกรอง 2569-0001.pdf"),
        (("", "ร่าง", '"../../etc"'), "ร่าง .. .. etc.pdf"),
        (("", "1", "ก" * 400), "1 " + "ก" * 78 + ".pdf"),
    ],
)
def test_file_names_hold_nothing_that_a_system_refuses(parts, name):
    assert papers.file_name(*parts) == name


def test_a_paper_that_cannot_be_laid_out_says_so_on_a_page_and_is_not_logged(get, cast, monkeypatch):
    def fail(*_args, **_more):
        raise PdfFailed("layout", "somebody's words")

    monkeypatch.setattr(papers, "proposal_paper", fail)
    proposal = on_agenda(cast)

    answer = get(cast.staff, f"/papers/proposal/{proposal.id}.pdf")

    assert answer.status_code == 422
    assert answer.mimetype == "text/html"
    assert "จัดทำเอกสารนี้ไม่ได้" in answer.text
    assert "somebody" not in answer.text
    assert prints_of(proposal) == []


def test_a_big_proposal_takes_a_bounded_number_of_queries(get, cast, count_queries):
    proposal = make_believable_proposal(State.SCREENING, cast=cast)
    db.session.commit()
    db.session.expire_all()
    count_queries.clear()

    assert get(cast.staff, f"/papers/proposal/{proposal.id}.pdf").status_code == 200
    assert len(count_queries) <= 45


# --- the screening form ----------------------------------------------------------------------------------------------


def test_the_screening_form_names_the_officer_to_the_fund_and_not_to_applicants(get, cast):
    proposal = make_proposal(State.SCREENING, cast=cast)
    screen(proposal, cast.staff, Result.DOCUMENTS)
    path = f"/papers/screening/{proposal.id}.pdf"

    to_staff, to_author = get(cast.staff, path), get(proposal.author, path)

    assert says(to_staff.data, cast.staff.full_name)
    assert to_author.status_code == 200
    assert says(to_author.data, "☑ เอกสารไม่ถูกต้องหรือไม่ครบถ้วน")
    assert not says(to_author.data, cast.staff.full_name)


def test_an_unsent_screening_form_is_for_those_who_screen(get, cast):
    proposal = make_proposal(State.SCREENING, cast=cast)
    path = f"/papers/screening/{proposal.id}.pdf"
    readers = [proposal.author, make_account("super_user")]
    assert says(get(cast.staff, path).data, "แบบเปล่าสำหรับกรอกด้วยมือ")

    save_screening(proposal, all_items(proposal.submitted_revision), cast.staff, 0)

    assert says(get(cast.staff, path).data, "☑ สอดคล้องกับภารกิจของกองทุน")
    assert [get(reader, path).status_code for reader in readers] == [404, 404]


# --- the scoring form ------------------------------------------------------------------------------------------------


def test_applicants_never_get_the_scoring_form(get, cast):
    proposal = on_agenda(cast)
    score(proposal, cast.staff)
    path = f"/papers/scoring/{proposal.id}/group.pdf"

    assert get(cast.staff, path).status_code == 200
    assert get(proposal.author, path).status_code == 404
    assert get(manager_of(proposal.organization), path).status_code == 404


def test_a_committee_prints_its_own_level_and_those_below_and_never_those_above(get, cast):
    proposal = on_agenda(cast)
    of_group = cast.members[0]
    score(proposal, cast.staff)
    above = Cast(staff=cast.staff)
    put_on(proposal, above, make_session(SUB, cast=above))
    score(proposal, cast.staff)
    group, sub = (f"/papers/scoring/{proposal.id}/{level}.pdf" for level in (GROUP, SUB))

    assert [get(above.chair, path).status_code for path in (group, sub)] == [200, 200]
    assert [get(of_group, path).status_code for path in (group, sub)] == [200, 404]


def test_those_who_do_not_see_a_meeting_are_not_told_who_sat_there(get, cast):
    proposal = on_agenda(cast)
    score(proposal, cast.staff)
    above = Cast(staff=cast.staff)
    put_on(proposal, above, make_session(SUB, cast=above))
    path = f"/papers/scoring/{proposal.id}/group.pdf"

    assert says(get(cast.members[0], path).data, cast.chair.full_name)
    assert not says(get(above.members[0] if above.members else above.secretary, path).data, cast.chair.full_name)


def test_an_unsent_sheet_is_shown_to_those_who_record_and_empty_to_the_others(get, cast):
    proposal = on_agenda(cast)
    path = f"/papers/scoring/{proposal.id}/group.pdf"
    save_sheet(proposal, all_topics(4), cast.staff, 0)

    for recorder in (cast.staff, cast.secretary):
        assert "☑" in text_of(get(recorder, path).data)
    for reader in (cast.members[0], make_account("super_user")):
        assert "☑" not in text_of(get(reader, path).data)


def test_a_level_that_has_no_sheet_here_is_not_found(get, cast):
    proposal = on_agenda(cast)

    levels = ["screening", "board", "sub", "nothing", "group"]
    statuses = [get(cast.staff, f"/papers/scoring/{proposal.id}/{level}.pdf").status_code for level in levels]

    assert statuses == [404, 404, 404, 404, 200]


def test_the_sheet_keeps_the_version_of_the_form_it_was_filled_on(get, cast):
    proposal = on_agenda(cast)
    score(proposal, cast.staff)
    draft = new_version(cast.staff)
    typed = [{"number": 1, "title_th": "หัวข้อที่เปลี่ยนชื่อแล้ว"}]
    draft.perform("edit", cast.staff, draft.version, content={"topics": typed})
    draft.perform("publish", cast.staff, draft.version)

    recorded = get(cast.staff, f"/papers/scoring/{proposal.id}/group.pdf").data
    later = make_proposal(State.WAIT_GROUP, cast=cast)
    empty = get(cast.staff, f"/papers/scoring/{later.id}/group.pdf").data

    assert says(recorded, "1. ชื่อแผนงานหรือโครงการ")
    assert says(empty, "1. หัวข้อที่เปลี่ยนชื่อแล้ว")


def test_results_of_an_earlier_revision_stay_printable(get, cast):
    proposal = on_agenda(cast)
    score(proposal, cast.staff, ticked=2)
    proposal.perform("revise", proposal.author, proposal.version)
    walk(proposal, State.SCREENING, cast)

    answer = get(cast.staff, f"/papers/scoring/{proposal.id}/group.pdf", revision=1)

    assert answer.status_code == 200
    assert "คะแนนรวม10020ระดับ" in text_of(answer.data)
    assert get(cast.staff, f"/papers/scoring/{proposal.id}/group.pdf").status_code == 404


def test_printing_writes_no_word_of_the_paper_into_the_log(app, session, capfd):
    from reports.core.pdf import render

    render("<p>ความลับ 😀 ของโครงการ</p>", title="ทดสอบ")

    assert "ความลับ" not in "".join(capfd.readouterr())
