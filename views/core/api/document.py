"""The API's own description, OpenAPI 3.0.3 at /api/v1/_openapi, made from the same declarations as the API."""

from __future__ import annotations

import json
from typing import Any

from apispec import APISpec
from flask import Response, current_app, g
from flask_appbuilder import expose
from flask_appbuilder.api import BaseApi
from flask_babel import get_locale
from flask_babel import gettext as _

from models.core.api_key import READ, scope
from models.core.entity import Entity, Field, Kind, entities
from models.core.entity.rows import opens
from views.core.access import with_key
from views.core.api import asked, shapes
from views.core.api.answers import happened_schema, list_schema, problem_response, problem_schema
from views.core.api.examples import example
from views.core.api.records import LONGEST_REASON, class_name, routes_of
from views.core.records.words import code_label, entity_one, entity_purpose, entity_title, field_help, field_label

BASE = "/api/v1"
LABELLED_CODES = 12  # codes that are said in words beside the field; longer lists are read in the enum
ETAG_HEADER = {"description": "ETag", "schema": {"type": "string", "pattern": asked.ETAG}, "required": True}
Json = dict[str, Any]


class ApiDocument(BaseApi):  # type: ignore[misc]
    """What the API can do for whoever asks."""

    route_base = BASE
    access = {"document": with_key(or_signed_in=True)}

    def add_api_spec(self, api_spec: Any) -> None:
        """The document does not describe itself."""

    @expose("/_openapi", methods=["GET"])
    def document(self) -> Response:
        """The document, of those records that the account, and the key, may read."""
        asked.nothing_asked()
        response = Response(json.dumps(document(), ensure_ascii=False), mimetype="application/json")
        response.headers["Content-Language"] = str(get_locale())
        return response


def readable() -> list[Entity]:
    """The entities that whoever asks may read by the API."""
    key = g.get("api_key")
    found = [entity for entity in entities() if opens(entity, g.user)]
    return [entity for entity in found if key is None or key.holds(scope(entity.name, READ))]


def document() -> Json:
    """The OpenAPI document as plain values, in the reader's language."""
    settings = current_app.config["SALA"]
    spec = APISpec(
        title=_("Sala: the API for programs"),
        version="1",
        openapi_version="3.0.3",
        info={"description": _introduction(), "contact": {"name": settings.agency_name, "url": settings.base_url}},
        servers=[{"url": settings.base_url}],
        security=[{"key": []}],
    )
    spec.components.security_scheme(
        "key", {"type": "http", "scheme": "bearer", "description": _("A key that a super user gave: sala_…")}
    )
    spec.components.schema("Problem", problem_schema())
    spec.components.schema("Happened", happened_schema())
    for status in (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429):
        spec.components.response(f"Problem{status}", problem_response(status))
    for entity in readable():
        _add_entity(spec, entity)
    whole: Json = spec.to_dict()
    return whole


def _introduction() -> str:
    return " ".join(
        (
            _("Every record that an account sees on the pages, by the same rights."),
            _("Days are ISO 8601 (CE), moments RFC 3339 in UTC, amounts text with two decimals, citizen IDs masked."),
            _("A list goes on behind “next”; a change carries the ETag of what was read in If-Match."),
            _("Errors are application/problem+json with a code, and a sentence in the language of Accept-Language."),
        )
    )


# --- one entity ------------------------------------------------------------------------------------------------------


def schema_name(entity: Entity) -> str:
    """What the entity's schema is called: Organization."""
    return class_name(entity).removesuffix("Api")


def _key_schema(entity: Entity) -> Json:
    if entity.pk.type.python_type is int:
        return {"type": "integer", "minimum": 1, "maximum": shapes.LARGEST}
    return {"type": "string", "minLength": 1, "maxLength": entity.pk.type.length or 100}


def _described(entity: Entity, one: Field, said: Json, *, is_told: bool) -> Json:
    said["title"] = field_label(entity, one.name)
    notes = [said.pop("description", ""), field_help(entity, one.name)]
    if one.kind is Kind.CITIZEN_ID and is_told:
        notes[0] = _("Masked: the whole number is not told by the API.")
    if one.kind is Kind.CHOICE and 0 < len(one.codes) <= LABELLED_CODES:
        notes.append(", ".join(f"{code} = {code_label(entity, one.name, code)}" for code in one.codes))
    if one.kind is Kind.LINK and one.to:
        notes.append(_("The id of a record of %(table)s", table=one.to))
    if description := " ".join(str(note) for note in notes if note):
        said["description"] = description
    if one.kind is not Kind.DATA:
        said["example"] = example(entity, one, is_told=is_told)
    return said


def _record_schema(entity: Entity) -> Json:
    """A record as it is told."""
    key = {**_key_schema(entity), "readOnly": True, "example": 12}
    if key["type"] == "string":
        key["example"] = "proposal.view"[: entity.pk.type.length or 13]
    properties: Json = {"id": key}
    for name, one in entity.fields.items():
        properties[name] = _described(entity, one, shapes.schema_out(one), is_told=True)
        if name not in entity.added and name not in entity.changed:
            properties[name]["readOnly"] = True
    properties["etag"] = {"type": "string", "pattern": asked.ETAG, "readOnly": True, "example": '"3"'}
    return {
        "type": "object",
        "title": entity_one(entity),
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def _body_schema(entity: Entity, names: Any, *, is_whole: bool) -> Json:
    """What may be given of a record: all that is needed for a new one, anything for a change."""
    fields = [entity.fields[name] for name in names]
    found: Json = {
        "type": "object",
        "title": entity_one(entity),
        "properties": {one.name: _described(entity, one, shapes.schema_in(one), is_told=False) for one in fields},
        "additionalProperties": False,
    }
    needed = [one.name for one in fields if one.is_required]
    if is_whole and needed:
        found["required"] = needed
    return found


def _add_entity(spec: APISpec, entity: Entity) -> None:
    name, routes = schema_name(entity), set(routes_of(entity))
    spec.tag({"name": entity_title(entity), "description": entity_purpose(entity) or entity_title(entity)})
    spec.components.schema(name, _record_schema(entity))
    spec.components.schema(f"{name}List", list_schema({"$ref": f"#/components/schemas/{name}"}))
    spec.components.schema(f"{name}History", list_schema({"$ref": "#/components/schemas/Happened"}))
    if "add" in routes:
        spec.components.schema(f"{name}New", _body_schema(entity, entity.added, is_whole=True))
    if "change" in routes:
        spec.components.schema(f"{name}Change", _body_schema(entity, entity.changed, is_whole=False))
    base = f"{BASE}/{entity.name}"
    spec.path(f"{base}/", operations=_all_operations(entity, name, routes))
    spec.path(f"{base}/{{id}}", operations=_one_operations(entity, name, routes), parameters=[_id_parameter(entity)])
    spec.path(
        f"{base}/{{id}}/history",
        operations={
            "get": _operation(
                entity,
                "history",
                _("What happened to the record, the newest first"),
                {200: _content(f"{name}History", _("One page"))},
                (400, 404),
                parameters=[_parameter(entity, one) for one in asked.parameters(entity, is_filtered=False)],
            )
        },
        parameters=[_id_parameter(entity)],
    )
    if "restore" in routes:
        said = {200: _content(name, _("The record as it is again"), etag=True)}
        restore = _operation(
            entity,
            "restore",
            _("Take a deleted record back"),
            said,
            (400, 404, 409, 412, 428),
            parameters=[_if_match()],
        )
        spec.path(f"{base}/{{id}}/restore", operations={"post": restore}, parameters=[_id_parameter(entity)])
    for action, texts in entity.moves.items() if "move" in routes else ():
        spec.path(
            f"{base}/{{id}}/moves/{action}",
            operations={"post": _move_operation(entity, name, action, texts)},
            parameters=[_id_parameter(entity)],
        )


def _all_operations(entity: Entity, name: str, routes: set[str]) -> Json:
    found = {
        "get": _operation(
            entity,
            "list",
            _("The records that the key’s account sees, page by page"),
            {200: _content(f"{name}List", _("One page"))},
            (400,),
            parameters=[_parameter(entity, one) for one in asked.parameters(entity)],
        )
    }
    if "add" in routes:
        found["post"] = _operation(
            entity,
            "add",
            _("A new record"),
            {201: _content(name, _("The new record"), etag=True, links=_links(entity))},
            (400, 409, 413, 415, 422),
            body=f"{name}New",
        )
        place = {"description": _("Where it stands"), "schema": {"type": "string", "format": "uri-reference"}}
        found["post"]["responses"]["201"]["headers"]["Location"] = {**place, "required": True}
    return found


def _one_operations(entity: Entity, name: str, routes: set[str]) -> Json:
    found = {
        "get": _operation(
            entity,
            "show",
            _("One record"),
            {200: _content(name, _("The record"), etag=True)},
            (400, 404),
        )
    }
    if "change" in routes:
        found["patch"] = _operation(
            entity,
            "change",
            _("Change some fields; those that are not named stay"),
            {200: _content(name, _("The record as it is now"), etag=True)},
            (400, 404, 409, 412, 413, 415, 422, 428),
            body=f"{name}Change",
            parameters=[_if_match()],
        )
    if "delete" in routes:
        done: Json = {"description": _("Deleted")}
        if entity.is_soft_deleted:
            done["headers"] = {"ETag": ETAG_HEADER}
        found["delete"] = _operation(
            entity,
            "delete",
            _("Delete the record"),
            {204: done},
            (400, 404, 409, 412, 428),
            parameters=[_if_match()],
        )
    return found


def _move_operation(entity: Entity, name: str, action: str, texts: tuple[str, ...]) -> Json:
    from views.core.log_words import action_label

    schema = {
        "type": "object",
        "properties": {
            text: {
                "type": "string",
                "minLength": 1,
                "maxLength": LONGEST_REASON,
                "pattern": shapes.VISIBLE,
                "example": "เอกสารไม่ครบถ้วนตามหนังสือที่ ศธ 0206/1234",
            }
            for text in texts
        },
        "additionalProperties": False,
    }
    if texts:
        schema["required"] = list(texts)
    operation = _operation(
        entity,
        f"move_{action}",
        action_label(f"{entity.model.__tablename__}.{action}"),
        {200: _content(name, _("The record after the move"), etag=True)},
        (400, 404, 409, 412, 413, 415, 422, 428),
        parameters=[_if_match()],
    )
    operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _operation(
    entity: Entity,
    deed: str,
    summary: str,
    done: dict[int, Json],
    problems: tuple[int, ...],
    *,
    body: str = "",
    parameters: list[Json] | None = None,
) -> Json:
    responses: Json = {str(status): said for status, said in done.items()}
    for status in sorted({401, 403, 429, *problems}):
        responses[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    found: Json = {
        "operationId": f"{entity.name}_{deed}",
        "tags": [entity_title(entity)],
        "summary": summary,
        "responses": responses,
    }
    if parameters:
        found["parameters"] = parameters
    if body:
        schema = {"$ref": f"#/components/schemas/{body}"}
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return found


def _content(schema: str, said: str, *, etag: bool = False, links: Json | None = None) -> Json:
    found: Json = {
        "description": said,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }
    if etag:
        found["headers"] = {"ETag": dict(ETAG_HEADER)}
    if links:
        found["links"] = links
    return found


def _links(entity: Entity) -> Json:
    """From a new record to what can be done with it."""
    routes = routes_of(entity)
    found: Json = {}
    for deed in ("show", "history", "change", "delete"):
        if deed in routes:
            parameters = {"path.id": "$response.body#/id"}
            if deed in ("change", "delete"):
                parameters["header.If-Match"] = "$response.header.ETag"
            found[deed] = {"operationId": f"{entity.name}_{deed}", "parameters": parameters}
    return found


def _id_parameter(entity: Entity) -> Json:
    return {"name": "id", "in": "path", "required": True, "schema": _key_schema(entity)}


def _if_match() -> Json:
    return {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "schema": {"type": "string", "pattern": asked.IF_MATCH},
        "description": _("The ETag of the record as it was read"),
        "example": '"3"',
    }


def _parameter(entity: Entity, one: asked.Parameter) -> Json:
    said = {
        "limit": _("Records on a page"),
        "after": _("“next” of the page before"),
        "order": _("In which order; with a minus the other way round"),
        "q": _("Words to look for"),
        "deleted": _("Those that were deleted and may be restored, instead of those that are there"),
    }
    if one.field:
        label = field_label(entity, one.field)
        said[one.name] = {
            "equal": label,
            "least": _("%(field)s: from, inclusive", field=label),
            "most": _("%(field)s: to, inclusive", field=label),
        }[one.bound]
    found: Json = {"name": one.name, "in": "query", "schema": dict(one.schema), "description": said[one.name]}
    return found
