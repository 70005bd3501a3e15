"""An application with the core's tables and no pages: enough for services, jobs and commands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel

import config
from models.core import audit, password
from models.core.db import Model, db, prepare_engine
from services.migrations import load_every_model
from tests.conftest import settings_for
from views.core import health, log
from views.core.cli import register_cli


def plain_app(folder: Path, database_url: str = "", **more: str) -> Flask:
    """The application; its tables are made when `make_tables` is called."""
    settings: config.Settings = settings_for(database_url or f"sqlite:///{folder / 'plain.db'}", folder, **more)
    app = Flask("app", root_path=str(Path(__file__).parent.parent), template_folder="templates")
    app.config.update(config.flask_config(settings))
    audit.set_key(settings.audit_key.encode())
    password.set_rounds(1)
    db.init_app(app)
    Babel(app)
    log.init_logging(app)
    health.register(app)
    register_cli(app)
    with app.app_context():
        prepare_engine(db.engine)
    return app


def make_tables(app: Flask) -> None:
    """Every table, empty."""
    load_every_model()
    with app.app_context():
        Model.metadata.create_all(db.engine)


def close(app: Flask) -> None:
    """Let go of the database."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def config_of(app: Flask) -> Any:
    """The settings the application was made with."""
    return app.config["SALA"]
