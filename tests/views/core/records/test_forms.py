"""A form reads and shows every kind of field; a linked record is picked among those that its reader sees."""

from dataclasses import replace
from datetime import UTC, datetime

from flask import g

from models.core.entity import entity_named
from tests.factories.core import make_account
from views.core.records.forms import form_of, given_of, typed


def test_a_linked_record_is_chosen_by_name_from_a_picker(app, session, clerk, organizations):
    entity = replace(entity_named("affiliation"), added=("organization_id", "name"))
    one = organizations[0]

    with app.test_request_context(method="POST", data={"organization_id": str(one.id), "name": "x"}):
        g.user = session.merge(clerk)
        form = form_of(entity, entity.added)
        drawn = str(form["organization_id"]())
        given = given_of(form, entity.added)

    assert 'data-url="/records/affiliation/pick/organization_id"' in drawn
    assert f'<option selected value="{one.id}">มูลนิธิกอไก่</option>' in drawn
    assert given == {"organization_id": str(one.id), "name": "x"}


def test_a_linked_record_that_one_does_not_see_has_no_name(app, session, organizations):
    entity = replace(entity_named("affiliation"), added=("organization_id",))

    with app.test_request_context(method="POST", data={"organization_id": str(organizations[0].id)}):
        g.user = make_account("committee")
        drawn = str(form_of(entity, entity.added)["organization_id"]())

    assert "มูลนิธิกอไก่" not in drawn


def test_values_are_shown_as_one_would_type_them():
    fields = entity_named("evaluation_session").fields

    assert typed(fields["starts_at"], datetime(2026, 3, 11, 6, 30, tzinfo=UTC)) == "11/03/2569 13:30"
    assert typed(fields["name"], None) == ""
