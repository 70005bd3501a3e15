"""Values stand on generated pages as people read them: states as chips, moments whole, long forms in parts."""

import re
from types import SimpleNamespace

import pytest

from models.core import job
from models.core.clock import later
from models.core.entity import entity_named
from models.fund.codes import LevelStatus, State
from tests.factories.fund import make_proposal, make_session
from views.core.console.limits import ThrottleView
from views.core.records.values import span_of, width_of
from views.core.records.words import sections_of, value_look


@pytest.mark.parametrize(
    ("name", "field", "code", "look"),
    [
        ("proposal", "state", State.APPROVED, ("approved", None)),
        ("proposal", "state", State.RETURNED, ("fix", "arrow-return-left")),
        ("proposal", "group_status", LevelStatus.NONE, ("none", None)),
        ("proposal", "title", "ชื่อโครงการ", None),
        ("job", "state", job.DONE, ("pass", None)),
        ("job", "state", job.FAILED, ("fail", None)),
        ("evaluation_session", "state", "closed", ("off", "lock")),
    ],
)
def test_a_state_has_its_own_look_and_other_values_have_none(app, name, field, code, look):
    assert value_look(entity_named(name), field, code) == look


def test_every_code_of_a_field_of_states_has_a_look(app):
    for name in ("proposal", "revision", "evaluation_session", "agenda_item", "membership", "message", "job"):
        entity = entity_named(name)
        fields = [one for one in entity.fields.values() if width_of(entity, one.name) == "state"]
        assert fields
        for one in fields:
            assert [code for code in one.codes if value_look(entity, one.name, code) is None] == []


def test_a_list_and_a_page_draw_states_as_chips_and_moments_whole(session, office):
    held = make_session()
    proposal = make_proposal(State.SCREENING)
    session.commit()

    row = office.get("/records/evaluation_session/").text
    page = office.get(f"/records/proposal/show/{proposal.id}").text

    assert held.name in row
    assert 's-chip s-chip--doing"' in row
    assert re.search(r'<span class="nowrap">\d+ \S+ \d{4}</span> <span class="nowrap">\d\d\.\d\d น\.</span>', row)
    assert page.count('s-chip s-chip--wait"') >= 2
    assert re.search(r'aria-hidden="true">–</span><span class="visually-hidden">ยังไม่', page)


def test_a_long_form_is_parted_and_what_stands_in_no_part_comes_first(app):
    entity = entity_named("organization")

    with app.test_request_context():
        parts = sections_of(entity, ("email", "chair_title", "name", "id"))

    assert parts[0] == ("", ["id"])
    assert [names for _title, names in parts[1:]] == [["name"], ["email"], ["chair_title"]]
    assert span_of(entity.fields["phone"]) == "6"
    assert span_of(entity.fields["name"]) == "12"


def test_the_console_says_where_a_limit_stands_by_a_chip():
    column = next(one for one in ThrottleView.columns if one.name == "standing")

    assert column.chips(SimpleNamespace(ends_at=later(days=-1), count=1, key="sign_in:x")) == "off"


def test_a_console_list_has_boxes_only_where_something_can_be_done_to_a_row(chair, session):
    for number in range(2):
        job.enqueue("sweep", {}, key=str(number)).state = job.DONE
    session.commit()
    done = chair.get("/console/jobs/").text

    job.enqueue("sweep", {}, key="2").state = job.FAILED
    session.commit()
    failed = chair.get("/console/jobs/").text

    assert "s-name" in done
    assert "data-tick" not in done
    assert len(re.findall(r"data-tick[ >]", failed)) == 1
    assert "data-tick-all" in failed
