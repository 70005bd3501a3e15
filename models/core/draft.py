"""Autosaved typing, kept apart from what was saved, and given back to its own writer only (spec: fund.md 4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from models.core.db import Id, Json, Model, UtcDateTime, db, now


class Draft(Model):
    """What a user had typed into one part of one form and not saved yet."""

    __tablename__ = "core_draft"
    __table_args__ = (UniqueConstraint("user_id", "form", "record", "part"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False)
    form: Mapped[str] = mapped_column(String(60), nullable=False)
    record: Mapped[str] = mapped_column(String(60), nullable=False)
    part: Mapped[str] = mapped_column(String(60), nullable=False, default="")
    base_version: Mapped[int] = mapped_column(Integer, nullable=False)
    content: Mapped[Any] = mapped_column(Json, nullable=False)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, index=True)


def keep(user_id: int, form: str, record: str, part: str, base_version: int, content: Any) -> datetime:
    """Keep what was typed, over what was kept before; the time it was kept (UTC)."""
    insert: Any = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    kept = {"base_version": base_version, "content": content, "saved_at": now()}
    statement = insert(Draft).values(user_id=user_id, form=form, record=record, part=part, **kept)
    db.session.execute(statement.on_conflict_do_update(index_elements=["user_id", "form", "record", "part"], set_=kept))
    return kept["saved_at"]


def kept(user_id: int, form: str, record: str, part: str) -> Draft | None:
    """What this user had typed there, if anything is kept."""
    return db.session.scalar(
        select(Draft)
        .where(Draft.user_id == user_id, Draft.form == form, Draft.record == record, Draft.part == part)
        .execution_options(populate_existing=True)
    )


def drop(user_id: int, form: str, record: str, part: str | None = None) -> None:
    """Forget what was kept for a part (or for all parts): it was saved, or its writer let it go."""
    statement = delete(Draft).where(Draft.user_id == user_id, Draft.form == form, Draft.record == record)
    if part is not None:
        statement = statement.where(Draft.part == part)
    db.session.execute(statement)


def writers(form: str, record: str, part: str, *, but: int, since: datetime) -> list[Draft]:
    """What others than the account `but` typed there since the moment and did not save, the latest first."""
    rows = select(Draft).where(Draft.form == form, Draft.record == record, Draft.part == part)
    recent = rows.where(Draft.user_id != but, Draft.saved_at >= since).order_by(Draft.saved_at.desc())
    return list(db.session.scalars(recent.execution_options(populate_existing=True)))
