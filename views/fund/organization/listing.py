"""Organizations as a list, a file and a map, and found by name (spec: fund.md 3)."""

from __future__ import annotations

from typing import Any

from flask import abort, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import Select, select

from models.core.db import db
from models.core.listing import Order, capped_count, walk
from models.core.matrix import allows, kinds_of
from models.core.reference.provinces import PROVINCES, province_choices, province_name
from models.core.thai.text import CONTAINS_FROM, search_term, to_ascii_digits
from models.fund.codes import APPLICANT_KINDS, SECTORS, STAFF, SUPER_USER
from models.fund.membership import membership_of
from models.fund.organization import Organization, alike
from reports.core.table import Column
from views.core.access import needs, signed_in_early
from views.core.base import PageView
from views.core.export import send_table
from views.core.look import lang
from views.fund.organization.words import sector_label

_NAME, _PROVINCE, _YEAR = (Organization.name_sort,), (Organization.province_sort,), (Organization.year_order,)
ORDERS = {
    "name": Order("name", _NAME, Organization.id),
    "-name": Order("-name", _NAME, Organization.id, descending=True),
    "province": Order("province", _PROVINCE, Organization.id),
    "-province": Order("-province", _PROVINCE, Organization.id, descending=True),
    "year": Order("year", _YEAR, Organization.id),
    "-year": Order("-year", _YEAR, Organization.id, descending=True),
    "newest": Order("newest", (), Organization.id, descending=True),
}
FILTERS = ("q", "province", "sector", "year")
PAGE_SIZE = 25
MOST_POINTS = 20_000


def _filtered(rows: Select[Any]) -> Select[Any]:
    """The list narrowed by q, province, sector and year of the address; an unknown code is no filter anybody set."""
    if term := search_term(request.args.get("q")):
        for word in term.split(" "):
            whole = len(word) >= CONTAINS_FROM
            name = Organization.name_search
            rows = rows.where(name.contains(word, autoescape=True) if whole else name.startswith(word, autoescape=True))
    province, sector = request.args.get("province", ""), request.args.get("sector", "")
    if (province and province not in PROVINCES) or (sector and sector not in SECTORS):
        abort(400)
    if province:
        rows = rows.where(Organization.province_code == province)
    if sector:
        rows = rows.where(Organization.sector == sector)
    year = _year()
    return rows.where(Organization.year_order == year) if year else rows


def _year() -> int | None:
    """The year of registration that is asked for, พ.ศ.; None where none is, or what was typed is no year."""
    typed = to_ascii_digits(request.args.get("year", "")).strip()
    return int(typed) if len(typed) == 4 and typed.isascii() and typed.isdecimal() else None


def _order() -> str:
    sort = request.args.get("sort", "name")
    return sort if sort in ORDERS else abort(400)


class OrganizationLists(PageView):
    """What is asked about many organizations."""

    @expose("/")
    @needs("organization.view")
    def list(self) -> ResponseReturnValue:
        """All that this user may see; who belongs to one organization alone goes straight to it."""
        if not g.user.kinds - APPLICANT_KINDS:
            membership = membership_of(g.user)
            if membership is not None and membership.state == "active":
                return redirect(url_for("OrganizationView.show", pk=membership.organization_id))
            if membership is None:
                return redirect(url_for("OrganizationView.choose"))
        rows = _filtered(Organization.visible_to(g.user, "organization.view"))
        sort = _order()
        page = walk(rows, ORDERS[sort], PAGE_SIZE, after=request.args.get("after"), before=request.args.get("before"))
        given = {key: request.args[key] for key in FILTERS if request.args.get(key)}
        return self.page(
            "fund/organization_list.html",
            page=page,
            total=capped_count(rows, Organization.id),
            given=given,
            sort=sort,
            kept=given | ({"sort": sort} if sort != "name" else {}),
            is_no_year=bool(given.get("year")) and _year() is None,
            provinces=province_choices(lang()),
            sectors=[(code, sector_label(code)) for code in SECTORS],
            province_name=lambda code: province_name(code, lang()) if code else "",
            sector_label=sector_label,
            sees_duplicates=bool(kinds_of(g.user, "organization.view") & {STAFF, SUPER_USER}),
            deleted=self._deleted() if allows(g.user, "organization.delete") else [],
        )

    @staticmethod
    def _deleted() -> Any:
        # What was merged is no longer anything to restore.
        gone = (Organization.deleted_at.is_not(None), Organization.merged_into_id.is_(None))
        rows = select(Organization).where(*gone).order_by(Organization.deleted_at.desc())
        return db.session.scalars(rows.limit(20)).all()

    @expose("/export.<ending>")
    @needs("organization.view")
    def export(self, ending: str) -> ResponseReturnValue:
        """The list as it is filtered, as xlsx or csv."""
        columns = [
            Column(_("Name of the organization"), width=50),
            Column(_("Sector"), width=14),
            Column(_("Parent agency"), width=30),
            Column(_("Province"), width=18),
            Column(_("Year registered (Buddhist era)"), "number", 12),
            Column(_("Telephone"), width=18),
            Column(_("E-mail"), width=28),
            Column(_("President"), width=28),
        ]
        rows = ORDERS[_order()].sorted(_filtered(Organization.visible_to(g.user, "organization.view")))
        lines = (
            (
                found.name,
                sector_label(found.sector),
                found.parent_agency,
                province_name(found.province_code, lang()) if found.province_code else "",
                found.registered_year,
                found.phone,
                found.email,
                found.chair,
            )
            for found in db.session.scalars(rows.execution_options(yield_per=500))
        )
        return send_table(ending, columns, lines, name="organizations", entity="fund_organization")

    @expose("/map")
    @needs("organization.view")
    def map(self) -> ResponseReturnValue:
        """Where the organizations are; the list says the same without a map."""
        return self.page("fund/organization_map.html")

    @expose("/points.json")
    @needs("organization.view")
    def points(self) -> ResponseReturnValue:
        """The pins of the map: [[id, latitude, longitude, name, province]]."""
        rows = (
            _filtered(Organization.visible_to(g.user, "organization.view"))
            .where(Organization.latitude.is_not(None), Organization.longitude.is_not(None))
            .with_only_columns(
                Organization.id,
                Organization.latitude,
                Organization.longitude,
                Organization.name,
                Organization.province_code,
            )
            .limit(MOST_POINTS)
        )
        return jsonify(
            points=[
                {
                    "url": url_for("OrganizationView.show", pk=key),
                    "lat": lat,
                    "long": long,
                    "name": name,
                    "note": province_name(code, lang()) if code else "",
                }
                for key, lat, long, name, code in db.session.execute(rows)
            ]
        )

    @expose("/search.json")
    @signed_in_early
    def search(self) -> ResponseReturnValue:
        """Organizations by name, for choosing one's own; names and provinces are no secret."""
        return jsonify(
            results=[
                {
                    "value": found.id,
                    "text": found.name,
                    "note": province_name(found.province_code, lang()) if found.province_code else "",
                }
                for found in alike(request.args.get("q", ""), 20)
            ]
        )

    @expose("/like")
    @needs("organization.create")
    def like(self) -> ResponseReturnValue:
        """Organizations with a like name, as a hint while one types."""
        name = request.args.get("name", "")
        pk = request.args.get("but", "")
        found = [row for row in alike(name) if str(row.id) != pk] if len(name.strip()) >= CONTAINS_FROM else []
        names = {row.id: province_name(row.province_code, lang()) if row.province_code else "" for row in found}
        return self.page("fund/organization_like.html", found=found, provinces=names)
