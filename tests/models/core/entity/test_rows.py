"""Which rows of an entity one sees, and how they are narrowed."""

import pytest

from models.core.clock import now
from models.core.db import db
from models.core.entity import entity_named
from models.core.entity.rows import Wanted, WrongFilter, find, narrowed, opens, seen_by
from tests.factories.core import make_account
from tests.factories.fund import make_manager, make_organization, organization_of

ORGANIZATION = entity_named("organization")


def names_seen(user, **asked):
    rows = narrowed(ORGANIZATION, seen_by(ORGANIZATION, user), Wanted(**asked))
    return set(db.session.scalars(rows.with_only_columns(ORGANIZATION.model.name)))


def test_the_office_sees_every_organization_and_an_applicant_none_here(session):
    manager = make_manager()
    own = organization_of(manager)

    assert own.name in names_seen(make_account("staff"))
    assert names_seen(manager) == set()
    assert not opens(ORGANIZATION, manager)
    assert find(ORGANIZATION, manager, own.id) is None


def test_rows_are_narrowed_by_words_codes_and_bounds(session):
    staff = make_account("staff")
    old = make_organization("มูลนิธิแสงเทียน", registered_year=2520, province_code="50")
    new = make_organization("มูลนิธิแสงจันทร์", registered_year=2560, province_code="10")

    assert {old.name, new.name} <= names_seen(staff, q="แสง")
    assert names_seen(staff, q="แสงจันทร์") == {new.name}
    assert names_seen(staff, q="แสง", equal={"province_code": "50"}) == {old.name}
    assert names_seen(staff, q="แสง", least={"registered_year": "๒๕๕๐"}) == {new.name}
    assert names_seen(staff, q="แสง", most={"registered_year": "2550"}) == {old.name}


@pytest.mark.parametrize(
    "asked",
    [
        {"equal": {"password": "x"}},
        {"equal": {"registered_year": "2550"}},
        {"equal": {"province_code": "00"}},
        {"least": {"registered_year": "ไม่ทราบ"}},
        {"most": {"registered_year": "9" * 30}},
        {"least": {"name": "ก"}},
        {"q": "ก" * 201},
    ],
)
def test_a_filter_that_no_list_has_is_told(session, asked):
    with pytest.raises(WrongFilter):
        names_seen(make_account("staff"), **asked)


def test_a_key_that_no_row_can_have_finds_nothing(session):
    staff = make_account("staff")

    for key in ("0", "-1", "abc", "9" * 40, "๑", "", 2**64):
        assert find(ORGANIZATION, staff, key) is None


def test_without_a_rule_of_its_own_a_model_shows_what_is_not_deleted(session, monkeypatch):
    kept, gone = make_organization("ที่ยังอยู่"), make_organization("ที่ลบแล้ว")
    gone.deleted_at = now()
    monkeypatch.delattr(ORGANIZATION.model, "visible_to")

    names = names_seen(make_account("staff"))

    assert kept.name in names
    assert gone.name not in names
