"""The agenda of a session: what is offered, put on and taken off, and its order."""

from __future__ import annotations

from datetime import timedelta

from models.core.db import now
from models.fund.codes import GROUP, State
from models.fund.session import AgendaItem, ItemState
from tests.factories.core import make_account
from tests.factories.fund import make_session, put_on
from tests.views.fund.session_pages import cast, fresh, waiting

__all__ = ["cast"]


def test_only_proposals_waiting_at_exactly_this_level_are_offered(client, sign_in, session, cast):
    here = waiting(cast, State.WAIT_GROUP)
    others = [waiting(cast, state) for state in (State.SCREENING, State.WAIT_SUB, State.AGENDA_GROUP)]
    found = make_session(GROUP, cast=cast)
    staff = sign_in(client, cast.staff)

    page = staff.get(f"/sessions/{found.id}/agenda").text
    for proposal in others:
        staff.post(f"/sessions/{found.id}/agenda/add", data={"proposal_id": proposal.id, "version": proposal.version})

    assert here.number in page
    assert all(proposal.number not in page for proposal in others)
    assert fresh(found).agenda == []


def test_the_longest_waiting_stands_first(client, sign_in, session, cast):
    older, newer = waiting(cast), waiting(cast)
    older.submitted_at = now() - timedelta(days=9)
    found = make_session(cast=cast)
    session.commit()

    page = sign_in(client, cast.staff).get(f"/sessions/{found.id}/agenda").text

    assert page.index(older.number) < page.index(newer.number)


def test_pressing_twice_puts_a_proposal_on_once_and_it_can_be_taken_off(client, sign_in, session, cast):
    proposal, found = waiting(cast), make_session(cast=cast)
    staff = sign_in(client, cast.staff)
    data = {"proposal_id": proposal.id, "version": proposal.version}

    staff.post(f"/sessions/{found.id}/agenda/add", data=data)
    staff.post(f"/sessions/{found.id}/agenda/add", data=data)
    assert [item.proposal_id for item in fresh(found).agenda] == [proposal.id]
    assert proposal.state == State.AGENDA_GROUP

    staff.post(f"/sessions/{found.id}/agenda/remove", data={"proposal_id": proposal.id, "version": proposal.version})
    assert fresh(found).agenda == []
    assert proposal.state == State.WAIT_GROUP


def test_of_two_staff_who_put_it_on_different_agendas_one_wins_and_the_other_is_told(
    client, new_client, sign_in, session, cast
):
    proposal = waiting(cast)
    one, other = make_session(cast=cast), make_session(cast=cast)
    data = {"proposal_id": proposal.id, "version": proposal.version}
    first, second = sign_in(client, cast.staff), sign_in(new_client(), make_account("staff"))

    first.post(f"/sessions/{one.id}/agenda/add", data=data)
    told = second.post(f"/sessions/{other.id}/agenda/add", data=data, follow_redirects=True)

    assert [item.session_id for item in session.query(AgendaItem).filter_by(state=ItemState.ON)] == [one.id]
    assert proposal.number in told.text


def test_the_order_is_saved_with_its_version_and_a_stale_one_is_refused(client, new_client, sign_in, session, cast):
    found = make_session(cast=cast)
    for _n in range(3):
        put_on(waiting(cast), cast, found)
    ids = [item.id for item in found.agenda]
    version = found.version
    one, other = sign_in(client, cast.staff), sign_in(new_client(), make_account("staff"))

    saved = one.post(f"/sessions/{found.id}/agenda/order", data={"order": ids[::-1], "version": version})
    stale = other.post(f"/sessions/{found.id}/agenda/order", data={"order": ids, "version": version})

    assert saved.json["version"] == version + 1
    assert stale.status_code == 409
    assert [item.id for item in sorted(fresh(found).agenda, key=lambda i: i.position)] == ids[::-1]

    insisted = other.post(f"/sessions/{found.id}/agenda/order", data={"order": ids, "version": stale.json["version"]})
    assert insisted.status_code == 200
    assert [item.id for item in sorted(fresh(found).agenda, key=lambda i: i.position)] == ids


def test_a_member_changes_no_agenda(client, sign_in, session, cast):
    proposal, found = waiting(cast), make_session(cast=cast)
    member = sign_in(client, cast.members[0])
    data = {"proposal_id": proposal.id, "version": proposal.version}

    assert member.get(f"/sessions/{found.id}/agenda").status_code == 403
    assert member.post(f"/sessions/{found.id}/agenda/add", data=data).status_code == 403
    assert member.post(f"/sessions/{found.id}/agenda/order", data={"version": found.version}).status_code == 403
    assert fresh(found).agenda == []
