"""Random users drive random moves: no state outside the table, no change without an entry, no number twice."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from models.core.audit import AuditEntry, verify
from models.core.db import StaleVersion, db
from models.core.identity import Account
from models.core.workflow import Refused
from models.fund.codes import GROUP, LEVEL_OF_STATE, ORGANIZATION_MANAGER, SESSION_LEVELS, STATES
from models.fund.proposal import Proposal, create_proposal
from models.fund.revision import Revision
from models.fund.scoring import ensure_reference, save_sheet, sheet_of
from models.fund.screening import save_screening, screening_of
from models.fund.session import AgendaItem, EvaluationSession
from models.fund.wizard import save_part
from models.fund.workflow import PROPOSAL_MOVES, arrows
from tests.factories.core import make_account
from tests.factories.fund import (
    Cast,
    all_items,
    all_topics,
    complete_content,
    make_member,
    make_organization,
    make_session,
    save_at_once,
)

ARROWS = set(arrows())
WHO = ("author", "colleague", "manager", "staff", "chair", "secretary", "member", "super_user", "stranger")
who = st.sampled_from(WHO)
which = st.integers(0, 2)


@dataclass(frozen=True)
class Beginning:
    """Where every walk begins, made once: the transaction, and the keys of who and what is in it."""

    connection: Any
    people: dict[str, int]
    proposals: list[int]
    sessions: dict[str, int]


def begin_a_year(app: Any) -> Beginning:
    """The people, the sessions and the drafts."""
    ensure_reference()
    organization = make_organization()
    cast = Cast(members=[make_account("committee")])
    people = {
        "author": make_member(organization),
        "colleague": make_member(organization),
        "manager": make_member(organization, "manager"),
        "staff": cast.staff,
        "chair": cast.chair,
        "secretary": cast.secretary,
        "member": cast.members[0],
        "super_user": make_account("super_user"),
        "stranger": make_member(make_organization(), "manager"),
    }
    sessions = {level: make_session(level, cast=cast) for level in SESSION_LEVELS}
    proposals = []
    for name in ("author", "colleague", "manager"):
        proposal = create_proposal(people[name], organization)
        save_at_once(proposal, complete_content(), people[name])
        proposals.append(proposal)
    db.session.commit()
    return Beginning(
        db._app_engines[app][None],
        {name: person.id for name, person in people.items()},
        [proposal.id for proposal in proposals],
        {level: meeting.id for level, meeting in sessions.items()},
    )


class Fund(RuleBasedStateMachine):
    """Three proposals of one organization, and everybody who might have a say in them; each walk is undone."""

    beginning: ClassVar[Beginning]
    most_entries: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.frozen: dict[int, str] = {}
        db.session.rollback()  # Nothing of the session's own may be open around the point.
        self.point = self.beginning.connection.begin_nested()
        self.people = {name: db.session.get(Account, pk) for name, pk in self.beginning.people.items()}
        self.sessions = {name: db.session.get(EvaluationSession, pk) for name, pk in self.beginning.sessions.items()}
        self.proposals: Any = [db.session.get(Proposal, pk) for pk in self.beginning.proposals]
        entries = self.entries()
        self.told = {proposal.id: (proposal.state, entries[proposal.id]) for proposal in self.proposals}

    def entries(self) -> Counter[int]:
        """How many entries each proposal has in the log."""
        rows = select(AuditEntry.entity_id, func.count()).where(AuditEntry.entity == "fund_proposal")
        return Counter({int(pk): count for pk, count in db.session.execute(rows.group_by(AuditEntry.entity_id))})

    def teardown(self) -> None:
        """The chain is whole; then all is as it was."""
        try:
            db.session.rollback()
            assert verify() is None
            entries = db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
            Fund.most_entries = max(Fund.most_entries, entries)
        finally:
            db.session.rollback()
            db.session.expunge_all()
            self.point.rollback()

    @rule(name=who, index=which, move=st.sampled_from(sorted(PROPOSAL_MOVES)), level=st.sampled_from(SESSION_LEVELS))
    def try_a_move(self, name: str, index: int, move: str, level: str) -> None:
        """Take any move as anybody, fitting or not."""
        self.take(self.proposals[index], move, self.people[name], level)

    @rule(data=st.data(), index=which)
    def take_a_fitting_move(self, data: Any, index: int) -> None:
        """Take a move that starts at the present state, as one of those who might."""
        proposal = self.proposals[index]
        fitting = sorted(name for name, row in PROPOSAL_MOVES.items() if proposal.state in row.sources)
        if fitting:
            move = data.draw(st.sampled_from(fitting))
            name = data.draw(st.sampled_from(("author", "manager", "staff", "secretary")))
            self.take(proposal, move, self.people[name], LEVEL_OF_STATE.get(proposal.state, GROUP))

    def take(self, proposal: Proposal, move: str, by: Any, level: str) -> None:
        """Perform a move; it is refused and changes nothing, or it is one of the table's arrows."""
        given: dict[str, Any] = {}
        if move == "save":
            given = {"part": "2.1", "content": {"unit_name": f"ฝ่าย {by.id}"}}
        elif move == "put_on_agenda" and level in self.sessions:
            given = {"session": self.sessions[level]}
        elif move == "put_on_agenda":
            given = {"session": self.sessions[GROUP]}
        elif move == "not_consider":
            given = {"reason": "อยู่นอกภารกิจ"}
        before = proposal.state
        try:
            proposal.perform(move, by, proposal.version, **given)
        except Refused:
            assert proposal.state == before
        else:
            assert (move, before, proposal.state) in ARROWS
        db.session.commit()

    @rule(name=who, index=which, ticked=st.integers(0, 4))
    def go_the_way(self, name: str, index: int, ticked: int) -> None:
        """Do what the stage asks for next, as anybody, so that the random walk gets somewhere."""
        proposal, by = self.proposals[index], self.people[name]
        revision = proposal.submitted_revision
        with suppress(Refused):
            if proposal.state == "screening":
                form = screening_of(revision)
                save_screening(proposal, all_items(revision), by, form.version if form else 0)
            elif proposal.state in ("agenda_group", "agenda_sub"):
                sheet = sheet_of(revision, LEVEL_OF_STATE[proposal.state])
                save_sheet(proposal, all_topics(ticked), by, sheet.version if sheet else 0)
            elif proposal.state == "draft":
                save_part(proposal, "2.2", {"rationale": f"เหตุผล {ticked}"}, by, proposal.version)
        db.session.commit()

    @rule(index=which, times=st.integers(1, 7))
    def push_on(self, index: int, times: int) -> None:
        """Let the right people take the next steps, so that late stages are met as well."""
        proposal, staff = self.proposals[index], self.people["staff"]
        steps = {
            "draft": ("mark_ready", proposal.author),
            "ready": ("submit", self.people["manager"]),
            "screening": ("pass_screening", staff),
            "returned": ("revise", proposal.author),
            "agenda_group": ("record", self.people["secretary"]),
            "agenda_sub": ("record", staff),
            **{f"wait_{level}": ("put_on_agenda", staff) for level in SESSION_LEVELS},
        }
        for _ in range(times):
            if proposal.state not in steps:
                return
            move, by = steps[proposal.state]
            self.go_the_way("staff", index, 4)
            self.take(proposal, move, by, LEVEL_OF_STATE.get(proposal.state, GROUP))

    @rule(index=which)
    def act_on_an_old_page(self, index: int) -> None:
        """A page that is out of date changes nothing."""
        proposal = self.proposals[index]
        before = proposal.state
        with suppress(Refused, StaleVersion):
            proposal.perform("take_back", proposal.author, proposal.version - 1)
            raise AssertionError("an old page was taken")
        assert proposal.state == before
        db.session.rollback()

    @invariant()
    def states_are_of_the_table(self) -> None:
        """The database holds no other state, and each fits what goes with it."""
        on = Counter(db.session.scalars(select(AgendaItem.proposal_id).where(AgendaItem.state == "on")))
        for proposal in self.proposals:
            assert proposal.state in STATES
            assert proposal.was_submitted == (proposal.sequence is not None)
            assert on[proposal.id] == (1 if proposal.state.startswith("agenda") else 0)

    @invariant()
    def no_change_is_without_its_entry(self) -> None:
        """Whenever the state moved on, the history grew."""
        entries = self.entries()
        for proposal in self.proposals:
            state, known = self.told[proposal.id]
            assert proposal.state == state or entries[proposal.id] > known
            self.told[proposal.id] = (proposal.state, entries[proposal.id])

    @invariant()
    def numbers_are_given_once_and_without_gaps(self) -> None:
        """Running numbers of a year are 1, 2, 3 ..."""
        given = db.session.execute(
            select(Proposal.fiscal_year, Proposal.sequence).where(Proposal.sequence.is_not(None))
        ).all()
        assert len(set(given)) == len(given)
        for year in {year for year, _ in given}:
            sequences = sorted(sequence for found, sequence in given if found == year)
            assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))

    @invariant()
    def what_was_submitted_stays(self) -> None:
        """A submitted revision's content is what it was."""
        for revision in db.session.scalars(select(Revision).where(Revision.submitted_at.is_not(None))):
            content = f"{revision.title}|{revision.unit_name}|{revision.rationale}|{revision.budget:.2f}"
            assert self.frozen.setdefault(revision.id, content) == content

    @invariant()
    def only_the_right_people_see(self) -> None:
        """The stranger sees nothing; the manager sees all that is not deleted; drafts are no business of staff."""
        ids = {proposal.id for proposal in self.proposals}
        if not ids:
            return

        def seen(name: str) -> set[int]:
            rows = Proposal.visible_to(self.people[name], "proposal.view").with_only_columns(Proposal.id)
            return set(db.session.scalars(rows)) & ids

        assert seen("stranger") == set()
        assert seen("manager") == {proposal.id for proposal in self.proposals if proposal.state != "deleted"}
        assert seen("staff") == {proposal.id for proposal in self.proposals if proposal.was_submitted}
        assert ORGANIZATION_MANAGER in self.people["manager"].kinds


def test_random_users_with_random_moves_never_leave_the_table(app, session):
    Fund.beginning = begin_a_year(app)
    before = session.scalar(select(func.count()).select_from(AuditEntry))

    run_state_machine_as_test(
        Fund,
        settings=settings(
            max_examples=30,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert Fund.most_entries > before
