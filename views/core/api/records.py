"""The API of one entity, made from its declaration: list, one, history, add, change, delete, restore, moves.

Rows, values and deeds are those of `models.core.entity`: the API only says how they are written in JSON and HTTP.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from flask import Response, g, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadRequest

from models.core import audit
from models.core.api_key import READ, WRITE, scope
from models.core.audit import AuditEntry
from models.core.db import StaleVersion, db
from models.core.entity import Entity, deeds
from models.core.entity.deeds import stamp_of
from models.core.entity.rows import (
    WrongFilter,
    as_user_of,
    deleted_for,
    find,
    narrowed,
    opened,
    opens,
    read_key,
    seen_by,
)
from models.core.entity.values import WrongValue, WrongValues
from models.core.identity import names_of
from models.core.listing import BadPosition, Order, walk
from models.core.matrix import allows
from models.core.thai.errors import BadValue
from models.core.workflow import Refused
from views.core.access import with_key
from views.core.api import asked, shapes
from views.core.problem import Trouble
from views.core.sentences import sentence

LARGEST_BODY = 1024 * 1024
LONGEST_REASON = 500  # characters
NEWEST = Order("newest", (), AuditEntry.seq, descending=True)


def etag_of(entity: Entity, record: Any) -> str:
    """The record's state as an ETag: what If-Match wants before anything is changed."""
    return f'"{stamp_of(entity, record)}"'


def told(entity: Entity, record: Any) -> dict[str, Any]:
    """A record in JSON: its key, every field that is told, and its ETag."""
    fields = {name: shapes.told(one, getattr(record, name)) for name, one in entity.fields.items()}
    return {"id": entity.key_of(record), **fields, "etag": etag_of(entity, record)}


def answer(body: Any, status: int = 200, **headers: str) -> Response:
    """JSON with the language of its sentences."""
    response = Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")
    response.headers["Content-Language"] = str(get_locale())
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


class RecordApi(BaseApi):  # type: ignore[misc]
    """What every entity's API does; `api_of` makes one of it."""

    entity: Entity
    access: dict[str, Any] = {}

    def add_api_spec(self, api_spec: Any) -> None:
        """FAB would read the document out of docstrings; ours comes from the declaration (views.core.api.document)."""

    # --- reading -----------------------------------------------------------------------------------------------------

    @expose("/", methods=["GET"])
    def list(self) -> Response:
        """One page of the records that the key's account sees."""
        self._check_opens("view")
        wanted = asked.read(self.entity)
        if wanted.deleted:
            self._check_opens("restore")
        rows = deleted_for(self.entity, g.user) if wanted.deleted else seen_by(self.entity, g.user)
        try:
            rows = narrowed(self.entity, rows, wanted.wanted)
            page = walk(rows, self.entity.all_orders[wanted.order], wanted.limit, after=wanted.after)
        except WrongFilter as error:
            raise asked.wrong_filter(error) from error
        except BadPosition as error:
            raise _bad_position() from error
        body = {"items": [told(self.entity, one) for one in page.rows], "next": page.after}
        if self.entity.is_personal and page.rows:
            # A list tells as much of every person as the page of one: that it was taken is written down too.
            table = audit.entity_of(page.rows[0])
            audit.note(f"{table}.export", entity=table, ending="json", count=len(page.rows))
        return answer(body)

    @expose("/<key>", methods=["GET"])
    def show(self, key: str) -> Response:
        """One record; that somebody looked at a person's data is written down."""
        self._check_opens("view")
        asked.nothing_asked()
        return self._shown(self._found(opened(self.entity, g.user, key)))

    @expose("/<key>/history", methods=["GET"])
    def history(self, key: str) -> Response:
        """What happened to a record, the newest first; fields that are not told are not told here either."""
        self._check_opens("view")
        wanted = asked.read(self.entity, is_filtered=False)
        record = self._found(find(self.entity, g.user, key))
        rows = select(AuditEntry).where(
            AuditEntry.entity == audit.entity_of(record), AuditEntry.entity_id == str(self.entity.key_of(record))
        )
        try:
            page = walk(rows, NEWEST, wanted.limit, after=wanted.after)
        except BadPosition as error:
            raise _bad_position() from error
        names = names_of({entry.actor_id for entry in page.rows if entry.actor_id is not None})
        readable = audit.readable_details(g.user, page.rows)
        items = [self._happened(entry, names, entry.seq in readable) for entry in page.rows]
        return answer({"items": items, "next": page.after})

    def _happened(self, entry: AuditEntry, names: dict[int, str], is_readable: bool) -> dict[str, Any]:
        payload = entry.payload or {}
        fields: dict[str, Any] = {}
        for change in payload.get("changes", ()) if is_readable else ():
            if change.get("in") == entry.entity:
                for name, (before, after) in change.get("fields", {}).items():
                    if name in self.entity.fields:
                        fields[name] = {"from": before, "to": after}
        return {
            "at": shapes.moment(entry.at),
            "action": entry.action,
            "by": entry.actor_id,
            "by_name": names.get(entry.actor_id or 0),
            "api_key": payload.get("api_key"),
            "fields": fields,
        }

    # --- writing -----------------------------------------------------------------------------------------------------

    @expose("/", methods=["POST"])
    def add(self) -> Response:
        """A new record."""
        self._check_opens("add")
        asked.nothing_asked()
        given = self._given(tuple(self.entity.added), is_whole=True)
        record = _settled(lambda: deeds.add(self.entity, g.user, given))
        place = url_for(f"{self.endpoint}.show", key=self.entity.key_of(record))
        return self._shown(record, 201, Location=place)

    @expose("/<key>", methods=["PATCH"])
    def change(self, key: str) -> Response:
        """Some fields of a record."""
        self._check_opens("change")
        asked.nothing_asked()
        given = self._given(tuple(self.entity.changed))
        stamp = asked.stamp()
        record = self._found(find(self.entity, g.user, key))
        _settled(lambda: deeds.change(self.entity, g.user, record, given, stamp))
        return self._shown(record)

    @expose("/<key>", methods=["DELETE"])
    def delete(self, key: str) -> Response:
        """Delete a record; of one that is only marked the ETag is told, to restore it."""
        self._check_opens("delete")
        asked.nothing_asked()
        stamp = asked.stamp()
        record = self._found(find(self.entity, g.user, key))
        _settled(lambda: deeds.delete(self.entity, g.user, record, stamp))
        response = Response(status=204)
        if self.entity.is_soft_deleted:
            response.headers["ETag"] = etag_of(self.entity, record)
        return response

    @expose("/<key>/restore", methods=["POST"])
    def restore(self, key: str) -> Response:
        """Take a deleted record back."""
        self._check_opens("restore")
        asked.nothing_asked()
        stamp = asked.stamp()
        wanted = read_key(self.entity, key)
        rows = deleted_for(self.entity, g.user).where(self.entity.pk == wanted)
        record = self._found(db.session.scalar(rows) if wanted is not None else None)
        _settled(lambda: deeds.restore(self.entity, g.user, record, stamp))
        return self._shown(record)

    @expose("/<key>/moves/<action>", methods=["POST"])
    def move(self, key: str, action: str) -> Response:
        """Take a move of the record's workflow, as the screen does: what the table does not have is refused."""
        self._check_opens("view")
        asked.nothing_asked()
        wanted = self.entity.moves.get(action)
        if wanted is None:
            raise Trouble(404, "no_such_move")
        given = _texts(_body(), wanted)
        stamp = asked.stamp()
        record = self._found(find(self.entity, g.user, key))
        if not allows(as_user_of(self.entity, g.user), record.moves[action].permission):
            raise Trouble(403, "not_permitted")
        _settled(lambda: record.perform(action, g.user, stamp, **given))
        return self._shown(record)

    # --- parts -------------------------------------------------------------------------------------------------------

    def _check_opens(self, deed: str) -> None:
        """The matrix is asked before the records: whoever may nothing here learns nothing of them."""
        if not opens(self.entity, g.user, deed):
            raise Trouble(403, "not_permitted")

    @staticmethod
    def _found(record: Any) -> Any:
        if record is None:
            raise Trouble(404)
        return record

    def _shown(self, record: Any, status: int = 200, **headers: str) -> Response:
        return answer(told(self.entity, record), status, ETag=etag_of(self.entity, record), **headers)

    def _given(self, names: tuple[str, ...], *, is_whole: bool = False) -> dict[str, Any]:
        """The fields of the body, each read as its kind is written. Raises WrongValues as Trouble (422)."""
        body = _body()
        errors: dict[str, BadValue] = {}
        values: dict[str, Any] = {}
        for name, raw in body.items():
            if name not in names:
                errors[name] = WrongValue("not_a_field")
                continue
            try:
                values[name] = shapes.read(self.entity.fields[name], raw)
            except BadValue as wrong:
                errors[name] = wrong
        if is_whole:
            missing = [name for name in names if self.entity.fields[name].is_required and name not in body]
            errors |= {name: WrongValue("needed") for name in missing}
        if errors:
            raise wrong_values(errors)
        return values


def wrong_values(errors: dict[str, BadValue]) -> Trouble:
    """The refusal of a body, with a code and a sentence for each field."""
    said = {name[:100]: {"code": wrong.code, "message": shapes.sentence_of(wrong)} for name, wrong in errors.items()}
    return Trouble(422, errors=said)


def _bad_position() -> Trouble:
    return asked.wrong("after", _("Send what “next” of the page before said, as it stood there."), "bad_position")


def _body() -> dict[str, Any]:
    """The JSON object of the body. Raises Trouble: 415 for another kind, 400 for no JSON, 422 for no object."""
    request.max_content_length = LARGEST_BODY
    if request.mimetype != "application/json":
        raise Trouble(415)
    try:
        body = request.get_json()
    except BadRequest as error:
        raise Trouble(400, "not_json", _("The body is no JSON.")) from error
    if not isinstance(body, dict):
        raise Trouble(422, "not_an_object", _("The body must be a JSON object."), errors={})
    return body


def _texts(body: dict[str, Any], wanted: tuple[str, ...]) -> dict[str, str]:
    """The texts that a move wants, a reason, each needed. Raises Trouble (422)."""
    errors: dict[str, BadValue] = {name: WrongValue("not_a_field") for name in body if name not in wanted}
    for name in wanted:
        text = body.get(name)
        if text is not None and not isinstance(text, str):
            errors[name] = WrongValue("not_text")
        elif text is None or not re.search(shapes.VISIBLE, text):
            errors[name] = WrongValue("needed")
        elif len(text) > LONGEST_REASON:
            errors[name] = WrongValue("too_long", limit=LONGEST_REASON, length=len(text))
    if errors:
        raise wrong_values(errors)
    return {name: body[name] for name in wanted}


def _settled(deed: Callable[[], Any]) -> Any:
    """Do it and commit, or say why not; nothing is saved half."""
    try:
        found = deed()
        db.session.commit()
    except Refused as refused:
        code = refused.refusal.code
        raise Trouble(403 if code == "not_permitted" else 409, code, sentence(refused)) from refused
    except (StaleVersion, StaleDataError) as stale:
        raise Trouble(412) from stale
    except WrongValues as wrong:
        raise wrong_values(wrong.errors) from wrong
    except IntegrityError as error:
        # Two at once gave the same key, or what the record names was deleted meanwhile.
        raise Trouble(409, "clash", _("Another record stands against this; read again and try anew.")) from error
    return found


def routes_of(entity: Entity) -> dict[str, str]:
    """The routes that the entity has, each with the way of the scope that it asks for."""
    found = {"list": READ, "show": READ, "history": READ}
    if entity.gates.add is not None:
        found["add"] = WRITE
    if entity.gates.change is not None and entity.changed:
        found["change"] = WRITE
    if entity.gates.delete is not None:
        found["delete"] = WRITE
    if entity.gates.restore is not None and entity.is_soft_deleted:
        found["restore"] = WRITE
    if entity.moves:
        found["move"] = WRITE
    return found


def class_name(entity: Entity) -> str:
    """The name of the entity's view, and so of its endpoints: OrganizationApi."""
    return "".join(part.capitalize() for part in entity.name.split("_")) + "Api"


def api_of(entity: Entity) -> type[RecordApi]:
    """FAB's API view of an entity: the routes that its gates open, each behind its scope."""
    routes = routes_of(entity)
    return type(
        class_name(entity),
        (RecordApi,),
        {
            "entity": entity,
            "resource_name": entity.name,
            "include_route_methods": set(routes),
            "access": {name: with_key(scope(entity.name, way)) for name, way in routes.items()},
        },
    )
