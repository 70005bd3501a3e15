"""Organizations entered twice: the likely pairs, told apart, or merged in two steps (spec: fund.md 3, H4)."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from forms.fund.merging import ONE, OTHER, MergeForm, part_labels
from models.core.db import StaleVersion, db
from models.core.matrix import kinds_of
from models.core.reference.provinces import province_name
from models.core.thai.phone import format_phone
from models.core.workflow import Refused
from models.fund.codes import STAFF, SUPER_USER
from models.fund.duplicates import duplicates, tell_apart
from models.fund.merging import (
    BOTH,
    DUPLICATE,
    LISTS,
    PARTS,
    belongings,
    differing,
    is_empty,
    merge_organizations,
    rows_after,
)
from models.fund.organization import Organization
from views.core.access import needs
from views.core.base import PageView, record_or_404, tell_refused
from views.core.look import lang
from views.fund.organization.words import sector_label

PAIRS_SHOWN = 50


class DuplicateView(PageView):
    """องค์กรที่อาจซ้ำกัน."""

    route_base = "/organizations/duplicates"
    default_view = "list"

    @expose("/")
    @needs("organization.view")
    def list(self) -> ResponseReturnValue:
        """The pairs that may be one organization, the likeliest first."""
        if not kinds_of(g.user, "organization.view") & {STAFF, SUPER_USER}:
            abort(404)
        pairs = duplicates()
        shown = pairs[:PAIRS_SHOWN]
        keys = {key for pair in shown for key in (pair.one, pair.other)}
        rows = db.session.scalars(select(Organization).where(Organization.id.in_(keys))) if keys else []
        return self.page(
            "fund/organization_duplicates.html",
            pairs=shown,
            total=len(pairs),
            organizations={row.id: row for row in rows},
            province=lambda row: province_name(row.province_code, lang()) if row.province_code else "",
            sector_label=sector_label,
            reasons={"phone": _("same telephone"), "email": _("same e-mail"), "chair": _("same president")},
        )

    @expose("/apart", methods=["POST"])
    @needs("organization.merge")
    def apart(self) -> ResponseReturnValue:
        """Say that a pair are two organizations: it is not shown again."""
        one, other = self._pair(request.form)
        try:
            tell_apart(one, other, g.user)
            db.session.commit()
            flash(_("Kept: these are two organizations. The pair is not shown again."), "success")
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
        return redirect(url_for("DuplicateView.list"))

    @expose("/merge", methods=["GET", "POST"])
    @needs("organization.merge")
    def merge(self) -> ResponseReturnValue:
        """Choose side by side what holds, look at the result, then merge."""
        if not request.args.get("other"):
            one = self._one(request.args["one"]) if request.args.get("one") else None
            return self.page("fund/organization_merge_find.html", one=one)
        one, other = self._pair(request.args)
        if one.id == other.id:
            flash(_("Both are the same organization. Choose two different ones."), "warning")
            return self.page("fund/organization_merge_find.html", one=one)
        form = MergeForm(data=_proposed(one, other))
        form.is_last_step = request.form.get("step") == "merge"
        if request.method == "GET" or request.form.get("step") == "choose":
            return self._choices(form, one, other)
        if not form.validate_on_submit():
            page = self._preview(form, one, other) if form.is_last_step else self._choices(form, one, other)
            return page, 422
        if not form.is_last_step:
            return self._preview(form, one, other)
        return self._merge(form, one, other)

    @staticmethod
    def _one(key: str | None) -> Organization:
        rows = Organization.visible_to(g.user, "organization.view")
        found: Organization = record_or_404(rows, Organization, key or "")
        return found

    def _pair(self, given: Any) -> tuple[Organization, Organization]:
        return self._one(given.get("one")), self._one(given.get("other"))

    def _choices(self, form: MergeForm, one: Organization, other: Organization) -> str:
        apart = differing(one, other)
        return self.page(
            "fund/organization_merge.html",
            form=form,
            sides=[(ONE, one), (OTHER, other)],
            owned={ONE: belongings(one), OTHER: belongings(other)},
            differing=[(part, part_labels()[part], _text(one, part), _text(other, part)) for part in apart],
            alike=[part_labels()[part] for part in (*PARTS, *LISTS) if part not in apart and not is_empty(one, part)],
            lists=LISTS,
        )

    def _preview(self, form: MergeForm, one: Organization, other: Organization) -> str:
        kept, duplicate = _sides(form, one, other)
        take = form.take()
        apart = differing(one, other)
        return self.page(
            "fund/organization_merge_preview.html",
            form=form,
            kept=kept,
            duplicate=duplicate,
            moves=belongings(duplicate),
            result=[
                (
                    part_labels()[part],
                    _result(kept, duplicate, part, take[part]),
                    part in apart and take[part] == DUPLICATE,
                )
                for part in (*PARTS, *LISTS)
            ],
        )

    def _merge(self, form: MergeForm, one: Organization, other: Organization) -> ResponseReturnValue:
        kept, duplicate = _sides(form, one, other)
        seen = form.version_one.data, form.version_other.data
        versions = seen if kept is one else (seen[1], seen[0])
        former = duplicate.name
        try:
            merge_organizations(kept, duplicate, g.user, versions, str(form.reason.data or ""), form.take())
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return redirect(url_for("DuplicateView.list"))
        except (StaleVersion, StaleDataError):
            db.session.rollback()
            flash(
                _("Somebody changed one of the two in the meantime. Your choices are kept; look at them again."),
                "warning",
            )
            for record, field in ((one, form.version_one), (other, form.version_other)):
                db.session.refresh(record)
                field.data = record.version
            return self._choices(form, one, other), 409
        flash(
            _("%(former)s was merged into %(organization)s.", former=former, organization=kept.name),
            "success",
        )
        return redirect(url_for("OrganizationView.show", pk=kept.id))


def _sides(form: MergeForm, one: Organization, other: Organization) -> tuple[Organization, Organization]:
    return (one, other) if form.keep.data == ONE else (other, one)


def _proposed(one: Organization, other: Organization) -> dict[str, Any]:
    """What the form begins with: the record with more on it stays, gaps are filled, lists are put together."""
    keep, rest = (ONE, OTHER) if belongings(one).weight >= belongings(other).weight else (OTHER, ONE)
    record = one if keep == ONE else other
    values: dict[str, Any] = {"keep": keep, "version_one": one.version, "version_other": other.version}
    values |= {f"take_{part}": rest if is_empty(record, part) else keep for part in PARTS}
    return values | {f"take_{name}": BOTH for name in LISTS}


def _text(organization: Organization, part: str) -> str:
    """A part as one reads it; the rows of a list each on its line."""
    if part in LISTS:
        return "\n".join(str(row) for row in getattr(organization, part))
    if part == "sector":
        return "\n".join(filter(None, (sector_label(organization.sector), organization.parent_agency)))
    if part == "address":
        province = province_name(organization.province_code, lang()) if organization.province_code else ""
        lines = (organization.address, organization.subdistrict, organization.district, province, organization.postcode)
        return " ".join(filter(None, lines))
    if part == "location":
        if organization.latitude is None or organization.longitude is None:
            return ""
        return f"{organization.latitude:.6f}, {organization.longitude:.6f}"
    if part == "phone":
        return format_phone(organization.phone, lang()) if organization.phone else ""
    return str(getattr(organization, part) or "")


def _result(kept: Organization, duplicate: Organization, part: str, choice: str) -> str:
    if part in LISTS:
        return "\n".join(str(row) for row in rows_after(kept, duplicate, part, choice))
    return _text(duplicate if choice == DUPLICATE else kept, part)


def kept_in_place_of(pk: int, permission: str) -> Organization | None:
    """What a duplicate was merged into, for who may see that: its old addresses lead there."""
    former = db.session.get(Organization, pk) if 0 < pk < 2**63 else None
    if former is None or former.merged_into_id is None:
        return None
    rows = Organization.visible_to(g.user, permission).where(Organization.id == former.merged_into_id)
    return db.session.scalar(rows)
