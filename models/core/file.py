"""Files: uploaded singly into staging, then named by the row that needs them; who may read asks that row."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.core.db import Model, UtcDateTime, db, now

if TYPE_CHECKING:
    from models.core.identity import Account

STAGING_LASTS = timedelta(days=2)
ATTACHED, STAGED, ORPHANED = "attached", "staged", "orphaned"


def new_file_id() -> str:
    """A file's id: random, so that it cannot be guessed."""
    return uuid.uuid4().hex


def key_of(purpose: str, file_id: str) -> str:
    """Where a file's content lies in storage."""
    return f"{purpose}/{file_id[:2]}/{file_id}"


class StoredFile(Model):
    """A file that was fsynced into storage before this row was committed."""

    __tablename__ = "core_file"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size_not_negative"),
        Index("ix_core_file_staging", "attached_at", "uploaded_at"),
        Index("ix_core_file_purpose", "purpose", "uploaded_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_file_id)
    # Which gate is asked; also the folder in storage.
    purpose: Mapped[str] = mapped_column(String(40), nullable=False)
    name: Mapped[str] = mapped_column(String(255), nullable=False)
    content_type: Mapped[str] = mapped_column(String(100), nullable=False)
    size: Mapped[int] = mapped_column(BigInteger, nullable=False)
    sha256: Mapped[str] = mapped_column(String(64), nullable=False)
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    attached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def key(self) -> str:
        """Where the content lies in storage."""
        return key_of(self.purpose, self.id)

    def attach(self) -> None:
        """A row names the file from here on; it is no longer swept."""
        if self.attached_at is None:
            self.attached_at = now()

    @property
    def standing(self) -> str:
        """Where it stands: attached (a row names it), staged (not yet), or orphaned (none did in time; to be swept)."""
        if self.attached_at is not None:
            return ATTACHED
        return ORPHANED if self.uploaded_at < now() - STAGING_LASTS else STAGED


# Who may read a file of a purpose, once it is attached.
FileGate = Callable[["Account", StoredFile], bool]
_gates: dict[str, FileGate] = {}


def register_file_gate(purpose: str, gate: FileGate) -> None:
    """Let the rows that name files of `purpose` say who may read them."""
    _gates[purpose] = gate


def purposes() -> tuple[str, ...]:
    """Every purpose that files are kept for, in the order of the alphabet."""
    return tuple(sorted(_gates))


def may_read(user: Account, file: StoredFile) -> bool:
    """Whether `user` may read the file: its uploader while it is in staging, else whoever its row lets."""
    if file.attached_at is None:
        return user.id is not None and file.uploaded_by == user.id
    gate = _gates.get(file.purpose)
    return gate is not None and gate(user, file)


def staged_by(user: Account, file_id: str, purpose: str) -> StoredFile | None:
    """A file in staging that this user uploaded for this purpose; what a form may attach."""
    file = db.session.get(StoredFile, file_id)
    if file is None or file.purpose != purpose or file.uploaded_by != user.id or file.attached_at is not None:
        return None
    return file


def standing_is(standing: str) -> ColumnElement[bool]:
    """The condition "stands there" on files; `standing` as the property of that name gives it."""
    if standing == ATTACHED:
        return StoredFile.attached_at.is_not(None)
    is_old = StoredFile.uploaded_at < now() - STAGING_LASTS
    return StoredFile.attached_at.is_(None) & (is_old if standing == ORPHANED else ~is_old)


@dataclass(frozen=True)
class NamedBy:
    """The row that names a file: its table and its key, as the history calls them."""

    entity: str
    key: str


def named_by(file_ids: Collection[str]) -> dict[str, NamedBy]:
    """Which row names each of these files; one query over every column that points at a file."""
    rows = [
        select(column, literal(table.name), cast(next(iter(table.primary_key.columns)), String)).where(
            column.in_(file_ids)
        )
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname == "core_file.id" for key in column.foreign_keys)
    ]
    if not file_ids or not rows:
        return {}
    return {file_id: NamedBy(entity, key) for file_id, entity, key in db.session.execute(union_all(*rows))}


def orphans() -> list[StoredFile]:
    """Files that no row named within `STAGING_LASTS`: safe to sweep, some at a time."""
    return list(db.session.scalars(select(StoredFile).where(standing_is(ORPHANED)).limit(500)))


def orphan_count() -> int:
    """How many there are of them."""
    return db.session.scalar(select(func.count()).select_from(StoredFile).where(standing_is(ORPHANED))) or 0
