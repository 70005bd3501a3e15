"""What the address of the proposals' list asks for; anything that cannot be meant answers 400."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from werkzeug.exceptions import BadRequest

from models.core.listing import Order
from models.core.reference.provinces import PROVINCES
from models.core.thai.text import clean_line
from models.fund.codes import LEVEL_STATUSES, LEVELS, LevelStatus
from models.fund.proposal import Proposal
from views.core.asked import number, one_of
from views.core.look import url_of, with_query

TABS = ("all", "screening", "agenda", "meeting", "returned", "drafts")
SIZES = (10, 25, 50, 100)
STATUSES = (
    LevelStatus.WAITING,
    LevelStatus.SCHEDULED,
    LevelStatus.PASSED,
    LevelStatus.FAILED,
    LevelStatus.DOCUMENTS,
    LevelStatus.APPROVED,
    LevelStatus.REFUSED,
    LevelStatus.NOT_CONSIDERED,
)
LONGEST = 200
PROVINCE_CODES = tuple(PROVINCES)

_COLUMNS = {
    "number": Proposal.number_sort,
    "date": Proposal.listed_at,
    "name": Proposal.title_sort,
    "organization": Proposal.organization_sort,
}
ORDERS = {
    f"{'-' if falls else ''}{name}": Order(name, (column,), Proposal.id, falls)
    for name, column in _COLUMNS.items()
    for falls in (False, True)
}


@dataclass(frozen=True)
class Asked:
    """One list as its address says it; every filter that is empty is not in force."""

    tab: str = "all"
    q: str = ""
    org: str = ""
    province: str = ""
    year: int | None = None
    level: str = ""
    status: str = ""
    sort: str = "-date"
    size: int = 25
    after: str | None = None
    before: str | None = None
    at: str = ""

    FILTERS = ("q", "org", "province", "year", "level", "status")
    PLACES = ("after", "before", "at")

    @property
    def order(self) -> Order:
        """The declared order."""
        return ORDERS[self.sort]

    @property
    def filters(self) -> list[str]:
        """The names of the filters in force, in their order."""
        return [name for name in self.FILTERS if getattr(self, name)]

    def values(self, **changes: Any) -> dict[str, Any]:
        """What the address carries: only what differs from a list that nobody asked anything of."""
        own = vars(self)
        values = {**own, **changes} if changes else own
        return {
            name: value
            for name, default in _DEFAULTS
            if (value := values[name]) != default and value is not None and value != ""
        }

    def url(self, endpoint: str = "ProposalView.list", **changes: Any) -> str:
        """The address of this list with changes; a changed list begins at its start."""
        place = {name: None if name != "at" else "" for name in self.PLACES if name not in changes}
        return with_query(url_of(endpoint), self.values(**place, **changes))

    def sort_url(self, name: str) -> str:
        """The address that sorts by `name`, the other way round when it does already."""
        return self.url(sort=f"-{name}" if self.sort == name else name)

    def direction(self, name: str) -> str | None:
        """How the list is sorted by `name`: asc, desc, or not at all."""
        return {name: "asc", f"-{name}": "desc"}.get(self.sort)


_DEFAULTS = tuple((item.name, item.default) for item in fields(Asked))


def read(args: Mapping[str, str], tabs: tuple[str, ...] = TABS) -> Asked:
    """The list that an address asks for. Raises BadRequest."""
    return Asked(
        tab=one_of(args, "tab", tabs, "all"),
        q=_text(args, "q"),
        org=_text(args, "org"),
        province=one_of(args, "province", PROVINCE_CODES),
        year=number(args, "year", 2400, 2800),
        level=one_of(args, "level", LEVELS),
        status=one_of(args, "status", STATUSES),
        sort=one_of(args, "sort", tuple(ORDERS), "-date"),
        size=_size(args),
        after=args.get("after") or None,
        before=args.get("before") or None,
        at=_text(args, "at"),
    )


def _text(args: Mapping[str, str], name: str) -> str:
    typed = args.get(name, "")
    if len(typed) > LONGEST * 5:
        raise BadRequest
    return clean_line(typed)[:LONGEST]


def _size(args: Mapping[str, str]) -> int:
    size = number(args, "size", 1, SIZES[-1]) or Asked.size
    if size not in SIZES:
        raise BadRequest
    return size


def can_be_at(level: str, status: str) -> bool:
    """Whether a level knows a status at all."""
    return status in LEVEL_STATUSES[level]
