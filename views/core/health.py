"""Is it up (/healthz), can it serve (/readyz), how is it doing (/metrics)."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from models.core.db import db
from services import storage, wake
from views.core import metrics as figures
from views.core.access import open_to_all

log = logging.getLogger("sala.health")
blueprint = Blueprint("health", __name__)


def _database() -> None:
    db.session.execute(text("SELECT 1 FROM core_matrix_version"))


PARTS: dict[str, Callable[[], None]] = {"database": _database, "storage": storage.check, "queue": wake.check}


@blueprint.get("/healthz")
@open_to_all
def healthz() -> ResponseReturnValue:
    """The process is up; asks nothing of anything else."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@open_to_all
def readyz() -> ResponseReturnValue:
    """Whether requests can be served: 503 names the part that is missing; the log has the reason's details."""
    found = {name: _state(name, check) for name, check in PARTS.items()}
    good = all(state == "ok" for state in found.values())
    return jsonify(status="ok" if good else "not ready", **found), 200 if good else 503


def _state(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
        db.session.rollback()
        log.warning("%s is not ready: %s", name, type(error).__name__)
        return f"failed: {type(error).__name__}"
    return "ok"


@blueprint.get("/metrics")
@open_to_all
def metrics() -> ResponseReturnValue:
    """Prometheus' figures, for who has SALA_METRICS_TOKEN; without that setting there is no such page."""
    token = current_app.config["SALA"].metrics_token
    if not token:
        abort(404)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), token.encode()):
        abort(401)
    return Response(figures.page(), content_type="text/plain; version=0.0.4; charset=utf-8")


def register(app: Flask) -> None:
    """Add the three pages."""
    app.register_blueprint(blueprint)
