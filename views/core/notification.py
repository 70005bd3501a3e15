"""The bell: what one was told, newest first (spec: fund.md 9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from models.core import outbox
from models.core.db import db
from views.core.access import signed_in
from views.core.base import PageView

# Event code -> the sentence in the reader's language; entity -> the address of a record's page.
Words = Callable[[dict[str, Any]], str]
_words: dict[str, Words] = {}
_pages: dict[str, Callable[[str], str]] = {}


def event_says(event: str) -> Callable[[Words], Words]:
    """Register the bell's sentence of an event."""

    def register(function: Words) -> Words:
        _words[event] = function
        return function

    return register


def entity_page(entity: str, page: Callable[[str], str]) -> None:
    """Register where a record of this entity (table name) is read; the page itself asks who may."""
    _pages[entity] = page


def record_page(entity: str, entity_id: str) -> str | None:
    """The address of a record's page; None where its kind has none."""
    page = _pages.get(entity)
    return page(entity_id) if page and entity_id else None


def event_sentence(event: str, values: dict[str, Any]) -> str:
    """What the bell says of an event."""
    words = _words.get(event)
    return words(values) if words else event


def known_events() -> frozenset[str]:
    """Every event that has its sentence."""
    return frozenset(_words)


class NotificationView(PageView):
    """การแจ้งเตือน."""

    route_base = "/notifications"
    default_view = "list"

    @expose("/")
    @signed_in
    def list(self) -> ResponseReturnValue:
        """Own notifications, fifty at a time; `part=1` gives the lines for the bell's menu."""
        before = request.args.get("before", "")
        if before and not (before.isascii() and before.isdigit() and len(before) < 19):
            abort(400)
        is_part = request.args.get("part") == "1"
        lines = outbox.notifications_of(g.user.id, 8 if is_part else 50, int(before) if before else None)
        items = [{"line": line, "text": event_sentence(line.event, line.values)} for line in lines]
        return self.page("core/_bell.html" if is_part else "core/notifications.html", items=items)

    @expose("/<int:pk>", methods=["POST"])
    @signed_in
    def open(self, pk: int) -> ResponseReturnValue:
        """Mark one's own line as read and go to what it is about."""
        line = db.session.get(outbox.Notification, pk)
        if line is None or line.user_id != g.user.id:
            abort(404)
        outbox.mark_read(g.user.id, pk)
        db.session.commit()
        page = _pages.get(line.entity)
        return redirect(page(line.entity_id) if page else url_for("NotificationView.list"))

    @expose("/read", methods=["POST"])
    @signed_in
    def read_all(self) -> ResponseReturnValue:
        """Mark all of one's own lines as read."""
        outbox.mark_read(g.user.id)
        db.session.commit()
        return redirect(url_for("NotificationView.list"))
