"""The parts of the wizard: they begin, open, save, go on and are read, at a bounded cost."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
import sqlalchemy as sa

from models.core.db import db
from models.fund.codes import PARTS
from models.fund.proposal import Proposal
from tests.factories.core import make_account
from tests.factories.fund import complete_content, make_proposal
from tests.views.fund.wizard_pages import (
    author,
    browser,
    draft_of,
    fresh,
    member,
    open_part,
    post_part,
)

__all__ = ["author", "browser"]


def proposals_of(author):
    return db.session.scalars(sa.select(Proposal).where(Proposal.author_id == author.id)).all()


def words_of(page):
    """The page without its tags."""
    return re.sub(r"<[^>]+>", "", page)


# --- beginning -------------------------------------------------------------------------------------------------------


def test_a_button_pressed_twice_begins_one_draft(browser, author):
    first = browser.post("/wizard/new")
    second = browser.post("/wizard/new")

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert len(proposals_of(author)) == 1


def test_another_draft_begins_once_something_is_saved_in_the_first(browser, author):
    browser.post("/wizard/new")
    first = proposals_of(author)[0]
    post_part(browser, first, "2.1", {**open_part(browser, first, "2.1"), "title": "ดนตรีบำบัด"})

    browser.post("/wizard/new")

    assert len(proposals_of(author)) == 2


def test_nobody_begins_a_draft_without_an_organization(client, session, sign_in):
    lonely = make_account("project_manager")
    db.session.commit()

    answer = sign_in(client, lonely).post("/wizard/new")

    assert answer.status_code == 302
    assert proposals_of(lonely) == []


def test_staff_cannot_begin_a_draft(client, session, sign_in):
    staff = make_account("staff")
    db.session.commit()

    assert sign_in(client, staff).post("/wizard/new").status_code == 403


def test_a_get_begins_nothing(browser, author):
    assert browser.get("/wizard/new").status_code in (404, 405)
    assert proposals_of(author) == []


# --- opening and saving ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_every_part_posted_back_unchanged_changes_nothing(browser, author, part):
    content = complete_content()
    content["2.1"] |= {"unit_phone": "053123456", "coordinator_phone": "0812345678#14"}
    proposal = draft_of(author, content=content)
    before = open_part(browser, proposal, part)

    answer = post_part(browser, proposal, part, before)

    assert answer.status_code == 303
    after = open_part(browser, proposal, part)
    same = {name: value for name, value in before.items() if name not in ("version", "csrf_token")}
    assert {name: after[name] for name in same} == same


@pytest.mark.parametrize("part", PARTS)
def test_another_organization_s_member_finds_nothing(client, author, sign_in, session, part):
    proposal = draft_of(author)
    version = proposal.version
    stranger = member()
    other = sign_in(client, stranger)

    assert other.get(f"/wizard/{proposal.id}/{part}").status_code == 404
    assert other.post(f"/wizard/{proposal.id}/{part}", data={"version": version}).status_code == 404
    assert other.post(f"/wizard/{proposal.id}/move/delete", data={"version": version}).status_code == 404
    assert fresh(proposal).version == version


def test_a_part_that_the_wizard_has_not_is_not_found(browser, author):
    proposal = draft_of(author)

    assert browser.get(f"/wizard/{proposal.id}/9").status_code == 404


def test_an_incomplete_part_is_saved_and_says_what_is_missing(browser, author):
    proposal = draft_of(author)
    fields = open_part(browser, proposal, "2.1")

    answer = post_part(browser, proposal, "2.1", {**fields, "title": "สนามเด็กเล่นเพื่อทุกคน"})

    assert answer.status_code == 303
    assert fresh(proposal).current_revision.title == "สนามเด็กเล่นเพื่อทุกคน"
    page = browser.get(f"/wizard/{proposal.id}/2.1").text
    assert "ประเภทความพิการ" in page.split('id="missing-here"')[1].split("</p>")[0]


def test_next_saves_and_opens_the_part_that_follows(browser, author):
    proposal = draft_of(author)
    fields = open_part(browser, proposal, "2.1")

    answer = post_part(browser, proposal, "2.1", {**fields, "title": "ห้องเรียนเสียง"}, go="next")

    assert answer.location.endswith(f"/wizard/{proposal.id}/2.2")
    assert fresh(proposal).current_revision.title == "ห้องเรียนเสียง"


def test_the_wizard_opens_at_the_first_part_that_misses_something(browser, author):
    content = complete_content()
    content["2.3"]["amount_asked"] = None
    proposal = draft_of(author, content=content)

    assert browser.get(f"/wizard/{proposal.id}").location.endswith("/2.3")


def test_progress_counts_the_complete_parts(browser, author):
    proposal = draft_of(author, content=complete_content())

    assert "ครบ 7 จาก 7 ส่วน" in browser.get(f"/wizard/{proposal.id}/1").text

    fields = open_part(browser, proposal, "2.1")
    post_part(browser, proposal, "2.1", {**fields, "title": ""})
    assert "ครบ 5 จาก 7 ส่วน" in browser.get(f"/wizard/{proposal.id}/1").text


def test_part_one_shows_the_organization_as_it_is_now(browser, author):
    proposal = draft_of(author)
    proposal.organization.chair_first_name = "ประไพ"
    db.session.commit()

    assert "นางประไพ วงษ์สุวรรณ์" in browser.get(f"/wizard/{proposal.id}/1").text


def test_thai_digits_and_buddhist_years_are_read(browser, author):
    proposal = draft_of(author)
    fields = open_part(browser, proposal, "2.3")

    post_part(browser, proposal, "2.3", {**fields, "starts_on": "๑/๕/๒๕๖๙", "amount_asked": "๔๘๖,๕๐๐"})

    revision = fresh(proposal).current_revision
    assert (revision.starts_on.isoformat(), str(revision.amount_asked)) == ("2026-05-01", "486500.00")


# --- reading ---------------------------------------------------------------------------------------------------------


def test_the_review_shows_everything_that_was_typed(browser, author):
    content = complete_content("ครูพี่เลี้ยงเดินทาง")
    content["2.3"]["other_source"] = [{"line_id": "", "text": "มูลนิธิเพื่อนเรียนรู้", "amount": Decimal(1500)}]
    proposal = draft_of(author, content=content)

    page = words_of(browser.get(f"/wizard/{proposal.id}/review").text)

    for text in (
        "ครูพี่เลี้ยงเดินทาง",
        "ผลิตสื่ออ่านง่าย 12 เรื่อง",
        "1,500.00",
        "486,500.00",
        "ทดลองใช้สื่อใน 8 โรงเรียน",
        "ห้องประชุม",
        "ห้องสมุดเสียงสำหรับนักเรียนตาบอด",
    ):
        assert text in page


def test_what_is_locked_is_read_and_not_filled_in(browser, author):
    proposal = make_proposal("ready", author=author)
    db.session.commit()

    page = browser.get(f"/wizard/{proposal.id}/2.1").text

    assert 'id="wizard"' not in page
    assert proposal.title in words_of(page)
    assert "/move/take_back" in page


def test_what_was_submitted_is_read_on_its_own_page(browser, author):
    proposal = make_proposal("screening", author=author)
    db.session.commit()

    for page in ("", "/2.1", "/review"):
        answer = browser.get(f"/wizard/{proposal.id}{page}")
        assert (answer.status_code, answer.location) == (302, f"/proposals/{proposal.id}")


# --- cost ------------------------------------------------------------------------------------------------------------


def large_content(steps=5, activities=20):
    from datetime import date

    from models.fund.revision import new_line_id
    from tests.factories.fund import activity

    content = complete_content()
    content["2.4"]["steps"] = [
        {
            "line_id": new_line_id(),
            "name": f"ขั้นตอน {number}",
            "activities": [activity(f"กิจกรรม {place}", date(2026, 5, 1), 10, 1000) for place in range(activities)],
        }
        for number in range(steps)
    ]
    return content


def test_a_large_part_costs_as_many_queries_as_a_small_one(browser, author, count_queries):
    small, large = draft_of(author, content=large_content(1, 1)), draft_of(author, content=large_content())
    counts = []
    db.session.refresh(small)
    db.session.refresh(large)
    for proposal in (small, large):
        db.session.expunge_all()
        count_queries.clear()
        fields = open_part(browser, proposal, "2.4")
        opened = len(count_queries)
        count_queries.clear()
        assert post_part(browser, proposal, "2.4", fields).status_code == 303
        counts.append((opened, len(count_queries)))

    assert counts[0] == counts[1]
    assert counts[1][0] <= 40
    assert counts[1][1] <= 40
