"""The console's first page: what is in it, by what it is about."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_admin import AdminIndexView, expose
from flask_babel import lazy_gettext as _

from views.core.console.gate import Gate

GROUPS = {
    "reference": _("Lists and forms"),
    "people": _("People and access"),
    "work": _("The system’s work"),
    "rights": _("Permissions"),
}


class ConsoleHome(Gate, AdminIndexView):
    """ข้อมูลตั้งต้น: the tables of the console."""

    title = _("Reference data")
    icon_name = "database"
    default_view = "index"

    def __init__(self) -> None:
        super().__init__(name="console", endpoint="console", url="/console")
        self.static_folder = None  # Flask-Admin's own scripts and styles are not served.

    def covers(self, endpoint: str) -> bool:
        """Whether a page belongs to the console, for the menu's mark."""
        return endpoint.partition(".")[0].startswith("console")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """What one finds where, in groups."""
        found: dict[str, list[Any]] = {group: [] for group in GROUPS}
        for view in current_app.extensions["admin"][0]._views:
            if view is not self:
                found.setdefault(view.group, []).append(view)
        groups = [(GROUPS[group], views) for group, views in found.items() if views]
        return self.render("core/console/home.html", view=self, groups=groups)
