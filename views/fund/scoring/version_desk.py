"""A version of the scoring form as it is edited: its fields, typing that was not saved, what others do with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload
from werkzeug.datastructures import MultiDict

from forms.fund.scoring_form import form_for, saved_values
from models.core import draft
from models.core.audit import AuditEntry, history_of
from models.core.db import db
from models.core.identity import names_of
from models.core.workflow import Refusal
from models.fund.scoring import BAND_CODES, ScoringForm, Sheet, Topic
from models.fund.scoring.form import DRAFT, wrong_shapes
from models.fund.scoring.versions import PERMISSION
from views.core.kept import base_number, others_at
from views.core.look import clock
from views.core.sentences import sentence
from views.fund.scoring.desk import Desk, Entry, content_of
from views.fund.words import band_label

KEPT = "fund_scoring_form"
NOT_TYPED = frozenset({"csrf_token", "version", "go"})
MOST_FIELDS = 300
MOST_BYTES = 1024 * 1024


def whole(rows: Any) -> Any:
    """Versions with their topics and indicators; a fixed number of queries."""
    return rows.options(selectinload(ScoringForm.topics).selectinload(Topic.indicators)).execution_options(
        populate_existing=True
    )


def version_where(*conditions: ColumnElement[bool]) -> ScoringForm | None:
    """The newest version of which this is true, read whole."""
    rows = select(ScoringForm).where(*conditions).order_by(ScoringForm.number.desc()).limit(1)
    return db.session.scalar(whole(rows))


def uses_of(keys: Iterable[int]) -> dict[int, tuple[int, int]]:
    """How many sheets keep each version: (sent, begun and not sent)."""
    rows = db.session.execute(
        select(Sheet.form_id, func.count(Sheet.sent_at), func.count())
        .where(Sheet.form_id.in_(list(keys)))
        .group_by(Sheet.form_id)
    )
    return {key: (sent, every - sent) for key, sent, every in rows}


def preview_of(form: ScoringForm) -> Desk:
    """The form as whoever records meets it, empty; it belongs to no proposal."""
    content = content_of(None, form)
    entries = [Entry(topic, **content["topics"][topic.number]) for topic in form.topics]
    return Desk(None, form, None, content, 0, entries=entries)


def fields_of(version: ScoringForm, typed: MultiDict[str, str] | None) -> Any:
    """The form of a version: of what was typed, or with None of what is saved."""
    labels = {code: band_label(code) for code in BAND_CODES}
    return form_for((topic.number for topic in version.topics), labels, typed, saved_values(version))


def blame_shape(version: ScoringForm, form: Any) -> list[Refusal]:
    """Show at their fields all reasons why the version cannot be published, and give them."""
    found = wrong_shapes(version)
    for refusal in found:
        form.blame(refusal, sentence(refusal))
    return found


# --- typing that was not saved ---------------------------------------------------------------------------------------


def kept(version: ScoringForm) -> draft.Draft | None:
    """This user's own typing that was not saved, when it is worth giving back."""
    row = draft.kept(g.user.id, KEPT, str(version.id), "")
    if row is None or not isinstance(row.content, dict):
        return None
    mine, saved = fields_of(version, typed_in(row)), fields_of(version, None)
    is_same = all(str(mine[name]._value()) == str(saved[name]._value()) for name in mine.typed_names)
    return None if is_same else row


def typed_in(row: draft.Draft) -> MultiDict[str, str]:
    """Kept typing as it would have been posted."""
    return MultiDict((name, value) for name, value in row.content.get("fields", ()))


def keep(user_id: int, version_id: int, base: Any, fields: Iterable[tuple[str, str]]) -> datetime:
    """Keep typing for this user, apart from what is saved."""
    content = {"fields": [[name, value] for name, value in fields if name not in NOT_TYPED][:MOST_FIELDS]}
    return draft.keep(user_id, KEPT, str(version_id), "", base_number(base), content)


def drop(version_id: int) -> None:
    """Forget this user's typing: it was saved, or let go."""
    draft.drop(g.user.id, KEPT, str(version_id))


def keep_of_lapsed(account: Any) -> str | None:
    """Keep what somebody posted whose session lapsed; the page to come back to after signing in."""
    pk = (request.view_args or {}).get("pk")
    if not isinstance(pk, int) or pk >= 2**63:
        return None
    found = db.session.scalar(
        ScoringForm.visible_to(account, PERMISSION).where(ScoringForm.id == pk, ScoringForm.state == DRAFT)
    )
    if found is None:
        return None
    keep(account.id, pk, request.form.get("version"), request.form.items(multi=True))
    db.session.commit()
    return url_for("ScoringFormView.edit", pk=pk)


def last_entry(version: ScoringForm) -> AuditEntry | None:
    """What was done to the version last; prints do nothing to it."""
    return next((entry for entry in history_of(version) if not entry.action.endswith(".print")), None)


def last_hand(version: ScoringForm) -> tuple[str, str]:
    """Who changed the version last, and at what time of day."""
    entry = last_entry(version)
    if entry is None:
        return _("Somebody"), ""
    return names_of([entry.actor_id]).get(entry.actor_id) or _("Somebody"), clock(entry.at)


def others(version: ScoringForm, base: int) -> str:
    """Who else works on this version, in a sentence; "" for nobody."""
    last = last_entry(version) if version.version > base else None
    return others_at(
        KEPT,
        str(version.id),
        base=base,
        version=version.version,
        saved_by=last.actor_id if last is not None else None,
        saved_at=last.at if last is not None else None,
    )
