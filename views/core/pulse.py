"""What pages ask for by themselves: how much is unread, and how much waits behind each entry of the menu.

Nobody sits behind this request, so it keeps no idle session open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import g, jsonify
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, func, literal, select

from models.core import outbox
from models.core.db import db
from views.core.access import signed_in_at_entry, unasked
from views.core.base import PageView

MOST = 99

# Endpoint of a menu entry -> SELECT of what waits there for this user; entries without work for them are left out.
BadgeSource = Callable[[Any], Mapping[str, Select[Any]]]
badge_sources: list[BadgeSource] = []


def badges_of(user: Any) -> dict[str, int]:
    """Endpoint -> how much waits there, counted up to `MOST` + 1; one query for all of them."""
    waiting = {endpoint: rows for source in badge_sources for endpoint, rows in source(user).items()}
    if not waiting:
        return {}
    counts = []
    for rows in waiting.values():
        some = rows.order_by(None).with_only_columns(literal(1)).limit(MOST + 1).subquery()
        counts.append(select(func.count()).select_from(some).scalar_subquery())
    found = db.session.execute(select(*counts)).one()
    return {endpoint: int(count) for endpoint, count in zip(waiting, found, strict=True) if count}


def bell_label(unread: int) -> str:
    """What the bell says of itself."""
    if not unread:
        return _("Notifications")
    return ngettext("Notifications, %(num)s unread", "Notifications, %(num)s unread", unread)


def _short(count: int) -> str:
    return str(count) if count <= MOST else f"{MOST}+"


class PulseView(PageView):
    """ตัวเลขบนกระดิ่งและเมนู."""

    route_base = "/pulse"
    default_view = "index"

    @expose("/")
    @signed_in_at_entry
    @unasked
    def index(self) -> ResponseReturnValue:
        """The numbers of this moment."""
        unread = outbox.unread_count(g.user.id, MOST)
        badges = {
            endpoint: {"count": _short(count), "spoken": _("%(num)s waiting", num=_short(count))}
            for endpoint, count in badges_of(g.user).items()
        }
        return jsonify(unread={"count": _short(unread) if unread else "", "spoken": bell_label(unread)}, badges=badges)
