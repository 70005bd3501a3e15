"""Typing of a generated form that was not saved: kept for its writer alone, given back after signing in again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from models.core import draft
from models.core.db import db
from models.core.entity import Entity, Kind
from models.core.entity.rows import read_key
from views.core.access import keep_typing
from views.core.base import PageView
from views.core.kept import base_number, browser_key, sent_typing
from views.core.records.asked import endpoint_of, url_of
from views.core.records.policy import entity_or_404, opens_named

NEW = "new"  # stands for the key of a record that is not there yet
MOST_FIELDS, MOST_BYTES = 200, 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """What somebody typed, and the state of the record that they typed it over."""

    fields: dict[str, str]
    stamp: str
    at: datetime


def _form(entity: Entity) -> str:
    return f"records.{entity.name}"[:60]


def _keep(user_id: int, entity: Entity, key: str, stamp: str, typed: Iterable[tuple[str, str]]) -> None:
    names = {*entity.added, *entity.changed} - set(secret_fields(entity))
    content = {"fields": {name: text for name, text in typed if name in names}, "stamp": stamp[:64]}
    draft.keep(user_id, _form(entity), key[:60], "", base_number(stamp), content)


def secret_fields(entity: Entity) -> list[str]:
    """Fields that are typed again rather than kept anywhere."""
    return [name for name, one in entity.fields.items() if one.kind is Kind.CITIZEN_ID]


def kept_typing(entity: Entity, key: str) -> Kept | None:
    """What this reader had typed, where the address asks for it."""
    if request.method != "GET" or not request.args.get("kept"):
        return None
    row = draft.kept(g.user.id, _form(entity), key[:60], "")
    return Kept(row.content["fields"], row.content["stamp"], row.saved_at) if row is not None else None


def drop_typing(entity: Entity, key: str) -> None:
    """Forget what was kept: it is being saved."""
    draft.drop(g.user.id, _form(entity), key[:60])


def _address(entity: Entity, key: str, **more: Any) -> str:
    return url_of(entity, "add", **more) if key == NEW else url_of(entity, "edit", pk=key, **more)


def for_script(entity: Entity, key: str, back: str, *, is_typed: bool) -> dict[str, Any]:
    """What the form's script needs (static/core/js/unsent.js); `is_typed`: the page holds typing that was not saved."""
    return {
        "user": g.user.id,
        "key": browser_key(g.user, "records"),
        "place": f"{entity.name}.{key}",
        "record": key,
        "isNew": key == NEW,
        "typed": is_typed,
        "secret": secret_fields(entity),
        "back": back,
        "keepUrl": url_for("RecordTypingView.keep", name=entity.name),
        "keptUrl": _address(entity, key, kept=1),
        "tokenUrl": url_for("TypingView.token"),
        "text": {
            "ended": _("Your session has ended. What you typed is kept; sign in again in a new tab and go on here."),
            "other_user": _(
                "Somebody else has signed in on this browser. Sign in again as yourself; what you typed is kept here."
            ),
        },
    }


def keep_lapsed(entity: Entity) -> None:
    """Let what somebody sends whose session lapsed be kept, for both forms of the entity."""
    for method in ("add", "edit"):
        keep_typing(f"{endpoint_of(entity)}.{method}", _keeper(entity))


def _keeper(entity: Entity) -> Callable[[Any], str | None]:
    def keep(account: Any) -> str | None:
        pk = (request.view_args or {}).get("pk")
        if pk is not None and read_key(entity, pk) is None:
            return None
        key = NEW if pk is None else str(pk)
        _keep(account.id, entity, key, request.form.get("version", ""), request.form.items())
        db.session.commit()
        return _address(entity, key, kept=1)

    return keep


class RecordTypingView(PageView):
    """What a page hands over that its browser had kept."""

    route_base = "/records"
    default_view = "keep"

    @expose("/<name>/typing", methods=["POST"])
    @opens_named
    def keep(self, name: str) -> ResponseReturnValue:
        """Keep typing of one's own: JSON {user, record, version, fields: [[name, text]]}; nothing of it is saved."""
        entity = entity_or_404(name)
        sent = sent_typing(MOST_FIELDS, MOST_BYTES)
        if sent.refusal is not None:
            return sent.refusal
        key = str(sent.base.get("record"))
        if key != NEW and read_key(entity, key) is None:
            raise NotFound
        _keep(g.user.id, entity, key, str(sent.base.get("version") or ""), sent.fields)
        db.session.commit()
        return jsonify(ok=True)
