"""A session's papers: the agenda before the meeting and the table of resolutions after it (spec: fund.md 7)."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from sqlalchemy import select

from models.core import audit
from models.core.db import db
from models.fund.agenda import lines_of
from models.fund.codes import BOARD
from models.fund.scoring import Sheet
from models.fund.scoring.sheet import BoardDecision
from models.fund.session.quorum import rule_of
from reports.fund.agenda import agenda_paper
from reports.fund.resolutions import resolutions_paper
from views.core.access import needs
from views.core.printing import file_name, give
from views.fund.session import queries
from views.fund.session.deeds import session_or_404

VIEW = "session.view"


class MeetingPapers:
    """Papers of a session, as its reader may see them; mixed into `PaperView`."""

    @expose("/agenda/<int:pk>.pdf")
    @needs(VIEW)
    def agenda(self, pk: int) -> ResponseReturnValue:
        """ระเบียบวาระการประชุม: an item that the reader steps out of is a place without content."""
        session = session_or_404(pk, VIEW, queries.with_agenda)
        lines = lines_of(session, g.user)
        before = queries.session_before(session, None)
        return give(
            lambda: agenda_paper(session, lines, rule_of(session.level), before=before, reader=g.user.full_name),
            name=file_name("ระเบียบวาระการประชุม", session.name),
            fallback=f"agenda-{pk}.pdf",
            about=f"agenda of session {pk}",
            note=lambda: _note(pk, "agenda"),
        )

    @expose("/resolutions/<int:pk>.pdf")
    @needs(VIEW)
    def resolutions(self, pk: int) -> ResponseReturnValue:
        """ตารางสรุปมติที่ประชุม: the result of every item that the reader may know."""
        session = session_or_404(pk, VIEW, queries.with_agenda)
        lines = lines_of(session, g.user)
        revisions = [line.item.revision_id for line in lines]
        if session.level == BOARD:
            decisions = select(BoardDecision).where(BoardDecision.revision_id.in_(revisions))
            bands, board = {}, {row.revision_id: row for row in db.session.scalars(decisions)}
        else:
            rows = select(Sheet).where(Sheet.revision_id.in_(revisions), Sheet.level == session.level)
            sheets = list(db.session.scalars(rows))
            bands, board = {sheet.revision_id: sheet.band for sheet in sheets if sheet.is_sent}, {}
        return give(
            lambda: resolutions_paper(session, lines, bands=bands, board=board, reader=g.user.full_name),
            name=file_name("ตารางสรุปมติ", session.name),
            fallback=f"resolutions-{pk}.pdf",
            about=f"resolutions of session {pk}",
            note=lambda: _note(pk, "resolutions"),
        )


def _note(pk: int, paper: str) -> None:
    audit.note("fund_evaluation_session.print", entity="fund_evaluation_session", entity_id=pk, paper=paper)
