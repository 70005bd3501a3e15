"""Adding, changing and deleting a record of any entity."""

import pytest

from models.core import audit
from models.core.db import StaleVersion
from models.core.entity import deeds, entity_named
from models.core.entity.values import WrongValues
from models.core.workflow import Refused
from tests.factories.core import make_account
from tests.factories.fund import make_organization

ORGANIZATION = entity_named("organization")


def test_who_may_not_change_is_refused_and_nothing_is_changed(session):
    organization, staff = make_organization("มูลนิธิแสงเทียน"), make_account("staff")
    stamp = deeds.stamp_of(ORGANIZATION, organization)

    with pytest.raises(Refused) as refused:
        deeds.delete(ORGANIZATION, staff, organization, stamp)
    deeds.delete(ORGANIZATION, make_account("super_user"), organization, stamp)

    assert refused.value.refusal.code == "not_permitted"
    assert organization.is_deleted


def test_of_two_who_read_the_same_state_the_second_is_told(session):
    organization, chief = make_organization(), make_account("super_user")
    stamp = deeds.stamp_of(ORGANIZATION, organization)
    organization.phone = "021234567"
    session.commit()

    with pytest.raises(StaleVersion):
        deeds.delete(ORGANIZATION, chief, organization, stamp)

    assert not organization.is_deleted


def test_every_wrong_value_is_told_at_its_field():
    given = {"name": " ", "sector": "church", "registered_year": "สองพัน", "email": "x@", "password": "x"}

    with pytest.raises(WrongValues) as wrong:
        deeds.cleaned(ORGANIZATION, None, given, tuple(ORGANIZATION.fields), is_whole=False)

    codes = {name: error.code for name, error in wrong.value.errors.items()}
    assert codes == {
        "name": "needed",
        "address": "needed",
        "province_code": "needed",
        "chair_first_name": "needed",
        "sector": "not_a_choice",
        "registered_year": "not_a_year",
        "email": "not_an_email",
        "password": "not_a_field",
    }


def test_a_deed_is_in_the_history_of_its_record(session):
    organization, chief = make_organization(), make_account("super_user")
    session.commit()
    audit.act_as(chief.id)

    deeds.delete(ORGANIZATION, chief, organization, deeds.stamp_of(ORGANIZATION, organization))
    session.commit()

    assert audit.history_of(organization)[0].actor_id == chief.id
