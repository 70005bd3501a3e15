"""What the document says of answers that every kind of record shares: problems, history, pages of a list."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from views.core.api import asked
from views.core.problem import MEDIA_TYPE, words

Json = dict[str, Any]


def problem_schema() -> Json:
    """What went wrong, for programs and people."""
    wrong = {
        "type": "object",
        "required": ["code", "message"],
        "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "required": ["type", "title", "status", "code", "detail", "request"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "code": {"type": "string", "description": _("For programs: stays the same in every language")},
            "detail": {"type": "string", "description": _("For people: what happened and what to do")},
            "request": {"type": "string", "description": _("The number of the request, for asking the staff")},
            "errors": {"type": "object", "additionalProperties": wrong},
        },
        "additionalProperties": False,
    }


def problem_response(status: int) -> Json:
    """The answer of one status, with an example."""
    code, title, detail = words(status)
    sample: Json = {
        "type": f"urn:sala:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "request": "7c2f0e5d9a8b4c1e",
    }
    if status == 422:
        sample["errors"] = {"name": {"code": "needed", "message": _("Fill this in.")}}
    found: Json = {
        "description": f"{title}. {detail}",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": sample}},
    }
    if status == 429:
        wait = {"description": _("Seconds to wait"), "required": True, "schema": {"type": "integer", "minimum": 1}}
        found["headers"] = {"Retry-After": wait}
    if status == 401:
        found["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    return found


def happened_schema() -> Json:
    """One entry of a record's history."""
    return {
        "type": "object",
        "required": ["at", "action", "by", "by_name", "api_key", "fields"],
        "properties": {
            "at": {"type": "string", "format": "date-time"},
            "action": {"type": "string"},
            "by": {"type": "integer", "nullable": True, "description": _("The account that did it")},
            "by_name": {"type": "string", "nullable": True},
            "api_key": {"type": "integer", "nullable": True, "description": _("The key by which it was done")},
            "fields": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "required": ["from", "to"],
                    "properties": {"from": {"nullable": True}, "to": {"nullable": True}},
                    "additionalProperties": False,
                },
            },
        },
        "additionalProperties": False,
    }


def list_schema(of: Json) -> Json:
    """One page of a list."""
    return {
        "type": "object",
        "required": ["items", "next"],
        "properties": {
            "items": {"type": "array", "items": of, "maxItems": asked.MOST},
            "next": {
                "type": "string",
                "nullable": True,
                "description": _("Send it as “after” for the next page; null at the end"),
            },
        },
        "additionalProperties": False,
    }
