"""The meetings of the three levels: made, filled, invited to, held, minuted, closed; the next ones are coming."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from models.core.clock import today
from models.core.db import db, now
from models.core.identity import Account
from models.core.thai.dates import fiscal_year
from models.fund.codes import BOARD, GROUP, SUB, State
from models.fund.conflicts import declare, waiting_at
from models.fund.proposal import Proposal
from models.fund.scoring import save_sheet
from models.fund.session import AgendaItem, EvaluationSession, ItemState, MemberRole, create_session
from views.fund.demo.judging import sheet
from views.fund.demo.people import Staff
from views.fund.demo.story import Story

EVERY = 28  # days from one meeting of a level to the next
MOST = 9  # proposals of one agenda
NAMES = {GROUP: "การประชุมคณะทำงานตรวจสอบโครงการ", SUB: "การประชุมคณะอนุกรรมการกลั่นกรอง", BOARD: "การประชุมคณะกรรมการบริหาร"}
PLACES = {
    GROUP: "ห้องประชุมกองทุน ชั้น 4 อาคาร 2",
    SUB: "ห้องประชุมราชพฤกษ์ ชั้น 2",
    BOARD: "ห้องประชุมใหญ่ ชั้น 1",
}
# Days from today of the next meeting of each level, and of one after it that has no agenda yet.
NEXT = {GROUP: (-1, 13), SUB: (6,), BOARD: (9,)}
COMING = 41
PASSING = {GROUP: 0.8, SUB: 0.9}


@dataclass
class Meeting:
    """A session as planned; `session` once it is made."""

    level: str
    starts_at: datetime
    number: int = 0
    session: EvaluationSession | None = None


class Meetings:
    """All sessions of the demo, put into the diary of its story."""

    def __init__(self, random: Random, story: Story, staff: Staff) -> None:
        self.random, self.story, self.staff, self.diary = random, story, staff, story.diary
        self._counted: Counter[tuple[str, int]] = Counter()

    def plan(self, days: int) -> None:
        """Put the meetings of the last `days` days and of the weeks to come into the diary."""
        for level, coming in NEXT.items():
            past = range(coming[0] - EVERY, -days + 45, -EVERY)
            offsets = sorted([*past, *coming, *([COMING] if level == GROUP else [])])
            for offset in offsets:
                starts_at = self.diary.day(offset, 9 if level != SUB else 13, 30)
                self._plan(Meeting(level, starts_at), offset)

    def _plan(self, meeting: Meeting, offset: int) -> None:
        officer = self.staff.officers[offset % len(self.staff.officers)]
        made_at = self.diary.day(min(offset - 12, -3), 10, 15)
        at, begins = self.diary.at, meeting.starts_at
        if offset == COMING:
            at(made_at, officer, partial(self._make, meeting, officer))
            return
        is_last = offset == NEXT[GROUP][0]

        def call() -> None:
            if db.session.scalar(waiting_at(meeting.level).limit(1)) is None:
                return  # Nothing to meet about.
            self._make(meeting, officer)
            at(made_at + timedelta(hours=1), officer, partial(self._fill, meeting, officer, offset > 0))
            at(self.diary.after(made_at, 1, 2), officer, partial(self._invite, meeting, officer))
            at(begins - timedelta(hours=16), self.staff.committee[0], partial(self._declare, meeting))
            at(begins + timedelta(hours=4), self._recorder(meeting.level), partial(self._minute, meeting, is_last))
            if not is_last:
                at(begins + timedelta(days=2, hours=2), officer, partial(self._close, meeting, officer))

        at(made_at, officer, call)

    def _recorder(self, level: str) -> Account:
        return self.staff.officers[0] if level == BOARD else self.staff.secretary

    # --- before ------------------------------------------------------------------------------------------------------

    def _make(self, meeting: Meeting, officer: Account) -> None:
        others = self.staff.committee
        # Who tries the committee's account sits in every working group; the others come in turn.
        seated = others[:1] if meeting.level == GROUP else []
        seated = seated + self.random.sample(others[1:], 4 if meeting.level == GROUP else 6)
        secretaries = [officer.id] if meeting.level == BOARD else [self.staff.secretary.id, officer.id]
        year = fiscal_year(meeting.starts_at)
        self._counted[meeting.level, year] += 1
        meeting.number = self._counted[meeting.level, year]
        is_online = meeting.level == SUB and self.random.random() < 0.5
        meeting.session = create_session(
            officer,
            name=f"{NAMES[meeting.level]} ครั้งที่ {meeting.number}/{year}",
            level=meeting.level,
            starts_at=meeting.starts_at,
            ends_at=meeting.starts_at + timedelta(hours=3),
            place="" if is_online else PLACES[meeting.level],
            link="https://meet.example.org/sala-fund" if is_online else "",
            chair_id=self.staff.chair.id,
            secretary_ids=secretaries,
            member_ids=[member.id for member in seated],
        )

    def _fill(self, meeting: Meeting, officer: Account, leaves_some: bool) -> None:
        """Those that wait longest come first; of a coming meeting the newest are left to wait."""
        rows = list(db.session.scalars(waiting_at(meeting.level).where(Proposal.submitted_revision_id.is_not(None))))
        room = max(1, len(rows) - 2) if leaves_some else MOST
        for proposal in rows[: min(room, MOST)]:
            if proposal.within(officer, "session.edit"):
                proposal.perform("put_on_agenda", officer, proposal.version, session=meeting.session)

    def _invite(self, meeting: Meeting, officer: Account) -> None:
        session = self._made(meeting)
        if session.agenda:
            session.perform("invite", officer, session.version)

    def _declare(self, meeting: Meeting) -> None:
        """At times a member says that they have to do with an item."""
        member = self.staff.committee[0]
        session = self._made(meeting)
        items = [item for item in session.agenda if item.state == ItemState.ON]
        if len(items) > 2 and any(row.user_id == member.id for row in session.members) and self.random.random() < 0.3:
            declare(items[-1], member, member, "เคยเป็นที่ปรึกษาของโครงการนี้")

    # --- after -------------------------------------------------------------------------------------------------------

    @staticmethod
    def _made(meeting: Meeting) -> EvaluationSession:
        session = meeting.session
        assert session is not None, "it was made before"  # noqa: S101
        return session

    def _minute(self, meeting: Meeting, is_last: bool) -> None:
        """Record every item; of the latest working group only some, and one sheet is begun."""
        session = self._made(meeting)
        # One member is missing at most, so that every meeting has its quorum.
        away = self.random.choice([member.user_id for member in session.members if member.role == MemberRole.MEMBER])
        present = {member.user_id for member in session.members} - ({away} if self.random.random() < 0.4 else set())
        session.perform("attend", self._recorder(meeting.level), session.version, present=present)
        items = [item for item in session.agenda if item.state == ItemState.ON]
        done = items[: len(items) // 2] if is_last else items
        for item in done:
            self._record(meeting, item)
        if is_last and len(items) > len(done):
            proposal = items[len(done)].proposal
            writer = self._writer(meeting, items[len(done)])
            save_sheet(proposal, sheet(self.random, self.story.form, True), writer, 0)

    def _writer(self, meeting: Meeting, item: AgendaItem) -> Account:
        recorder = self._recorder(meeting.level)
        return self.staff.officers[0] if item.is_left_by(recorder) else recorder

    def _record(self, meeting: Meeting, item: AgendaItem) -> None:
        proposal, by = item.proposal, self._writer(meeting, item)
        if meeting.level == BOARD:
            number = f"{item.position + 1}-{meeting.number}/{fiscal_year(meeting.starts_at)}"
            move = "approve" if self.random.random() < 0.93 else "refuse"
            proposal.perform(move, by, proposal.version, resolution_number=number, resolution_date=today())
        else:
            chance = PASSING[meeting.level] + (0.1 if proposal.revision_number > 1 else 0)
            save_sheet(proposal, sheet(self.random, self.story.form, self.random.random() < chance), by, 0)
            proposal.perform("record", by, proposal.version)
        if proposal.state == State.RETURNED:
            self.story.comes_back(proposal)

    def _close(self, meeting: Meeting, officer: Account) -> None:
        session = self._made(meeting)
        if all(item.state != ItemState.ON for item in session.items):
            session.perform("close", officer, session.version)
        else:
            self.diary.at(now() + timedelta(days=1), officer, partial(self._close, meeting, officer))
