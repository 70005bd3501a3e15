"""Which organizations may be one and the same, entered twice: found by name, place and contacts (spec: fund.md 3)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models.core.db import Audited, Id, Model, UtcDateTime, db, now
from models.core.identity import Account
from models.core.matrix import allows
from models.core.thai.likeness import ENOUGH, Name, likeness_of, take_apart
from models.core.workflow import Refusal, Refused
from models.fund.organization import Organization

ENOUGH_WITH_PROOF: Final = 0.45
"""Likeness that is enough where something else is the same: telephone, e-mail, president."""
PROOFS: Final = ("phone", "email", "chair")


class Distinct(Audited, Model):
    """Two organizations with like names that somebody looked at and found to be two; they are not shown again."""

    __tablename__ = "fund_organization_distinct"
    __table_args__ = (UniqueConstraint("low_id", "high_id"), CheckConstraint("low_id < high_id", name="in_order"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    low_id: Mapped[int] = mapped_column(ForeignKey("fund_organization.id"), nullable=False)
    high_id: Mapped[int] = mapped_column(ForeignKey("fund_organization.id"), nullable=False)
    said_by: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    said_at: Mapped[datetime] = mapped_column(UtcDateTime, nullable=False, default=now)


class Entry(NamedTuple):
    """What is compared of an organization."""

    id: int
    name: str
    province_code: str
    phone: str
    email: str
    chair: str


@dataclass(frozen=True)
class Pair:
    """Two organizations that may be one, how like their names are (0 to 1), and what else is the same."""

    one: int
    other: int
    likeness: float
    same: tuple[str, ...]  # "phone", "email", "chair"

    @property
    def weight(self) -> float:
        """What the list is sorted by: the likeness, and a tenth for everything else that is the same."""
        return self.likeness + len(self.same) / 10


def likely_pairs(entries: Iterable[Entry]) -> list[Pair]:
    """The pairs within a province (or with one whose province is not known) that may be one; the likeliest first.

    Only names that share something rare, or records that share something else, are compared.
    """
    known = {entry.id: entry for entry in entries}
    names = {key: take_apart(entry.name) for key, entry in known.items()}
    found = []
    for one, other in set(_candidates(known, names)):
        score = likeness_of(names[one], names[other])
        same = _same(known[one], known[other])
        if score >= (ENOUGH_WITH_PROOF if same else ENOUGH):
            found.append(Pair(one, other, score, same))
    return sorted(found, key=lambda pair: (-pair.weight, pair.one, pair.other))


def _candidates(known: dict[int, Entry], names: dict[int, Name]) -> Iterator[tuple[int, int]]:
    often = Counter(three for name in names.values() for three in name.threes)
    # What two records share -> province -> who has it.
    places: dict[tuple[str, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for key, name in names.items():
        # Prefix filtering: two names as like as ENOUGH share one of so many of their rarest threes.
        rare = sorted(name.threes, key=lambda three: (often[three], three))
        shared = ceil(ENOUGH * len(rare) / (2 - ENOUGH))
        for three in rare[: len(rare) - shared + 1]:
            # Other numbers make other places: those are never compared.
            places["name", three, *name.numbers][known[key].province_code].append(key)
        for field in PROOFS:
            if value := getattr(known[key], field):
                places[field, value][known[key].province_code].append(key)
    for by_province in places.values():
        nowhere = by_province.get("", [])
        for province, keys in by_province.items():
            others = nowhere if province else []
            for at, key in enumerate(keys):
                for other in (*keys[at + 1 :], *others):
                    yield (key, other) if key < other else (other, key)


def _same(one: Entry, other: Entry) -> tuple[str, ...]:
    return tuple(field for field in PROOFS if getattr(one, field) and getattr(one, field) == getattr(other, field))


def duplicates() -> list[Pair]:
    """The likely pairs among all organizations, less those that somebody found to be two; two queries."""
    president = func.trim(Organization.chair_first_name + " " + Organization.chair_last_name)
    rows = db.session.execute(
        select(
            Organization.id,
            Organization.name,
            Organization.province_code,
            Organization.phone,
            Organization.email,
            president,
        ).where(Organization.deleted_at.is_(None))
    )
    entries = [Entry(*row) for row in rows]
    apart = {(low, high) for low, high in db.session.execute(select(Distinct.low_id, Distinct.high_id))}
    return [pair for pair in likely_pairs(entries) if (pair.one, pair.other) not in apart]


def tell_apart(one: Organization, other: Organization, by: Account) -> None:
    """Keep that two organizations are two; saying it again changes nothing. The caller commits.

    Raises Refused: not_permitted, same_organization.
    """
    if not allows(by, "organization.merge"):
        raise Refused(Refusal("not_permitted", permission="organization.merge"))
    if one.id == other.id:
        raise Refused(Refusal("same_organization"))
    low, high = sorted((one.id, other.id))
    known = select(Distinct.id).where(Distinct.low_id == low, Distinct.high_id == high)
    if db.session.scalar(known) is None:
        db.session.add(Distinct(low_id=low, high_id=high, said_by=by.id))
        db.session.flush()
