"""Lists that people saved: what a page's filters asked for, under a name of their own (spec: README, Lists)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models.core.db import Id, Json, Model, UtcDateTime, db, now
from models.core.once import take_turn
from models.core.thai.text import clean_line
from models.core.workflow import Refusal, Refused

NAME_LENGTH = 60
MOST = 12  # for one person and page: what still stands beside each other as tabs


class SavedList(Model):
    """What somebody asked of a list, kept under a name; theirs alone."""

    __tablename__ = "core_saved_list"
    __table_args__ = (UniqueConstraint("user_id", "page", "name"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False)
    page: Mapped[str] = mapped_column(String(40), nullable=False)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    query: Mapped[Any] = mapped_column(Json, nullable=False)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)


def saved_lists(user_id: int, page: str) -> list[SavedList]:
    """The lists that somebody saved of a page, the oldest first."""
    rows = select(SavedList).where(SavedList.user_id == user_id, SavedList.page == page).order_by(SavedList.id)
    return list(db.session.scalars(rows))


def saved_list(user_id: int, page: str, key: int) -> SavedList | None:
    """One of one's own lists; another's is not found, nor a number that no key can be."""
    if not 0 < key < 2**63:
        return None
    return db.session.scalar(
        select(SavedList).where(SavedList.id == key, SavedList.user_id == user_id, SavedList.page == page)
    )


def save_list(user_id: int, page: str, name: str, query: Mapping[str, Any]) -> SavedList:
    """Keep what was asked under a name; the same name again replaces it. The caller commits.

    Raises Refused: list_name_needed, list_name_too_long, too_many_lists.
    """
    name = _cleaned(name)
    take_turn(user_id)
    mine = saved_lists(user_id, page)
    found = next((one for one in mine if one.name == name), None)
    if found is None:
        if len(mine) >= MOST:
            raise Refused(Refusal("too_many_lists", limit=MOST))
        found = SavedList(user_id=user_id, page=page, name=name)
        db.session.add(found)
    found.query, found.saved_at = dict(query), now()
    db.session.flush()
    return found


def rename_list(one: SavedList, name: str) -> None:
    """Give a list another name; the caller commits. Raises Refused: list_name_needed, _too_long, name_taken."""
    name = _cleaned(name)
    take_turn(one.user_id)
    if any(other.name == name and other.id != one.id for other in saved_lists(one.user_id, one.page)):
        raise Refused(Refusal("name_taken", name=name))
    one.name = name


def _cleaned(name: str) -> str:
    name = clean_line(name)
    if not name:
        raise Refused(Refusal("list_name_needed"))
    if len(name) > NAME_LENGTH:
        raise Refused(Refusal("list_name_too_long", limit=NAME_LENGTH))
    return name
