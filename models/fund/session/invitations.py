"""Who is invited to a session, and what they hear when it changes: each once, and only what concerns them.

A calendar knows the meeting by its UID and takes what has the higher SEQUENCE (RFC 5545, 5546), so the number rises
with every round of mails (spec: fund.md 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.core import outbox
from models.core.db import db, now
from models.fund.session.rows import Invitation

if TYPE_CHECKING:
    from models.core.identity import Account
    from models.fund.session.meeting import EvaluationSession
    from models.fund.session.rows import SessionMember

REQUEST, CANCEL = "REQUEST", "CANCEL"
INVITED, CHANGED, CALLED_OFF = "session_invitation", "session_changed", "session_called_off"


def told_of(session: EvaluationSession, member: SessionMember) -> dict[str, Any]:
    """What an invitation says to somebody; as long as it stays the same there is no news for them."""
    return {
        "session": session.name,
        "level": session.level,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat() if session.ends_at else None,
        "place": session.place,
        "link": session.online,
        "chair": session.chair.full_name if session.chair else "",
        "role": member.role,
    }


def invite(session: EvaluationSession) -> None:
    """Invite everybody who sits, again where they were invited before; those no longer seated hear that they are free.

    The session's number rises by one; the caller commits.
    """
    session.invited_at = now()
    _bring(session, everybody=True)


def bring_up_to_date(session: EvaluationSession) -> None:
    """Tell those invited what changed for them, invite who came to sit, let go who left.

    Nothing happens before the first invitation, after the meeting, or where nothing changed for anybody.
    """
    if session.invited_at is not None and session.over_at > now():
        _bring(session)


def call_off(session: EvaluationSession) -> None:
    """Tell everybody who was invited that the meeting does not take place."""
    invited = [row for row in session.invitations if row.called_off_at is None]
    if invited and session.over_at > now():
        session.invitation_number += 1
        for row in invited:
            _let_go(session, row)
        db.session.flush()


def _bring(session: EvaluationSession, everybody: bool = False) -> None:
    rows = {row.user_id: row for row in session.invitations}
    seated = {member.user_id: member for member in session.members}
    news: list[tuple[str, SessionMember, dict[str, Any]]] = []
    for user_id, member in seated.items():
        row, facts = rows.get(user_id), told_of(session, member)
        if not member.user.active:
            continue
        if row is None or row.called_off_at is not None or everybody:
            news.append((INVITED, member, facts))
        elif row.told != facts:
            news.append((CHANGED, member, facts))
    free = [row for user_id, row in rows.items() if user_id not in seated and row.called_off_at is None]
    if not news and not free:
        return
    session.invitation_number += 1
    for event, member, facts in news:
        row = rows.get(member.user_id)
        if row is None:
            row = Invitation(user_id=member.user_id, user=member.user)
            session.invitations.append(row)
        row.sequence, row.told, row.sent_at, row.called_off_at = session.invitation_number, facts, now(), None
        _tell(session, member.user, event, REQUEST, facts)
    for row in free:
        _let_go(session, row)
    db.session.flush()


def _let_go(session: EvaluationSession, row: Invitation) -> None:
    row.sequence, row.called_off_at = session.invitation_number, now()
    _tell(session, row.user, CALLED_OFF, CANCEL, {**row.told, "reason": session.cancel_reason})


def _tell(session: EvaluationSession, user: Account, event: str, method: str, facts: dict[str, Any]) -> None:
    # Whoever is let go finds no page of the session any more, unless it was cancelled as a whole.
    outbox.tell(
        [user],
        event,
        session if method == REQUEST else None,
        **facts,
        session_id=session.id,
        uid=session.calendar_uid,
        number=session.invitation_number,
        method=method,
        at=now().isoformat(),
    )
