"""One JSON line per event on stdout: request id, user id, endpoint, duration, query count; never personal data.

A line names the endpoint and not the path, for paths carry tokens; query strings and bodies are never written.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid
from typing import Any

import structlog
from flask import Flask, Response, g, has_app_context, has_request_context, request
from sqlalchemy import Engine, event

from views.core import metrics

log = structlog.get_logger("sala.request")

_REQUEST_ID = re.compile(r"[A-Za-z0-9_\-]{8,36}")
# What a message or traceback could carry by accident: citizen IDs, long tokens, mail addresses.
_CITIZEN_ID = re.compile(r"(?<!\d)\d(?:[- ]?\d){12}(?!\d)")
_TOKEN = re.compile(r"(?<![\w/.])[A-Za-z0-9_\-]{40,}(?![\w/.])")
_MAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_SECRET_WORDS = ("password", "token", "otp", "secret", "citizen", "cookie", "authorization")
_NO_QUERY = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")
_QUIET = {"health.healthz", "health.readyz", "health.metrics"}


def query_count() -> int:
    """How many SQL statements this request (or application context) has run so far."""
    return int(g.get("query_count", 0)) if has_app_context() else 0


@event.listens_for(Engine, "before_cursor_execute")
def _count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if has_app_context() and not statement.startswith(_NO_QUERY):
        g.query_count = g.get("query_count", 0) + 1


def clean(text: str) -> str:
    """The text without what looks like a citizen ID, a token or a mail address."""
    return _MAIL.sub("[mail]", _TOKEN.sub("[token]", _CITIZEN_ID.sub("[citizen id]", text)))


def _scrub(_logger: Any, _name: str, line: dict[str, Any]) -> dict[str, Any]:
    for key, value in line.items():
        if any(word in key.casefold() for word in _SECRET_WORDS):
            line[key] = "[left out]"
        elif isinstance(value, str) and key not in ("request_id", "timestamp", "endpoint"):
            line[key] = clean(value)
    return line


def _who(_logger: Any, _name: str, line: dict[str, Any]) -> dict[str, Any]:
    if has_request_context():
        line.setdefault("request_id", g.get("request_id", ""))
    return line


def _extra(_logger: Any, _name: str, line: dict[str, Any]) -> dict[str, Any]:
    """`why`, a few words about a failure, from a stdlib record's `extra`."""
    record = line.get("_record")
    if record is not None and hasattr(record, "why"):
        line["why"] = str(record.why)
    return line


def configure(stream: Any = None) -> None:
    """Let every logger of this process, ours and the libraries', write its lines as JSON."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        _who,
        _extra,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.set_name("sala")
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _scrub,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if one.get_name() != "sala"] + [handler]
    root.setLevel(logging.INFO)
    for name, level in (("werkzeug", "WARNING"), ("huey", "WARNING"), ("httpx", "WARNING"), ("alembic", "WARNING")):
        logging.getLogger(name).setLevel(level)
    for name in ("botocore", "aiobotocore", "s3fs", "fontTools", "PIL", "flask_appbuilder"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Its warnings quote what people typed; what matters of them is raised as PdfFailed.
    logging.getLogger("xhtml2pdf").propagate = False


def init_logging(app: Flask) -> None:
    """Give each request its id, and write its line when it is over."""
    configure()

    @app.before_request
    def _begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        g.began = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        endpoint = request.endpoint or "-"
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if endpoint == "static" or endpoint.endswith(".static") or endpoint in _QUIET:
            return response
        metrics.note_request(request.method, endpoint, response.status_code, seconds)
        log.info(
            "request",
            user_id=getattr(g.get("user"), "id", None),
            method=request.method,
            endpoint=endpoint,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            queries=query_count(),
            **({"api_key_id": g.api_key_id} if "api_key_id" in g else {}),
        )
        return response
