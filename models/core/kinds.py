"""The kinds of user of each domain, by the codes that the matrix, grants and commands use (spec: fund.md 1)."""

from __future__ import annotations

from dataclasses import dataclass

UNREGISTERED = "unregistered"
PROJECT_MANAGER = "project_manager"
ORGANIZATION_MANAGER = "organization_manager"
STAFF = "staff"
COMMITTEE = "committee"
SUPER_USER = "super_user"


@dataclass(frozen=True)
class Kind:
    """A kind of user: its code, domain, and whether it is one of the agency's own (ผู้ใช้งานภายใน)."""

    code: str
    domain: str
    internal: bool


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(UNREGISTERED, "fund", False),
        Kind(PROJECT_MANAGER, "fund", False),
        Kind(ORGANIZATION_MANAGER, "fund", False),
        Kind(STAFF, "fund", True),
        Kind(COMMITTEE, "fund", True),
        Kind(SUPER_USER, "fund", True),
    )
}


def register_kinds(*kinds: Kind) -> None:
    """Let a domain add its own kinds, once at import; they are the columns of its matrix, in this order."""
    KINDS.update({kind.code: kind for kind in kinds})


CORE = "core"
"""The matrix of the system's own pages where the fund, whose manual has them in its own, is not installed."""


def kinds_of_domain(domain: str) -> tuple[Kind, ...]:
    """The kinds that are the columns of a domain's matrix; of the core's own: super users and the offices of others."""
    if domain == CORE:
        offices = (kind for kind in KINDS.values() if kind.internal and kind.domain != "fund")
        return KINDS[SUPER_USER], *offices
    return tuple(kind for kind in KINDS.values() if kind.domain == domain)
