"""One account as staff keep it: made, looked at, edited, appointed, closed (spec: fund.md 2.4)."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from forms.fund.organization import NewPersonForm, PersonAccountForm
from models.core import audit, staffing
from models.core.db import StaleVersion, begin_writing, db
from models.core.file import StoredFile
from models.core.identity import Account, open_sessions
from models.core.kinds import SUPER_USER
from models.core.matrix import allows
from models.core.once import first_time
from models.core.password import hash_password
from models.core.reference.titles import TITLES
from models.core.registration import CARD_PERMISSION, first_password, is_alive
from models.core.workflow import Refused
from models.fund.conflicts import set_affiliations
from models.fund.membership import Membership, membership_of
from models.fund.organization import Organization
from models.fund.session import CommitteeAffiliation
from views.core.access import needs, reads_first
from views.core.access_log.details import details_text
from views.core.account.profile import device_name, file_line
from views.core.base import record_or_404, tell_refused
from views.core.conflict import Clash, Conflict, conflict_of
from views.core.context import kind_labels
from views.core.log_words import action_label
from views.fund.people.listing import PeopleLists

FIELDS = ("title", "first_name", "last_name", "telephone", "citizen_id")
THEIR_AFFILIATIONS = "take-affiliations"
HISTORY_SHOWN = 30


class UserView(PeopleLists):
    """ผู้ใช้งานระบบ."""

    route_base = "/users"
    default_view = "list"

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
            roles=staffing.roles_of(account),
            memberships=_memberships(account),
            sessions=_open_sessions(account),
            history=[
                (entry, action_label(entry.action), details_text(entry))
                for entry in (audit.history_of(account, HISTORY_SHOWN) if allows(g.user, "access_log.view") else [])
            ],
        )

    @expose("/<int:pk>/edit", methods=["GET", "POST"])
    @needs("user.edit")
    def edit(self, pk: int) -> ResponseReturnValue:
        """Names, telephone, citizen ID and affiliations; a stale page is told who changed what."""
        account = self._account(pk, "user.edit")
        if request.method == "GET":
            audit.note("account.view", account)  # The form shows telephone and citizen ID.
        form = PersonAccountForm(data=_stored(account))
        chosen = _chosen_organizations()
        if request.method == "GET":
            chosen = [row.organization for row in _affiliations(account) if row.organization is not None]
        conflict, status = None, 422 if request.method == "POST" else 200
        if form.validate_on_submit():
            try:
                content = {key: form.data[key] for key in FIELDS}
                staffing.edit_account(account, content, by=g.user, version=form.version.data)
                if request.form.get(THEIR_AFFILIATIONS) != "theirs":
                    _write_affiliations(account, form, chosen)
                db.session.commit()
                flash(_("The account is saved."), "success")
                return redirect(url_for("UserView.show", pk=pk))
            except Refused as refused:
                db.session.rollback()
                tell_refused(refused)
            except (StaleVersion, StaleDataError):
                db.session.rollback()
                db.session.refresh(account)
                if account.profile is not None:
                    db.session.refresh(account.profile)
                conflict, status = _conflict(account, form, chosen), 409
        page = self.page(
            "fund/people_form.html",
            form=form,
            account=account,
            titles=TITLES,
            chosen=[(row.id, row.name) for row in chosen],
            conflict=conflict,
        )
        return page, status

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
    rows: list[tuple[int | None, str]] = [(organization.id, "") for organization in chosen]
    rows += [(None, str(entry.data)) for entry in form.affiliations if entry.data]
    if rows or allows(g.user, "user.edit"):
        set_affiliations(account, rows, g.user)


def _stored(account: Account) -> dict[str, Any]:
    """What the form shows of an account."""
    profile = account.profile
    return {
        "version": profile.version if profile else 0,
        "title": account.title,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "telephone": profile.telephone if profile else "",
        "citizen_id": profile.citizen_id if profile else None,
        "affiliations": [row.name for row in _affiliations(account) if row.organization_id is None],
    }


def _conflict(account: Account, mine: PersonAccountForm, chosen: list[Organization]) -> Conflict:
    """Somebody saved before: both values side by side; the affiliations are compared as a whole."""
    stored = _stored(account)
    theirs = PersonAccountForm(formdata=None, data=stored)
    ours = [row.name for row in chosen] + [str(entry.data) for entry in mine.affiliations if entry.data]
    others = [str(row) for row in _affiliations(account)]
    more = []
    if sorted(ours) != sorted(others):
        more.append(Clash(THEIR_AFFILIATIONS, _("Affiliations"), "mine", "theirs", "\n".join(ours), "\n".join(others)))
    return conflict_of(account, mine, theirs, FIELDS, version=int(stored["version"]), more=more)


def _memberships(account: Account) -> list[Membership]:
    rows = select(Membership).where(Membership.user_id == account.id).options(joinedload(Membership.organization))
    return list(db.session.scalars(rows.order_by(Membership.begun_at.desc(), Membership.id.desc())))


def _open_sessions(account: Account) -> list[dict[str, Any]]:
    """Where the person is signed in now."""
    settings = current_app.config["SALA"]
    return [
        {"row": row, "device": device_name(row.device)}
        for row in open_sessions(account.id)
        if is_alive(row, settings.session_idle, settings.session_longest)
    ]
