"""หน้าอธิบาย API: the document as a page in Sala's look, drawn by ourselves; no script of others is fetched for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, g
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from models.core.matrix import allows
from views.core.access import signed_in
from views.core.api import asked
from views.core.api.document import BASE, document
from views.core.base import PageView
from views.core.look import lang

_METHODS = ("get", "post", "patch", "delete")


@dataclass(frozen=True)
class Line:
    """A parameter or a field: its name, what it is called, what may stand in it, an example."""

    name: str
    label: str
    kind: str
    note: str
    example: str
    needed: bool = False


@dataclass(frozen=True)
class Operation:
    """One thing that can be done, with a call that shows it."""

    method: str
    path: str
    summary: str
    parameters: list[Line]
    statuses: list[tuple[str, str]]
    call: str


@dataclass
class Chapter:
    """What can be done with one kind of record."""

    title: str
    note: str
    anchor: str
    fields: list[Line] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)


class ApiDocsView(PageView):
    """API สำหรับโปรแกรม."""

    route_base = "/api-docs"
    default_view = "index"

    @expose("/")
    @signed_in
    def index(self) -> ResponseReturnValue:
        """What the API can do with the records that the reader sees, with calls to copy."""
        whole = document()
        return self.page(
            "core/api_docs.html",
            about=whole["info"],
            chapters=list(_chapters(whole)),
            base=current_app.config["SALA"].base_url + BASE,
            may_give=allows(g.user, "api_key.manage"),
            most=asked.MOST,
            lang_code=lang(),
        )


def _chapters(whole: dict[str, Any]) -> Iterator[Chapter]:
    by_tag = {tag["name"]: Chapter(tag["name"], tag.get("description", ""), "") for tag in whole.get("tags", ())}
    for path, said in whole["paths"].items():
        for method in _METHODS:
            if method not in said:
                continue
            chapter = by_tag[said[method]["tags"][0]]
            chapter.anchor = chapter.anchor or f"record-{path.removeprefix(BASE).strip('/')}"
            if not chapter.fields:
                chapter.fields = _fields(whole, said[method])
            chapter.operations.append(_operation(whole, path, method, said))
    return (chapter for chapter in by_tag.values() if chapter.operations)


def _fields(whole: dict[str, Any], operation: dict[str, Any]) -> list[Line]:
    schema = _resolved(whole, operation["responses"]["200"]["content"]["application/json"]["schema"])
    record = _resolved(whole, schema["properties"]["items"]["items"])
    return [_line(name, said, name in ("id", "etag")) for name, said in record["properties"].items()]


def _resolved(whole: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in said:
        found: Any = whole
        for part in said["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        said = found
    return said


def _line(name: str, said: dict[str, Any], needed: bool) -> Line:
    example = said.get("example", said.get("default", ""))
    return Line(
        name, said.get("title", ""), _kind(said), said.get("description", ""), _text(example) if example != "" else "",
        needed,
    )  # fmt: skip


def _text(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _kind(said: dict[str, Any]) -> str:
    """What may stand in a field, shortly: integer 2300–2800, string (date), codes."""
    kind = said.get("type", "any")
    if "enum" in said:
        codes = [str(code) for code in said["enum"] if code not in (None, "")]
        shown = " | ".join(codes[:6]) + (" | …" if len(codes) > 6 else "")
        return shown or kind
    if "format" in said:
        kind = f"{kind} ({said['format']})"
    if "maxLength" in said:
        kind = f"{kind} ≤ {said['maxLength']:,}"
    if "minimum" in said and "maximum" in said and said["maximum"] < 1_000_000:
        kind = f"{kind} {said['minimum']}–{said['maximum']}"
    return f"{kind} | null" if said.get("nullable") else kind


def _operation(whole: dict[str, Any], path: str, method: str, said: dict[str, Any]) -> Operation:
    operation = said[method]
    parameters = [_resolved(whole, one) for one in (*said.get("parameters", ()), *operation.get("parameters", ()))]
    lines = [
        _line(one["name"], {**one["schema"], "description": one.get("description", "")}, one.get("required", False))
        for one in parameters
        if one["in"] != "path"
    ]
    statuses = [(code, _resolved(whole, one)["description"]) for code, one in operation["responses"].items()]
    return Operation(method.upper(), path, operation["summary"], lines, statuses, _call(whole, path, method, operation))


def _call(whole: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> str:
    """The call as one types it: curl with the key in a variable."""
    address = whole["servers"][0]["url"] + path.replace("{id}", "12")
    parts = ["curl -sS", '-H "Authorization: Bearer $SALA_KEY"']
    if method != "get":
        parts.insert(1, f"-X {method.upper()}")
    if any(one.get("name") == "If-Match" for one in operation.get("parameters", ())):
        parts.append("-H 'If-Match: \"3\"'")
    if "requestBody" in operation:
        schema = _resolved(whole, operation["requestBody"]["content"]["application/json"]["schema"])
        names = schema.get("required") or list(schema["properties"])[:1]
        body = {name: schema["properties"][name].get("example", "") for name in names}
        parts += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(body, ensure_ascii=False)}'"]
    if method == "get" and path.endswith("/"):
        address += "?limit=50"
    parts.append(f"'{address}'" if "?" in address else address)
    return " \\\n  ".join(parts)
