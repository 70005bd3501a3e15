"""An organization's manager gives its proposals to another member (spec: fund.md 1, "What each sees")."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from models.core.db import StaleVersion, db
from models.core.identity import Account
from models.core.listing import Order, capped_count, walk
from models.core.workflow import Refused
from models.fund.codes import MemberState
from models.fund.members import hand_over
from models.fund.membership import Membership
from models.fund.organization import Organization
from models.fund.proposal import Proposal
from views.core.access import needs
from views.core.base import PageView, record_or_404
from views.core.sentences import sentence

NEWEST = Order("newest", (Proposal.listed_at,), Proposal.id, descending=True)
PAGE_SIZE = 25
LEFT = "left"


def authored(organization_id: int) -> dict[int, int]:
    """How many proposals of the organization each of its authors takes care of, deleted drafts left out; one query."""
    rows = (
        select(Proposal.author_id, func.count())
        .where(Proposal.organization_id == organization_id, Proposal.deleted_at.is_(None))
        .group_by(Proposal.author_id)
    )
    return {row[0]: row[1] for row in db.session.execute(rows)}


def members_of(organization_id: int) -> Select[Any]:
    """Ids of the accounts that may take care of a proposal of the organization now."""
    return (
        select(Membership.user_id)
        .join(Account, Account.id == Membership.user_id)
        .where(Membership.organization_id == organization_id, Membership.state == MemberState.ACTIVE, Account.active)
    )


class HandOverView(PageView):
    """มอบโครงการให้สมาชิกคนอื่นดูแล."""

    route_base = "/organizations/<int:organization>/proposals"
    default_view = "list"

    @expose("/")
    @needs("proposal.edit")
    def list(self, organization: int) -> ResponseReturnValue:
        """The organization's proposals with who takes care of each; those of people who left can be asked for."""
        record = _managed(organization)
        active = set(db.session.scalars(members_of(record.id)))
        rows = self._rows(record)
        page = walk(
            rows.options(joinedload(Proposal.author)),
            NEWEST,
            PAGE_SIZE,
            after=request.args.get("after"),
            before=request.args.get("before"),
        )
        people = db.session.scalars(select(Account).where(Account.id.in_(active)).order_by(Account.sort_key)).all()
        kept = {key: request.args[key] for key in ("author", "proposal") if request.args.get(key)}
        return self.page(
            "fund/organization_proposals.html",
            organization=record,
            page=page,
            total=capped_count(rows, Proposal.id),
            people=people,
            active=active,
            authors=self._authors(record),
            left=LEFT,
            kept=kept,
        )

    @staticmethod
    def _rows(organization: Organization) -> Select[Any]:
        """What the user may hand over, narrowed to an author, to those who left, or to one proposal."""
        rows = Proposal.visible_to(g.user, "proposal.edit").where(Proposal.organization_id == organization.id)
        author, proposal = request.args.get("author", ""), request.args.get("proposal", "")
        if author == LEFT:
            rows = rows.where(Proposal.author_id.not_in(members_of(organization.id)))
        elif author:
            rows = rows.where(Proposal.author_id == _key(author))
        return rows.where(Proposal.id == _key(proposal)) if proposal else rows

    @staticmethod
    def _authors(organization: Organization) -> Any:
        return db.session.scalars(
            select(Account).where(Account.id.in_(authored(organization.id))).order_by(Account.sort_key, Account.id)
        ).all()

    @expose("/hand-over", methods=["POST"])
    @needs("proposal.edit")
    def hand_over(self, organization: int) -> ResponseReturnValue:
        """Give the ticked proposals to a member; what cannot be given is told and stays where it is."""
        record = _managed(organization)
        kept = {key: request.form[key] for key in ("author", "proposal") if request.form.get(key)}
        back = redirect(url_for("HandOverView.list", organization=record.id, **kept))
        ticked = dict(_ticked(request.form.getlist("ids")))
        to = request.form.get("to", "")
        if not ticked or not to:
            flash(_("Tick the proposals and choose who is to take care of them."), "warning")
            return back
        heir: Account = record_or_404(select(Account).where(Account.id.in_(members_of(record.id))), Account, to)
        rows = Proposal.visible_to(g.user, "proposal.edit").where(
            Proposal.organization_id == record.id, Proposal.id.in_(ticked)
        )
        done, stayed = 0, []
        for proposal in db.session.scalars(rows.order_by(Proposal.id)).all():
            title = proposal.title or _("(no name yet)")
            name = f"{proposal.number} {title}".strip()
            try:
                hand_over(proposal, heir, g.user, ticked[proposal.id])
                done += 1
            except Refused as refused:
                stayed.append(f"{name}: {sentence(refused)}")
            except StaleVersion:
                stayed.append(_("%(project)s: somebody changed it in the meantime; look at it again.", project=name))
        db.session.commit()
        if done:
            flash(
                ngettext(
                    "%(num)s proposal was given to %(name)s; those concerned are told.",
                    "%(num)s proposals were given to %(name)s; those concerned are told.",
                    done,
                    name=heir.full_name,
                ),
                "success",
            )
        for line in stayed:
            flash(line, "warning")
        return redirect(url_for("HandOverView.list", organization=record.id)) if done else back


def _managed(pk: int) -> Organization:
    """The organization, for its managers alone."""
    rows = Organization.visible_to(g.user, "organization.view")
    organization: Organization = record_or_404(rows, Organization, pk)
    if not organization.is_managed_by(g.user):
        abort(404)
    return organization


def _key(text: str) -> int:
    """A key in an address; what is none asks for nothing that exists."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        abort(400)
    return int(text)


def _ticked(values: Iterable[str]) -> Iterable[tuple[int, str]]:
    """The ticked rows, as "key:version"; anything else is left out."""
    for value in list(values)[:200]:
        key, _colon, version = value.partition(":")
        if key.isascii() and key.isdecimal() and len(key) < 19:
            yield int(key), version


def left_behind(organization: Organization, active: Iterable[int]) -> int:
    """How many proposals are still with people who belong to the organization no longer, or cannot act for it."""
    known = set(active)
    return sum(count for author, count in authored(organization.id).items() if author not in known)
