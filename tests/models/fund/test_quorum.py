"""Whether enough take part to decide (fund.md 7): a share of those appointed, less those who step out of the item."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core import setting
from models.core.workflow import Refused
from models.fund.codes import GROUP, State
from models.fund.conflicts import declare
from models.fund.session.quorum import LEAST, PERCENT, Rule, count_for_record, count_of, rule_of
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal, make_session, put_on, score


@given(st.integers(0, 200), st.integers(1, 100), st.integers(1, 100))
def test_the_share_is_rounded_up_and_never_below_the_least(appointed, percent, at_least):
    needed = Rule(percent, at_least).needed(appointed)

    if appointed == 0:
        assert needed == 0
    else:
        assert needed >= at_least
        assert needed * 100 >= appointed * percent
        assert needed == at_least or (needed - 1) * 100 < appointed * percent


@pytest.mark.parametrize(("appointed", "needed"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (15, 8)])
def test_half_of_those_appointed_is_usual(session, appointed, needed):
    assert rule_of(GROUP).needed(appointed) == needed


def test_the_office_sets_the_rule_of_each_level(session):
    setting.change(PERCENT[GROUP], 67, 0)
    setting.change(LEAST[GROUP], 3, 0)

    assert rule_of(GROUP) == Rule(67, 3)
    assert rule_of("board") == Rule(50, 1)


@pytest.fixture
def cast(session):
    return Cast(members=[make_account("committee") for _n in range(3)])


@pytest.fixture
def on_agenda(session, cast):
    """A proposal on the agenda of a session with a chair, three members and a secretary."""
    proposal = make_proposal(State.WAIT_GROUP, cast=cast)
    put_on(proposal, cast, make_session(cast=cast))
    return proposal


def attend(proposal, cast, *people):
    meeting = proposal.open_item.session
    meeting.perform("attend", cast.staff, meeting.version, present={person.id for person in people})


def test_the_quorum_is_not_known_until_attendance_is_noted(on_agenda):
    count = count_for_record(on_agenda.open_item)

    assert (count.appointed, count.present, count.needed) == (4, None, 2)
    assert not count.is_short


def test_secretaries_do_not_count(on_agenda, cast):
    attend(on_agenda, cast, cast.secretary, cast.chair)

    count = count_for_record(on_agenda.open_item)
    assert (count.present, count.needed, count.is_short) == (1, 2, True)


def test_who_steps_out_counts_neither_as_appointed_nor_as_present(on_agenda, cast):
    one, two, _three = cast.members
    attend(on_agenda, cast, cast.chair, one)
    item = on_agenda.open_item
    assert not count_for_record(item).is_short

    declare(item, one, one)
    count = count_for_record(item)
    assert (count.appointed, count.present, count.needed, count.is_short) == (3, 1, 2, True)

    declare(item, two, two)
    assert not count_for_record(item).is_short  # one of two who are left
    assert count_of(item.session, rule_of(GROUP)).present == 2


def test_where_all_step_out_the_quorum_cannot_be_met(on_agenda, cast):
    item = on_agenda.open_item
    for person in (cast.chair, *cast.members):
        declare(item, person, cast.staff)

    assert count_for_record(item).cannot_be_met


def test_below_the_quorum_a_result_is_recorded_only_for_a_reason_which_stays(on_agenda, cast):
    attend(on_agenda, cast, cast.chair)
    item = on_agenda.open_item

    with pytest.raises(Refused) as refused:
        score(on_agenda, cast.staff)
    assert refused.value.refusal.code == "below_quorum"
    assert refused.value.refusal.values == {"present": 1, "needed": 2}

    on_agenda.perform("record", cast.staff, on_agenda.version, without_quorum=" กรรมการขาดเพราะน้ำท่วม ")
    assert item.quorum_reason == "กรรมการขาดเพราะน้ำท่วม"
    assert on_agenda.state == State.WAIT_SUB


def test_the_boards_word_below_the_quorum_needs_a_reason_too(session, cast):
    proposal = make_proposal(State.AGENDA_BOARD, cast=cast)
    attend(proposal, cast, cast.chair)

    with pytest.raises(Refused) as refused:
        proposal.perform("approve", cast.staff, proposal.version, resolution_number="1/2569")

    assert refused.value.refusal.code == "below_quorum"
    proposal.perform("approve", cast.staff, proposal.version, without_quorum="มีมติให้พิจารณา")
    assert proposal.state == State.APPROVED


def test_staff_and_the_sessions_secretary_note_who_came_and_nobody_else(on_agenda, cast):
    meeting = on_agenda.open_item.session

    assert meeting.refusal("attend", cast.staff) is None
    assert meeting.refusal("attend", cast.secretary) is None
    for other in (cast.members[0], cast.chair, make_account("committee")):
        assert meeting.refusal("attend", other).code == "not_permitted"
