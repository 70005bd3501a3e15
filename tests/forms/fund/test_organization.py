"""The form of an organization takes what its table holds, and asks what the entity asks."""

import pytest
from werkzeug.datastructures import MultiDict

from forms.fund.organization import OrganizationForm
from models.fund.entities.organizations import ORGANIZATION
from models.fund.organization import OrganizationPerson

GOOD = {
    "name": "สมาคม",
    "sector": "private",
    "address": "99 ถนนริมน้ำ",
    "province_code": "40",
    "chair_first_name": "มาลี",
}


def form_of(**typed):
    return OrganizationForm(MultiDict(GOOD | typed), meta={"csrf": False})


def test_what_the_form_needs_is_what_the_entity_needs():
    form = form_of()

    needed = {name for name in ORGANIZATION.added if form[name].flags.required}

    assert needed == {name for name in ORGANIZATION.added if ORGANIZATION.fields[name].is_required}


@pytest.mark.parametrize("name", ["chair_title", "chair_first_name", "name", "subdistrict", "directors-0-title"])
def test_no_text_is_longer_than_its_column(name):
    column = OrganizationPerson.title.property.columns[0] if "-" in name else ORGANIZATION.fields[name].column
    more = {"directors-0-first_name": "มาลี"} if "-" in name else {}

    assert form_of(**more, **{name: "ก" * column.type.length}).validate()
    assert not form_of(**more, **{name: "ก" * (column.type.length + 1)}).validate()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"sector": "public"}, "parent_agency"),
        ({"postcode": "123"}, "postcode"),
        ({"latitude": "16.4"}, "longitude"),
        ({"registered_year": "2399"}, "registered_year"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(typed, field):
    form = form_of(**typed)

    assert not form.validate()
    assert set(form.errors) == {field}
