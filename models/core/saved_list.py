"""Lists that people saved: what a page's filters asked for, under a name of their own (spec: README, Lists).

A list may be shared with everybody who may open that page. What is kept is a question, never rows: whoever opens it
sees their own rows that match. The list without a name holds which columns somebody wants, and in which order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Select, String, UniqueConstraint, bindparam, false, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from models.core.db import Id, Json, Model, UtcDateTime, db, now
from models.core.identity import Account
from models.core.once import take_turn
from models.core.thai.text import clean_line
from models.core.workflow import Refusal, Refused

NAME_LENGTH = 60
MOST = 12  # for one person and page: what still stands beside each other as tabs
MOST_SHARED = 12  # of others, the latest ones
_COLUMNS = ""  # the name under which the columns are kept; nobody can give a list this name


class SavedList(Model):
    """What somebody asked of a list, kept under a name; theirs alone unless it is shared."""

    __tablename__ = "core_saved_list"
    __table_args__ = (
        UniqueConstraint("user_id", "page", "name"),
        Index("ix_core_saved_list_shared", "page", "is_shared"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False)
    page: Mapped[str] = mapped_column(String(40), nullable=False)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    query: Mapped[Any] = mapped_column(Json, nullable=False)
    is_shared: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False, server_default=false())
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)
    owner: Mapped[Account] = relationship(viewonly=True)


@dataclass(frozen=True)
class Kept:
    """What is kept of one page for one reader: own lists (the oldest first), those shared by others, the columns."""

    own: tuple[SavedList, ...] = ()
    shared: tuple[SavedList, ...] = ()
    columns: tuple[str, ...] = ()


def kept_of(user_id: int, page: str, *, sees_shared: bool = True) -> Kept:
    """What is kept of a page for a reader; one query, the owners of shared lists with it."""
    found = db.session.scalars(_kept_of(sees_shared), {"page": page, "user_id": user_id}).all()
    columns: dict[str, Any] = next((one.query for one in found if one.user_id == user_id and one.name == _COLUMNS), {})
    shared = [one for one in found if one.user_id != user_id and one.owner.is_active]
    return Kept(
        own=tuple(one for one in found if one.user_id == user_id and one.name != _COLUMNS),
        shared=tuple(shared[-MOST_SHARED:]),
        columns=tuple(columns.get("columns", ())),
    )


@cache
def _kept_of(sees_shared: bool) -> Select[Any]:
    """The statement of `kept_of`, built once: every list asks it."""
    whose: Any = SavedList.user_id == bindparam("user_id")
    if sees_shared:
        whose = or_(whose, SavedList.is_shared.is_(True))
    rows = select(SavedList).where(SavedList.page == bindparam("page"), whose).order_by(SavedList.id)
    # Of its owner what is said beside a shared list, and no more.
    names = (Account.title, Account.first_name, Account.last_name, Account.active)
    return rows.options(joinedload(SavedList.owner).load_only(*names))


def saved_lists(user_id: int, page: str) -> list[SavedList]:
    """The lists that somebody saved of a page, the oldest first."""
    return list(kept_of(user_id, page, sees_shared=False).own)


def saved_list(user_id: int, page: str, key: int) -> SavedList | None:
    """One of one's own lists; another's is not found, nor a number that no key can be."""
    if not 0 < key < 2**63:
        return None
    return db.session.scalar(
        select(SavedList).where(
            SavedList.id == key, SavedList.user_id == user_id, SavedList.page == page, SavedList.name != _COLUMNS
        )
    )


def save_list(user_id: int, page: str, name: str, query: Mapping[str, Any], *, is_shared: bool = False) -> SavedList:
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
    found.query, found.is_shared, found.saved_at = dict(query), is_shared, now()
    db.session.flush()
    return found


def rename_list(one: SavedList, name: str) -> None:
    """Give a list another name; the caller commits. Raises Refused: list_name_needed, _too_long, name_taken."""
    name = _cleaned(name)
    take_turn(one.user_id)
    if any(other.name == name and other.id != one.id for other in saved_lists(one.user_id, one.page)):
        raise Refused(Refusal("name_taken", name=name))
    one.name = name


def choose_columns(user_id: int, page: str, names: Sequence[str], known: Iterable[str]) -> None:
    """Keep which columns somebody wants of a page and in which order; none gives the page's own. The caller commits.

    Names that the page does not know are left out.
    """
    possible = set(known)
    chosen = [name for name in dict.fromkeys(names) if name in possible]
    take_turn(user_id)
    rows = select(SavedList).where(SavedList.user_id == user_id, SavedList.page == page, SavedList.name == _COLUMNS)
    found = db.session.scalar(rows)
    if not chosen:
        if found is not None:
            db.session.delete(found)
        return
    if found is None:
        found = SavedList(user_id=user_id, page=page, name=_COLUMNS, query={})
        db.session.add(found)
    found.query, found.saved_at = {"columns": chosen}, now()


def _cleaned(name: str) -> str:
    name = clean_line(name)
    if not name:
        raise Refused(Refusal("list_name_needed"))
    if len(name) > NAME_LENGTH:
        raise Refused(Refusal("list_name_too_long", limit=NAME_LENGTH))
    return name
