"""The data console at /console: reference tables and trees for super users (permission H7 `console.use`).

A domain declares its views by `declare({name: View})` in its `register`; the daily work stays elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme
from flask_babel import lazy_gettext as _l

from views.core.console import sentences as sentences
from views.core.console.choices import ChoiceTree
from views.core.console.files import FileBrowser
from views.core.console.home import ConsoleHome
from views.core.console.tables import VIEWS
from views.core.console.words import name_words
from views.core.headers import nonce

_DECLARED = "sala_console"


def declare(views: Mapping[str, Any]) -> None:
    """Add a domain's views, by the name that stands in their address; those that come first stand first."""
    current_app.extensions.setdefault(_DECLARED, {}).update(views)


def register(builder: Any) -> None:
    """Open the console with the core's views and those that the domains declared, and its entry in the menu."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    name_words()
    home = ConsoleHome()
    theme = Bootstrap4Theme(base_template="core/base.html")
    admin = Admin(app, name="Sala", index_view=home, theme=theme, csp_nonce_generator=nonce)
    declared = app.extensions.get(_DECLARED, {})
    for name, view in {"choices": ChoiceTree, **declared, "files": FileBrowser, **VIEWS}.items():
        admin.add_view(view(name))
    builder.menu.add_link(
        "console",
        href="index",
        icon=home.icon_name,
        label=_l("Reference data"),
        category="system",
        category_label=_l("System"),
        baseview=home,
    )
