"""The proposal: the header that carries number, owner and state over all its revisions (spec: fund.md 4 and 5)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.core.audit import AuditEntry, register_details_gate
from models.core.db import Audited, Id, Model, Money, SoftDeleted, UtcDateTime, db, now, sql_list
from models.core.file import StoredFile, register_file_gate
from models.core.identity import Account
from models.core.matrix import allows
from models.core.thai.text import SORT_KEY_LENGTH, search_text, sort_key, to_ascii_digits
from models.core.workflow import Refusal, Refused
from models.fund import scope
from models.fund.codes import (
    ATTACHMENT_PURPOSE,
    BOARD,
    DRAFT_STATES,
    GROUP,
    LEVEL_OF_STATE,
    LEVEL_STATUSES,
    NAME_LENGTH,
    SCREENING,
    SHORT_LENGTH,
    STATES,
    SUB,
    LevelStatus,
    State,
)
from models.fund.organization import Organization
from models.fund.proposal_moves import ProposalMoves
from models.fund.revision import Attachment, Revision

if TYPE_CHECKING:
    from collections.abc import Sequence

NUMBER_ROOM = 1_000_000  # running numbers that `number_sort` has room for within a year
_DASHES = str.maketrans(dict.fromkeys("/\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


def format_number(year: int, sequence: int) -> str:
    """The number as people know it, four digits or more: 2569-0001."""
    return f"{year}-{sequence:04d}"


def parse_number(text: str) -> tuple[int, int] | None:
    """Year and running number of a typed project number, leading zeros or not; None when it is not one.

    A slash or the dash that a word processor makes of a hyphen will do: letters of the fund are pasted from.
    """
    year, dash, sequence = to_ascii_digits(text).strip().translate(_DASHES).partition("-")
    year, sequence = year.strip(), sequence.strip()
    if not dash or not (year.isascii() and year.isdecimal() and sequence.isascii() and sequence.isdecimal()):
        return None
    if len(year) != 4 or len(sequence) > 6:
        return None
    return int(year), int(sequence)


class Proposal(ProposalMoves, Audited, SoftDeleted, Model):
    """A proposal to the fund from its first draft to its end; content and results stand in its revisions.

    What lists show, filter and sort by is copied here by the moves, so that a list reads one table. These copies speak
    of the submitted revision once there is one: a later draft shows in them only after its own submission.
    """

    __tablename__ = "fund_proposal"
    __table_args__ = (
        UniqueConstraint("fiscal_year", "sequence"),
        CheckConstraint("(fiscal_year IS NULL) = (sequence IS NULL)", name="number_is_whole"),
        CheckConstraint(f"(sequence IS NULL) OR (sequence > 0 AND sequence < {NUMBER_ROOM})", name="sequence"),
        CheckConstraint("(submitted_revision_id IS NULL) = (sequence IS NULL)", name="numbered_when_submitted"),
        CheckConstraint(f"state IN ({sql_list(STATES)})", name="state"),
        CheckConstraint(
            "submitted_revision_id IS NOT NULL OR state IN ('draft', 'ready', 'deleted')",
            name="submitted_when_under_way",
        ),
        CheckConstraint("submitted_revision_id IS NULL OR state <> 'deleted'", name="deleted_only_as_draft"),
        CheckConstraint("(state = 'deleted') = (deleted_at IS NOT NULL)", name="deleted_at"),
        CheckConstraint("amount_asked >= 0", name="amount_asked"),
        *(
            CheckConstraint(f"{level}_status IN ({sql_list(statuses)})", name=f"{level}_status")
            for level, statuses in LEVEL_STATUSES.items()
        ),
        Index("ix_fund_proposal_number_sort", "number_sort", "id"),
        Index("ix_fund_proposal_listed_at", "listed_at", "id"),
        Index("ix_fund_proposal_title_sort", "title_sort", "id"),
        Index("ix_fund_proposal_sequence", "sequence"),
        Index("ix_fund_proposal_organization_sort", "organization_sort", "id"),
        Index("ix_fund_proposal_amount_asked", "amount_asked", "id"),
        Index("ix_fund_proposal_organization_id", "organization_id", "listed_at", "id"),
        Index("ix_fund_proposal_author_id", "author_id", "listed_at", "id"),
        Index("ix_fund_proposal_state", "state", "listed_at", "id"),
        Index("ix_fund_proposal_fiscal_year", "fiscal_year", "listed_at", "id"),
        *(
            Index(f"ix_fund_proposal_{level}_status", f"{level}_status", "listed_at", "id")
            for level in (SCREENING, GROUP, SUB, BOARD)
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    fiscal_year: Mapped[int | None] = mapped_column(Integer)  # พ.ศ.
    sequence: Mapped[int | None] = mapped_column(Integer)
    organization_id: Mapped[int] = mapped_column(ForeignKey("fund_organization.id"), nullable=False)
    author_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    state: Mapped[str] = mapped_column(String(20), nullable=False, default=State.DRAFT)
    current_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("fund_revision.id", use_alter=True, name="fk_fund_proposal_current_revision_id")
    )
    submitted_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("fund_revision.id", use_alter=True, name="fk_fund_proposal_submitted_revision_id")
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now, info={"audit": "skip"})
    first_submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The proposal that this one was begun from, and which of its revisions.
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("fund_proposal.id"), index=True)
    origin_revision: Mapped[int | None] = mapped_column(Integer)
    closing_reason: Mapped[str] = mapped_column(String(SHORT_LENGTH), nullable=False, default="")

    # --- copies for lists: NOT NULL where a list sorts by them -------------------------------------------------------
    number_sort: Mapped[int] = mapped_column(Id, nullable=False, default=0, info={"audit": "skip"})
    # The latest submission; the moment it was begun until there is one.
    listed_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now, info={"audit": "skip"})
    title: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False, default="")
    title_sort: Mapped[str] = mapped_column(String(SORT_KEY_LENGTH), nullable=False, default="", info={"audit": "skip"})
    title_search: Mapped[str] = mapped_column(String(900), nullable=False, default="", info={"audit": "skip"})
    organization_sort: Mapped[str] = mapped_column(
        String(SORT_KEY_LENGTH), nullable=False, default="", info={"audit": "skip"}
    )
    amount_asked: Mapped[Decimal] = mapped_column(Money, nullable=False, default=Decimal(0))
    revision_number: Mapped[int] = mapped_column(Integer, nullable=False, default=0)  # 0: never submitted
    screening_status: Mapped[str] = mapped_column(String(20), nullable=False, default=LevelStatus.NONE)
    group_status: Mapped[str] = mapped_column(String(20), nullable=False, default=LevelStatus.NONE)
    sub_status: Mapped[str] = mapped_column(String(20), nullable=False, default=LevelStatus.NONE)
    board_status: Mapped[str] = mapped_column(String(20), nullable=False, default=LevelStatus.NONE)
    group_points: Mapped[int | None] = mapped_column(Integer)
    sub_points: Mapped[int | None] = mapped_column(Integer)

    organization: Mapped[Organization] = relationship(Organization)
    author: Mapped[Account] = relationship(Account)
    revisions: Mapped[list[Revision]] = relationship(
        Revision,
        back_populates="proposal",
        foreign_keys=Revision.proposal_id,
        order_by=Revision.number,
        cascade="all, delete-orphan",
    )

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def number(self) -> str:
        """The project number, 2569-0001; empty until the first submission."""
        if self.fiscal_year is None or self.sequence is None:
            return ""
        return format_number(self.fiscal_year, self.sequence)

    @property
    def is_draft(self) -> bool:
        """Whether its applicants are still writing: a first draft or that of a later revision, ready or not."""
        return self.state in DRAFT_STATES

    @property
    def was_submitted(self) -> bool:
        """Whether the fund ever received it."""
        return self.submitted_revision_id is not None

    @property
    def level(self) -> str | None:
        """The level that has it in hand now; None for a draft, a returned one and an end."""
        return LEVEL_OF_STATE.get(self.state)

    @property
    def current_revision(self) -> Revision:
        """The latest revision, a draft or submitted."""
        found = db.session.get(Revision, self.current_revision_id)
        assert found is not None, "a proposal has a revision from its first moment"  # noqa: S101
        return found

    @property
    def submitted_revision(self) -> Revision | None:
        """The latest revision that was submitted: what staff and committees see."""
        return db.session.get(Revision, self.submitted_revision_id) if self.submitted_revision_id else None

    def show_content(self, revision: Revision) -> None:
        """Take over from `revision` what lists show, unless the fund has another one in hand."""
        if self.submitted_revision_id not in (None, revision.id):
            return
        self.title = revision.title
        self.title_sort = sort_key(revision.title)
        self.title_search = search_text(revision.title)[:900]
        self.amount_asked = revision.amount_asked or Decimal(0)

    @classmethod
    def visible_to(cls, user: Account, permission: str) -> Select[Any]:
        """The proposals on which `user` holds `permission` (spec: fund.md 1, "What each sees")."""
        return scope.proposals(cls, user, permission)

    def readable_revisions(self, user: Account, permission: str = "proposal.view") -> Sequence[Revision]:
        """The revisions whose content `user` may read, oldest first; empty when the proposal is not theirs to see."""
        return scope.readable_revisions(self, user, permission)

    def content_for(self, user: Account, permission: str = "proposal.view") -> Revision | None:
        """The revision `user` reads: applicants the latest, the fund the latest submitted, a committee its own."""
        readable = self.readable_revisions(user, permission)
        return readable[-1] if readable else None


def create_proposal(by: Account, organization: Organization, title: str = "") -> Proposal:
    """Begin a draft of `by` for the organization they belong to; any number, at any time of the year.

    Raises Refused: not_permitted, or not_a_member of the organization. The caller commits.
    """
    if not allows(by, "proposal.create"):
        raise Refused(Refusal("not_permitted", permission="proposal.create"))
    if organization.is_deleted or not organization.has_member(by):
        raise Refused(Refusal("not_a_member"))
    proposal = Proposal(organization=organization, author=by, organization_sort=organization.name_sort)
    db.session.add(proposal)
    revision = Revision(number=1, title=title)
    proposal.revisions.append(revision)
    db.session.flush()
    proposal.current_revision_id = revision.id
    proposal.show_content(revision)
    db.session.flush()
    return proposal


def _may_read_attachment(user: Account, file: StoredFile) -> bool:
    """A file of part 4 is read by whoever may read a revision that names it."""
    rows = db.session.scalars(select(Attachment).where(Attachment.file_id == file.id))
    revisions = {row.revision_id: row.revision for row in rows}
    readable: dict[int, set[int]] = {}
    for revision in revisions.values():
        proposal = revision.proposal
        if proposal.id not in readable:
            readable[proposal.id] = {found.id for found in proposal.readable_revisions(user)}
        if revision.id in readable[proposal.id]:
            return True
    return False


register_file_gate(ATTACHMENT_PURPOSE, _may_read_attachment)


DRAFTING_ACTIONS = ("fund_proposal.save", "fund_proposal.mark_ready", "fund_proposal.take_back")


def readable_log(user: Account, entries: Sequence[AuditEntry]) -> set[int]:
    """The numbers of those of proposals' log entries whose values are for `user`: the readers', less what is unsent.

    What is typed into a draft stays its applicants' own until they submit it; who stepped out sees none of it.
    """
    ids = {int(entry.entity_id) for entry in entries if entry.entity_id.isdecimal()}
    rows = Proposal.visible_to(user, "proposal.view").where(Proposal.id.in_(ids))
    seen = {proposal.id: proposal for proposal in db.session.scalars(rows)}
    found: set[int] = set()
    drafts: dict[int, bool] = {}
    for entry in entries:
        proposal = seen.get(int(entry.entity_id)) if entry.entity_id.isdecimal() else None
        if proposal is None:
            continue
        is_sent = proposal.submitted_at is not None and entry.at <= proposal.submitted_at
        if not is_sent and entry.action in DRAFTING_ACTIONS:
            if proposal.id not in drafts:
                current = proposal.current_revision
                drafts[proposal.id] = current is not None and current in proposal.readable_revisions(user)
            if not drafts[proposal.id]:
                continue
        found.add(entry.seq)
    return found


register_details_gate("fund_proposal", readable_log)
