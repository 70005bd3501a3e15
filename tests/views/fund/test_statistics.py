"""The page of statistics and its files: members of the fund see every number, all others only large groups."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from models.core import clock
from models.core.audit import AuditEntry
from models.core.matrix import set_cells
from models.fund.codes import COMMITTEE, STAFF, SUPER_USER, State
from models.fund.statistics import StatisticCell, StatisticDelta, keeping
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_manager, make_organization, make_proposal

YEAR, BEFORE = 2569, 2568
SUMMER = datetime(2026, 7, 1, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def summer() -> Iterator[None]:
    """The fiscal year 2569."""
    with clock.frozen_at(SUMMER):
        yield


def add(year: int, province: str, stage: str, count: int, *, kind: str = "seeing", days: int = 30) -> None:
    """So many proposals of 100,000 baht in the kept sums, as the folding leaves them."""
    from models.core.db import db

    place = {"fiscal_year": year, "province": province, "sector": "public"}
    codes = [("stage", stage, Decimal(100_000 * count))]
    if stage.split(".")[1] in ("approved", "documents", "failed"):
        codes.append(("days", str(days), Decimal(0)))
    for family, code, asked in codes:
        for of in ("", kind):
            line = {**place, "family": family, "kind": of, "code": code, "proposals": count, "asked": asked}
            db.session.add(StatisticDelta(**line))
    db.session.flush()


@pytest.fixture
def figures(session: Any) -> None:
    """A year with a large province, a small one, and one that must hide with it."""
    add(BEFORE, "10", "board.approved", 60)
    add(YEAR, "10", "board.approved", 40)
    add(YEAR, "10", "screening.waiting", 20)
    add(YEAR, "50", "board.approved", 12, kind="hearing")
    add(YEAR, "50", "screening.documents", 8, kind="hearing")
    add(YEAR, "90", "board.approved", 3, kind="autism")


def table(html: str, name: str) -> dict[str, list[str]]:
    """What a table of the page says: row -> texts of its cells."""
    part = html.split(f'id="table-{name}"', 1)[1].split("</figure>", 1)[0]
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', part, re.S)

    def text(cell: str) -> str:
        return re.sub(r"<[^>]+>", "", cell).strip()

    return {text(first): [text(cell) for cell in re.findall(r"<td.*?</td>", rest, re.S)] for first, rest in rows}


def page(client: Any, **query: Any) -> str:
    response = client.get("/statistics/", query_string=query)
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def fetched(client: Any, path: str) -> bytes:
    """A file as a browser saves it."""
    with client.get(f"/statistics/{path}") as response:
        assert response.status_code == 200
        return bytes(response.data)


@pytest.mark.parametrize("kind", [STAFF, COMMITTEE, SUPER_USER])
def test_members_of_the_fund_see_every_number(kind, figures, client, sign_in):
    sign_in(client, make_account(kind))

    html = page(client)

    assert table(html, "province") == {
        "กรุงเทพมหานคร": ["60", "6.00", "40", "4.00"],
        "เชียงใหม่": ["20", "2.00", "12", "1.20"],
        "สงขลา": ["3", "0.30", "3", "0.30"],
    }
    assert table(html, "years")[str(YEAR)] == ["83", "8.30", "55", "5.50", "63", "87.3"]
    assert "ไม่แสดง" not in html


def test_a_visitor_and_an_applicant_see_the_same_and_no_small_group(figures, client, new_client, sign_in):
    visitors = page(client)
    applicants = page(sign_in(new_client(), make_manager()))

    for html in (visitors, applicants):
        assert table(html, "province") == {
            "กรุงเทพมหานคร": ["60", "6.00", "40", "4.00"],
            "สงขลา": ["ไม่แสดง"] * 4,
            "เชียงใหม่": ["ไม่แสดง"] * 4,
        }
        assert table(html, "years")[str(BEFORE)][0] == "60"
        assert 'data-v="3"' not in html
        assert "/proposals/" not in html.split('id="statistics"')[1].split("<footer")[0]


def test_the_public_asks_for_one_year_and_nothing_else(figures, client):
    narrowed = page(client, **{"from": BEFORE, "to": YEAR, "province": "90", "sector": "public", "kind": "autism"})

    assert table(narrowed, "years") == table(page(client), "years")
    assert table(narrowed, "province") == table(page(client), "province")
    assert 'name="province"' not in narrowed
    assert table(page(client, to=BEFORE), "province") == {"กรุงเทพมหานคร": ["60", "6.00", "60", "6.00"]}


def test_a_year_of_fewer_than_five_is_hidden_from_the_public_altogether(session, client):
    add(YEAR, "10", "board.approved", 4)

    html = page(client)

    for name in ("years", "days", "status", "level", "province", "sector", "kind"):
        cells = [cell for row in table(html, name).values() for cell in row]
        assert set(cells) <= {"ไม่แสดง", "–"}, name
    assert 'data-v="4"' not in html


def test_no_file_tells_the_public_more_than_the_page(figures, client):
    html = page(client)
    book = load_workbook(io.BytesIO(fetched(client, "export.xlsx")))
    lines = list(csv.reader(io.StringIO(fetched(client, "export.csv").decode("utf-8-sig"))))

    assert len(book.worksheets) == 7
    for sheet, name in zip(
        book.worksheets, ("years", "days", "status", "level", "sector", "kind", "province"), strict=True
    ):
        rows = {str(row[0]): list(row[1:]) for row in sheet.iter_rows(min_row=2, values_only=True)}
        shown = table(html, name)
        assert rows.keys() == shown.keys()
        for group, cells in shown.items():
            hidden = [cell == "ไม่แสดง" for cell in cells]
            assert [cell == "ไม่แสดง" for cell in rows[group]] == hidden
    songkhla = [line[3] for line in lines if line[1] == "สงขลา"]
    assert songkhla == ["ไม่แสดง"] * 4
    for name in ("province", "kind"):
        one = fetched(client, f"export.csv?table={name}").decode("utf-8-sig")
        assert ",3," not in one
        assert "300000" not in one


def test_files_of_members_hold_the_page_with_exact_baht(figures, client, sign_in):
    sign_in(client, make_account(STAFF))

    one = load_workbook(io.BytesIO(fetched(client, "export.xlsx?table=province&kind=hearing"))).active
    rows = list(one.iter_rows(min_row=2, values_only=True))

    assert rows == [("เชียงใหม่", 20, 2_000_000, 12, 1_200_000)]
    assert client.get("/statistics/export.pdf").status_code == 404
    assert client.get("/statistics/export.xlsx?table=nothing").status_code == 404


def test_an_export_stands_in_the_log_unless_nobody_is_signed_in(figures, session, client, new_client, sign_in):
    exports = select(func.count()).where(AuditEntry.action == "fund_statistics.export")
    client.get("/statistics/export.xlsx").close()
    assert session.scalar(exports) == 0

    sign_in(new_client(), make_account(STAFF)).get("/statistics/export.csv").close()

    assert session.scalar(exports) == 1


def test_filters_narrow_what_members_see_and_stay_in_the_links(figures, client, sign_in):
    sign_in(client, make_account(STAFF))

    html = page(client, to=YEAR, province="50")

    assert table(html, "years") == {str(YEAR): ["20", "2.00", "12", "1.20", "20", "60.0"]}
    assert "table-province" not in html
    assert "export.xlsx?province=50" in html
    both = page(client, **{"from": BEFORE, "to": YEAR})
    assert table(both, "province")["กรุงเทพมหานคร"][0] == "120"


@pytest.mark.parametrize(
    "query", ["to=abc", "to=99999", "from=2569x", "province=1", "province=zz", "sector=x", "kind=x", "to=๒๕๖๙"]
)
def test_an_address_that_makes_no_sense_is_refused(query, session, client, sign_in):
    sign_in(client, make_account(STAFF))

    assert client.get(f"/statistics/?{query}").status_code == 400


def test_numbers_lead_staff_to_the_list_and_nobody_who_may_not_see_it(session, client, new_client, sign_in):
    cast = Cast()
    for state in (State.APPROVED, State.RETURNED, State.WAIT_GROUP, State.NOT_CONSIDERED):
        make_proposal(state, cast=cast, organization=make_organization(province_code="10"))
    staff = sign_in(client, make_account(STAFF))
    html = page(staff)

    links = re.findall(r'data-v="(\d+)"><a href="([^"]+)"', html.split('id="statistics"')[1])

    assert len(links) > 8
    for number, url in links:
        listed = staff.get(url.replace("&amp;", "&")).get_data(as_text=True)
        assert listed.count('class="s-name s-cut"') == int(number), url
    assert "<a href" not in page(sign_in(new_client(), make_account(COMMITTEE))).split("<tbody>")[1]
    narrowed = page(staff, sector="private").split('id="statistics"')[1]
    assert "/proposals/" not in narrowed


def test_who_loses_the_permission_loses_page_and_links(figures, client, new_client, sign_in):
    assert "/statistics/" in client.get("/sign/in").get_data(as_text=True)

    set_cells({("statistics.view", "unregistered"): False, ("statistics.view", STAFF): False})

    assert client.get("/statistics/").status_code == 302
    assert client.get("/statistics/export.xlsx").status_code == 302
    assert "/statistics/" not in client.get("/sign/in").get_data(as_text=True)
    staff = sign_in(new_client(), make_account(STAFF))
    assert staff.get("/statistics/").status_code == 403
    assert "/statistics/" not in staff.get("/").get_data(as_text=True)


def test_the_page_takes_few_queries_folded_or_not(figures, session, client, sign_in, count_queries):
    sign_in(client, make_account(STAFF))
    page(client)
    count_queries.clear()

    unfolded = page(client)

    assert len(count_queries) <= 8
    keeping.fold()
    session.commit()
    assert session.scalar(select(func.count()).select_from(StatisticCell)) > 0
    clean = re.compile(r'nonce="[^"]*"|content="[^"]*"|value="[^"]*"')
    assert clean.sub("", page(client)) == clean.sub("", unfolded)


def test_an_empty_year_says_so(session, client, sign_in):
    sign_in(client, make_account(STAFF))

    html = page(client, to=2600)

    assert "ไม่มีโครงการในกลุ่มนี้" in html


def test_the_command_checks_and_rebuilds(own_database):
    from models.core.db import db

    with own_database.app_context():
        make_proposal(State.SCREENING)
        db.session.commit()
    runner = own_database.test_cli_runner()
    assert runner.invoke(args=["sala", "statistics"]).exit_code == 1
    assert runner.invoke(args=["sala", "statistics", "--check"]).exit_code == 0
    with own_database.app_context():
        db.session.add(
            StatisticDelta(
                family="stage", kind="", fiscal_year=YEAR, province="", sector="", code="x.y", proposals=1, asked=0
            )
        )
        db.session.commit()

    found = runner.invoke(args=["sala", "statistics", "--check"])

    assert found.exit_code == 1
    assert "run --rebuild" in found.stderr
    again = runner.invoke(args=["sala", "statistics", "--rebuild", "--check"])
    assert (again.exit_code, "1 proposals" in again.stdout) == (0, True)


def test_the_job_folds_what_changed(session):
    from jobs.schedule import plan
    from jobs.statistics import fold_statistics

    make_proposal(State.SCREENING)

    fold_statistics(None)  # type: ignore[arg-type]

    assert session.scalar(select(func.count()).select_from(StatisticDelta)) == 0
    assert plan()["fund_statistics"] == "hour"
