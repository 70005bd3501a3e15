"""A bare application with Sala's catalogues: the fields need no more."""

import pytest
from flask import Flask
from flask_babel import Babel

from views.core.languages import prepare_languages


@pytest.fixture
def form_app():
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="only for tests",
        TESTING=True,
        WTF_CSRF_ENABLED=False,
        BABEL_DEFAULT_LOCALE="th",
    )
    Babel(app)
    prepare_languages(app)
    return app


@pytest.fixture
def post(form_app):
    """Return a function that binds a form class to posted values inside a request."""
    contexts = []

    def bind(form_class, **values):
        context = form_app.test_request_context(method="POST", data=values)
        context.push()
        contexts.append(context)
        return form_class()

    yield bind
    for context in reversed(contexts):
        context.pop()
