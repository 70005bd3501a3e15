"""What people ask about their own data, answered within thirty days (spec: README.md; PDPA B.E. 2562, section 30)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, Text, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.core import outbox
from models.core.db import Audited, Id, Model, UtcDateTime, db, now
from models.core.grants import is_of
from models.core.identity import Account
from models.core.matrix import allows, current_matrix
from models.core.once import take_turn
from models.core.workflow import HasWorkflow, Move, Refusal, move, moves

CORRECTION, ERASURE, RESTRICTION, OBJECTION = "correction", "erasure", "restriction", "objection"
KINDS = (CORRECTION, ERASURE, RESTRICTION, OBJECTION)
OPEN, DONE, REFUSED, WITHDRAWN = "open", "done", "refused", "withdrawn"
STATES = (OPEN, DONE, REFUSED, WITHDRAWN)
MANAGE = "privacy.manage"
OWN = "own"  # no permission of the matrix: whoever asked
ANSWER_WITHIN = timedelta(days=30)
TEXT_LENGTH = 2000  # characters

# fmt: off
REQUEST_MOVES = moves(
    #    name        from  to         permission  tells
    move("fulfil",   OPEN, DONE,      MANAGE,     "privacy_answered"),
    move("refuse",   OPEN, REFUSED,   MANAGE,     "privacy_answered"),
    move("withdraw", OPEN, WITHDRAWN, OWN),
)
# fmt: on


class PrivacyRequest(HasWorkflow, Audited, Model):
    """One request of one person about their own data."""

    __tablename__ = "core_privacy_request"
    __table_args__ = (
        CheckConstraint("kind IN ('correction', 'erasure', 'restriction', 'objection')", name="kind"),
        CheckConstraint("state IN ('open', 'done', 'refused', 'withdrawn')", name="state"),
        Index("ix_core_privacy_request_state", "state", "due_at", "id"),
        Index("ix_core_privacy_request_due_at", "due_at", "id"),
        Index("ix_core_privacy_request_user_id", "user_id", "id"),
    )

    moves = REQUEST_MOVES

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    kind: Mapped[str] = mapped_column(String(20), nullable=False)
    state: Mapped[str] = mapped_column(String(12), nullable=False, default=OPEN)
    # What was asked and answered may say anything about the person: it is not for the log.
    text: Mapped[str] = mapped_column(Text, nullable=False, default="", info={"audit": "secret"})
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False)
    answer: Mapped[str] = mapped_column(Text, nullable=False, default="", info={"audit": "secret"})
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))

    user: Mapped[Account] = relationship(Account, foreign_keys=[user_id])
    officer: Mapped[Account | None] = relationship(Account, foreign_keys=[answered_by])

    @classmethod
    def visible_to(cls, user: Account, permission: str) -> Select[Any]:
        """One's own by `OWN`, all of them by `privacy.manage`."""
        rows = select(cls)
        if permission == OWN:
            return rows.where(cls.user_id == user.id)
        return rows if allows(user, permission) else rows.where(false())

    @property
    def is_late(self) -> bool:
        """Whether the thirty days are over and nobody has answered."""
        return self.state == OPEN and self.due_at < now()

    def guard(self, action: str, user: Account, given: Mapping[str, Any]) -> Refusal | None:  # noqa: ARG002
        """A refusal says why: the law gives the person a right to the reason."""
        if action == "refuse" and not str(given.get("answer", "")).strip():
            return Refusal("privacy_reason_needed")
        return None

    def on_fulfil(self, by: Account, answer: str = "") -> None:
        """Done, with what there is to say about it."""
        self._answered(by, answer)

    def on_refuse(self, by: Account, answer: str = "") -> None:
        """Not done, and why."""
        self._answered(by, answer)

    def _answered(self, by: Account, answer: str) -> None:
        self.answer, self.answered_at, self.answered_by = answer.strip(), now(), by.id

    def tell(self, move: Move, by: Account, given: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Tell whoever asked."""
        if move.tells is not None:
            outbox.tell([self.user], move.tells, self, kind=self.kind, done=move.name == "fulfil")


def ask(user: Account, kind: str, text: str) -> PrivacyRequest:
    """Put a request before those who handle them and tell them; one open request of a kind at a time.

    The caller commits. An open one of this kind is returned as it is.
    """
    take_turn(user.id)
    mine = PrivacyRequest.visible_to(user, OWN).where(PrivacyRequest.kind == kind, PrivacyRequest.state == OPEN)
    if (found := db.session.scalar(mine)) is not None:
        return found
    moment = now()
    request = PrivacyRequest(
        user_id=user.id, kind=kind, text=text.strip()[:TEXT_LENGTH], asked_at=moment, due_at=moment + ANSWER_WITHIN
    )
    db.session.add(request)
    db.session.flush()
    outbox.tell(_handlers(), "privacy_asked", request, kind=kind)
    return request


def _handlers() -> Iterable[Account]:
    """Everybody who holds `privacy.manage` now."""
    kinds = current_matrix().get(MANAGE, frozenset())
    return db.session.scalars(select(Account).where(Account.active, is_of(Account.id, kinds))).all()
