"""Whether enough take part in an item for the meeting to decide on it; the rule is a setting, by level (fund.md 7).

Those appointed are the chair and the members. Whoever steps out of an item is counted neither among them nor among
those present: for that item the body consists of the others (Administrative Procedure Act, section 15).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.core import setting
from models.core.matrix import allows
from models.fund.codes import SESSION_LEVELS
from models.fund.session.codes import MemberRole

if TYPE_CHECKING:
    from models.core.identity import Account
    from models.fund.session.meeting import EvaluationSession
    from models.fund.session.rows import AgendaItem

# Half of those appointed, where the office has not said otherwise (section 79 of the same act).
USUAL_PERCENT, USUAL_LEAST = 50, 1
PERCENT = {level: f"fund.quorum_percent_{level}" for level in SESSION_LEVELS}
LEAST = {level: f"fund.quorum_least_{level}" for level in SESSION_LEVELS}
for _level in SESSION_LEVELS:
    setting.declare(PERCENT[_level], USUAL_PERCENT, setting.Whole(1, 100), "fund.md 7")
    setting.declare(LEAST[_level], USUAL_LEAST, setting.Whole(1, 100), "fund.md 7")
COUNTED = (MemberRole.CHAIR, MemberRole.MEMBER)


@dataclass(frozen=True)
class Rule:
    """A share of those appointed, in percent, and a number that is needed whatever the share says."""

    percent: int = USUAL_PERCENT
    at_least: int = USUAL_LEAST

    def needed(self, appointed: int) -> int:
        """How many of so many must take part: the share rounded up, `at_least` at the least; none of nobody."""
        return max(-(-appointed * self.percent // 100), self.at_least) if appointed else 0


@dataclass(frozen=True)
class Count:
    """Who counts for a meeting or an item; `present` is None until somebody noted who came."""

    appointed: int
    present: int | None
    needed: int

    @property
    def is_short(self) -> bool:
        """Whether fewer came than are needed."""
        return self.present is not None and self.present < self.needed

    @property
    def cannot_be_met(self) -> bool:
        """Whether so many stepped out that even all who are left are too few."""
        return self.appointed < self.needed


def rule_of(level: str) -> Rule:
    """The rule of a level as the office has set it."""
    return Rule(setting.value(PERCENT[level]), setting.value(LEAST[level]))


def count_of(session: EvaluationSession, rule: Rule, item: AgendaItem | None = None) -> Count:
    """Who counts for the meeting as a whole, or for one of its items without those who step out of it."""
    gone = {row.user_id for row in item.stepping_out} if item is not None else set()
    counted = [member for member in session.members if member.role in COUNTED]
    staying = [member for member in counted if member.user_id not in gone]
    is_noted = any(member.attended is not None for member in session.members)
    present = sum(bool(member.attended) for member in staying) if is_noted else None
    needed = rule.needed(len(staying)) if staying or not counted else rule.at_least
    return Count(len(staying), present, needed)


def count_for_record(item: AgendaItem) -> Count:
    """Who counts when the result of an item is recorded."""
    return count_of(item.session, rule_of(item.session.level), item)


def may_note_attendance(session: EvaluationSession, user: Account) -> bool:
    """Whoever edits sessions, and this session's secretaries while secretaries record results."""
    if session.within(user, "session.edit"):
        return True
    is_secretary = any(account.id == user.id for account in session.secretaries)
    return is_secretary and allows(user, "result.record_own_session")
