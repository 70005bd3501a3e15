"""Who the people are, what their kinds hold and who sees what: what each line of the tables of routes is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from models.core.matrix import reference_rows

HOLDS = {row.code: row.kinds for domain in ("fund", "assessment") for row in reference_rows(domain)}
OPEN, SIGNED_IN = "open", "signed_in"
API_KEY = "api key"  # who shows a key; a browser that is signed in is nobody here
OFFICE = "office"  # the office's people who hold what the entity's declaration names; walked by a test of their own

# The people: kind, and whether they belong to the record (own) or are somebody else of the same kind (foreign).
OF_FUND = {
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
OF_REGISTRY = {
    "visitor": "unregistered",
    "school": "school",
    "other_school": "school",  # under the same committee
    "foreign_school": "school",  # under another committee
    "province": "provincial",  # the committee that `school` and `other_school` lie under
    "foreign_province": "provincial",
    "national": "national",
}
PEOPLE = OF_FUND | OF_REGISTRY
# A manager is a project manager too (spec: fund.md 1), a committee is a school too (spec: assessment.md 1).
ALSO = {"organization_manager": {"project_manager"}, "provincial": {"school"}}
# Who walks the routes of a domain: its own people, and one of each kind of the others.
WALKERS = {
    "core": (*OF_FUND, "school", "province", "national"),
    "fund": (*OF_FUND, "school", "province", "national"),
    "assessment": (*OF_REGISTRY, "author", "manager", "staff", "secretary", "super_user"),
}

APPLICANTS = {"author", "manager"}
OF_ORGANIZATION = {"author", "colleague", "manager"}
FUND = {"staff", "super_user"}
OVER_SCHOOL = {"province", "national"}
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
    # Of the registry: records of `school`, of any school that lies under `province`, of `province` itself.
    "school": {"school", *OVER_SCHOOL},
    "own_school": {"school"},
    "schools_under": OVER_SCHOOL,
    "committee": OVER_SCHOOL,
    "own_committee": {"province"},
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
