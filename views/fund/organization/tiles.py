"""The main page's tiles of organizations and accounts (spec: fund.md 2.6)."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from models.core.identity import Account
from models.core.matrix import allows
from models.fund.codes import APPLICANT_KINDS, MANAGER, MemberState
from models.fund.membership import membership_of
from views.core.home import Tile


def organization_tiles(user: Account) -> list[Tile]:
    """องค์กร: an applicant's own, or all of them; then the accounts that staff keep."""
    tiles = [Tile(_("Organizations"), "building", _organization_links(user))]
    if allows(user, "appoint.committee"):
        links = [(_("Show list"), url_for("UserView.committee"))]
        if allows(user, "account.create"):
            links.append((_("Add a committee member"), url_for("UserView.new", kind="committee")))
        tiles.append(Tile(_("Committee"), "people", links))
    if allows(user, "user.edit"):
        links = [(_("Show list"), url_for("UserView.list"))]
        if allows(user, "account.create") and allows(user, "appoint.staff"):
            links.append((_("Add an account"), url_for("UserView.new", kind="staff")))
        tiles.append(Tile(_("System users"), "person-gear", links))
    return tiles


def _organization_links(user: Account) -> list[tuple[str, str]]:
    if not allows(user, "organization.view"):
        return []
    if user.kinds - APPLICANT_KINDS:
        return [
            (_("Show list"), url_for("OrganizationView.list")),
            (_("Map"), url_for("OrganizationView.map")),
        ]
    membership = membership_of(user)
    if membership is None:
        links = [(_("Choose your organization"), url_for("OrganizationView.choose"))]
        if allows(user, "organization.create"):
            links.append((_("Add an organization"), url_for("OrganizationView.new")))
        return links
    if membership.state != MemberState.ACTIVE:
        return []
    pk = membership.organization_id
    links = [(_("View data"), url_for("OrganizationView.show", pk=pk))]
    if membership.role == MANAGER and allows(user, "organization.edit"):
        links.append((_("Edit data"), url_for("OrganizationView.edit", pk=pk)))
    return links
