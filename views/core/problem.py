"""What went wrong, as programs read it: application/problem+json (RFC 9457), a code and a sentence, never a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, g, request
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

START = "/api/"
MEDIA_TYPE = "application/problem+json"


class Trouble(Exception):
    """A refusal of the API: its status, its code, the sentence, and what is wrong field by field."""

    def __init__(
        self, status: int, code: str = "", detail: str = "", errors: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        super().__init__(code or str(status))
        self.status, self.code, self.detail, self.errors = status, code, detail, errors


def is_api() -> bool:
    """Whether this request came to the API, so that no page may be its answer."""
    return request.path.startswith(START)


def words(status: int) -> tuple[str, str, str]:
    """Code, title and sentence of a status that says enough by itself."""
    texts = {
        400: (
            "bad_request",
            _("The request cannot be understood"),
            _("Check the address, its parameters and the body."),
        ),
        401: (
            "no_key",
            _("A key is needed"),
            _("Send a key that is in force: Authorization: Bearer sala_… A super user gives keys."),
        ),
        403: (
            "not_allowed",
            _("The key does not reach this"),
            _("The key’s scopes, or the rights of its account, do not include this."),
        ),
        404: (
            "not_found",
            _("Not found"),
            _("There is no such record, or it is not one that this key’s account sees."),
        ),
        405: ("not_done_here", _("This method is not possible here"), _("See the document for what is possible.")),
        409: ("refused", _("This cannot be done now"), _("The record is not in a state for this.")),
        412: (
            "stale",
            _("Somebody saved this record first"),
            _("Read the record again and send your change with its new ETag."),
        ),
        413: ("too_large", _("The body is too large"), _("Send less at once.")),
        415: ("not_json", _("JSON is wanted"), _("Send the body as application/json.")),
        422: ("wrong_values", _("Some values do not fit"), _("See the sentence at each field. Nothing was saved.")),
        428: (
            "if_match_needed",
            _("If-Match is needed"),
            _("Send the ETag of the record that you read, so that nobody’s change is lost."),
        ),
        429: ("too_many", _("Too many requests"), _("Wait as long as Retry-After says, in seconds.")),
        500: (
            "failed",
            _("Something went wrong on our side"),
            _("Nothing was saved half. Tell the staff the request."),
        ),
        503: (
            "not_ready",
            _("The system is not ready for the moment"),
            _("What was saved is safe. Try again in a minute."),
        ),
    }
    return texts.get(status, texts[400 if status < 500 else 500])


def problem(
    status: int,
    code: str = "",
    detail: str = "",
    *,
    errors: Mapping[str, Mapping[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer to a request that failed, in the reader's language."""
    own_code, title, own_detail = words(status)
    code = code or own_code
    body: dict[str, Any] = {
        "type": f"urn:sala:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail or own_detail,
        "request": g.get("request_id", ""),
    }
    if errors is not None:
        body["errors"] = errors
    response = Response(json.dumps(body, ensure_ascii=False), status, mimetype=MEDIA_TYPE)
    response.headers.update(headers or {})
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Sala"'
    response.headers["Content-Language"] = str(get_locale())
    return response


def problem_of(error: HTTPException) -> Response:
    """The answer to what the server or a route refused by itself."""
    status = error.code or 500
    if status < 400:  # A path without its last stroke.
        location = error.get_response().headers.get("Location", "")
        return Response(status=status, headers={"Location": location})
    wait = getattr(error, "retry_after", None)
    kept = {name: value for name, value in error.get_headers() if name in ("Allow", "WWW-Authenticate")}
    return problem(status, headers={**kept, **({"Retry-After": str(wait)} if wait else {})})
