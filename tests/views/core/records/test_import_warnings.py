"""What the check of a file says before anything is stored: what is there, how it was read, what fits nowhere."""

from __future__ import annotations

import re

import pytest

from jobs import importing
from models.core import imports
from models.core.db import now
from models.core.imports import Import
from models.core.matrix import set_cells
from tests.factories.core import make_account
from tests.factories.fund import make_organization
from tests.views.core.records.importing import PAGE, REST, WORDS, count, run_of, send, wrongs
from views.core.records.file_words import unread_sentence


@pytest.fixture
def browser(chair):
    return chair


def stats(page: str) -> dict[str, str]:
    """The figures at the top of an import's page, by their words."""
    found = re.findall(r"<dt[^>]*>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", page, re.S)
    return {re.sub("<[^>]+>", "", name).strip(): re.sub("<[^>]+>", "", value).strip() for name, value in found}


def new_ones(*names: str, sign: str = ",") -> str:
    rows = [("name", "sector", "province_code", *REST), *((name, "private", "10", *WORDS) for name in names)]
    return "\r\n".join(map(sign.join, rows))


def test_the_very_same_file_is_told_with_who_imported_it_and_when(browser, new_client, sign_in, session, chief):
    data = new_ones("มูลนิธิใหม่").encode()
    first = send(browser, data)
    assert "เคยนำเข้าแล้ว" not in browser.get(first).text
    browser.post(first, data={"action": "store"})
    other = sign_in(new_client(), make_account("super_user"))
    set_cells({("organization.edit", "super_user"): True})
    session.commit()

    page = other.get(send(other, data, name="อีกชื่อ.csv")).text

    assert "ไฟล์นี้เคยนำเข้าแล้ว" in page
    said = page.split("เคยนำเข้าแล้ว")[1].split("</div>")[0]
    assert chief.full_name in said
    assert "ข้อมูล.csv" in said
    assert re.search(r"\d+ .+ 25\d\d", said)


@pytest.mark.parametrize("typed", ["มูลนิธิกอไก่", "มูลนิธิ\u200bกอไก่", " มูลนิธิกอไก่ ", "มูลนิธิกอไก่  ๑"])
def test_a_new_row_called_as_a_record_is_warned_of_and_may_be_left_out(browser, session, typed):
    known = make_organization("มูลนิธิกอไก่ 1" if "๑" in typed else "มูลนิธิกอไก่")
    session.commit()
    before = count()
    page = send(browser, new_ones("สมาคมใหม่", typed).encode())
    run, text = run_of(), browser.get(page).text

    assert (run.adds, run.bad, run.alike, run.can_be_stored) == (2, 0, 1, True)
    assert run.found["alikes"] == [[3, f"มีระเบียนชื่อนี้อยู่แล้ว: {known.name} (เลขที่ {known.id})"]]
    assert run.found["alikes"][0][1] in text
    assert stats(text)["มีชื่อนี้อยู่แล้ว"] == "1"

    browser.post(page, data={"action": "store", "leave": "1"})

    assert count() == before + 1
    assert (run_of().state, run_of().adds) == (imports.STORED, 1)
    shown = browser.get(page).text
    assert stats(shown)["เว้นไว้"] == "1"
    assert [row for row, _values in run_of().samples] == [2]


def test_rows_of_known_names_are_stored_where_their_sender_wants_it(browser, session):
    make_organization("มูลนิธิกอไก่")
    session.commit()
    before = count()
    page = send(browser, new_ones("มูลนิธิกอไก่").encode())

    browser.post(page, data={"action": "store", "leave": "1"})
    assert (run_of().state, count()) == (imports.CHECKED, before)
    browser.post(page, data={"action": "store"})

    assert (run_of().state, count()) == (imports.STORED, before + 1)


def test_a_name_that_stands_twice_in_the_file_is_warned_of(browser, session):
    send(browser, new_ones("สมาคมใหม่", "สมาคม ใหม่", "สมาคม  ใหม่").encode())

    assert [row for row, _why in run_of().found["alikes"]] == [4]


def test_a_name_that_only_a_deleted_record_has_is_not_warned_of(browser, session):
    make_organization("มูลนิธิกอไก่").deleted_at = now()
    session.commit()

    send(browser, new_ones("มูลนิธิกอไก่").encode())

    assert run_of().alike == 0


def test_new_rows_are_shown_as_they_were_read(browser, session):
    names = [f"มูลนิธิที่ {n}" for n in range(1, 24)]
    page = browser.get(send(browser, new_ones(*names, sign=";").encode("cp874"))).text

    assert "TIS-620" in page
    assert "อัฒภาค (;)" in page
    assert names[19] in page
    assert names[20] not in page
    assert "และอีก 3" in page
    assert "เอกชน" in page
    assert "TIS-620" not in browser.get(send(browser, new_ones("ก").encode())).text


def test_what_stands_where_no_heading_is_is_told_at_its_row(browser, session):
    send(browser, (new_ones("มูลนิธิใหม่", "มูลนิธิกอไก่") + ",ขอไข่").encode())

    assert [(row, "ขอไข่" in why) for row, _column, why in wrongs()] == [(3, True)]
    assert not run_of().can_be_stored

    send(
        browser,
        new_ones("a", "b")
        .replace("a,private", "a,x,private")
        .replace("b,private", "b,,private")
        .replace("name,", "name,,", 1)
        .encode(),
    )

    assert [row for row, _column, _why in wrongs()] == [2]


def test_too_many_rows_are_told_before_one_is_judged(browser, session, monkeypatch):
    real = importing.setting.value
    monkeypatch.setattr(importing.setting, "value", lambda name: 100 if name == imports.MOST_ROWS else real(name))
    monkeypatch.setattr(importing.Judge, "judge", lambda *_: pytest.fail("a row was judged"))

    send(browser, new_ones(*map(str, range(101))).encode())

    assert run_of().why == "too_many_rows"


def test_a_limit_is_said_with_its_comma(app):
    with app.test_request_context():
        assert "10,000 แถว" in unread_sentence(Import(why="too_many_rows", found={"limit": 10_000}))


def test_who_can_only_add_reads_nothing_of_changing(client, sign_in, session):
    adder = make_account("super_user")
    session.commit()
    text = sign_in(client, adder).get(PAGE).text

    assert "ล้างค่าเดิม" not in text
    assert "ใช้ค้นรายการเดิม" not in text
    assert "ทุกแถวใต้หัวคอลัมน์เพิ่มหนึ่งรายการ" in text
