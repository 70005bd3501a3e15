"""What the log holds of what is done on generated pages: no more than what changed, and each deed by its name."""

import pytest

from models.core import audit
from models.core.db import db
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_session
from tests.views.core.records.test_changing import form_values


@pytest.fixture
def person(session):
    account = make_account("project_manager", first_name="มาลี", last_name="ใจดี")
    account.profile.position = "เลขาธิการ"
    session.commit()
    session.expire_all()
    return account


def of(record, but="view"):
    return [entry for entry in audit.history_of(record) if not entry.action.endswith(but)]


def changed(entry):
    return {name: values for change in entry.payload["changes"] for name, values in change["fields"].items()}


def test_an_account_saved_as_it_was_is_no_change(session, office, person):
    page, version = f"/records/account/edit/{person.id}", person.profile.version
    before = len(of(person))

    answer = office.post(page, data=form_values(office.get(page).text))
    told = office.get(answer.headers["Location"]).text

    assert answer.status_code == 302
    assert "ไม่มีข้อมูลใดเปลี่ยนแปลง" in told
    assert (len(of(person)), person.profile.version) == (before, version)


def test_the_entry_of_a_renamed_account_holds_its_name_alone(session, office, person):
    page, version = f"/records/account/edit/{person.id}", person.profile.version

    office.post(page, data=form_values(office.get(page).text) | {"first_name": "มาลัย"})

    assert changed(of(person)[0]) == {"first_name": ["มาลี", "มาลัย"]}
    assert person.profile.version == version + 1


def test_a_value_overwritten_unread_is_told_with_what_was_there(session, person):
    profile = person.profile
    db.session.expire(profile)
    profile.position = "ประธาน"
    session.commit()

    assert changed(of(person)[0]) == {"position": ["เลขาธิการ", "ประธาน"]}


def test_a_move_s_entry_says_from_which_state_to_which_and_an_edit_s_says_none(session):
    cast = Cast()
    meeting = make_session(cast=cast)
    session.commit()

    meeting.perform("edit", cast.staff, meeting.version, content={"place": "ห้องอื่น"})
    session.commit()
    edited = changed(of(meeting)[0])
    meeting.perform("close", cast.staff, meeting.version)
    session.commit()

    assert edited == {"place": ["ห้องประชุม 2 ชั้น 4", "ห้องอื่น"]}
    assert changed(of(meeting)[0]) == {"state": ["open", "closed"]}


def test_a_deleted_and_restored_organization_is_found_as_such_in_the_log(session, chair, chief, organizations):
    one = organizations[0]
    chair.post(f"/records/organization/delete/{one.id}", data={"version": str(one.version)})
    chair.post(f"/records/organization/restore/{one.id}", data={"version": str(one.version)})

    actions = [entry.action for entry in of(one)]
    told = chair.get(f"/records/organization/history/{one.id}").text
    found = chair.get("/access-log/?action=fund_organization.restore").text

    assert actions[:2] == ["fund_organization.restore", "fund_organization.delete"]
    assert "กู้คืน" in told.split("<main", 1)[1]
    assert "ธนวัฒน์" in found.split("<main", 1)[1]
