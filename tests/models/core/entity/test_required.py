"""What a column or a rule needs is declared as needed, for every kind of record that there is."""

import pytest

from models.core.entity import entities
from models.core.entity.fields import TEXTS, fields_of
from models.core.identity import Account
from models.core.outbox import Notification


def taken():
    """Every field that somebody may give, of every entity."""
    return [
        pytest.param(entity, name, id=f"{entity.name}.{name}")
        for entity in entities()
        for name in dict.fromkeys((*entity.added, *entity.changed))
    ]


@pytest.mark.parametrize(("entity", "name"), taken())
def test_a_field_is_optional_only_where_its_column_holds_nothing(entity, name):
    one = entity.fields[name]

    holds_nothing = (
        one.is_nullable or one.kind in TEXTS or ("" in (*one.codes, getattr(one.column.default, "arg", None)))
    )

    assert one.is_required or holds_nothing


def needed_by_rule(entity):
    return {name for name, wrong in entity.rule({}) if wrong.code == "needed"} if entity.rule else set()


@pytest.mark.parametrize("entity", [one for one in entities() if one.rule], ids=lambda entity: entity.name)
def test_what_a_rule_needs_is_declared_as_needed(entity):
    assert needed_by_rule(entity) <= {name for name, one in entity.fields.items() if one.is_required}


def test_some_rules_need_something():
    assert {"organization", "evaluation_session"} <= {one.name for one in entities() if needed_by_rule(one)}


def test_a_yes_or_no_that_is_not_null_is_needed_whatever_the_table_gives_by_itself():
    plain = {"choices": {}, "kinds": {}, "links": {}, "required": (), "bounds": {}}

    found = fields_of(Account, ("must_change_password", "title", "active"), **plain)
    linked = fields_of(Notification, ("user_id",), **plain)

    assert found["must_change_password"].is_required
    assert not found["title"].is_required
    assert linked["user_id"].is_required
