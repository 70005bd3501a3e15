"""Every table is declared to what is generated, or stays out of it for a reason."""

from models.core.db import Model, db
from models.core.entity import entities, entity_named, entity_of_table
from models.core.entity.rows import seen_by
from models.fund.codes import State
from models.fund.screening import screening_of
from models.fund.session import SteppingOut
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal, screen

OWN = "its owner's alone"
DOOR = "a copy of it opens a door"
WORKINGS = "workings of the system, which its own page or command shows"
BY_BRANCH = "told by its record's sum; by branch it has pages, files and totals of its own"
SECRETS = {"password", "token_hash", "mac", "salt", "digest", "payload", "values", "params", "key", "key_hash"}
NOT_DECLARED = {
    "core_draft": OWN,
    "core_saved_list": OWN,
    "core_message_choice": OWN,
    "core_notification": OWN,
    "core_import": OWN,
    "core_one_time_link": DOOR,
    "core_throttle": DOOR,
    "core_api_key": DOOR,
    "core_audit_day": WORKINGS,
    "core_bulk_row": WORKINGS,
    "core_audit_head": WORKINGS,
    "core_counter": WORKINGS,
    "core_matrix_cell": WORKINGS,
    "core_matrix_version": WORKINGS,
    "core_settings_version": WORKINGS,
    "fund_statistic_cell": WORKINGS,
    "fund_statistic_delta": WORKINGS,
    "fund_statistic_fact": WORKINGS,
    "assessment_activation_code": DOOR,
    "assessment_line": BY_BRANCH,
    "assessment_outside_line": BY_BRANCH,
}


def ids_of(entity, user):
    return set(db.session.scalars(seen_by(entity, user).with_only_columns(entity.pk)))


def test_every_table_is_declared_or_has_its_reason():
    tables = {mapper.local_table.name for mapper in Model.registry.mappers}

    ours = {table for table in tables if table.startswith(("core_", "fund_", "assessment_"))}

    assert {table for table in ours if entity_of_table(table) is None} <= NOT_DECLARED.keys()


def test_no_field_holds_a_secret_and_every_list_can_be_asked():
    for entity in entities():
        hidden = {name for name, one in entity.fields.items() if one.column.info.get("audit") == "secret"}

        assert not hidden
        assert not SECRETS & entity.fields.keys()
        assert entity.default_order.name in entity.all_orders


def test_applicants_and_committee_members_see_no_row_of_anything_generated(session):
    proposal = make_proposal(State.SCREENING)

    for user in (proposal.author, make_account("committee")):
        assert {entity.name for entity in entities() if ids_of(entity, user)} == set()


def test_the_office_sees_what_was_submitted_and_sent_and_nothing_before(session):
    cast = Cast()
    draft, sent = make_proposal(State.DRAFT), make_proposal(State.SCREENING, cast=cast)
    seen = {name: ids_of(entity_named(name), cast.staff) for name in ("proposal", "revision", "step", "screening")}

    assert {sent.id, draft.id} & seen["proposal"] == {sent.id}
    assert {sent.submitted_revision_id, draft.current_revision_id} & seen["revision"] == {sent.submitted_revision_id}
    assert {step.id for step in sent.current_revision.steps} <= seen["step"]
    assert not {step.id for step in draft.current_revision.steps} & seen["step"]
    assert seen["screening"] == set()
    screen(sent, cast.staff)
    assert ids_of(entity_named("screening"), cast.staff) == {screening_of(sent.submitted_revision).id}


def test_who_stepped_out_of_an_item_sees_nothing_of_its_proposal(session):
    cast = Cast()
    proposal = make_proposal(State.AGENDA_GROUP, cast=cast)
    assert proposal.id in ids_of(entity_named("proposal"), cast.staff)
    item = db.session.scalar(seen_by(entity_named("agenda_item"), cast.staff))

    session.add(SteppingOut(item=item, user_id=cast.staff.id, reason="declared", note="ญาติของผู้เสนอ"))
    session.flush()

    assert proposal.id not in ids_of(entity_named("proposal"), cast.staff)
    assert proposal.submitted_revision_id not in ids_of(entity_named("revision"), cast.staff)
