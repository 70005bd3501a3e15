"""What sessions put on the main page: results to record, proposals that wait for an agenda, the next meetings."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, func, select

from models.core.db import db, now
from models.core.matrix import allows, kinds_of
from models.fund.codes import COMMITTEE, SESSION_LEVELS, WAITING_STATE
from models.fund.proposal import Proposal
from models.fund.session import OPEN, AgendaItem, EvaluationSession, ItemState, MemberRole, SessionMember, SteppingOut
from views.core.home import Tile, Waiting, panel_sources, tile_sources, waiting_sources
from views.core.look import moment
from views.core.pulse import badge_sources
from views.fund.session import queries
from views.fund.words import level_label

COUNTED = 1000
NEXT = 3


def _unminuted(user: Any) -> Select[Any] | None:
    """Meetings that began and lack results: all for those who record, one's own for a secretary."""
    rows = EvaluationSession.visible_to(user, "session.view")
    if not allows(user, "result.record"):
        if not allows(user, "result.record_own_session"):
            return None
        seats = select(SessionMember.session_id).where(
            SessionMember.user_id == user.id, SessionMember.role == MemberRole.SECRETARY
        )
        rows = rows.where(EvaluationSession.id.in_(seats))
    return queries.narrowed(rows, queries.Filters(tab="minute"))


def badges(user: Any) -> dict[str, Select[Any]]:
    """What waits behind the menu's entry of the sessions."""
    rows = _unminuted(user)
    return {} if rows is None else {"SessionView.list": rows}


def to_read(user: Any) -> list[Waiting]:
    """What a member of a committee has to read for the next meeting they sit in; one query.

    Items that they stepped out of are not for them, and neither counted.
    """
    if COMMITTEE not in kinds_of(user, "session.view"):
        return []
    stepped_out = select(SteppingOut.item_id).where(SteppingOut.user_id == user.id)
    row = db.session.execute(
        select(EvaluationSession, func.count(AgendaItem.id))
        .join(SessionMember, SessionMember.session_id == EvaluationSession.id)
        .join(AgendaItem, AgendaItem.session_id == EvaluationSession.id)
        .where(
            SessionMember.user_id == user.id,
            EvaluationSession.state == OPEN,
            EvaluationSession.starts_at > now(),
            AgendaItem.state == ItemState.ON,
            AgendaItem.id.not_in(stepped_out),
        )
        .group_by(EvaluationSession.id)
        .order_by(EvaluationSession.starts_at, EvaluationSession.id)
        .limit(1)
    ).first()
    if row is None:
        return []
    session, count = row
    title = ngettext("Proposal to read before the next meeting", "Proposals to read before the next meeting", count)
    detail = f"{session.name} · {moment(session.starts_at)}"
    return [Waiting(count, title, detail, url_for("SessionView.show", pk=session.id), _("Read the papers"))]


def to_minute(user: Any) -> list[Waiting]:
    """Meetings that began and lack results; one query."""
    rows = _unminuted(user)
    if rows is None:
        return []
    some = rows.with_only_columns(EvaluationSession.id, EvaluationSession.starts_at).limit(COUNTED).subquery()
    count, oldest = db.session.execute(select(func.count(), func.min(some.c.starts_at)).select_from(some)).one()
    if not count:
        return []
    title = ngettext("Session held, results to record", "Sessions held, results to record", count)
    url = url_for("SessionView.list", tab="minute")
    detail = _("Results wait since the meeting")
    return [Waiting(count, title, detail, url, _("Record results"), oldest=oldest, is_late=True)]


def to_put_on(user: Any) -> list[Waiting]:
    """Proposals that wait for an agenda, by level; one query, counted up to a limit per level."""
    if not allows(user, "session.edit"):
        return []
    reach = Proposal.visible_to(user, "session.edit")
    parts = []
    for level in SESSION_LEVELS:
        some = (
            reach.where(Proposal.state == WAITING_STATE[level])
            .with_only_columns(Proposal.id, Proposal.listed_at)
            .limit(COUNTED)
            .subquery()
        )
        parts.append(select(func.count()).select_from(some).scalar_subquery())
        parts.append(select(func.min(some.c.listed_at)).select_from(some).scalar_subquery())
    found = list(db.session.execute(select(*parts)).one())
    counts = dict(zip(SESSION_LEVELS, found[::2], strict=True))
    total = sum(counts.values())
    if not total:
        return []
    detail = " · ".join(f"{level_label(level)} {count}" for level, count in counts.items() if count)
    oldest = min(moment for moment in found[1::2] if moment is not None)
    title = ngettext("Proposal waiting for an agenda", "Proposals waiting for an agenda", total)
    url = url_for("SessionView.list", tab="upcoming")
    return [Waiting(total, title, detail, url, _("Put on an agenda"), oldest=oldest)]


def next_sessions(user: Any) -> list[dict[str, Any]]:
    """The next meetings that the user may see; two queries."""
    if not allows(user, "session.view"):
        return []
    count = (
        select(func.count())
        .where(AgendaItem.session_id == EvaluationSession.id, AgendaItem.state != ItemState.OFF)
        .correlate(EvaluationSession)
        .scalar_subquery()
    )
    rows = (
        EvaluationSession.visible_to(user, "session.view")
        .where(EvaluationSession.state == OPEN, EvaluationSession.starts_at > now())
        .order_by(EvaluationSession.starts_at, EvaluationSession.id)
        .limit(NEXT)
        .add_columns(count)
    )
    return [
        {
            "template": "fund/session/_next.html",
            "title": _("Next sessions"),
            "sessions": list(db.session.execute(rows)),
            "may_edit": allows(user, "session.edit"),
        }
    ]


def tiles(user: Any) -> list[Tile]:
    """The tile of the sessions, with the links that this user may follow."""
    tile = Tile(_("Evaluation sessions"), "calendar3")
    if allows(user, "session.view"):
        tile.links.append((_("Show list"), url_for("SessionView.list")))
    if allows(user, "session.edit"):
        tile.links.append((_("New session"), url_for("SessionView.new")))
    return [tile]


def add_to_home() -> None:
    """Register the sources, once."""
    for sources, source in (
        (waiting_sources, to_put_on),
        (waiting_sources, to_minute),
        (waiting_sources, to_read),
        (badge_sources, badges),
        (tile_sources, tiles),
        (panel_sources, next_sessions),
    ):
        if source not in sources:
            sources.append(source)  # type: ignore[arg-type]
