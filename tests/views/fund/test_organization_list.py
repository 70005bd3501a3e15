"""All organizations: filtered, sorted, as a file and as points of the map (spec: fund.md 3)."""

from __future__ import annotations

import csv
import io

import pytest

from tests.factories.core import make_account
from tests.factories.fund import make_organization

# Name, province, year: three orders. ก before เกา: the leading vowel stands after its consonant.
ROWS = {
    "หิ่งห้อยเก้า": ("กรุงเทพมหานคร", "10", 2560),
    "หิ่งห้อยกา": ("เชียงใหม่", "50", None),
    "หิ่งห้อยขาว": ("กาญจนบุรี", "71", 2499),
}


@pytest.fixture
def staff(client, sign_in, session):
    account = make_account("staff")
    session.commit()
    sign_in(client, account)
    return account


@pytest.fixture
def rows(session):
    made = {
        name: make_organization(
            name, province_code=code, registered_year=year, sector="public" if code == "10" else "private"
        )
        for name, (_province, code, year) in ROWS.items()
    }
    session.commit()
    return made


def shown(client, query):
    """The names on the page, in its order."""
    text = client.get(f"/organizations/?q=หิ่งห้อย&{query}").text.split("<tbody>")
    found = {name: text[1].find(name) for name in ROWS} if len(text) > 1 else {}
    return [name for name, place in sorted(found.items(), key=lambda pair: pair[1]) if place >= 0]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["หิ่งห้อยกา", "หิ่งห้อยเก้า", "หิ่งห้อยขาว"]),
        ("sort=-name", ["หิ่งห้อยขาว", "หิ่งห้อยเก้า", "หิ่งห้อยกา"]),
        ("sort=province", ["หิ่งห้อยเก้า", "หิ่งห้อยขาว", "หิ่งห้อยกา"]),
        ("sort=year", ["หิ่งห้อยกา", "หิ่งห้อยขาว", "หิ่งห้อยเก้า"]),
        ("sort=-year", ["หิ่งห้อยเก้า", "หิ่งห้อยขาว", "หิ่งห้อยกา"]),
        ("sort=newest", ["หิ่งห้อยขาว", "หิ่งห้อยกา", "หิ่งห้อยเก้า"]),
        ("year=2560", ["หิ่งห้อยเก้า"]),
        ("year=๒๔๙๙", ["หิ่งห้อยขาว"]),
        ("year=2500", []),
        ("sector=public", ["หิ่งห้อยเก้า"]),
        ("province=50&sector=private", ["หิ่งห้อยกา"]),
    ],
)
def test_the_list_is_filtered_and_sorted(client, staff, rows, query, names):
    assert shown(client, query) == names


def test_the_order_of_provinces_follows_a_change_of_the_address(client, staff, rows, session):
    # กรุงเทพมหานคร stands before กาญจนบุรี, which stands before เชียงใหม่.
    rows["หิ่งห้อยเก้า"].province_code = "50"
    session.commit()

    assert shown(client, "sort=province")[0] == "หิ่งห้อยขาว"


def test_what_is_no_year_is_told_at_the_field_and_filters_nothing(client, staff, rows):
    text = client.get("/organizations/?q=หิ่งห้อย&year=25xx").text

    assert "กรอกปี พ.ศ. 4 หลัก" in text
    assert 'aria-invalid="true"' in text
    assert len(shown(client, "year=25xx")) == 3


@pytest.mark.parametrize("query", ["sort=chair", "province=99", "sector=royal", "after=~"])
def test_what_is_no_order_or_code_is_refused(client, staff, query):
    assert client.get(f"/organizations/?{query}").status_code == 400


def test_the_file_has_the_same_rows_in_the_same_order(client, staff, rows):
    with client.get("/organizations/export.csv?q=หิ่งห้อย&sort=-year") as answer:
        found = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))

    assert [line[0] for line in found[1:]] == ["หิ่งห้อยเก้า", "หิ่งห้อยขาว", "หิ่งห้อยกา"]


def test_the_points_are_those_with_a_place_under_the_same_filters(client, staff, rows, session):
    rows["หิ่งห้อยกา"].latitude, rows["หิ่งห้อยกา"].longitude = 18.7, 98.9
    rows["หิ่งห้อยเก้า"].latitude, rows["หิ่งห้อยเก้า"].longitude = 13.7, 100.5
    session.commit()

    every = client.get("/organizations/points.json?q=หิ่งห้อย").json["points"]
    public = client.get("/organizations/points.json?q=หิ่งห้อย&sector=public").json["points"]

    assert {point["name"] for point in every} == {"หิ่งห้อยกา", "หิ่งห้อยเก้า"}
    assert [point["name"] for point in public] == ["หิ่งห้อยเก้า"]
