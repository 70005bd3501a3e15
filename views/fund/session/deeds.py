"""The session that a page is about, and what is said when somebody changed it meanwhile."""

from __future__ import annotations

from typing import Any

from flask import flash, g
from flask_babel import gettext as _

from models.fund.session import EvaluationSession
from views.core.base import record_or_404
from views.core.conflict import last_change
from views.fund.session import queries


def session_or_404(pk: int, permission: str = "session.edit", loader: Any = queries.with_people) -> Any:
    """The session among those on which the user holds the permission; another's is not found."""
    return record_or_404(loader(EvaluationSession.visible_to(g.user, permission)), EvaluationSession, pk)


def tell_stale(session: EvaluationSession) -> None:
    """Say who changed the session meanwhile."""
    by, when = last_change(session)
    flash(
        _(
            "%(by)s changed this session at %(when)s. It stands here as it is now; do it again if it is still needed.",
            by=by,
            when=when,
        ),
        "warning",
    )


def tell_moved(number: str) -> None:
    """Say that somebody changed the proposal meanwhile."""
    flash(
        _("Somebody changed proposal %(number)s a moment before. It stands here as it is now.", number=number),
        "warning",
    )


class News:
    """Whether those who were invited were told of a change: says so once it is saved."""

    def __init__(self, session: EvaluationSession) -> None:
        self._session, self._before = session, session.invitation_number

    def flash(self, words: str) -> None:
        """Say what was saved, and that the invited were told where they were."""
        if self._session.invitation_number > self._before:
            told = _("Those it concerns are told by e-mail.")
            words = f"{words} {told}"
        flash(words, "success")
