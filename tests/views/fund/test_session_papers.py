"""A session's papers: who gets them, and what each reader's copy leaves out (fund.md 7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.core.audit import AuditEntry
from models.core.clock import now
from models.fund.codes import BOARD, State
from models.fund.conflicts import declare
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_manager, make_proposal, make_session, put_on, score
from tests.reports.reading import needs_poppler, says

PAPERS = ("agenda", "resolutions")


@pytest.fixture
def cast(session: Any) -> Cast:
    """Staff, chair, secretary and a member."""
    return Cast(members=[make_account("committee")])


@pytest.mark.parametrize("paper", PAPERS)
def test_who_sees_a_session_gets_its_papers_and_nobody_else_finds_them(
    client, new_client, sign_in, session, cast, paper
):
    found = put_on(make_proposal(State.WAIT_GROUP, cast=cast), cast)
    url = f"/papers/{paper}/{found.id}.pdf"

    for reader in (cast.staff, cast.members[0]):
        answer = sign_in(new_client(), reader).get(url)
        assert answer.status_code == 200
        assert answer.data[:5] == b"%PDF-"
        assert answer.headers["Cache-Control"] == "no-store"
    assert sign_in(new_client(), make_account("committee")).get(url).status_code == 404
    assert sign_in(client, make_manager()).get(url).status_code in (403, 404)
    printed = session.query(AuditEntry).filter_by(action="fund_evaluation_session.print").all()
    assert [entry.payload["notes"][0]["paper"] for entry in printed] == [paper, paper]


@needs_poppler
@pytest.mark.parametrize("paper", PAPERS)
def test_the_copy_of_who_steps_out_shows_the_place_of_the_item_and_nothing_else(
    client, new_client, sign_in, session, cast, paper
):
    found = make_session(cast=cast)
    secret = make_proposal(State.WAIT_GROUP, cast=cast, title="โครงการที่มีส่วนได้เสีย")
    plain = make_proposal(State.WAIT_GROUP, cast=cast, title="โครงการอื่น")
    for proposal in (secret, plain):
        put_on(proposal, cast, found)
    declare(found.agenda[0], cast.members[0], cast.members[0])
    score(secret, cast.staff)
    session.commit()
    url = f"/papers/{paper}/{found.id}.pdf"

    leaver = sign_in(client, cast.members[0]).get(url).data
    other = sign_in(new_client(), cast.chair).get(url).data

    assert says(leaver, "ท่านออกจากที่ประชุมในวาระนี้")
    assert says(leaver, "โครงการอื่น")
    assert says(leaver, cast.members[0].full_name)
    for hidden in (
        "โครงการที่มีส่วนได้เสีย",
        secret.organization.name,
        secret.number.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")),
        "๙๗๓,๐๐๐.๐๐",
        "๑๐๐ คะแนน",
    ):
        assert not says(leaver, hidden)
    assert says(other, "โครงการที่มีส่วนได้เสีย")
    assert not says(other, "ท่านออกจากที่ประชุม")


@needs_poppler
def test_the_boards_table_carries_its_word_with_number_and_day(client, sign_in, session, cast):
    proposal = make_proposal(State.AGENDA_BOARD, cast=cast)
    found = proposal.open_item.session
    proposal.perform("approve", cast.staff, proposal.version, resolution_number="12-3/2569")
    session.commit()

    document = sign_in(client, cast.staff).get(f"/papers/resolutions/{found.id}.pdf").data

    assert found.level == BOARD
    assert says(document, "มติที่ 12-3/2569")
    assert says(document, "อนุมัติ ๑ โครงการ")


def test_a_paper_asks_as_much_for_one_item_as_for_many(client, sign_in, session, cast, count_queries):
    at = now() + timedelta(days=3)
    small, large = make_session(cast=cast, starts_at=at), make_session(cast=cast, starts_at=at)
    put_on(make_proposal(State.WAIT_GROUP, cast=cast), cast, small)
    for _n in range(5):
        put_on(make_proposal(State.WAIT_GROUP, cast=cast), cast, large)
    keys = [small.id, large.id]
    staff = sign_in(client, cast.staff)
    session.commit()

    for paper in PAPERS:
        counts = []
        for key in keys:
            session.remove()
            count_queries.clear()
            assert staff.get(f"/papers/{paper}/{key}.pdf").status_code == 200
            # The log and its day are written, not read.
            counts.append(sum(statement.startswith("SELECT") for statement in count_queries))
        assert counts[0] == counts[1], paper
