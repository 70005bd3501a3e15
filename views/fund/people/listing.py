"""Accounts as a list and as a file: filtered, sorted, paged (spec: fund.md 2.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import abort, g, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from models.core import staffing
from models.core.db import db, now
from models.core.grants import Grant
from models.core.identity import Account
from models.core.kinds import COMMITTEE, KINDS, ORGANIZATION_MANAGER
from models.core.listing import Order, capped_count, walk
from models.core.thai.citizen import mask_citizen_id
from models.fund.codes import MANAGER, MemberState
from models.fund.membership import BELONGS, Membership
from models.fund.organization import Organization
from reports.core.table import Column
from views.core.access import needs
from views.core.base import PageView
from views.core.context import kind_labels
from views.core.export import send_table

_NAME, _USER_NAME = (Account.sort_key,), (Account.email,)
ORDERS = {
    "name": Order("name", _NAME, Account.id),
    "-name": Order("-name", _NAME, Account.id, descending=True),
    "user_name": Order("user_name", _USER_NAME, Account.id),
    "-user_name": Order("-user_name", _USER_NAME, Account.id, descending=True),
    "newest": Order("newest", (), Account.id, descending=True),
}
PAGE_SIZE = 25
FILTERS = ("q", "user_name", "first_name", "last_name", "telephone", "status", "kind")
EXPORTED_AT_ONCE = 500


class PeopleLists(PageView):
    """What is asked about many accounts."""

    @expose("/")
    @needs("user.edit")
    def list(self) -> ResponseReturnValue:
        """Every account."""
        return self._list_page(None)

    @expose("/committee")
    @needs("appoint.committee")
    def committee(self) -> ResponseReturnValue:
        """คณะกรรมการ: the accounts of committee members."""
        return self._list_page(COMMITTEE)

    def _list_page(self, kind: str | None) -> str:
        given, sort = _given()
        rows = _rows(given, kind).options(joinedload(Account.profile))
        page = walk(rows, ORDERS[sort], PAGE_SIZE, after=request.args.get("after"), before=request.args.get("before"))
        return self.page(
            "fund/people_list.html",
            page=page,
            total=capped_count(rows, Account.id),
            given=given,
            sort=sort,
            kept=given | ({"sort": sort} if sort != "name" else {}),
            kind=kind,
            here=f"UserView.{'committee' if kind else 'list'}",
            kinds=kind_labels(),
            kinds_of=kinds_of(page.rows),
            may_make=[code for code in staffing.APPOINTED if staffing.may_make(g.user, code)],
        )

    @expose("/export.<ending>")
    @needs("user.edit")
    def export(self, ending: str) -> ResponseReturnValue:
        """The list as it is filtered and sorted, as xlsx or csv; citizen IDs are masked."""
        given, sort = _given()
        return self._send(ending, given, sort, None)

    @expose("/committee/export.<ending>")
    @needs("appoint.committee")
    def export_committee(self, ending: str) -> ResponseReturnValue:
        """The committee's list as a file."""
        given, sort = _given()
        return self._send(ending, given, sort, COMMITTEE)

    @staticmethod
    def _send(ending: str, given: dict[str, str], sort: str, kind: str | None) -> ResponseReturnValue:
        columns = [
            Column(_("Title"), width=14),
            Column(_("First name"), width=22),
            Column(_("Last name"), width=22),
            Column(_("User name (e-mail)"), width=32),
            Column(_("Telephone"), width=16),
            Column(_("Mobile"), width=16),
            Column(_("Citizen ID"), width=20),
            Column(_("Role"), width=34),
            Column(_("Organization"), width=44),
            Column(_("Status"), width=16),
            Column(_("Last sign-in"), "datetime", 18),
        ]
        rows = ORDERS[sort].sorted(_rows(given, kind).options(joinedload(Account.profile)))
        name = "committee" if kind else "users"
        return send_table(ending, columns, _lines(rows), name=name, entity="ab_user")


def _given() -> tuple[dict[str, str], str]:
    """The filters and the order in the address; an unknown code is none that anybody chose."""
    given = {key: request.args[key] for key in FILTERS if request.args.get(key)}
    if given.get("kind", COMMITTEE) not in KINDS or given.get("status", "open") not in ("open", "closed"):
        abort(400)
    sort = request.args.get("sort", "name")
    if sort not in ORDERS:
        abort(400)
    return given, sort


def _rows(given: dict[str, str], kind: str | None) -> Select[Any]:
    rows = staffing.visible_accounts(g.user, "appoint.committee" if kind else "user.edit")
    wanted = dict(given)
    if kind:
        wanted["kind"] = kind
    if wanted.get("kind") == ORGANIZATION_MANAGER:
        # They follow from memberships, not from a grant of their own.
        del wanted["kind"]
        rows = rows.where(Account.id.in_(_managers()))
    return staffing.filtered(rows, wanted)


def _managers() -> Select[Any]:
    return select(Membership.user_id).where(Membership.role == MANAGER, Membership.state == MemberState.ACTIVE)


def kinds_of(accounts: list[Account]) -> dict[int, set[str]]:
    """The kinds of each account on a page, in two queries."""
    keys, moment = [account.id for account in accounts], now()
    found: dict[int, set[str]] = {key: set() for key in keys}
    grants = select(Grant.user_id, Grant.kind).where(
        Grant.user_id.in_(keys), Grant.begins_at <= moment, or_(Grant.ends_at.is_(None), Grant.ends_at > moment)
    )
    for key, kind in db.session.execute(grants):
        found[key].add(kind)
    for key in db.session.scalars(_managers().where(Membership.user_id.in_(keys))):
        found[key].add(ORGANIZATION_MANAGER)
    return found


def _lines(rows: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of the file, some hundreds read at a time."""
    labels = kind_labels()
    found = db.session.scalars(rows.execution_options(yield_per=EXPORTED_AT_ONCE))
    for batch in found.partitions(EXPORTED_AT_ONCE):
        kinds, organizations = kinds_of(list(batch)), _organizations_of(list(batch))
        for account in batch:
            profile = account.profile
            yield (
                account.title,
                account.first_name,
                account.last_name,
                account.email if account.has_mail else "",
                profile.telephone if profile else "",
                profile.mobile if profile else "",
                mask_citizen_id(profile.citizen_id) if profile and profile.citizen_id else "",
                ", ".join(labels[kind] for kind in labels if kind in kinds[account.id]),
                organizations.get(account.id, ""),
                _("Account open") if account.active else _("Account closed"),
                account.signed_in_at,
            )


def _organizations_of(accounts: list[Account]) -> dict[int, str]:
    rows = (
        select(Membership.user_id, Organization.name)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(Membership.user_id.in_([account.id for account in accounts]), Membership.state.in_(BELONGS))
    )
    return {row[0]: row[1] for row in db.session.execute(rows)}
