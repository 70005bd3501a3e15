"""Who the people are, what their kinds hold and who sees what: what each line of the tables of routes is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from models.core.matrix import reference_rows

HOLDS = {row.code: row.kinds for row in reference_rows("fund")}
OPEN, SIGNED_IN = "open", "signed_in"
API_KEY = "api key"  # who shows a key; a browser that is signed in is nobody here
OFFICE = "office"  # the office's people who hold what the entity's declaration names; walked by a test of their own

# The people: kind, and whether they belong to the record (own) or are somebody else of the same kind (foreign).
PEOPLE = {
    "visitor": "unregistered",
    "author": "project_manager",
    "colleague": "project_manager",  # of the same organization, but not the author
    "manager": "organization_manager",
    "other_author": "project_manager",
    "other_manager": "organization_manager",
    "staff": "staff",
    "secretary": "committee",
    "other_committee": "committee",
    "super_user": "super_user",
}
# A manager is a project manager too (spec: fund.md 1).
ALSO = {"organization_manager": {"project_manager"}}

APPLICANTS = {"author", "manager"}
OF_ORGANIZATION = {"author", "colleague", "manager"}
FUND = {"staff", "super_user"}
EVERYBODY = set(PEOPLE) - {"visitor"}

# Record -> who sees it, given that their kind holds the permission at all.
SEES: dict[str, set[str]] = {
    "draft": APPLICANTS,
    "deleted": APPLICANTS | {"super_user"},
    "screening": APPLICANTS | FUND,
    "on_agenda": APPLICANTS | FUND | {"secretary"},
    "organization": OF_ORGANIZATION | FUND | {"secretary"},
    "managed_organization": {"manager"} | FUND,
    "membership": OF_ORGANIZATION | FUND,
    "session": FUND | {"secretary"},
    "anything": EVERYBODY,
}


@dataclass(frozen=True)
class Route:
    """What a route is for: who may (permissions, or open, or signed in), on which record, and what is posted."""

    who: str | tuple[str, ...]
    record: str = "anything"
    url: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    method: str = ""  # the one that is tried; every method of the rule when empty
    sees: set[str] | None = None  # where one route's reach differs from its record's
    ends_at_the_door: bool = False  # what it does ends with the sign-in page


def needs(*permissions: str, **more: Any) -> Route:
    return Route(permissions, **more)
