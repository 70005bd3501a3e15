"""Errors as clear pages (or JSON for scripts): what happened, and the nearest way out."""

from __future__ import annotations

import logging

from flask import Flask, current_app, g, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from models.core.db import StaleVersion, db
from models.core.identity import Visitor
from models.core.listing import BadPosition
from models.core.workflow import Refused
from views.core.access import wants_json
from views.core.problem import is_api, problem, problem_of
from views.core.sentences import sentence

log = logging.getLogger("sala.errors")


def _words(code: int) -> tuple[str, str]:
    texts = {
        400: (
            _("This request cannot be understood"),
            _("Go back and try again. What you typed is still on that page."),
        ),
        403: (
            _("You may not open this page"),
            _("Your account does not have the right to it. Ask a system administrator if you need it."),
        ),
        404: (_("Page not found"), _("It may have been moved or deleted, or it belongs to somebody else.")),
        405: (_("This page cannot be used in this way"), _("Open it from the menu instead.")),
        409: (
            _("This cannot be done now"),
            _("Somebody saved this record after you opened the page. Go back, open it anew and do it again."),
        ),
        413: (
            _("The file is too large"),
            _(
                "A file may be up to %(size)s MB. Choose a smaller one; the rest of the form is as you typed it.",
                size=current_app.config["SALA"].max_upload_mb,
            ),
        ),
        414: (
            _("What you search for is too long"),
            _("The address that was asked for is too long. Search for fewer words, or take filters out."),
        ),
        429: (_("Too many tries"), _("Wait a few minutes and try again.")),
        500: (
            _("Something went wrong on our side"),
            _("Nothing was saved half. Try again; if it happens again, tell the staff the number below."),
        ),
        503: (_("The system is not ready for the moment"), _("What was saved is safe. Try again in a minute.")),
    }
    return texts.get(code, texts[400 if code < 500 else 500])


def answer(code: int, title: str | None = None, text: str | None = None, name: str = "") -> ResponseReturnValue:
    """An error as a page or as JSON, in the reader's language."""
    if is_api():
        return problem(code, name, text or "")
    own_title, own_text = _words(code)
    title, text = title or own_title, text or own_text
    if wants_json():
        return jsonify(error=text, title=title, code=name or str(code), request=g.get("request_id", "")), code
    page = render_template("core/error.html", code=code, title=title, text=text, request_id=g.get("request_id", ""))
    return page, code


def _page_of(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    page = answer(error.code)
    wait = getattr(error, "retry_after", None)
    return (*page, {"Retry-After": str(wait)}) if wait and isinstance(page, tuple) and len(page) == 2 else page


def without_database(code: int) -> ResponseReturnValue:
    """An error page that asks the database nothing: not even the language of an account, which the undoing forgot."""
    g.no_database = True
    g.user = Visitor()
    g.pop("session_row", None)
    return answer(code)


def _undo() -> None:
    try:
        db.session.rollback()
    except Exception:  # noqa: BLE001 - the database may be gone; the page must still come
        log.warning("rollback failed")


def prepare(app: Flask) -> None:
    """Give every kind of error its page."""

    @app.errorhandler(CSRFError)
    def _csrf(error: CSRFError) -> ResponseReturnValue:  # noqa: ARG001
        _undo()
        return answer(
            400,
            _("This page was open for too long"),
            _("Go back, copy what you typed if need be, open the page anew and save again."),
            "csrf",
        )

    @app.errorhandler(SecurityError)
    def _other_host(error: SecurityError) -> ResponseReturnValue:  # noqa: ARG001
        # Asked for under a name that is not ours: no address can be made for it, so none of our pages either.
        _undo()
        return "", 400

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        _undo()
        return problem_of(error) if is_api() else _page_of(error)

    @app.errorhandler(BadPosition)
    def _position(error: BadPosition) -> ResponseReturnValue:  # noqa: ARG001
        # An address that no page of the list has given.
        _undo()
        return answer(400)

    @app.errorhandler(StaleVersion)
    def _stale(error: StaleVersion) -> ResponseReturnValue:  # noqa: ARG001
        # The forms show both versions themselves; this is for whatever was posted without one.
        _undo()
        return answer(409, name="stale")

    @app.errorhandler(Refused)
    def _refused(error: Refused) -> ResponseReturnValue:
        _undo()
        return answer(409, text=sentence(error), name=error.refusal.code)

    @app.errorhandler(OperationalError)
    @app.errorhandler(InterfaceError)
    @app.errorhandler(PoolTimeout)
    def _database(error: Exception) -> ResponseReturnValue:
        _undo()
        log.error("database not available: %s", type(error).__name__)
        return without_database(503)

    @app.errorhandler(Exception)
    def _anything(error: Exception) -> ResponseReturnValue:
        _undo()
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            return without_database(503)
        # The message may hold what a user typed; the log gets the kind and the place, not the words.
        log.error("unhandled %s", type(error).__name__, exc_info=(type(error), _Wordless(), error.__traceback__))
        if current_app.config.get("PROPAGATE_EXCEPTIONS_IN_TESTS"):
            raise error
        return without_database(500)


class _Wordless(Exception):
    """Stands in the log for an error whose words may hold personal data."""

    def __str__(self) -> str:
        return "(words left out)"
