"""The API: every declared kind of record under /api/v1/, by keys that super users give; generated, none by hand."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app
from flask_babel import lazy_gettext as _l

from models.core.db import db
from models.core.entity import entities
from views.core import access
from views.core.api import keys as keys
from views.core.api import words as words
from views.core.api.docs import ApiDocsView
from views.core.api.document import ApiDocument
from views.core.api.door import finish, open_by_key
from views.core.api.records import api_of
from views.core.log_words import name_entities
from views.core.permission.pages import name_pages
from views.core.problem import Trouble, problem


def register(builder: Any) -> None:
    """Add the API of every entity that is declared by now, its document, and the page of the keys."""
    access.set_key_door(open_by_key)
    name_entities({"core_api_key": _l("API key")})
    name_pages({"ApiKeyView.list": _l("API keys"), "ApiDocsView.index": _l("The API for programs")})
    for entity in entities():
        builder.add_api(api_of(entity))
    builder.add_api(ApiDocument)
    builder.add_view_no_menu(ApiDocsView)
    builder.add_view(
        keys.ApiKeyView,
        "api-keys",
        label=_l("API keys"),
        icon="key",
        category="system",
        category_label=_l("System"),
    )
    current_app.after_request(finish)
    current_app.register_error_handler(Trouble, _told)


def _told(trouble: Trouble) -> Response:
    db.session.rollback()
    return problem(trouble.status, trouble.code, trouble.detail, errors=trouble.errors)
