"""Members of an organization: add, suspend, remove, appoint, leave (spec: fund.md 3)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from forms.fund.organization import MemberForm
from models.core import audit, outbox
from models.core.clock import today
from models.core.db import StaleVersion, begin_writing, db
from models.core.identity import Account, account_by_identity
from models.core.matrix import allows
from models.core.reference.provinces import province_name
from models.core.workflow import Refusal, Refused
from models.fund.codes import APPLICANT_KINDS, STAFF, SUPER_USER, MemberState
from models.fund.members import add_member, refusal_to_delete
from models.fund.membership import BELONGS, ENDS_MANAGING, MEMBERSHIP_MOVES, Membership, membership_of
from models.fund.organization import Organization
from views.core.access import needs, reads_first
from views.core.base import PageView, record_or_404, tell_refused
from views.core.limits import too_many_links
from views.core.look import lang
from views.fund.organization.handing import authored, left_behind
from views.fund.organization.words import sector_label

OTHERS_MOVES = ("suspend", "reinstate", "appoint", "remove")


@dataclass(frozen=True)
class MemberLine:
    """A member as the organization's page shows them, with the moves that this user may take now."""

    membership: Membership
    moves: tuple[str, ...]
    is_me: bool
    stays: bool  # the last manager, while there are others
    proposals: int = 0  # that this member takes care of, for managers who may hand them over


def member_lines(organization: Organization, user: Account) -> list[MemberLine]:
    """The members with what `user` may do about each; one query per permission, however many members."""
    rows = list(
        db.session.scalars(
            select(Membership)
            .where(Membership.organization_id == organization.id, Membership.state.in_(BELONGS))
            .options(joinedload(Membership.user).joinedload(Account.profile))
            .order_by(Membership.role.desc(), Membership.id)
        )
    )
    reach = {
        permission: set(
            db.session.scalars(
                Membership.visible_to(user, permission)
                .where(Membership.organization_id == organization.id)
                .with_only_columns(Membership.id)
            )
        )
        for permission in {move.permission for move in MEMBERSHIP_MOVES.values()}
    }
    managers = [row for row in rows if row.is_manager and row.user.active]
    cared_for = authored(organization.id) if organization.is_managed_by(user) else {}
    lines = []
    for row in rows:
        is_me = row.user_id == user.id
        stays = row.is_manager and len(rows) > 1 and all(manager is row for manager in managers)
        names = ("leave",) if is_me else OTHERS_MOVES
        moves = tuple(
            name
            for name in names
            if row.id in reach[MEMBERSHIP_MOVES[name].permission]
            and row.state in MEMBERSHIP_MOVES[name].sources
            and not (name == "appoint" and row.is_manager)
            and not (stays and name in ENDS_MANAGING)
        )
        lines.append(MemberLine(row, moves, is_me, stays, cared_for.get(row.user_id, 0)))
    return lines


def show_organization(organization: Organization, member_form: MemberForm | None = None) -> str:
    """The page of an organization with what this user may do there."""
    may = {
        permission: db.session.scalar(
            Organization.visible_to(g.user, permission)
            .where(Organization.id == organization.id)
            .with_only_columns(Organization.id)
        )
        is not None
        for permission in ("organization.edit", "member.add", "organization.delete")
    }
    is_insider = organization.has_member(g.user) or bool(g.user.kinds & {STAFF, SUPER_USER})
    members = member_lines(organization, g.user) if is_insider else []
    may_hand_over = allows(g.user, "proposal.edit") and organization.is_managed_by(g.user)
    acting = [line.membership.user_id for line in members if line.membership.state == MemberState.ACTIVE]
    return render_template(
        "fund/organization_show.html",
        organization=organization,
        province=province_name(organization.province_code, lang()) if organization.province_code else "",
        sector=sector_label(organization.sector),
        may=may,
        is_insider=is_insider,
        sees_all=bool(g.user.kinds - APPLICANT_KINDS),
        members=members,
        may_hand_over=may_hand_over,
        left_behind=left_behind(organization, acting) if may_hand_over else 0,
        member_form=member_form or MemberForm(formdata=None),
        delete_refusal=refusal_to_delete(organization, g.user) if may["organization.delete"] else None,
    )


class MemberView(PageView):
    """สมาชิกขององค์กร."""

    route_base = "/organizations/<int:organization>/members"
    default_view = "add"

    @expose("/add", methods=["POST"])
    @needs("member.add")
    @reads_first
    def add(self, organization: int) -> ResponseReturnValue:
        """Add somebody by e-mail; who has no account, or is not free, gets an invitation by mail instead."""
        record = record_or_404(Organization.visible_to(g.user, "member.add"), Organization, organization)
        page = redirect(url_for("OrganizationView.show", pk=record.id, _anchor="members"))
        form = MemberForm()
        if not form.validate_on_submit():
            return show_organization(record, member_form=form), 422
        email = str(form.email.data)
        if problem := too_many_links(email):
            flash(problem, "warning")
            return page
        begin_writing()
        member = account_by_identity("email", email)
        try:
            membership = membership_of(member) if member else None
            if membership is not None and membership.organization_id == record.id:
                raise Refused(Refusal("already_member"))
            if member is not None and self._is_free(member, membership):
                add_member(record, member, g.user)
                said = _("%(member)s was added to the organization.", member=member.full_name)
            else:
                self._invite(record, email)
                said = _("An invitation to %(email)s is on its way.", email=email)
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return page
        db.session.commit()
        flash(said, "success")
        return page

    @staticmethod
    def _is_free(member: Account, membership: Membership | None) -> bool:
        is_ready = member.active and member.confirmed_at is not None
        return is_ready and bool(member.kinds & APPLICANT_KINDS) and membership is None

    @staticmethod
    def _invite(organization: Organization, email: str) -> None:
        # One invitation a day, however often the button is pressed.
        digest = hashlib.sha256(f"{organization.id}\x1f{email}\x1f{today()}".encode()).hexdigest()[:40]
        outbox.post(
            email, "member_invited", key=f"invite-{digest}", organization=organization.name, by=g.user.full_name
        )
        audit.note("fund_organization.invite", organization)

    @expose("/<int:pk>/<action>", methods=["POST"])
    @needs("member.set_status", "member.remove", "appoint.organization_manager", "member.leave")
    def move(self, organization: int, pk: int, action: str) -> ResponseReturnValue:
        """Suspend, reinstate, remove, appoint; or leave, for oneself."""
        if action not in MEMBERSHIP_MOVES:
            abort(404)
        rows = Membership.visible_to(g.user, MEMBERSHIP_MOVES[action].permission).where(
            Membership.organization_id == organization
        )
        membership = record_or_404(rows, Membership, pk)
        name, of = membership.user.full_name, membership.organization.name
        back = url_for("OrganizationView.show", pk=organization, _anchor="members")
        try:
            membership.perform(action, by=g.user, version=request.form.get("version"))
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return redirect(back)
        except StaleVersion:
            db.session.rollback()
            flash(_("Somebody changed this member in the meantime. Look at the list and try again."), "warning")
            return redirect(back)
        flash(_done(action, name, of), "success")
        return redirect(url_for("HomeView.index") if action == "leave" else back)


def _done(action: str, member: str, organization: str) -> str:
    texts: dict[str, Any] = {
        "suspend": _("%(member)s is suspended.", member=member),
        "reinstate": _("%(member)s may act for the organization again.", member=member),
        "remove": _("%(member)s was removed from the organization.", member=member),
        "appoint": _("%(member)s is a manager of the organization now.", member=member),
        "leave": _("You have left %(organization)s.", organization=organization),
    }
    return str(texts[action])
