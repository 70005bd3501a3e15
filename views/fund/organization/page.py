"""Organizations: list and map, page, form (spec: fund.md 3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from forms.fund.organization import ROW_LISTS, ChoiceForm, OrganizationForm, blank_rows
from models.core import audit, draft
from models.core.db import StaleVersion, db
from models.core.once import first_time
from models.core.reference.titles import TITLES
from models.core.thai.dates import BUDDHIST_OFFSET
from models.core.workflow import Refused
from models.fund.members import (
    FIELDS,
    create_organization,
    delete_organization,
    edit_organization,
    restore_organization,
)
from models.fund.membership import membership_of
from models.fund.organization import Organization
from views.core.access import keep_typing, needs
from views.core.base import record_or_404, tell_refused
from views.core.conflict import Clash, Conflict, conflict_of
from views.core.kept import base_number
from views.fund.organization.choice import ask_organization, keep_organization, lacks_organization
from views.fund.organization.listing import OrganizationLists
from views.fund.organization.members import show_organization
from views.fund.organization.merging import kept_in_place_of


def stored(organization: Organization) -> dict[str, Any]:
    """What the form shows of an organization; citizen IDs stay here."""
    values: dict[str, Any] = {field: getattr(organization, field) for field in FIELDS}
    for key in ("latitude", "longitude"):
        degrees = values[key]
        values[key] = None if degrees is None else Decimal(f"{degrees:.6f}")
    year = organization.registered_year
    values["registered_year"] = None if year is None else year - BUDDHIST_OFFSET
    for key, people in (("directors", organization.directors), ("officers", organization.officers)):
        values[key] = [
            {"id": p.id, "title": p.title, "first_name": p.first_name, "last_name": p.last_name, "citizen_id": ""}
            for p in people
        ]
    values["objectives"] = [{"id": objective.id, "text": objective.text} for objective in organization.objectives]
    values["version"] = organization.version
    return values


class OrganizationView(OrganizationLists):
    """องค์กร."""

    route_base = "/organizations"
    default_view = "list"

    @expose("/<int:pk>")
    @needs("organization.view")
    def show(self, pk: int) -> ResponseReturnValue:
        """Data, people and members of an organization; a merged duplicate leads to what it became."""
        if (kept := kept_in_place_of(pk, "organization.view")) is not None:
            return redirect(url_for("OrganizationView.show", pk=kept.id))
        organization = record_or_404(Organization.visible_to(g.user, "organization.view"), Organization, pk)
        if not organization.has_member(g.user):
            # The page names people with their e-mail: whoever of another house looked is written down.
            audit.note("fund_organization.view", organization)
        return show_organization(organization)

    @expose("/choose", methods=["GET", "POST"])
    @needs("organization.view")
    def choose(self) -> ResponseReturnValue:
        """Choose one's organization while there is none."""
        if not lacks_organization(g.user):
            return redirect(url_for("OrganizationView.list"))
        form: ChoiceForm | None = ask_organization(g.user)
        if form is None:
            abort(404)
        form.how.choices = [choice for choice in form.how.choices if choice[0] != "later"]
        if form.validate_on_submit():
            try:
                target = keep_organization(g.user, form)
                db.session.commit()
                if target is None:
                    flash(_("You belong to the organization now."), "success")
                return redirect(target or url_for("OrganizationView.list"))
            except Refused as refused:
                db.session.rollback()
                tell_refused(refused)
        page = self.page("fund/organization_choose.html", part=form)
        return page, 422 if request.method == "POST" else 200

    @expose("/new", methods=["GET", "POST"])
    @needs("organization.create")
    def new(self) -> ResponseReturnValue:
        """Add an organization; an applicant who does becomes its manager."""
        if membership_of(g.user) is not None and request.method == "GET":
            flash(_("You belong to an organization already. Leave it first to add another one."), "warning")
            return redirect(url_for("OrganizationView.list"))
        form = OrganizationForm(data=self._typed_before("new"))
        if form.validate_on_submit():
            try:
                if not first_time(str(form.form_token.data or ""), g.user.id):
                    db.session.rollback()
                    return redirect(url_for("OrganizationView.list"))  # The first click made it.
                organization = create_organization(g.user, **form.content())
                drop_typing("new")
                db.session.commit()
                flash(_("%(organization)s is added.", organization=organization.name), "success")
                return redirect(url_for("OrganizationView.show", pk=organization.id))
            except Refused as refused:
                db.session.rollback()
                tell_refused(refused)
        return self._form_page(form, None), 422 if request.method == "POST" else 200

    @expose("/<int:pk>/edit", methods=["GET", "POST"])
    @needs("organization.edit")
    def edit(self, pk: int) -> ResponseReturnValue:
        """Change an organization's data; a stale page is told who changed what, and nothing typed is lost."""
        if request.method == "GET" and (kept := kept_in_place_of(pk, "organization.edit")) is not None:
            return redirect(url_for("OrganizationView.edit", pk=kept.id, kept=request.args.get("kept")))
        organization = record_or_404(Organization.visible_to(g.user, "organization.edit"), Organization, pk)
        form = OrganizationForm(data=stored(organization) | (self._typed_before(str(pk)) or {}))
        if not form.validate_on_submit():
            return self._form_page(form, organization), 422 if request.method == "POST" else 200
        content = form.content()
        for key in ROW_LISTS:
            if request.form.get(f"take-{key}") == "theirs":
                del content[key]  # What is not given stays as the other one saved it.
        try:
            edit_organization(organization, content, g.user, form.version.data)
            drop_typing(str(pk))
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return self._form_page(form, organization), 422
        except (StaleVersion, StaleDataError):
            db.session.rollback()
            db.session.refresh(organization)
            return self._form_page(form, organization, _conflict(organization, form)), 409
        flash(_("The organization is saved."), "success")
        return redirect(url_for("OrganizationView.show", pk=pk))

    @staticmethod
    def _typed_before(record: str) -> dict[str, Any] | None:
        if request.method != "GET" or not request.args.get("kept"):
            return None
        found = draft.kept(g.user.id, "organization", record, "")
        if found is None:
            return None
        # The version that was typed over: what others saved since is still told.
        return found.content | {"version": found.base_version}

    def _form_page(
        self, form: OrganizationForm, organization: Organization | None, conflict: Conflict | None = None
    ) -> str:
        people = {} if organization is None else {str(p.id): p.citizen_id for p in organization.people if p.citizen_id}
        return self.page(
            "fund/organization_form.html",
            form=form,
            organization=organization,
            blanks=blank_rows(),
            titles=TITLES,
            citizens=people,
            conflict=conflict,
        )

    @expose("/<int:pk>/delete", methods=["POST"])
    @needs("organization.delete")
    def delete(self, pk: int) -> ResponseReturnValue:
        """Mark as deleted, when nothing depends on it."""
        organization = record_or_404(Organization.visible_to(g.user, "organization.delete"), Organization, pk)
        try:
            delete_organization(organization, g.user, request.form.get("version"))
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return redirect(url_for("OrganizationView.show", pk=pk))
        except StaleVersion:
            db.session.rollback()
            flash(_("Somebody changed the organization in the meantime. Look at it and try again."), "warning")
            return redirect(url_for("OrganizationView.show", pk=pk))
        flash(
            _("%(organization)s is deleted. It can be restored from the list.", organization=organization.name),
            "success",
        )
        return redirect(url_for("OrganizationView.list"))

    @expose("/<int:pk>/restore", methods=["POST"])
    @needs("organization.delete")
    def restore(self, pk: int) -> ResponseReturnValue:
        """Take a deletion back."""
        organization = db.session.get(Organization, pk)
        if organization is None or not organization.is_deleted:
            abort(404)
        try:
            restore_organization(organization, g.user, request.form.get("version"))
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return redirect(url_for("OrganizationView.list"))
        except StaleVersion:
            db.session.rollback()
            flash(_("Somebody changed the organization in the meantime. Look at it and try again."), "warning")
            return redirect(url_for("OrganizationView.list"))
        flash(_("%(organization)s is restored.", organization=organization.name), "success")
        return redirect(url_for("OrganizationView.show", pk=pk))


def drop_typing(record: str) -> None:
    """Forget what was kept when the session lapsed: it is saved now."""
    draft.drop(g.user.id, "organization", record)


def _conflict(organization: Organization, mine: OrganizationForm) -> Conflict:
    theirs = OrganizationForm(formdata=None, data=stored(organization))
    more = []
    for key, label in zip(ROW_LISTS, (_("Directors"), _("Officers"), _("Objectives")), strict=True):
        ours, others = _rows_text(mine[key]), _rows_text(theirs[key])
        if ours != others:
            more.append(Clash(f"take-{key}", label, "mine", "theirs", ours, others))
    return conflict_of(organization, mine, theirs, FIELDS, version=organization.version, more=more)


def _rows_text(rows: Any) -> str:
    lines = []
    for row in rows:
        content = row.form.content()
        text = (
            content.get("text")
            or f"{content.get('title', '')}{content.get('first_name', '')} {content.get('last_name', '')}"
        )
        if text.strip():
            lines.append(text.strip())
    return ", ".join(lines)


def _keep(record: str, account: Any) -> None:
    """Keep the posted form of somebody whose session lapsed, for them alone; citizen IDs are typed again."""
    form = OrganizationForm()
    content = {field.name: field.data for field in form if field.name not in ("csrf_token", "form_token", "version")}
    for key in ("directors", "officers"):
        content[key] = [{**row, "citizen_id": ""} for row in content[key]]
    for key in ("latitude", "longitude"):
        content[key] = None if content[key] is None else float(content[key])
    for key in ROW_LISTS:
        content[key] = [{k: v for k, v in row.items() if k != "csrf_token"} for row in content[key]]
    draft.keep(account.id, "organization", record, "", base_number(form.version.data), content)
    db.session.commit()


def _keep_new(account: Any) -> str | None:
    _keep("new", account)
    return url_for("OrganizationView.new", kept=1)


def _keep_edit(account: Any) -> str | None:
    pk = (request.view_args or {}).get("pk")
    _keep(str(pk), account)
    return url_for("OrganizationView.edit", pk=pk, kept=1)


keep_typing("OrganizationView.new", _keep_new)
keep_typing("OrganizationView.edit", _keep_edit)
