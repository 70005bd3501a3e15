"""The list as a whole: taken away as a file, its filters kept as tabs, a province filtered by."""

from __future__ import annotations

import csv
import io
import re

import pytest
from openpyxl import load_workbook

from jobs.runner import run_due
from models.core import audit
from models.core.audit import AuditEntry
from models.core.db import db
from models.core.saved_list import saved_lists
from models.fund.codes import MANAGER, State
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_member, make_organization, make_proposal, make_session, put_on, score
from views.fund.proposal import tools


@pytest.fixture
def cast(session):
    return Cast()


@pytest.fixture
def browser(new_client, sign_in, session):
    """A browser signed in as somebody."""

    def do(account):
        db.session.commit()
        return sign_in(new_client(), account)

    return do


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


# --- the file --------------------------------------------------------------------------------------------------------


def test_the_file_holds_every_page_of_what_is_filtered_and_nothing_else(browser, cast):
    for number in range(3):
        make_proposal(State.SCREENING, title=f"อบรมครู {number}", cast=cast)
    make_proposal(State.SCREENING, title="ค่ายวิทยาศาสตร์", cast=cast)
    make_proposal(title="ยังร่างอยู่")

    heading, *rows = rows_of(browser(cast.staff).get("/proposals/export.csv?q=อบรมครู&sort=number&size=10"))

    assert [row[1] for row in rows] == ["อบรมครู 0", "อบรมครู 1", "อบรมครู 2"]
    assert heading[0] == "หมายเลขโครงการ"
    assert rows[0][heading.index("ตรวจเอกสาร")] == "อยู่ในขั้นตอนตรวจสอบ"


def test_an_applicant_takes_away_their_own_alone(browser, cast):
    ours = make_proposal(State.SCREENING, title="ของเรา", cast=cast)
    make_proposal(State.SCREENING, title="ของคนอื่น", cast=cast)

    rows = rows_of(browser(ours.author).get("/proposals/export.csv"))

    assert [row[1] for row in rows[1:]] == ["ของเรา"]


def test_the_workbook_has_numbers_as_numbers_and_formulas_as_text(browser, cast):
    proposal = make_proposal(State.WAIT_GROUP, title="=HYPERLINK(1)", cast=cast)
    put_on(proposal, cast, make_session(cast=cast))
    score(proposal, cast.staff)

    answer = browser(cast.staff).get("/proposals/export.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    heading, row = list(sheet.iter_rows(values_only=True))[:2]
    cell = sheet.cell(2, 2)

    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    assert row[heading.index("คะแนน: คณะทำงาน")] == proposal.group_points
    assert isinstance(row[heading.index("จำนวนเงินที่ขอ (บาท)")], int | float)


def test_taking_the_list_away_is_written_down_with_what_was_asked(browser, cast):
    make_proposal(State.SCREENING, cast=cast)

    browser(cast.staff).get("/proposals/export.csv?year=2569")

    entry = db.session.scalar(db.select(AuditEntry).where(AuditEntry.action == "fund_proposal.export"))
    assert entry is not None
    assert entry.actor_id == cast.staff.id
    assert {"year": 2569} in [note.get("asked") for note in entry.payload["notes"]]
    assert audit.verify() is None


def test_a_list_too_long_to_wait_for_is_made_by_the_worker(browser, cast, monkeypatch):
    monkeypatch.setitem(tools.AT_ONCE, "csv", 1)
    found, other = (make_proposal(State.SCREENING, cast=cast, title=f"ค่ายอ่านเขียน {n}") for n in range(2))
    make_proposal(State.SCREENING, cast=cast, title="อบรมครู")
    staff = browser(cast.staff)

    answer = staff.get("/proposals/export.csv?q=ค่ายอ่านเขียน&sort=number")
    run_due()

    assert answer.headers["Location"] == "/exports/"
    url = re.search(r'href="(/files/[^"]+)"', staff.get("/exports/").text)[1].replace("&amp;", "&")
    with staff.get(url) as file:
        lines = file.data.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("หมายเลขโครงการ,")
    assert [line.split(",")[0] for line in lines[1:]] == [found.number, other.number]


def test_another_ending_is_not_found(browser, cast):
    assert browser(cast.staff).get("/proposals/export.exe").status_code == 404


def test_a_longer_file_asks_no_more_of_the_database(browser, cast, count_queries):
    asked = []
    for _number in range(2):
        for _more in range(3):
            make_proposal(State.SCREENING, cast=cast)
        staff = browser(cast.staff)
        count_queries.clear()
        staff.get("/proposals/export.csv")
        asked.append(len([one for one in count_queries if one.startswith("SELECT")]))

    assert asked[0] == asked[1]


# --- tabs of one's own -----------------------------------------------------------------------------------------------


def test_filters_kept_under_a_name_stand_as_a_tab_with_its_count(browser, cast):
    for _number in range(2):
        make_proposal(State.SCREENING, title="อบรมครู", cast=cast)
    make_proposal(State.SCREENING, title="ค่าย", cast=cast)
    staff = browser(cast.staff)

    staff.post("/proposals/saved", data={"name": "งานอบรม", "list-q": "อบรมครู", "list-sort": "name"})
    page = staff.get("/proposals/").text
    counts = staff.get("/proposals/counts").text

    assert "งานอบรม" in page
    assert re.search(r'งานอบรม <span class="s-count">2</span>', counts)
    tab = re.search(r'href="([^"]*)"[^>]*>(?:(?!</a>).)*งานอบรม', page).group(1).replace("&amp;", "&")
    opened = staff.get(tab).text
    assert "อบรมครู" in opened
    assert re.search(r'aria-current="?true"?[^>]*>(?:(?!</a>).)*งานอบรม', opened)


def test_a_tab_is_its_owners_alone(browser, cast):
    browser(cast.staff).post("/proposals/saved", data={"name": "แท็บเฉพาะตัว", "list-q": "ครู"})
    [one] = saved_lists(cast.staff.id, tools.PAGE)
    other = browser(make_account("staff"))

    assert "แท็บเฉพาะตัว" not in other.get("/proposals/").text
    assert other.post(f"/proposals/saved/{one.id}", data={"action": "remove"}).status_code == 404
    assert saved_lists(cast.staff.id, tools.PAGE) == [one]


def test_a_shared_tab_is_seen_by_the_funds_people_and_by_no_applicant(browser, cast):
    staff, manager = browser(cast.staff), make_member(make_organization(), MANAGER)
    staff.post("/proposals/saved", data={"name": "งานของกองทุน", "list-q": "ครู", "shared": "1"})
    browser(manager).post("/proposals/saved", data={"name": "งานของเรา", "list-q": "ครู", "shared": "1"})

    other, applicant = browser(make_account("staff")).get("/proposals/"), browser(manager).get("/proposals/")

    assert "งานของกองทุน" in other.text
    assert "งานของเรา" not in other.text
    assert "งานของกองทุน" not in applicant.text


def test_a_tab_is_renamed_and_taken_away(browser, cast):
    staff = browser(cast.staff)
    staff.post("/proposals/saved", data={"name": "เดิม", "list-q": "ครู"})
    [one] = saved_lists(cast.staff.id, tools.PAGE)

    staff.post(f"/proposals/saved/{one.id}", data={"action": "rename", "name": "ใหม่"})
    assert [one.name for one in saved_lists(cast.staff.id, tools.PAGE)] == ["ใหม่"]
    staff.post(f"/proposals/saved/{one.id}", data={"action": "remove"})

    assert saved_lists(cast.staff.id, tools.PAGE) == []


@pytest.mark.parametrize("name", ["", " ", "ก" * 61])
def test_a_tab_without_a_proper_name_is_not_kept_and_that_is_told(browser, cast, name):
    staff = browser(cast.staff)

    answer = staff.post("/proposals/saved", data={"name": name, "list-q": "ครู"})

    assert answer.status_code == 302
    assert "q=" in answer.headers["Location"]
    assert saved_lists(cast.staff.id, tools.PAGE) == []


def test_a_tab_that_can_no_longer_be_meant_is_left_out(browser, cast):
    staff = browser(cast.staff)
    staff.post("/proposals/saved", data={"name": "เก่า", "list-q": "ครู"})
    [one] = saved_lists(cast.staff.id, tools.PAGE)
    one.query = {"sort": "gone"}
    db.session.commit()

    assert staff.get("/proposals/").status_code == 200


@pytest.mark.parametrize("data", [{"action": "x"}, {}])
def test_a_deed_that_is_none_is_refused(browser, cast, data):
    staff = browser(cast.staff)
    staff.post("/proposals/saved", data={"name": "เก่า", "list-q": "ครู"})
    [one] = saved_lists(cast.staff.id, tools.PAGE)

    assert staff.post(f"/proposals/saved/{one.id}", data=data).status_code == 400


# --- a province ------------------------------------------------------------------------------------------------------


def test_staff_filter_by_province_and_an_unknown_one_is_refused(browser, cast):
    here, there = make_organization(province_code="50"), make_organization(province_code="90")
    make_proposal(State.SCREENING, title="เชียงใหม่", organization=here, cast=cast)
    make_proposal(State.SCREENING, title="สงขลา", organization=there, cast=cast)
    staff = browser(cast.staff)

    page = staff.get("/proposals/?province=50").text

    assert re.findall(r'class="s-name s-cut" href="[^"]*">(.*?)</a>', page) == ["เชียงใหม่"]
    assert staff.get("/proposals/?province=00").status_code == 400


# --- begun from an earlier one ---------------------------------------------------------------------------------------


def test_a_draft_is_begun_from_an_earlier_proposal_in_three_steps(browser, cast):
    source = make_proposal(State.APPROVED, title="โครงการปีก่อน", cast=cast)
    author = browser(source.author)

    assert "โครงการปีก่อน" in author.get("/wizard/bring/").text
    form = author.get(f"/wizard/bring/{source.id}").text
    token = re.search(r'name="form_token"[^>]*value="([^"]+)"', form).group(1)
    data = {"parts": ["2.1", "2.2"], "years": "1", "form_token": token}
    first = author.post(f"/wizard/bring/{source.id}", data=data)
    second = author.post(f"/wizard/bring/{source.id}", data=data)

    wizard = author.get(first.headers["Location"], follow_redirects=True).text
    assert "นำข้อมูลมาจาก:" in wizard
    assert "tab=drafts" in second.headers["Location"]
    assert author.get("/proposals/?tab=drafts").text.count('class="s-name s-cut"') == 1


def test_the_form_asks_for_one_part_at_least(browser, cast):
    source = make_proposal(State.APPROVED, cast=cast)

    answer = browser(source.author).post(f"/wizard/bring/{source.id}", data={"years": "0", "form_token": "x"})

    assert answer.status_code == 422
    assert "เลือกอย่างน้อยหนึ่งส่วน" in answer.text


def test_whoever_may_not_write_the_earlier_one_does_not_find_it(browser, cast):
    source = make_proposal(State.APPROVED, cast=cast)
    other = make_proposal(State.APPROVED, cast=cast)

    assert browser(other.author).get(f"/wizard/bring/{source.id}").status_code == 404
    assert browser(cast.staff).get(f"/wizard/bring/{source.id}").status_code == 403
