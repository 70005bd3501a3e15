"""What the fund keeps of a person: proposals they drafted, papers that must stay with their name (spec: fund.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Table, func, select

from models.core.db import Model, db, now
from models.core.identity import Account
from models.core.privacy.erasing import Stay, register_leaving, register_stays
from models.core.privacy.gathering import Rows, plain_row, register_gatherer
from models.fund.codes import MemberState, State
from models.fund.membership import membership_of
from models.fund.organization import organizations_of
from models.fund.proposal import Proposal
from models.fund.revision.content import Revision
from models.fund.scoring.sheet import Sheet
from models.fund.screening import Screening
from models.fund.session.rows import SessionMember

# The Regulation of the Office of the Prime Minister on Correspondence keeps papers for 10 years.
PAPERS_LAST = timedelta(days=3653)
# From a revision down to its rows.
_CONTENT = ("fund_disability", "fund_line", "fund_step", "fund_activity", "fund_attachment")


def _drafted(account_id: int) -> Mapping[str, Rows]:
    """What stands in the proposals that the person drafted, of the organization to which they belong.

    Whoever left has lost sight of theirs, and others write in them since (spec: fund.md 1, "What each sees").
    """
    found: dict[str, Rows] = {}
    account = db.session.get_one(Account, account_id)
    mine = select(Proposal.id).where(
        Proposal.author_id == account_id, Proposal.organization_id.in_(organizations_of(account))
    )
    revisions = Revision.__table__
    reached = {revisions.name: select(Revision.id).where(Revision.proposal_id.in_(mine))}
    rows = db.session.execute(select(revisions).where(revisions.c.proposal_id.in_(mine)).order_by(revisions.c.id))
    found[revisions.name] = [plain_row(revisions, row) for row in rows]
    for name in _CONTENT:
        table: Table = Model.metadata.tables[name]
        parent = next(
            (key for key in table.foreign_keys if key.column.table.name in reached and key.column.table.name != name),
            None,
        )
        if parent is None:
            raise LookupError(f"{name} hangs on no revision")
        condition = parent.parent.in_(reached[parent.column.table.name])
        reached[name] = select(table.c.id).where(condition)
        found[name] = [plain_row(table, row) for row in db.session.execute(select(table).where(condition))]
    return found


def _stays(account_id: int) -> list[Stay]:
    """Papers that the law keeps: supported projects with who answered for them, submitted proposals, minutes."""

    def count(rows: object) -> int:
        return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0  # type: ignore[attr-defined]

    mine = select(Proposal.id).where(Proposal.author_id == account_id, Proposal.submitted_revision_id.is_not(None))
    lately = now() - PAPERS_LAST
    supported = mine.where(Proposal.state == State.APPROVED, Proposal.decided_at > lately)
    judged = [
        select(SessionMember.id).where(SessionMember.user_id == account_id),
        select(Sheet.id).where(Sheet.sent_by_id == account_id),
        select(Screening.id).where(Screening.sent_by_id == account_id),
    ]
    sent = select(Revision.id).where(Revision.submitted_by_id == account_id)
    return [
        Stay("supported", count(supported), keeps_name=True, keeps_citizen_id=True),
        Stay("proposals", count(mine)),
        Stay("submitted", count(sent), keeps_name=True),
        Stay("minutes", sum(count(rows) for rows in judged), keeps_name=True),
    ]


def _leave(account: Account) -> None:
    """The person belongs to no organization any more; its proposals stay with it."""
    membership = membership_of(account)
    if membership is not None:
        membership.state, membership.ended_at = MemberState.LEFT, now()
        db.session.flush()


register_gatherer(_drafted)
register_stays(_stays)
register_leaving(_leave)
