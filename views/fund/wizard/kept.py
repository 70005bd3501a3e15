"""Typing that was not saved yet: kept per person, proposal and part, apart from the draft (spec: fund.md 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from forms.fund.wizard import content_of, digest, same_content, typed_form
from models.core import draft
from models.core.clock import today
from models.core.db import db
from models.core.draft import Draft
from models.core.identity import Account
from models.core.thai.dates import bangkok_day
from models.fund.codes import PARTS
from models.fund.proposal import Proposal
from models.fund.revision import Revision
from views.core.access import keep_typing, needs
from views.core.base import PageView
from views.core.kept import base_number, sent_typing
from views.core.look import clock
from views.fund.wizard.loading import part_or_404, proposal_or_404

FORM = "fund.wizard"
# What a page posts besides the typing itself.
NOT_TYPED = frozenset({"csrf_token", "version", "base", "revision", "go"})
MOST_FIELDS = 60_000
MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class KeptTyping:
    """What somebody had typed into a part, and the state of the part it was typed over."""

    version: int
    base: str
    at: datetime
    typed: MultiDict[str, str]

    @property
    def is_of_today(self) -> bool:
        """Whether it was typed today, so that the time alone says when."""
        return bangkok_day(self.at) == today()


def offered(account: Account, revision: Revision, part: str) -> KeptTyping | None:
    """Typing of this person worth giving back: of this very revision, and not what is saved already."""
    row = draft.kept(account.id, FORM, str(revision.proposal_id), part)
    return None if row is None else _worth(row, revision)


def parts_with_typing(account: Account, revision: Revision) -> list[str]:
    """The parts in which this person has typing that was not saved."""
    rows = db.session.scalars(
        select(Draft).where(Draft.user_id == account.id, Draft.form == FORM, Draft.record == str(revision.proposal_id))
    )
    found = {row.part for row in rows if row.part in PARTS and _worth(row, revision)}
    return [part for part in PARTS if part in found]


def _worth(row: Draft, revision: Revision) -> KeptTyping | None:
    content = row.content if isinstance(row.content, dict) else {}
    if content.get("revision") != revision.id:
        return None
    typed = MultiDict((name, value) for name, value in content.get("fields", ()))
    form = typed_form(row.part, typed, revision)
    # Typing that arrived after its own saving (a slow line) says what is saved already.
    if form.validate() and same_content(form.content(), content_of(revision, row.part)):
        return None
    return KeptTyping(row.base_version, str(content.get("base", "")), row.saved_at, typed)


def keep(account: Account, proposal_id: int, part: str, typed: MultiDict[str, str], **base: Any) -> datetime:
    """Keep typing for this person; `base` is what the page was opened on: version, base (digest), revision."""
    content = {
        "fields": [[name, value] for name, value in typed.items(multi=True) if name not in NOT_TYPED],
        "base": str(base.get("base") or "")[:64],
        "revision": base_number(base.get("revision")),
    }
    return draft.keep(account.id, FORM, str(proposal_id), part, base_number(base.get("version")), content)


def keep_posted(account: Account, proposal_id: int, part: str) -> datetime:
    """Keep what this request posted."""
    base = {name: request.form.get(name) for name in ("version", "base", "revision")}
    return keep(account, proposal_id, part, request.form, **base)


def drop(account: Account, proposal_id: int, part: str) -> None:
    """Forget this person's typing in a part."""
    draft.drop(account.id, FORM, str(proposal_id), part)


def keep_of_lapsed(account: Account) -> str | None:
    """Keep the posted part of somebody whose session lapsed; the page to come back to after signing in."""
    arguments = request.view_args or {}
    pk, part = arguments.get("pk"), arguments.get("part")
    if part not in PARTS or not isinstance(pk, int) or pk >= 2**63:
        return None
    rows = Proposal.visible_to(account, "proposal.edit").where(Proposal.id == pk).with_only_columns(Proposal.id)
    if db.session.scalar(rows) is None:
        return None
    keep_posted(account, pk, part)
    db.session.commit()
    return url_for("WizardView.part", pk=pk, part=part)


keep_typing("WizardView.save", keep_of_lapsed)


class KeptTypingView(PageView):
    """What the wizard's page sends by itself while somebody types."""

    route_base = "/wizard"
    default_view = "keep"

    @expose("/<int:pk>/<part>/typing", methods=["POST"])
    @needs("proposal.edit")
    def keep(self, pk: int, part: str) -> ResponseReturnValue:
        """Keep the typing of a part: JSON {user, version, base, revision, fields: [[name, text]]} -> {text, at}.

        The draft itself is not touched, and nothing of this is in its history.
        """
        proposal = proposal_or_404(pk)
        part_or_404(part)
        sent = sent_typing(MOST_FIELDS, MOST_BYTES)
        if sent.refusal is not None:
            return sent.refusal
        base = {name: sent.base.get(name) for name in ("version", "base", "revision")}
        at = keep(g.user, proposal.id, part, MultiDict(sent.fields), **base)
        db.session.commit()
        return jsonify(text=_("Autosaved at %(time)s", time=clock(at)), at=at.isoformat())

    @expose("/<int:pk>/<part>/typing/discard", methods=["POST"])
    @needs("proposal.edit")
    def discard(self, pk: int, part: str) -> ResponseReturnValue:
        """Let the kept typing go and show what is saved."""
        proposal = proposal_or_404(pk)
        drop(g.user, proposal.id, part_or_404(part))
        db.session.commit()
        return redirect(url_for("WizardView.part", pk=pk, part=part))


def base_of(revision: Revision, part: str) -> str:
    """The mark of a part's saved content that its page carries."""
    return digest(content_of(revision, part))
