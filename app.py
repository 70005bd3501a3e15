"""The application factory: wiring only."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import config
import models.assessment
import models.fund  # noqa: F401 - the domains map their tables, register their kinds, grants and file gates
from models.core import audit, password
from models.core.db import db, prepare_engine
from views.assessment import register as register_assessment
from views.core import access, cli, context, errors, headers, health, home, log, register, register_office
from views.core.languages import prepare_languages
from views.core.request import SalaFlask
from views.core.security import (
    SalaAppBuilder,
    SalaSecurityManager,
    forget_reading,
    remember_seen,
)
from views.core.templating import LanguageEnvironment
from views.fund import register as register_fund


def create_app(settings: config.Settings | None = None, **overrides: Any) -> Flask:
    """The application with its settings; `overrides` are Flask's own configuration keys, for tests."""
    settings = settings or config.read()
    app = SalaFlask(__name__, static_folder="static", template_folder="templates")
    app.jinja_environment = LanguageEnvironment
    app.config.update(config.flask_config(settings))
    app.config.update(overrides)
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    audit.set_key(settings.audit_key.encode())
    password.set_rounds(settings.password_rounds)
    db.init_app(app)
    log.init_logging(app)
    CSRFProtect(app)
    with app.app_context():
        prepare_engine(db.engine)
        builder = SalaAppBuilder(app, db.session, indexview=home.HomeView, security_manager_class=SalaSecurityManager)
        prepare_languages(app)
        app.before_request(access.guard)
        app.after_request(remember_seen)
        app.after_request(headers.add)
        app.teardown_request(forget_reading)
        context.prepare(app)
        errors.prepare(app)
        health.register(app)
        register(builder)
        if "fund" in settings.modules:
            register_fund(builder)
        if "assessment" in settings.modules:
            register_assessment(builder)
        register_office(builder)
    cli.register_cli(app)
    return app
