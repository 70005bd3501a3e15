"""The list of sessions: who sees which, how it is narrowed, walked and exported; and what the main page says."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from models.core.db import now
from models.core.thai.dates import format_date
from models.fund.codes import BOARD, GROUP, SUB, State
from tests.factories.fund import Cast, make_manager, make_session, put_on
from tests.views.fund.session_pages import cast, waiting

__all__ = ["cast"]


def test_staff_see_every_session_and_a_member_only_their_own(client, new_client, sign_in, session, cast):
    mine = make_session(cast=cast, name="คณะทำงาน ครั้งที่ 1/2569")
    make_session(cast=Cast(staff=cast.staff), name="คณะทำงาน ครั้งที่ 2/2569")

    for_staff = sign_in(client, cast.staff).get("/sessions/").text
    for_member = sign_in(new_client(), cast.members[0]).get("/sessions/").text

    assert "ครั้งที่ 1/2569" in for_staff
    assert "ครั้งที่ 2/2569" in for_staff
    assert "ครั้งที่ 1/2569" in for_member
    assert "ครั้งที่ 2/2569" not in for_member
    assert f"/sessions/{mine.id}/edit" in for_staff
    assert f"/sessions/{mine.id}/edit" not in for_member


def test_the_list_is_narrowed_by_name_type_days_and_tab(client, sign_in, session, cast):
    make_session(GROUP, cast=cast, name="คณะทำงาน ครั้งที่ 1/2569")
    make_session(SUB, cast=cast, name="คณะอนุกรรมการ ครั้งที่ 2/2569", starts_at=now() - timedelta(days=2))
    staff = sign_in(client, cast.staff)

    by_name = staff.get("/sessions/?q=ครั้งที่ ๑").text
    by_level = staff.get("/sessions/?level=sub").text
    by_tab = staff.get("/sessions/?tab=upcoming").text
    coming_first = staff.get("/sessions/").text
    by_days = staff.get(f"/sessions/?until={format_date(now().date(), 'field')}").text

    assert "1/2569" in by_name
    assert "2/2569" not in by_name
    assert "2/2569" in by_level
    assert "1/2569" not in by_level
    assert "1/2569" in by_tab
    assert "2/2569" not in by_tab
    assert "1/2569" in coming_first
    assert "2/2569" not in coming_first
    assert "ครั้งที่ 2/2569" in by_days
    assert "ครั้งที่ 1/2569" not in by_days


def test_pages_of_the_list_neither_repeat_nor_leave_out(client, sign_in, session, cast):
    names = [f"ประชุมที่ {n:02d}" for n in range(60)]
    for n, name in enumerate(names):
        make_session(cast=cast, name=name, starts_at=now() + timedelta(days=n // 3))
    staff = sign_in(client, cast.staff)

    seen, url = [], "/sessions/?tab=all"
    while url:
        page = staff.get(url).text
        seen.append([name for name in names if f">{name}<" in page])
        url = _link(page, "next")
        last = page
    back = staff.get(_link(last, "prev")).text

    assert sorted(name for page in seen for name in page) == names
    assert [name for name in names if f">{name}<" in back] == seen[-2]


def _link(page: str, rel: str) -> str:
    import html

    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return html.unescape(found[1]) if found else ""


@pytest.mark.parametrize(
    "query", ["after=x-y", "before=99999999999999999999-1", "since=99/99/9999", "until=abcd", "tab=zzz", "level=9"]
)
def test_a_query_that_cannot_be_meant_shows_the_list(client, sign_in, session, cast, query):
    make_session(cast=cast, name="คณะทำงาน ครั้งที่ 1/2569")

    answer = sign_in(client, cast.staff).get(f"/sessions/?{query}")

    assert answer.status_code == 200
    assert "1/2569" in answer.text


def test_an_applicant_finds_no_sessions(client, sign_in, session, cast):
    found = make_session(cast=cast)
    applicant = sign_in(client, make_manager())

    assert applicant.get("/sessions/").status_code == 403
    assert applicant.get(f"/sessions/{found.id}").status_code in (403, 404)


def test_the_list_is_exported_as_it_is_filtered_and_scoped(client, new_client, sign_in, session, cast):
    make_session(cast=cast, name="คณะทำงาน ครั้งที่ 1/2569")
    make_session(cast=Cast(staff=cast.staff), name="=SUM(1) ครั้งที่ 2/2569")

    for_staff = sign_in(client, cast.staff).get("/sessions/export.csv").data.decode("utf-8-sig")
    filtered = client.get("/sessions/export.csv?q=1/2569").data.decode("utf-8-sig")
    for_member = sign_in(new_client(), cast.members[0]).get("/sessions/export.csv").data.decode("utf-8-sig")

    assert "1/2569" in for_staff
    assert "'=SUM(1) ครั้งที่ 2/2569" in for_staff
    assert "2/2569" not in filtered
    assert "1/2569" in for_member
    assert "2/2569" not in for_member
    assert client.get("/sessions/export.xlsx").data[:2] == b"PK"
    assert client.get("/sessions/export.pdf").status_code == 404


def test_the_main_page_says_what_waits_with_one_query_each(client, new_client, sign_in, session, cast):
    held = make_session(BOARD, cast=cast, starts_at=now() - timedelta(days=1))
    put_on(waiting(cast, State.WAIT_BOARD), cast, held)
    waiting(cast)
    make_session(cast=cast, name="คณะทำงาน ครั้งที่ 9/2569", starts_at=now() + timedelta(hours=1))

    staff = sign_in(client, cast.staff).get("/").text
    secretary = sign_in(new_client(), cast.secretary).get("/").text
    member = sign_in(new_client(), cast.members[0]).get("/").text

    assert "โครงการรอบรรจุวาระ" in staff
    assert "วาระที่ประชุมแล้ว รอบันทึกผล" in staff
    assert "ครั้งที่ 9/2569" in staff
    assert "วาระที่ประชุมแล้ว รอบันทึกผล" in secretary
    assert "โครงการรอบรรจุวาระ" not in secretary
    assert "วาระที่ประชุมแล้ว รอบันทึกผล" not in member
