"""Choosing one's organization: in the first profile, and later while there is none."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _

from forms.fund.organization import ChoiceForm
from models.core import outbox
from models.core.db import db
from models.core.identity import Account
from models.core.matrix import allows
from models.core.workflow import Refusal, Refused
from models.fund.codes import APPLICANT_KINDS
from models.fund.members import join_organization
from models.fund.membership import managers_of, membership_of
from models.fund.organization import Organization
from views.core.home import Waiting


def lacks_organization(user: Account) -> bool:
    """Whether the user applies for somebody and has not said for whom."""
    return bool(user.kinds & APPLICANT_KINDS) and membership_of(user) is None


def ask_organization(user: Account) -> ChoiceForm | None:
    """The question in the profile form; None when there is nothing to ask."""
    if not lacks_organization(user):
        return None
    form = ChoiceForm(prefix="organization-")
    chosen = str(form.organization.data or "")
    organization = db.session.get(Organization, int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else None
    # The picker shows what was chosen when the page comes back with errors.
    form.chosen = [(organization.id, organization.name)] if organization and not organization.is_deleted else []
    if request.method == "GET" and request.args.get("organization", "").isdecimal():
        wanted = db.session.get(Organization, int(request.args["organization"][:18]))
        form.chosen = [(wanted.id, wanted.name)] if wanted and not wanted.is_deleted else []
    return form


def keep_organization(user: Account, form: ChoiceForm) -> str | None:
    """Join what was chosen, or go on to adding one. Raises Refused."""
    if form.how.data == "add":
        return url_for("OrganizationView.new")
    if form.how.data == "choose":
        organization = db.session.get(Organization, int(str(form.organization.data)[:18]))
        if organization is None:
            raise Refused(Refusal("organization_deleted"))
        join_organization(organization, user)
        outbox.tell(
            (manager for manager in managers_of(organization.id) if manager.id != user.id),
            "member_joined",
            organization,
            member=user.full_name,
            organization=organization.name,
        )
    return None


def wait_for_organization(user: Account) -> list[Waiting]:
    """The main page reminds who belongs to no organization: without one no proposal can be made."""
    if not allows(user, "organization.view") or not lacks_organization(user):
        return []
    title = _("Choose your organization")
    return [
        Waiting(1, title, _("Without one no proposal can be made"), url_for("OrganizationView.choose"), _("Choose"))
    ]
