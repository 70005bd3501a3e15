"""What the screening form works on: the saved form of a revision, its lines in words, typing that was not saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from forms.fund.screening import BaseScreeningForm, field_name, form_for
from models.core import draft
from models.core.db import db
from models.core.identity import Account
from models.fund.proposal import Proposal
from models.fund.revision import Revision
from models.fund.screening import Screening, ScreeningItem, begin_screening, screening_of
from views.core.conflict import Conflict, conflict_of
from views.core.kept import base_number, others_at
from views.core.look import moment
from views.fund.words import item_label

FORM = "fund.screening"
NOT_TYPED = frozenset({"csrf_token", "version"})
MOST_FIELDS = 2_000


@dataclass
class Sheet:
    """A proposal's revision in screening, with its form as it is saved (or empty, not in the database)."""

    proposal: Proposal
    revision: Revision
    screening: Screening
    version: int  # 0 where none was saved yet

    @classmethod
    def of(cls, proposal: Proposal) -> Sheet:
        """The sheet of what was submitted last; what is not saved yet is only shown, never written."""
        revision = proposal.submitted_revision
        assert revision is not None, "a proposal in screening was submitted"  # noqa: S101
        saved = screening_of(revision)
        if saved is not None:
            return cls(proposal, revision, saved, saved.version)
        return cls(proposal, revision, begin_screening(revision), 0)

    @property
    def lines(self) -> list[tuple[ScreeningItem, str]]:
        """The lines of the check list with their labels."""
        return [(item, item_label(item.code, item.label)) for item in self.screening.items]

    def form(self, typed: MultiDict[str, str] | None, *, is_sending: bool = False) -> BaseScreeningForm:
        """The form of what was typed, or with None of what is saved."""
        saved = {"advice": self.screening.advice, "result": self.screening.chosen, "version": str(self.version)}
        return form_for(self.lines, typed, saved, is_sending=is_sending)

    def saved_form(self) -> BaseScreeningForm:
        """The form of what is saved."""
        return self.form(None)

    def files(self, code: str) -> list[Any]:
        """The attachments that a line of the check list is about."""
        kind, _colon, line_id = code.partition(":")
        return [file for file in self.revision.attachments_of(kind) if line_id in ("", file.line_id)]

    def conflict(self, mine: BaseScreeningForm) -> Conflict:
        """What another officer saved meanwhile beside what was typed here."""
        names = ["advice", *(f"{field_name(code)}-{what}" for code in mine.codes for what in ("choice", "advice"))]
        names.append("result")
        found = conflict_of(self.proposal, mine, self.saved_form(), names, version=self.version)
        by = db.session.get(Account, self.screening.saved_by_id) if self.screening.saved_by_id else None
        # Not the latest line of the history: opening the page writes one too.
        return replace(
            found,
            by=by.full_name if by else _("Somebody"),
            when=moment(self.screening.saved_at),
        )


@dataclass(frozen=True)
class Kept:
    """Typing that was kept by itself and never saved."""

    at: datetime
    version: int
    typed: MultiDict[str, str]


def kept(sheet: Sheet) -> Kept | None:
    """This officer's own typing that was not saved, when it is worth giving back."""
    row = draft.kept(g.user.id, FORM, str(sheet.proposal.id), str(sheet.revision.id))
    if row is None or not isinstance(row.content, dict):
        return None
    typed = MultiDict((name, value) for name, value in row.content.get("fields", ()))
    form = sheet.form(typed)
    if form.content() == sheet.saved_form().content():
        return None
    return Kept(row.saved_at, row.base_version, typed)


def keep(account: Account, proposal: Proposal, version: Any, fields: list[tuple[str, str]]) -> datetime:
    """Keep typing for this officer, apart from what is saved."""
    content = {"fields": [[name, value] for name, value in fields if name not in NOT_TYPED][:MOST_FIELDS]}
    return draft.keep(
        account.id, FORM, str(proposal.id), str(proposal.submitted_revision_id), base_number(version), content
    )


def others(sheet: Sheet, base: int) -> str:
    """Who else works on the form, in a sentence; "" for nobody."""
    saved = sheet.screening
    where = (FORM, str(sheet.proposal.id), str(sheet.revision.id))
    return others_at(*where, base=base, version=sheet.version, saved_by=saved.saved_by_id, saved_at=saved.saved_at)


def drop(account: Account, proposal: Proposal) -> None:
    """Forget this officer's typing: it was saved, or let go."""
    draft.drop(account.id, FORM, str(proposal.id))


def keep_of_lapsed(account: Account) -> str | None:
    """Keep what somebody posted whose session lapsed; the page to come back to after signing in."""
    pk = (request.view_args or {}).get("pk")
    if not isinstance(pk, int) or pk >= 2**63:
        return None
    proposal = db.session.scalar(Proposal.visible_to(account, "proposal.decide").where(Proposal.id == pk))
    if proposal is None or proposal.submitted_revision_id is None:
        return None
    keep(account, proposal, request.form.get("version"), list(request.form.items(multi=True)))
    db.session.commit()
    return url_for("ScreeningView.form", pk=pk)
