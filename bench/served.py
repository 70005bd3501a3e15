"""Sala with fifty entries in the menu, as it will be with every domain: `flask --app bench.served sala serve`.

The entries over and above today's stand for pages that are still to come. They lead to the list of proposals, and are
shown or hidden by the matrix as every entry is.
"""

from __future__ import annotations

from flask import Flask

ENTRIES, GROUP = 50, 6


def create_app() -> Flask:
    """The application, its menu filled up to fifty entries that staff may follow."""
    from app import create_app as create

    app = create()
    with app.app_context():
        fill_menu(app, ENTRIES)
    return app


def fill_menu(app: Flask, wanted: int) -> None:
    """Add entries, in groups, until a member of staff is shown so many (less those that only super users see)."""
    builder = app.extensions["appbuilder"]
    view = next(one for one in builder.baseviews if type(one).__name__ == "ProposalView")
    there = sum(len(item.childs) or 1 for item in builder.menu.get_list())
    for number in range(there, wanted):
        category = f"bench-{number // GROUP}"
        builder.menu.add_link(
            f"entry-{number}", href="list", icon="table", category=category, category_label=category, baseview=view
        )
