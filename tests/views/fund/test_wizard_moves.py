"""The applicants' moves from the wizard: who may, when, once, and what is said where it is refused."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models.core.db import db
from models.fund.codes import State
from models.fund.proposal import Proposal
from tests.factories.core import make_account
from tests.factories.fund import complete_content, make_member, make_proposal
from tests.views.fund.wizard_pages import draft_of, fresh, member, open_part


@pytest.fixture
def author(session):
    return member()


@pytest.fixture
def browser(client, author, sign_in):
    return sign_in(client, author)


def take(client, proposal, action, version=None):
    version = fresh(proposal).version if version is None else version
    return client.post(f"/wizard/{proposal.id}/move/{action}", data={"version": version}, follow_redirects=True)


def managed_by_new(proposal, new_client, sign_in):
    manager = make_member(proposal.organization, "manager")
    db.session.commit()
    return sign_in(new_client(), manager)


def test_a_complete_draft_is_marked_ready_and_taken_back(browser, author):
    proposal = draft_of(author, content=complete_content())

    take(browser, proposal, "mark_ready")
    assert fresh(proposal).state == State.READY

    take(browser, proposal, "take_back")
    assert fresh(proposal).state == State.DRAFT


@pytest.mark.parametrize("part", ["2.1", "review"])
def test_a_telephone_has_the_paper_among_what_comes_next(browser, author, part):
    proposal = draft_of(author)

    moves = browser.get(f"/wizard/{proposal.id}/{part}").text.split('id="moves"')[1].split("</section>")[0]

    assert f'<a class="btn btn-outline-secondary s-only-phone" href="/papers/proposal/{proposal.id}.pdf' in moves


def test_an_incomplete_draft_has_no_button_but_the_reason(browser, author):
    content = complete_content()
    content["2.2"]["indicator"] = []
    proposal = draft_of(author, content=content)

    page = browser.get(f"/wizard/{proposal.id}/1").text

    assert "/move/mark_ready" not in page
    assert 'data-move-refused="mark_ready"' in page
    take(browser, proposal, "mark_ready")
    assert fresh(proposal).state == State.DRAFT


def test_only_a_manager_submits_and_reads_the_number(browser, author, new_client, sign_in):
    proposal = make_proposal("ready", author=author)
    db.session.commit()
    manager = managed_by_new(proposal, new_client, sign_in)

    assert browser.post(f"/wizard/{proposal.id}/move/submit", data={"version": proposal.version}).status_code in (
        403,
        404,
    )
    assert fresh(proposal).state == State.READY

    answer = take(manager, proposal, "submit")
    assert fresh(proposal).state == State.SCREENING
    assert fresh(proposal).number in answer.text


def test_submitting_asks_first_and_only_where_it_is_possible(client, session, sign_in):
    manager = member("manager")
    proposal = draft_of(manager, content=complete_content())
    incomplete = draft_of(manager)
    browser = sign_in(client, manager)

    page = browser.get(f"/wizard/{proposal.id}/review").text
    form = page.split(f'action="/wizard/{proposal.id}/move/submit"')[1].split(">")[0]
    assert "data-confirm=" in form
    assert "/move/submit" not in browser.get(f"/wizard/{incomplete.id}/1").text


def test_a_submit_pressed_twice_is_one_submission_with_one_number(client, session, sign_in):
    manager = member("manager")
    proposal, next_one = (draft_of(manager, content=complete_content()) for _each in range(2))
    browser = sign_in(client, manager)
    version = proposal.version

    answers = [take(browser, proposal, "submit", version) for _press in range(2)]
    take(browser, next_one, "submit")

    assert [answer.status_code for answer in answers] == [200, 200]
    first, second = fresh(proposal), fresh(next_one)
    assert first.revision_number == 1
    assert second.sequence == first.sequence + 1
    assert "เปลี่ยนไปหลังจากเปิดหน้านี้" not in answers[1].text


def test_a_page_out_of_date_submits_nothing(client, session, sign_in):
    manager = member("manager")
    proposal = draft_of(manager, content=complete_content())
    browser = sign_in(client, manager)

    answer = take(browser, proposal, "submit", proposal.version - 1)

    assert fresh(proposal).state == State.DRAFT
    assert "เปลี่ยนไปหลังจากเปิดหน้านี้" in answer.text
    take(browser, proposal, "submit")
    assert fresh(proposal).state == State.SCREENING


@pytest.mark.parametrize("action", ["submit", "mark_ready"])
def test_typing_that_is_not_saved_is_not_left_behind_by_sending(client, session, sign_in, action):
    manager = member("manager")
    proposal = draft_of(manager, content=complete_content())
    browser = sign_in(client, manager)
    fields = open_part(browser, proposal, "2.1")
    body = {name: fields[name] for name in ("version", "base", "revision")}
    body |= {"user": manager.id, "fields": [["title", "ชื่อที่ยังไม่ได้บันทึก"]]}
    browser.post(f"/wizard/{proposal.id}/2.1/typing", json=body)

    take(browser, proposal, action)
    assert fresh(proposal).state == State.DRAFT

    browser.post(f"/wizard/{proposal.id}/2.1/typing/discard")
    take(browser, proposal, action)
    assert fresh(proposal).state == {"submit": State.SCREENING, "mark_ready": State.READY}[action]


def test_a_returned_proposal_is_revised_and_the_draft_discarded(browser, author):
    proposal = make_proposal("returned", author=author)
    db.session.commit()

    take(browser, proposal, "revise")
    assert fresh(proposal).current_revision.number == 2

    take(browser, proposal, "discard")
    again = fresh(proposal)
    assert (again.state, again.current_revision.number) == (State.RETURNED, 1)


def test_a_revise_pressed_twice_makes_one_revision(browser, author):
    proposal = make_proposal("returned", author=author)
    db.session.commit()
    version = proposal.version

    for _press in range(2):
        take(browser, proposal, "revise", version)

    assert len(fresh(proposal).revisions) == 2


def test_a_draft_is_deleted_and_restored_from_the_list(browser, author):
    proposal = draft_of(author, content=complete_content("สนามเด็กเล่นเพื่อทุกคน"))

    take(browser, proposal, "delete")
    assert fresh(proposal).is_deleted
    assert "สนามเด็กเล่นเพื่อทุกคน" in browser.get("/wizard/deleted").text
    assert browser.get(f"/wizard/{proposal.id}/1").status_code == 404

    take(browser, proposal, "restore")
    assert fresh(proposal).state == State.DRAFT


def test_a_proposal_that_was_submitted_has_no_delete(browser, author):
    proposal = make_proposal("returned", author=author)
    db.session.commit()
    take(browser, proposal, "revise")

    assert "/move/delete" not in browser.get(f"/wizard/{proposal.id}/1").text
    take(browser, proposal, "delete")
    assert fresh(proposal).state == State.DRAFT


def test_the_deleted_of_others_stand_on_no_list(browser, author, new_client, sign_in):
    proposal = draft_of(author, content=complete_content("ห้องเรียนเสียง"))
    take(browser, proposal, "delete")
    stranger = member("manager")
    other = sign_in(new_client(), stranger)

    assert "ห้องเรียนเสียง" not in other.get("/wizard/deleted").text
    version = fresh(proposal).version
    assert other.post(f"/wizard/{proposal.id}/move/restore", data={"version": version}).status_code == 404
    assert fresh(proposal).is_deleted


def test_a_move_is_no_get_and_no_other_word(browser, author):
    proposal = draft_of(author, content=complete_content())

    assert browser.get(f"/wizard/{proposal.id}/move/delete").status_code in (404, 405)
    for action in ("save", "approve", "pass_screening", "nonsense"):
        assert (
            browser.post(f"/wizard/{proposal.id}/move/{action}", data={"version": proposal.version}).status_code == 404
        )
    assert fresh(proposal).state == State.DRAFT


def test_staff_and_visitors_have_no_moves(client, author, session, sign_in, new_client):
    proposal = draft_of(author, content=complete_content())
    staff = make_account("staff")
    db.session.commit()

    assert sign_in(client, staff).post(f"/wizard/{proposal.id}/move/delete").status_code == 403
    assert new_client().post(f"/wizard/{proposal.id}/move/delete").status_code == 302
    assert db.session.scalar(sa.select(Proposal.state).where(Proposal.id == proposal.id)) == State.DRAFT
