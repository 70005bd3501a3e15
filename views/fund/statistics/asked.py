"""What the address asks of the statistics: a span of fiscal years, a province, a sector, a kind of disability."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from models.core import setting
from models.core.clock import today
from models.core.kinds import KINDS
from models.core.matrix import kinds_of
from models.core.reference.provinces import PROVINCES
from models.core.thai.dates import fiscal_year
from models.fund.codes import SECTORS
from models.fund.settings import KINDS_OF_DISABILITY
from models.fund.statistics import Asked
from views.core.asked import number, one_of

EARLIEST, LATEST = 2400, 2800


def is_member(user: Any) -> bool:
    """Whether the user sees every number: by a kind of the fund's own; all others see what the public sees."""
    return any(KINDS[kind].internal for kind in kinds_of(user, "statistics.view"))


def known_kinds(used: Collection[str] | None = None) -> list[str]:
    """The kinds of disability that the office ever named, in its order; with `used`, retired ones only of these."""
    kinds = setting.value(KINDS_OF_DISABILITY)
    return [str(kind.code) for kind in kinds if used is None or not kind.is_retired or kind.code in used]


@dataclass(frozen=True)
class Address:
    """The filters of a page, as they go into links."""

    asked: Asked
    is_full: bool

    @property
    def values(self) -> dict[str, Any]:
        """What stands in the address; defaults left out."""
        asked, this = self.asked, fiscal_year(today())
        found: dict[str, Any] = {}
        if (asked.first, asked.last) != (this, this):
            found["to"] = asked.last
            if asked.first != asked.last:
                found["from"] = asked.first
        return found | {
            name: value
            for name, value in (("province", asked.province), ("sector", asked.sector), ("kind", asked.kind))
            if value
        }

    def url(self, endpoint: str = "StatisticsView.index", **changes: Any) -> str:
        """This page's address with something else; None takes a filter out."""
        values = {key: value for key, value in (self.values | changes).items() if value is not None}
        return url_for(endpoint, **values)


def read_address(args: Mapping[str, str], user: Any) -> Address:
    """What is asked for, as far as this reader may ask; the public has one year and nothing else.

    Filters that only the fund's own have are ignored for others, so that a link can be passed on. Raises BadRequest.
    """
    this = fiscal_year(today())
    first, last = (number(args, name, EARLIEST, LATEST) for name in ("from", "to"))
    last = last or first or this
    first = first or last
    province = one_of(args, "province", PROVINCES)
    sector, kind = one_of(args, "sector", SECTORS), one_of(args, "kind", known_kinds())
    if not is_member(user):
        return Address(Asked(last, last), is_full=False)
    first, last = min(first, last), max(first, last)
    return Address(Asked(first, last, province, sector, kind), is_full=True)
