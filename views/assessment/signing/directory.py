"""ตรวจสอบรหัสสถานศึกษา: where a school finds its code, open to everybody (spec: assessment.md 2)."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from models.assessment.activation import uses_codes
from models.assessment.directory import matching, schools
from models.assessment.round import open_round
from models.assessment.school import School
from models.assessment.settings import STATE_SHOWN
from models.core.clock import now
from models.core.listing import Order, capped_count, walk
from models.core.reference.provinces import PROVINCES, province_choices, province_name
from models.core.setting import value
from views.assessment.labels import committee_label
from views.assessment.signing.words import state_label
from views.core.access import open_to_all
from views.core.asked import one_of
from views.core.base import PageView
from views.core.look import lang

ORDERS = {
    "name": Order("name", (School.name_sort,), School.id),
    "province": Order("province", (School.province_sort,), School.id),
}
FILTERS = ("q", "province", "sort")
PAGE_SIZE = 50


class SchoolCodeView(PageView):
    """ตรวจสอบรหัสสถานศึกษา."""

    route_base = "/school-codes"
    default_view = "list"

    @expose("/")
    @open_to_all
    def list(self) -> ResponseReturnValue:
        """Schools with their codes, by any part of code, name or province; no word of who they can be reached by."""
        args = request.args
        typed, province = args.get("q", "").strip()[:200], one_of(args, "province", PROVINCES)
        sort = one_of(args, "sort", ORDERS, "name")
        rows = matching(schools(), typed)
        if province:
            rows = rows.where(School.province_code == province)
        page = walk(rows, ORDERS[sort], PAGE_SIZE, after=args.get("after"), before=args.get("before"))
        this = open_round()
        return self.page(
            "assessment/signing/directory.html",
            page=page,
            total=capped_count(rows, School.id),
            given={name: args[name] for name in FILTERS if args.get(name)},
            sort=sort,
            provinces=province_choices(lang()),
            province_name=lambda code: province_name(code, lang()),
            committee_label=committee_label,
            state_label=state_label,
            shows_state=bool(value(STATE_SHOWN)),
            uses_codes=uses_codes(),
            until=this.closes_at if this is not None and this.takes_numbers else None,
            opens_at=this.opens_at if this is not None and this.opens_at > now() else None,
        )
