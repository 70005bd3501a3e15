"""What the address of a list asks for, read strictly: what no page of ours can have asked is a 400."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.exceptions import BadRequest

from models.core.listing import COUNT_LIMIT
from models.core.thai.text import clean_line

SIZES = (25, 50, 100)
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Asked:
    """Page (from 0), rows a page, order, words searched for, filters in force."""

    page: int = 0
    size: int = SIZES[0]
    sort: str = ""
    is_falling: bool = False
    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, args: Any, sortable: Collection[str], filters: Mapping[str, Collection[str]]) -> Asked:
        """From an address. `filters`: name -> values that it knows. Raises BadRequest."""
        page, size = _whole(args.get("page", "0")), _whole(args.get("page_size", str(SIZES[0])))
        sort, falls = args.get("sort", ""), args.get("desc", "0")
        search = clean_line(args.get("search", "")[: LONGEST_SEARCH * 4])
        if size not in SIZES or page * size >= COUNT_LIMIT or falls not in ("0", "1"):
            raise BadRequest
        if (sort and sort not in sortable) or len(search) > LONGEST_SEARCH:
            raise BadRequest
        found = {}
        for key, value in args.items():
            if not key.startswith("flt"):
                continue
            name = key.removeprefix("flt_")
            if name not in filters or (value and value not in filters[name]):
                raise BadRequest
            if value:
                found[name] = value
        return cls(page, size, sort, falls == "1", search, found)

    def values(self, **changes: Any) -> dict[str, Any]:
        """What an address of this list carries, with `changes`; whatever is as by default is left out."""
        own = {
            "page": self.page or None,
            "page_size": self.size if self.size != SIZES[0] else None,
            "sort": self.sort or None,
            "desc": 1 if self.is_falling else None,
            "search": self.search or None,
            **{f"flt_{name}": value for name, value in self.filters.items()},
        }
        return {key: value for key, value in {**own, **changes}.items() if value is not None}

    @property
    def is_narrowed(self) -> bool:
        """Whether fewer than all rows are asked for."""
        return bool(self.search or self.filters)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise BadRequest
    return int(text)
