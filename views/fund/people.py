"""Accounts as staff keep them: committee members, staff, and everybody who may sign in (spec: fund.md 2.4)."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from forms.fund.organization import NewPersonForm, PersonAccountForm
from models.core import audit, staffing
from models.core.db import begin_writing, db, now
from models.core.file import StoredFile
from models.core.grants import Grant
from models.core.identity import Account
from models.core.kinds import COMMITTEE, KINDS, ORGANIZATION_MANAGER, SUPER_USER
from models.core.listing import Order, capped_count, walk
from models.core.matrix import allows
from models.core.once import first_time
from models.core.password import hash_password
from models.core.reference.titles import TITLES
from models.core.registration import CARD_PERMISSION, first_password
from models.core.workflow import Refused
from models.fund.codes import MANAGER, MemberState
from models.fund.membership import Membership, membership_of
from models.fund.organization import Organization
from models.fund.session import CommitteeAffiliation
from views.core.access import needs, reads_first
from views.core.account.profile import file_line
from views.core.base import PageView, record_or_404, tell_refused
from views.core.context import kind_labels

BY_NAME = Order("name", (Account.sort_key,), Account.id)
PAGE_SIZE = 25
FILTERS = ("q", "user_name", "first_name", "last_name", "telephone", "status", "kind")


class UserView(PageView):
    """ผู้ใช้งานระบบ."""

    route_base = "/users"
    default_view = "list"

    # --- lists -------------------------------------------------------------------------------------------------------

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
        given = {key: request.args[key] for key in FILTERS if request.args.get(key)}
        if given.get("kind", COMMITTEE) not in KINDS or given.get("status", "open") not in ("open", "closed"):
            abort(400)
        permission = "appoint.committee" if kind else "user.edit"
        everybody = staffing.visible_accounts(g.user, permission).options(joinedload(Account.profile))
        rows = staffing.filtered(everybody, given | ({"kind": kind} if kind else {}))
        page = walk(rows, BY_NAME, PAGE_SIZE, after=request.args.get("after"), before=request.args.get("before"))
        return self.page(
            "fund/people_list.html",
            page=page,
            total=capped_count(rows, Account.id),
            given=given,
            kind=kind,
            here=f"UserView.{'committee' if kind else 'list'}",
            kinds=kind_labels(),
            kinds_of=_kinds_of(page.rows),
            may_make=[code for code in staffing.APPOINTED if staffing.may_make(g.user, code)],
        )

    # --- making ------------------------------------------------------------------------------------------------------

    @expose("/new", methods=["GET", "POST"])
    @needs("appoint.staff", "appoint.committee", "appoint.super_user")
    @reads_first
    def new(self) -> ResponseReturnValue:
        """Make an account; the password is shown on the page that follows, once."""
        may = [code for code in staffing.APPOINTED if staffing.may_make(g.user, code)]
        if not may:
            abort(403)
        wanted = request.args.get("kind", "")
        form = NewPersonForm(data={"kind": wanted if wanted in may else may[0]})
        labels = kind_labels()
        form.kind.choices = [(code, labels[code]) for code in may]
        chosen = _chosen_organizations()
        if form.validate_on_submit():
            password = first_password()
            hashed = hash_password(password)
            begin_writing()
            try:
                if not first_time(str(form.form_token.data or ""), g.user.id):
                    db.session.rollback()
                    flash(_("The account was made already by the first click."), "warning")
                    return redirect(url_for("UserView.list", q=form.email.data))
                account = staffing.make_account(
                    str(form.kind.data), form.data | {"is_open": form.status.data != "closed"}, hashed, by=g.user
                )
                _write_affiliations(account, form, chosen)
                db.session.commit()
            except Refused as refused:
                db.session.rollback()
                if refused.refusal.code == "email_taken":
                    form.email.errors = [
                        *form.email.errors,
                        _("This e-mail has an account already. Find it in the list of users."),
                    ]
                else:
                    tell_refused(refused)
            else:
                return self._password_page(account, password)
        page = self.page(
            "fund/people_form.html",
            form=form,
            account=None,
            titles=TITLES,
            chosen=[(row.id, row.name) for row in chosen],
        )
        return page, 422 if request.method == "POST" else 200

    def _password_page(self, account: Account, password: str) -> ResponseReturnValue:
        page = self.page("fund/people_password.html", account=account, password=password)
        return page, 200, {"Cache-Control": "no-store"}

    @expose("/<int:pk>/password", methods=["POST"])
    @needs("appoint.staff", "appoint.committee", "appoint.super_user")
    @reads_first
    def renew(self, pk: int) -> ResponseReturnValue:
        """Another password to hand over, for somebody who never signed in."""
        password = first_password()
        hashed = hash_password(password)
        begin_writing()
        account = self._account(pk, "user.edit")
        try:
            staffing.renew_first_password(account, hashed, by=g.user)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return redirect(url_for("UserView.show", pk=pk))
        return self._password_page(account, password)

    # --- one ---------------------------------------------------------------------------------------------------------

    @staticmethod
    def _account(pk: int, permission: str) -> Account:
        rows = staffing.visible_accounts(g.user, permission)
        account: Account = record_or_404(rows, Account, pk)
        return account

    @expose("/<int:pk>")
    @needs("user.edit")
    def show(self, pk: int) -> ResponseReturnValue:
        """An account with what this user may do about it; looking at personal data is written down."""
        account = self._account(pk, "user.edit")
        audit.note("account.view", account)
        profile = account.profile
        card = db.session.get(StoredFile, profile.card_file_id) if profile and profile.card_file_id else None
        return self.page(
            "fund/people_show.html",
            account=account,
            profile=profile,
            membership=membership_of(account),
            affiliations=_affiliations(account),
            card=file_line(card) if allows(g.user, CARD_PERMISSION) else [],
            kinds=kind_labels(),
            mine=[code for code in staffing.APPOINTED if code in account.kinds and allows(g.user, f"appoint.{code}")],
            others=[
                code for code in staffing.APPOINTED if code not in account.kinds and allows(g.user, f"appoint.{code}")
            ],
            is_first=staffing.never_signed_in(account)
            and any(staffing.may_make(g.user, code) for code in account.kinds),
            is_locked=SUPER_USER in account.kinds and SUPER_USER not in g.user.kinds,
        )

    @expose("/<int:pk>/edit", methods=["GET", "POST"])
    @needs("user.edit")
    def edit(self, pk: int) -> ResponseReturnValue:
        """Names, telephone, citizen ID and affiliations."""
        account = self._account(pk, "user.edit")
        profile = account.profile
        known = _affiliations(account)
        form = PersonAccountForm(
            data={
                "title": account.title,
                "first_name": account.first_name,
                "last_name": account.last_name,
                "telephone": profile.telephone if profile else "",
                "citizen_id": profile.citizen_id if profile else None,
                "affiliations": [row.name for row in known if row.organization_id is None],
            }
        )
        chosen = _chosen_organizations()
        if request.method == "GET":
            chosen = [row.organization for row in known if row.organization is not None]
        if form.validate_on_submit():
            try:
                content = {
                    key: form.data[key] for key in ("title", "first_name", "last_name", "telephone", "citizen_id")
                }
                staffing.edit_account(account, content, by=g.user)
                _write_affiliations(account, form, chosen)
                db.session.commit()
                flash(_("The account is saved."), "success")
                return redirect(url_for("UserView.show", pk=pk))
            except Refused as refused:
                db.session.rollback()
                tell_refused(refused)
        page = self.page(
            "fund/people_form.html",
            form=form,
            account=account,
            titles=TITLES,
            chosen=[(row.id, row.name) for row in chosen],
        )
        return page, 422 if request.method == "POST" else 200

    def _deed(self, pk: int, deed: Any, said: str) -> ResponseReturnValue:
        try:
            deed()
            db.session.commit()
            flash(said, "success")
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
        may_read = allows(g.user, "user.edit")
        return redirect(url_for("UserView.show", pk=pk) if may_read else url_for("HomeView.index"))

    @expose("/<int:pk>/status", methods=["POST"])
    @needs("user.set_status")
    def status(self, pk: int) -> ResponseReturnValue:
        """Open or close an account; closing ends its sessions at once."""
        account = self._account(pk, "user.set_status")
        if account.id == g.user.id:
            abort(404)  # One's own account is closed on the profile page.
        is_open = request.form.get("status") == "open"
        said = _("The account is open.") if is_open else _("The account is closed and signed out everywhere.")
        return self._deed(pk, lambda: staffing.set_status(account, is_open, by=g.user), said)

    @expose("/<int:pk>/appoint", methods=["POST"])
    @needs("appoint.staff", "appoint.committee", "appoint.super_user")
    def appoint(self, pk: int) -> ResponseReturnValue:
        """Give the account a role."""
        account = self._account(pk, "user.edit")
        kind = request.form.get("kind", "")
        said = _("%(name)s is %(kind)s now.", name=account.full_name, kind=kind_labels().get(kind, kind))
        return self._deed(pk, lambda: staffing.appoint(account, kind, by=g.user), said)

    @expose("/<int:pk>/dismiss", methods=["POST"])
    @needs("appoint.staff", "appoint.committee", "appoint.super_user")
    def dismiss(self, pk: int) -> ResponseReturnValue:
        """End a role of the account."""
        account = self._account(pk, "user.edit")
        kind = request.form.get("kind", "")
        said = _("%(name)s is no longer %(kind)s.", name=account.full_name, kind=kind_labels().get(kind, kind))
        return self._deed(pk, lambda: staffing.dismiss(account, kind, by=g.user), said)


def _kinds_of(accounts: list[Account]) -> dict[int, set[str]]:
    """The kinds of each account on a page, in two queries."""
    keys, moment = [account.id for account in accounts], now()
    found: dict[int, set[str]] = {key: set() for key in keys}
    grants = select(Grant.user_id, Grant.kind).where(
        Grant.user_id.in_(keys), Grant.begins_at <= moment, or_(Grant.ends_at.is_(None), Grant.ends_at > moment)
    )
    for key, kind in db.session.execute(grants):
        found[key].add(kind)
    managers = select(Membership.user_id).where(
        Membership.user_id.in_(keys), Membership.role == MANAGER, Membership.state == MemberState.ACTIVE
    )
    for key in db.session.scalars(managers):
        found[key].add(ORGANIZATION_MANAGER)
    return found


def _affiliations(account: Account) -> list[CommitteeAffiliation]:
    rows = select(CommitteeAffiliation).where(CommitteeAffiliation.user_id == account.id)
    return list(db.session.scalars(rows.order_by(CommitteeAffiliation.id)))


def _chosen_organizations() -> list[Organization]:
    """The organizations picked in the form; unknown ids are left out."""
    if request.method != "POST":
        return []
    keys = [int(key) for key in request.form.getlist("organizations") if key.isdecimal() and len(key) < 19][:30]
    rows = select(Organization).where(Organization.id.in_(keys), Organization.deleted_at.is_(None))
    return list(db.session.scalars(rows)) if keys else []


def _write_affiliations(account: Account, form: PersonAccountForm, chosen: list[Organization]) -> None:
    wanted: set[tuple[int | None, str]] = {(organization.id, "") for organization in chosen}
    wanted |= {(None, entry.data) for entry in form.affiliations if entry.data}
    known = {
        (row.organization_id, row.name if row.organization_id is None else ""): row for row in _affiliations(account)
    }
    for key, row in known.items():
        if key not in wanted:
            db.session.delete(row)
    for organization_id, name in sorted(wanted - known.keys(), key=str):
        db.session.add(CommitteeAffiliation(user_id=account.id, organization_id=organization_id, name=name))
    db.session.flush()


def register(builder: Any) -> None:
    """Add the view and its two entries in the menu."""
    category = {"category": "fund", "category_label": _l("Fund")}
    view = builder.add_view_no_menu(UserView)
    builder.add_link("committee", "committee", label=_l("Committee"), icon="people", baseview=view, **category)
    builder.add_link("users", "list", label=_l("System users"), icon="person-gear", baseview=view, **category)
