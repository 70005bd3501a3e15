"""A list is filtered, sorted and walked; its filters are kept and shared, its columns chosen."""

import re

import pytest

from models.core.saved_list import kept_of, saved_lists
from tests.factories.core import make_account
from tests.factories.fund import make_member, make_organization

LIST = "/records/organization/"


def names(answer):
    return re.findall(r'class="s-name s-cut" href="/records/organization/show/\d+">([^<]*)<', answer.text)


def test_filters_narrow_and_stand_as_chips_that_can_be_taken_out(office, organizations):
    answer = office.get(f"{LIST}?f-sector=public&from-registered_year=๒๕๕๐")

    assert names(answer) == ["โรงเรียนคอควาย"]
    without = re.findall(r'<li><a href="([^"]*)">[^<]*2550', answer.text)
    assert [one.replace("&amp;", "&") for one in without] == [f"{LIST}?f-sector=public"]


def test_words_are_searched_and_an_order_is_walked_both_ways(office, organizations):
    assert names(office.get(f"{LIST}?q=ขอไข่")) == ["สมาคมขอไข่"]
    rising, falling = names(office.get(f"{LIST}?sort=year")), names(office.get(f"{LIST}?sort=-year"))

    assert rising[:3] == ["มูลนิธิกอไก่", "สมาคมขอไข่", "โรงเรียนคอควาย"]
    assert falling == rising[::-1]


def test_pages_follow_each_other_without_losing_a_row(session, office):
    made = {make_organization(f"องค์กร {number:02}").name for number in range(12)}

    seen, url = [], f"{LIST}?size=10"
    while url:
        page = office.get(url)
        seen += names(page)
        found = re.search(r'rel="next" href="([^"]*)"', page.text)
        url = found.group(1).replace("&amp;", "&") if found else None

    assert made <= set(seen)
    assert len(seen) == len(set(seen))


def test_a_record_is_jumped_to_by_its_number(office, organizations):
    last = organizations[1]

    assert names(office.get(f"{LIST}?sort=year&at={last.id}"))[0] == last.name
    lost = office.get(f"{LIST}?at=123456")
    assert lost.status_code == 200
    assert "123456" in lost.text


def test_a_filter_that_cannot_be_read_is_told_at_its_field_and_stays(office, organizations):
    answer = office.get("/records/evaluation_session/?from-starts_at=31/02/2569")

    assert answer.status_code == 400
    assert 'value="31/02/2569"' in answer.text
    assert 'id="e-starts_at"' in answer.text


def marked(page: str) -> list[str]:
    """The fields that are marked as wrong."""
    return re.findall(r'<input[^>]*id="([^"]+)"[^>]*aria-invalid="true"', page)


def test_of_two_bounds_the_wrong_one_is_marked_and_a_year_is_asked_for_as_one(office, organizations):
    of_our_era = office.get("/records/organization/?from-registered_year=2020&to-registered_year=2570")
    no_year = office.get("/records/organization/?from-registered_year=2540&to-registered_year=ปีนี้")
    both = office.get("/records/organization/?from-registered_year=2020&to-registered_year=ปีนี้").text

    assert (of_our_era.status_code, no_year.status_code) == (400, 400)
    assert "ถ้าหมายถึง ค.ศ. 2020 ให้พิมพ์ 2563" in of_our_era.text
    assert marked(of_our_era.text) == ["from-registered_year"]
    assert "พิมพ์ปี พ.ศ. สี่หลัก เช่น 2570" in no_year.text
    assert marked(no_year.text) == ["to-registered_year"]
    assert marked(both) == ["from-registered_year", "to-registered_year"]


def test_an_empty_list_says_which_filter_to_take_out(office, organizations):
    page = office.get(f"{LIST}?f-sector=private&q=มูลนิธิกอไก่").text

    assert names_of_ways_out(page)


def names_of_ways_out(page):
    return re.findall(r'class="btn btn-primary" href="(/records/organization/\?[^"]*)"', page)


def test_counts_follow_after_the_page(office, organizations):
    page = office.get(f"{LIST}?f-sector=public").text
    counts = office.get("/records/organization/counts?f-sector=public").text

    assert 'hx-get="/records/organization/counts?f-sector=public"' in page
    assert re.search(r'id="record-total"[^>]*>[^<]*2', counts)


def test_linked_records_bear_their_names_and_lead_to_them(session, office, browser):
    organization = make_organization("มูลนิธิตัวอย่าง")
    make_member(organization)

    page = office.get("/records/membership/").text

    assert f'href="/records/organization/show/{organization.id}">มูลนิธิตัวอย่าง</a>' in page


def test_a_picker_finds_only_what_its_reader_sees(office, browser, organizations):
    found = office.get("/records/membership/pick/organization_id?q=คอควาย").json["results"]

    assert [one["text"] for one in found] == ["โรงเรียนคอควาย"]
    assert browser(make_account("committee")).get("/records/membership/pick/organization_id?q=ค").status_code == 403
    many = office.get("/records/membership/pick/user_id?q=").json["results"]
    assert 0 < len(many) <= 20


# --- kept filters ----------------------------------------------------------------------------------------------------


def test_kept_filters_are_ones_own_until_they_are_shared(session, clerk, office, browser, organizations):
    other = browser(make_account("staff"))

    office.post("/records/organization/saved", data={"name": "งานของเรา", "list-f-sector": "public"})
    assert "งานของเรา" in office.get(LIST).text
    hidden = other.get(LIST).text
    [one] = saved_lists(clerk.id, "records.organization")
    office.post(f"/records/organization/saved/{one.id}", data={"action": "share"})
    shown = other.get(LIST).text

    assert "งานของเรา" not in hidden
    assert re.search("งานของเรา · [^<]*พิมพ์ชนก ศรีสุข", shown)
    assert other.post(f"/records/organization/saved/{one.id}", data={"action": "remove"}).status_code == 404


def test_a_shared_filter_never_widens_what_its_reader_sees(session, browser, organizations):
    chief = make_account("super_user")
    browser(chief).post("/records/organization/saved", data={"name": "ที่ลบแล้ว", "shared": "1", "list-tab": "deleted"})
    asking = browser(make_account("staff"))

    page = asking.get(f"{LIST}?tab=deleted")

    assert page.status_code in (200, 400)
    if page.status_code == 400:
        assert "ที่ลบแล้ว" not in asking.get(LIST).text


def test_a_list_that_asks_for_what_is_no_filter_is_not_kept(clerk, office):
    answer = office.post("/records/organization/saved", data={"name": "x", "list-f-password": "1"})

    assert answer.status_code == 400
    assert saved_lists(clerk.id, "records.organization") == []


# --- columns ---------------------------------------------------------------------------------------------------------


def headings(answer):
    return re.findall(r"<th scope=\"col\"[^>]*>(?:<a[^>]*>)?\s*([^<]+?)\s*<", answer.text)


def test_columns_are_chosen_in_an_order_and_only_for_oneself(clerk, office, browser, organizations):
    before = headings(office.get(LIST))

    office.post("/records/organization/columns", data={"columns": ["phone", "name", "password"]})
    mine, theirs = headings(office.get(LIST)), headings(browser(make_account("staff")).get(LIST))
    office.post("/records/organization/columns", data={"action": "reset", "columns": ["phone"]})

    assert kept_of(clerk.id, "records.organization").columns == ()
    assert len(mine) == 2
    assert mine != before
    assert theirs == before
    assert headings(office.get(LIST)) == before


@pytest.mark.parametrize("path", ["saved", "columns", "bulk"])
def test_what_changes_a_list_needs_the_right_to_see_it(path, session, browser):
    asking = browser(make_account("committee"))

    assert asking.post(f"/records/organization/{path}", data={"name": "x"}).status_code == 403
