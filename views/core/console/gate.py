"""Who may come into the console: whoever holds `console.use`, asked by the one guard of all routes and once more here.

Flask-Admin opens everything to everybody by default, and registers addresses for what a view never does. Here a view
has the addresses that it opens, each in its `access` table, which `views.core.access.guard` reads.
"""

from __future__ import annotations

from typing import Any

from flask import abort, g, render_template
from flask_admin import BaseView

from views.core.access import Policy

PERMISSION = "console.use"
POLICY = Policy("needs", (PERMISSION,))


class Gate(BaseView):
    """What every view of the console has: its words, its place on the console's first page, its closed doors."""

    title: Any = ""
    about: Any = ""
    """What one finds there and what it is for, in a sentence."""
    group = "work"
    icon_name = "table"
    may_change = False
    default_endpoint = "index_view"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules: list[Any] = type(self).__dict__["_urls"]  # the metaclass gathers them anew in each class
        self._urls: list[Any] = [rule for rule in rules if self.opens(rule[1])]
        self.access = dict.fromkeys((rule[1] for rule in self._urls), PERMISSION)

    def opens(self, method: str) -> bool:  # noqa: ARG002 - for those that leave some closed
        """Whether the method gets an address at all."""
        return True

    @property
    def home(self) -> str:
        """The address of the view's first page."""
        return str(self.get_url(f"{self.endpoint}.{self.default_endpoint}"))

    def is_accessible(self) -> bool:
        """Whether the user of this request may use the console."""
        return POLICY.admits(g.user)

    def _handle_view(self, name: str, **kwargs: Any) -> None:  # noqa: ARG002 - Flask-Admin's signature
        if not self.is_accessible():
            abort(403)

    def render(self, template: str, **values: Any) -> str:
        """A page with what all our pages know; Flask-Admin would give it a `theme` and a `config` of its own."""
        return render_template(template, **values)

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin would take a TypeError inside a view for a view of an old kind, and run it once more.
        return fn(self, *args, **kwargs)
