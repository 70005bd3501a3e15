"""Search: all that one may see and nothing else, in few queries; numbers lead straight on; no citizen ID stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from models.core.thai.citizen import sample_citizen_id
from models.core.thai.text import to_thai_digits
from models.fund.codes import COMMITTEE, MANAGER, STAFF, State
from models.fund.session import SteppingOut
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_member, make_organization, make_proposal, put_on
from views.core.search import is_citizen_id, marked, read

S = State


def found(client, typed, where="/search/"):
    answer = client.get(where, query_string={"q": typed})
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    page = page[page.index("<main") :] if "<main" in page else page
    return re.sub(r"</?mark>|<span class=.nowrap.>([^<]*)</span>", r"\1", page)


@pytest.fixture
def cast(session):
    return Cast()


def test_staff_find_proposals_by_name_and_by_organization(client, session, sign_in, cast):
    organization = make_organization("สมาคมผู้ปกครองริมโขง")
    author = make_member(organization)
    proposal = make_proposal(S.SCREENING, author=author, organization=organization, title="ห้องสมุดเสียง", cast=cast)
    elsewhere = make_organization("โรงเรียนบ้านดอน")
    make_proposal(S.SCREENING, organization=elsewhere, title="สนามเด็กเล่น", cast=cast)
    sign_in(client, cast.staff)

    for typed in ("สมุดเสียง", "ริมโขง"):
        page = found(client, typed)
        assert f"/proposals/{proposal.id}" in page
        assert "สนามเด็กเล่น" not in page
    assert f"/organizations/{organization.id}" in found(client, "ริมโขง")


def test_the_year_of_a_number_finds_its_proposals_while_the_number_is_typed(client, session, sign_in, cast):
    proposal = make_proposal(S.SCREENING, title="สนามเด็กเล่น", cast=cast)
    year = str(proposal.fiscal_year)
    other = str(proposal.fiscal_year - 1)
    sign_in(client, cast.staff)

    for typed in (year, to_thai_digits(year), f"{year}-"):
        assert f"/proposals/{proposal.id}" in found(client, typed)
    assert f"/proposals/{proposal.id}" not in found(client, f"{other}-")


def test_drafts_of_others_are_not_found_and_ones_own_are(client, session, sign_in, new_client, cast):
    draft = make_proposal(S.DRAFT, title="ร่างลับเฉพาะ", cast=cast)

    assert "ร่างลับเฉพาะ" in found(sign_in(client, draft.author), "ลับเฉพาะ")
    for stranger in (cast.staff, make_member(make_organization(), MANAGER), make_account("super_user")):
        assert f"/proposals/{draft.id}" not in found(sign_in(new_client(), stranger), "ลับเฉพาะ")


def test_who_stepped_out_of_an_item_does_not_find_it(client, session, sign_in, new_client, cast):
    proposal = make_proposal(S.WAIT_GROUP, title="โครงการของญาติ", cast=cast)
    meeting = put_on(proposal, cast)
    assert f"/proposals/{proposal.id}" in found(sign_in(client, cast.secretary), "ของญาติ")
    for person in (cast.secretary, cast.staff):
        session.add(SteppingOut(item=meeting.items[0], user_id=person.id, reason="declared"))
    session.commit()

    for person in (cast.secretary, cast.staff):
        assert f"/proposals/{proposal.id}" not in found(sign_in(new_client(), person), "ของญาติ")


def test_a_committee_member_finds_only_what_is_on_their_sessions(client, session, sign_in, cast):
    put_on(mine := make_proposal(S.WAIT_GROUP, title="ดนตรีบำบัดของเรา", cast=cast), cast)
    other = Cast()
    theirs = make_proposal(S.WAIT_GROUP, title="ดนตรีบำบัดของเขา", cast=other)
    meeting = put_on(theirs, other)
    sign_in(client, cast.secretary)

    page = found(client, "ดนตรีบำบัด")

    assert f"/proposals/{mine.id}" in page
    assert f"/proposals/{theirs.id}" not in page
    assert f"/sessions/{meeting.id}" not in found(client, meeting.name)


def test_people_are_found_by_those_who_keep_accounts_alone(client, session, sign_in, new_client, cast):
    person = make_account("project_manager", first_name="สุรีย์พร", last_name="แก้วมณีโชติ")
    session.commit()

    assert f"/users/{person.id}" in found(sign_in(client, cast.staff), "แก้วมณีโชติ")
    for other in (make_account(COMMITTEE), make_account("project_manager")):
        assert f"/users/{person.id}" not in found(sign_in(new_client(), other), "แก้วมณีโชติ")


def test_pages_of_the_menu_are_found_by_those_who_have_them(client, session, sign_in, new_client):
    assert "/users/" in found(sign_in(client, make_account(STAFF)), "ผู้ใช้งาน")
    assert "/users/" not in found(sign_in(new_client(), make_account("project_manager")), "ผู้ใช้งาน")


@pytest.mark.parametrize("write", [str, to_thai_digits])
def test_a_number_leads_straight_to_its_proposal_however_it_is_typed(client, session, sign_in, cast, write):
    proposal = make_proposal(S.SCREENING, cast=cast)
    sign_in(client, cast.staff)

    for typed in (proposal.number, f"{proposal.fiscal_year}-{proposal.sequence}"):
        answer = client.get("/search/", query_string={"q": write(typed)})
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith(f"/proposals/{proposal.id}")
    assert f"/proposals/{proposal.id}" in found(client, str(proposal.sequence).zfill(4))


def test_the_number_of_anothers_proposal_leads_nowhere(client, session, sign_in, cast):
    proposal = make_proposal(S.SCREENING, cast=cast)
    sign_in(client, make_member(make_organization()))

    assert f"/proposals/{proposal.id}" not in found(client, proposal.number)


def test_a_page_of_results_asks_little_however_much_is_found(client, session, sign_in, cast, count_queries):
    sign_in(client, cast.staff)

    def queries():
        found(client, "พัฒนาสื่อ")
        count_queries.clear()
        found(client, "พัฒนาสื่อ")
        return len(count_queries)

    make_proposal(S.SCREENING, title="พัฒนาสื่อ 1", cast=cast)
    few = queries()
    for number in range(6):
        make_proposal(S.SCREENING, title=f"พัฒนาสื่อ {number}", cast=cast)

    assert queries() == few <= 8
    count_queries.clear()
    found(client, "พัฒนาสื่อ", "/search/suggest")
    assert len(count_queries) <= 8


def test_suggestions_are_options_of_a_list_and_few(client, session, sign_in, cast):
    for number in range(7):
        make_proposal(S.SCREENING, title=f"อบรมครู <b>{number}</b>", cast=cast)
    sign_in(client, cast.staff)

    part = client.get("/search/suggest?q=อบรมครู").get_data(as_text=True)

    assert len(re.findall('role="option" id="found-[0-9]', part)) == 4
    assert "<mark>อบรมครู</mark> &lt;b&gt;" in part
    assert "<html" not in part
    assert client.get("/search/suggest?q=อ").get_data(as_text=True).strip() == ""


def test_a_citizen_id_is_not_searched_for_and_does_not_stay_in_the_address(client, session, sign_in, cast, capsys):
    number = sample_citizen_id(77)
    sign_in(client, cast.staff)

    for typed in (number, to_thai_digits(number), "-".join(re.findall(".{1,3}", number))):
        answer = client.get("/search/", query_string={"q": typed})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/search/")
        assert client.get("/search/suggest", query_string={"q": typed}).get_data(as_text=True).strip() == ""

    assert number not in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["%", "_", "\\", "' OR 1=1 --", "<script>", "\0", "ก" * 200, "2569-", "2569-9999999"])
def test_odd_things_typed_find_nothing_and_break_nothing(client, session, sign_in, cast, typed):
    make_proposal(S.SCREENING, title="ชื่อธรรมดา", cast=cast)
    sign_in(client, cast.staff)

    assert "ชื่อธรรมดา" not in found(client, typed)
    assert client.get("/search/", query_string={"q": "ก" * 2000}).status_code == 400


@given(st.text(max_size=60), st.text(min_size=1, max_size=10))
def test_marking_changes_no_letter_and_lets_no_markup_through(text, typed):
    shown = str(marked(text, read(typed)))

    plain = re.sub(r"</?mark>|<span class=.nowrap.>|</span>", "", shown)
    assert plain == str(escape(text))


def test_what_is_marked_is_what_was_typed():
    assert str(marked("พัฒนาสื่อ ปี 2569 Media", read("๒๕๖๙ media"))) == ("พัฒนาสื่อ ปี <mark>2569</mark> <mark>Media</mark>")
    assert is_citizen_id("1-2345-67890-12-3")
    assert not is_citizen_id("2569-0001 25690001")
