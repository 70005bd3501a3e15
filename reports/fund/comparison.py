"""Two revisions side by side, as the page shows them and as a paper (spec: fund.md 4, "Revision")."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from reports.core.diff import Pieces
from reports.fund.frame import paper

if TYPE_CHECKING:
    from models.fund.revision import Revision

TITLE = "ตารางเปรียบเทียบข้อเสนอโครงการ"
UNSENT = "ยังไม่ได้ส่ง"


@dataclass(frozen=True)
class Cell:
    """One thing that is said on both sides; `label` is empty where the difference's own label says it."""

    label: str
    before: Pieces
    after: Pieces


@dataclass(frozen=True)
class Difference:
    """One difference in words: of what, in which row, what happened to it, and both sides of each cell."""

    label: str
    row: str
    did: str  # models.fund.compare: same, changed, added, removed, moved, replaced
    said: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Part:
    """The differences of one part of the form."""

    number: str
    name: str
    differences: tuple[Difference, ...]


def counts(parts: Sequence[Part]) -> Counter[str]:
    """How many differences of each kind there are."""
    return Counter(one.did for part in parts for one in part.differences)


def comparison_paper(
    old: Revision,
    new: Revision,
    parts: Sequence[Part],
    *,
    everything: bool,
    summary: str,
    printed_at: datetime | None = None,
) -> bytes:
    """The comparison as an official table; `parts` are in Thai. Raises PdfFailed."""
    return paper(
        "fund/comparison.html",
        new,
        title=TITLE,
        printed_at=printed_at,
        everything=everything,
        new=new,
        old=old,
        parts=parts,
        summary=summary,
        unsent=UNSENT,
    )
