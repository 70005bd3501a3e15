"""What every template may ask: who reads, in which language, and what the navigation shows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Flask, current_app, g, request
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from models.core import outbox
from models.core.clock import today
from models.core.identity import Visitor
from models.core.kinds import KINDS
from models.core.matrix import allows
from models.core.thai import citizen, text
from views.core import headers, menu
from views.core.look import lang, static_url
from views.core.sentences import sentence
from views.core.widgets import init_look


def kind_label(user: Any) -> str:
    """The kind that best says who the user is here, in the reader's language."""
    labels = kind_labels()
    order = ["super_user", "staff", "national", "committee", "organization_manager", "project_manager", "provincial"]
    order.append("school")
    return next((labels[kind] for kind in order if kind in user.kinds), "")


def kind_labels() -> dict[str, str]:
    """Every kind's name in the reader's language (spec: fund.md 1)."""
    labels = {
        "unregistered": _("Unregistered"),
        "project_manager": _("Project manager"),
        "organization_manager": _("Organization manager"),
        "staff": _("Fund staff"),
        "committee": _("Committee member"),
        "super_user": _("Super user"),
        "school": _("School"),
        "provincial": _("Provincial committee"),
        "national": _("National office"),
    }
    return {code: labels.get(code, code) for code in KINDS}


# All kinds of a system's people -> what the bar calls it.
_bars: dict[frozenset[str], Any] = {}


def name_bar(kinds: Collection[str], label: Any) -> None:
    """Let the bar of people who are of these kinds alone name their system in place of the agency."""
    _bars[frozenset(kinds)] = label


def bar_name(user: Any) -> str:
    """What stands in the bar: the agency, or the system in which all of this user's work is."""
    found = (label for kinds, label in _bars.items() if user.kinds and user.kinds <= kinds)
    return str(next(found, current_app.config["SALA"].agency_name))


def _unread() -> int:
    if g.get("no_database") or not g.user.is_authenticated:
        return 0
    if "unread" not in g:
        # A request that changes something may have changed this too since it began.
        known = g.user.along.get(outbox.UNREAD) if request.method == "GET" else None
        g.unread = known if known is not None else outbox.unread_count(g.user.id)
    return int(g.unread)


def _theme(user: Any) -> str:
    """What this browser's switch was last set to, else what the account keeps; "" leaves it to the page."""
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in ("light", "dark") else getattr(user, "theme", "") or ""


def prepare(app: Flask) -> None:
    """Give the templates their words and questions."""

    @app.context_processor
    def _context() -> dict[str, Any]:
        settings = current_app.config["SALA"]
        user = Visitor() if g.get("no_database") or "user" not in g else g.user
        g.user = user
        return {
            "lang": lang(),
            "theme": _theme(user),
            "agency_name": settings.agency_name,
            "bar_name": bar_name(user),
            "parent_name": settings.parent_name,
            "tiles_url": settings.tiles_url,
            "max_upload_mb": settings.max_upload_mb,
            "me": user,
            "my_kind": kind_label(user) if user.is_authenticated else "",
            "nav": menu.navigation(),
            "unread": _unread(),
        }

    init_look(app)
    app.jinja_env.globals.update(
        csp_nonce=headers.nonce,
        csrf_token=lambda: g.get("csrf_token") or generate_csrf(),
        static_url=static_url,
        allows=lambda permission: allows(g.user, permission),
        today=today,
    )
    app.jinja_env.filters.update(
        masked_citizen=lambda value: citizen.mask_citizen_id(value) if value else "",
        masked_phone=lambda value: text.mask_phone(value) if value else "",
        sentence=sentence,
    )
    app.jinja_env.add_extension("jinja2.ext.do")
