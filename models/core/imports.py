"""A file of records on its way in: judged first, stored as a whole when whoever sent it says so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.core.db import Id, Json, Model, UtcDateTime, db, now
from models.core.file import StoredFile, register_file_gate
from models.core.setting import Whole, declare

PURPOSE = "import"
MOST_ROWS, MOST_MEGABYTES = "import.rows", "import.megabytes"
# All rows are stored in one transaction, and on SQLite nobody else writes meanwhile.
declare(MOST_ROWS, 10_000, Whole(100, 100_000), "README.md, Lists")
declare(MOST_MEGABYTES, 10, Whole(1, 50), "README.md, Uploads")

CHECKING, CHECKED, UNREAD, STORING, STORED, MOVED, CANCELLED = (
    *("checking", "checked", "unread", "storing", "stored"),
    *("moved", "cancelled"),
)
ENDED = (UNREAD, STORED, MOVED, CANCELLED)


class Import(Model):
    """One file: what it is of, how far it came, and what judging found.

    `found` holds what its page shows (plain): samples of changes and of what is wrong, in the sender's language.
    """

    __tablename__ = "core_import"
    __table_args__ = (Index("ix_core_import_user_id", "user_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False)
    entity: Mapped[str] = mapped_column(String(60), nullable=False)
    way: Mapped[str] = mapped_column(String(10), nullable=False)
    lang: Mapped[str] = mapped_column(String(5), nullable=False, default="th")
    state: Mapped[str] = mapped_column(String(10), nullable=False, default=CHECKING)
    file_id: Mapped[str | None] = mapped_column(ForeignKey("core_file.id"))
    plan_id: Mapped[str | None] = mapped_column(ForeignKey("core_file.id"))
    report_id: Mapped[str | None] = mapped_column(ForeignKey("core_file.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("core_job.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rows: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    adds: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    changes: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    same: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    bad: Mapped[int] = mapped_column(Integer, nullable=False, default=0)
    name: Mapped[str] = mapped_column(String(255), nullable=False, default="")
    why: Mapped[str] = mapped_column(Text, nullable=False, default="")
    found: Mapped[Any] = mapped_column(Json, nullable=False, default=dict)

    @property
    def alike(self) -> int:
        """How many of the new rows are called as a record, or an earlier row, is already."""
        return int(self.found.get("alike", 0))

    @property
    def is_alike_left(self) -> bool:
        """Whether its sender wants those rows left out."""
        return bool(self.found.get("leaves_alike"))

    @property
    def samples(self) -> list[tuple[int, list[str]]]:
        """The first of the new rows, in words, without those that were left out."""
        is_over = self.state == STORED and self.is_alike_left
        return [(row, values) for row, values, is_alike in self.found.get("adds", ()) if not (is_over and is_alike)]

    def leave_alike(self) -> bool:
        """Leave those rows out; false, and nothing is said, where nothing would be left to store."""
        if self.adds - self.alike + self.changes == 0:
            return False
        self.found = {**self.found, "leaves_alike": True}
        return True

    @property
    def can_be_stored(self) -> bool:
        """Whether everything in the file can be stored and something would change."""
        return self.state == CHECKED and self.bad == 0 and self.adds + self.changes > 0

    def move(self, before: str, after: str) -> bool:
        """From one state to the next, once: of two who try, one does. In the open transaction."""
        values: dict[str, Any] = {"state": after, **({"ended_at": now()} if after in ENDED else {})}
        taken = db.session.execute(update(Import).where(Import.id == self.id, Import.state == before).values(**values))
        db.session.refresh(self)
        return bool(taken.rowcount == 1)


def import_of(user_id: int, entity: str, key: int) -> Import | None:
    """One of one's own imports of an entity; another's is not found, nor a number that no key can be."""
    if not 0 < key < 2**63:
        return None
    return db.session.scalar(select(Import).where(Import.id == key, Import.user_id == user_id, Import.entity == entity))


def imports_of(user_id: int, entity: str, most: int = 10) -> list[Import]:
    """One's own imports of an entity, the latest first."""
    rows = select(Import).where(Import.user_id == user_id, Import.entity == entity)
    return list(db.session.scalars(rows.order_by(Import.id.desc()).limit(most)))


def stored_before(run: Import) -> Import | None:
    """The latest import, whosever it was, that stored this very file of this entity; None where there is none."""
    content = select(StoredFile.sha256).where(StoredFile.id == run.file_id).scalar_subquery()
    rows = select(Import).join(StoredFile, StoredFile.id == Import.file_id)
    rows = rows.where(Import.entity == run.entity, Import.state == STORED, StoredFile.sha256 == content)
    return db.session.scalar(rows.where(Import.id != run.id).order_by(Import.id.desc()).limit(1))


def _may_read(user: Any, file: StoredFile) -> bool:
    return user.id is not None and file.uploaded_by == user.id


register_file_gate(PURPOSE, _may_read)
