"""Organizations and their members (spec: fund.md 3)."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import lazy_gettext as _l

from models.core.matrix import allows
from models.core.staffing import register_closing_guard
from models.fund.membership import refusal_to_close
from models.fund.organization import Organization
from views.core.account.profile import ProfilePart, profile_parts
from views.core.home import tile_sources, waiting_sources
from views.core.notification import entity_page
from views.core.records.own import has_own
from views.fund.organization import words as words
from views.fund.organization.choice import ask_organization, keep_organization, wait_for_organization
from views.fund.organization.handing import HandOverView
from views.fund.organization.members import MemberView
from views.fund.organization.merging import DuplicateView
from views.fund.organization.page import OrganizationView
from views.fund.organization.tiles import organization_tiles


def register(builder: Any) -> None:
    """Add the views, the organization's place in the first profile, and what waits for who has none."""
    builder.add_view(
        OrganizationView, "organizations", label=_l("Organizations"), icon="building", category="fund",
        category_label=_l("Fund"),
    )  # fmt: skip
    builder.add_view_no_menu(MemberView)
    builder.add_view_no_menu(DuplicateView)
    builder.add_view_no_menu(HandOverView)
    part = ProfilePart("fund/organization_choice.html", ask_organization, keep_organization)
    if not any(known.template == part.template for known in profile_parts):
        profile_parts.append(part)
    if wait_for_organization not in waiting_sources:
        waiting_sources.append(wait_for_organization)
    if organization_tiles not in tile_sources:
        tile_sources.append(organization_tiles)
    register_closing_guard(refusal_to_close)
    entity_page("fund_organization", lambda key: url_for("OrganizationView.show", pk=int(key)))
    has_own("organization", asks={"name": _like_names})


def _like_names(organization: Organization | None) -> str | None:
    """Where organizations of a like name are told while one is typed."""
    if not allows(g.user, "organization.create"):
        return None
    return url_for("OrganizationView.like", but=organization.id if organization is not None else None)
