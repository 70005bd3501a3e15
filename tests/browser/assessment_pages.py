"""Every page of the registry, once; the people are those of tests.browser.assessment_world."""

from __future__ import annotations

from tests.browser.look import Look

SCHOOL = ("school",)
PROVINCE = ("province",)
NATIONAL = ("national",)
REGISTRY = ("school", "province", "national")

REGISTRY_LOOKS: tuple[Look, ...] = (
    # --- everybody's own
    Look("HomeView.index", REGISTRY),
    Look("AccountView.password", SCHOOL),
)

# What answers GET with something else than a page, and what it is.
REGISTRY_NOT_PAGES: dict[str, str] = {}
