"""Screening (การคัดกรองโครงการและตรวจเอกสาร): the check list that staff fill for a revision (spec: fund.md 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint, event, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from models.core import audit
from models.core.db import Audited, Id, Model, UtcDateTime, Versioned, db, now, sql_list, touch
from models.core.thai.text import clean_block
from models.core.workflow import Refusal, Refused
from models.fund.codes import LONG_LENGTH, NAME_LENGTH, Result, State
from models.fund.kinds import OTHER_DOCUMENT, document_kinds

if TYPE_CHECKING:
    from models.core.identity import Account
    from models.fund.proposal import Proposal
    from models.fund.revision import Revision

MISSION_FIT = "mission_fit"
MISSION_CHOICES = ("fits", "does_not_fit")
DOCUMENT_CHOICES = ("correct", "incorrect", "missing", "not_needed")

# The move that sends the form with each result.
RESULT_MOVES = {
    Result.PASS: "pass_screening",
    Result.FAIL: "fail_screening",
    Result.DOCUMENTS: "documents_incomplete",
}


class Screening(Versioned, Audited, Model):
    """The screening form of one revision: kept and editable until it is sent with one of three results."""

    __tablename__ = "fund_screening"
    __table_args__ = (
        UniqueConstraint("revision_id"),
        CheckConstraint(f"result IN ({sql_list(tuple(RESULT_MOVES))})", name="result"),
        CheckConstraint(f"chosen IN ({sql_list(tuple(RESULT_MOVES))})", name="chosen"),
        CheckConstraint("(result IS NULL) = (sent_at IS NULL)", name="result_when_sent"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("fund_revision.id"), nullable=False)
    advice: Mapped[str] = mapped_column(Text, nullable=False, default="")
    chosen: Mapped[str | None] = mapped_column(String(20))  # what the officer means to send; nobody is told of it
    result: Mapped[str | None] = mapped_column(String(20))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now, info={"audit": "skip"})
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    revision: Mapped[Revision] = relationship("Revision")
    items: Mapped[list[ScreeningItem]] = relationship(
        back_populates="screening",
        cascade="all, delete-orphan",
        order_by=lambda: (ScreeningItem.position, ScreeningItem.id),
    )

    def audit_root(self) -> Any:
        """The proposal."""
        return self.revision.proposal if self.revision is not None else None

    @property
    def is_sent(self) -> bool:
        """Whether it is final."""
        return self.sent_at is not None

    @property
    def unanswered(self) -> list[str]:
        """Codes of the items without a choice."""
        return [item.code for item in self.items if item.choice is None]

    def fill(self, content: Mapping[str, Any]) -> None:
        """Take over typed content; see `save_screening`."""
        if "advice" in content:
            self.advice = clean_block(content["advice"] or "")[:LONG_LENGTH]
        if "result" in content:
            chosen = content["result"] or None
            if chosen is not None and chosen not in RESULT_MOVES:
                raise Refused(Refusal("no_such_result", result=chosen))
            self.chosen = chosen
        items = {item.code: item for item in self.items}
        for code, typed in content.get("items", {}).items():
            item = items.get(code)
            if item is None:
                raise Refused(Refusal("no_such_item", item=code))
            item.fill(typed)


class ScreeningItem(Audited, Model):
    """One line of the check list: the mission, or a document."""

    __tablename__ = "fund_screening_item"
    __table_args__ = (
        UniqueConstraint("screening_id", "code"),
        CheckConstraint(f"choice IN ({sql_list((*MISSION_CHOICES, *DOCUMENT_CHOICES))})", name="choice"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    screening_id: Mapped[int] = mapped_column(ForeignKey("fund_screening.id", ondelete="CASCADE"), nullable=False)
    code: Mapped[str] = mapped_column(String(60), nullable=False)  # mission_fit, a kind of file, or <kind>:<line id>
    label: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False, default="")  # own kind, or file
    position: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    choice: Mapped[str | None] = mapped_column(String(20))
    advice: Mapped[str] = mapped_column(Text, nullable=False, default="")

    screening: Mapped[Screening] = relationship(Screening, back_populates="items")

    def audit_root(self) -> Any:
        """The proposal."""
        return self.screening.audit_root() if self.screening is not None else None

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be chosen for this item."""
        return MISSION_CHOICES if self.code == MISSION_FIT else DOCUMENT_CHOICES

    def fill(self, typed: Mapping[str, Any]) -> None:
        """Take over choice and advice. Raises Refused for a choice that the item does not have."""
        if "choice" in typed:
            choice = typed["choice"] or None
            if choice is not None and choice not in self.choices:
                raise Refused(Refusal("no_such_choice", item=self.code))
            self.choice = choice
        if "advice" in typed:
            self.advice = clean_block(typed["advice"] or "")[:LONG_LENGTH]


def screening_of(revision: Revision) -> Screening | None:
    """The screening form of a revision, saved or sent."""
    return db.session.scalar(select(Screening).where(Screening.revision_id == revision.id))


def begin_screening(revision: Revision) -> Screening:
    """An empty form for a revision: the mission, then a line for each document."""
    lines = [(MISSION_FIT, ""), *document_lines(revision)]
    screening = Screening(revision=revision)
    screening.items = [
        ScreeningItem(code=code, label=label, position=position) for position, (code, label) in enumerate(lines)
    ]
    return screening


def document_lines(revision: Revision) -> list[tuple[str, str]]:
    """What is checked of a revision's documents: (code, label) of each line of the check list.

    A line for each kind, whether a file is there or not; where a kind has several files a line for each, labelled by
    its name; and one for each file of a kind that the applicant named.
    """
    lines: list[tuple[str, str]] = []
    for kind in document_kinds(revision):
        if kind == OTHER_DOCUMENT:
            continue
        files = revision.attachments_of(kind)
        if len(files) > 1:
            lines += [(f"{kind}:{file.line_id}", file.file.name[:NAME_LENGTH]) for file in files]
        else:
            lines.append((kind, ""))
    others = revision.attachments_of(OTHER_DOCUMENT)
    return lines + [(f"{OTHER_DOCUMENT}:{file.line_id}", file.kind_name) for file in others]


def refusal_to_save(proposal: Proposal, by: Account) -> Refusal | None:
    """Why `by` may not write on the screening form now; None means they may."""
    if not proposal.within(by, "proposal.decide"):
        return Refusal("not_permitted", permission="proposal.decide")
    if proposal.state != State.SCREENING:
        return Refusal("wrong_stage", state=proposal.state, action="save_screening")
    return None


def save_screening(proposal: Proposal, content: Mapping[str, Any], by: Account, version: int | str | None) -> Screening:
    """Keep the form unsent and editable; the caller commits.

    `content`: {"advice": str, "result": str | None, "items": {code: {"choice": str | None, "advice": str}}}; what is
    missing stays. The result is only kept with the form; `send_screening` decides.
    `version` is the form's, 0 where none was saved yet. Raises Refused or StaleVersion.
    """
    db.session.refresh(proposal, attribute_names=["state", "version", "submitted_revision_id"], with_for_update=True)
    if reason := refusal_to_save(proposal, by):
        raise Refused(reason)
    revision = proposal.submitted_revision
    assert revision is not None, "a proposal in screening was submitted"  # noqa: S101
    screening = screening_of(revision)
    if screening is None:
        screening = begin_screening(revision)
        db.session.add(screening)
    else:
        screening.take_version(version)
    screening.fill(content)
    screening.saved_at, screening.saved_by_id = now(), by.id
    if screening.id is not None:
        touch(screening, "saved_at")
    db.session.flush()
    audit.note("fund_proposal.save_screening", proposal)
    return screening


def send_screening(proposal: Proposal, result: str, by: Account, version: int | str | None) -> None:
    """Send the saved form with its result, which takes the proposal on or back; it cannot be changed after.

    `version` is the proposal's. Raises Refused (screening_missing, screening_unanswered, ...) or StaleVersion.
    """
    if result not in RESULT_MOVES:
        raise Refused(Refusal("no_such_result", result=result))
    proposal.perform(RESULT_MOVES[result], by, version)


class SentScreening(Exception):
    """Something tried to change a screening form that was sent; a mistake of the program, never of a user."""


@event.listens_for(Session, "before_flush")
def _keep_sent_screenings(session: Session, _context: Any, _instances: Any) -> None:
    for record in (*session.dirty, *session.deleted):
        form = (
            record if isinstance(record, Screening) else record.screening if isinstance(record, ScreeningItem) else None
        )
        if form is None or not (record in session.deleted or session.is_modified(record)):
            continue
        history: Any = inspect(form).attrs.sent_at.load_history()
        if any(value is not None for value in (*history.unchanged, *history.deleted)):
            raise SentScreening(f"The screening form of revision {form.revision_id} was sent")
