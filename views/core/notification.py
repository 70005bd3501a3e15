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
from views.core.base import PageView, can_be_key, safe_next

ON_PAGE, IN_MENU = 50, 8

# Event code -> the sentence in the reader's language; entity -> the address of a record's page.
Words = Callable[[dict[str, Any]], str]
_words: dict[str, Words] = {}
_pages: dict[str, Callable[[str], str]] = {}
# (event, entity, its key) -> the address where the reader of that event goes; asked before the record's own page.
ReaderPage = Callable[[str, str], str | None]
# Entity -> where it is read by whoever meets it elsewhere than in news of their own.
_read_at: dict[str, Callable[[str], str | None]] = {}
_titles: dict[str, Words] = {}
_reader_pages: dict[str, ReaderPage] = {}


def event_says(event: str) -> Callable[[Words], Words]:
    """Register the bell's sentence of an event."""

    def register(function: Words) -> Words:
        _words[event] = function
        return function

    return register


def entity_page(entity: str, page: Callable[[str], str]) -> None:
    """Register where a record of this entity (table name) is read; the page itself asks who may."""
    _pages[entity] = page


def read_at(entity: str, page: Callable[[str], str | None]) -> None:
    """Register where a record is read by those who get no news of it, where that is not the page that news lead to.

    News of an account, or of a file that was made, lead its owner to pages of their own. `page(key)` gives None where
    this reader has no page for it.
    """
    _read_at[entity] = page


def record_page(entity: str, entity_id: str) -> str | None:
    """The address of a record's page for this reader; None where there is none."""
    page = _read_at.get(entity) or _pages.get(entity)
    return page(entity_id) if page and entity_id else None


def reader_page(entity: str, page: ReaderPage) -> None:
    """Register where news of a record lead when its page is not for their reader any more.

    `page(event, key)` gives the address, or None for the record's own page.
    """
    _reader_pages[entity] = page


def news_page(event: str, entity: str, entity_id: str) -> str:
    """Where the reader of an event reads on: the record's page, what stands for it, or the list of the news."""
    instead = _reader_pages.get(entity)
    page = _pages.get(entity)
    found = (instead(event, entity_id) if instead and entity_id else None) or (
        page(entity_id) if page and entity_id else None
    )
    return found or f"{NotificationView.route_base}/"


def event_sentence(event: str, values: dict[str, Any]) -> str:
    """What the bell says of an event."""
    words = _words.get(event)
    return words(values) if words else event


def entity_title(entity: str, title: Words) -> None:
    """Register what news of this entity are about, in a few words from an event's values: number and name."""
    _titles[entity] = title


def news_title(entity: str, values: dict[str, Any]) -> str:
    """What news are about, for a heading over several of them; empty where its kind has no name for it."""
    title = _titles.get(entity)
    return title(values) if title else ""


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
        """Own notifications, fifty at a time, all or the unread; `part=1` gives the lines for the bell's menu."""
        before = request.args.get("before", "")
        if before and not (before.isascii() and before.isdigit() and len(before) < 19):
            abort(400)
        is_part, only_unread = request.args.get("part") == "1", request.args.get("unread") == "1"
        size = IN_MENU if is_part else ON_PAGE
        lines = outbox.notifications_of(g.user.id, size + 1, int(before) if before else None, only_unread=only_unread)
        items = [{"line": line, "text": event_sentence(line.event, line.values)} for line in lines[:size]]
        template = "core/_bell.html" if is_part else "core/notifications.html"
        return self.page(template, items=items, has_more=len(lines) > size, only_unread=only_unread)

    @expose("/<int:pk>", methods=["POST"])
    @signed_in
    def open(self, pk: int) -> ResponseReturnValue:
        """Mark one's own line as read and go to what it is about."""
        line = self._mine(pk)
        outbox.mark_read(g.user.id, pk)
        db.session.commit()
        return redirect(news_page(line.event, line.entity, line.entity_id))

    @expose("/<int:pk>/mark", methods=["POST"])
    @signed_in
    def mark(self, pk: int) -> ResponseReturnValue:
        """Mark one's own line as read, or as unread again."""
        line = self._mine(pk)
        if request.form.get("read") == "0":
            outbox.mark_unread(g.user.id, line.id)
        else:
            outbox.mark_read(g.user.id, line.id)
        db.session.commit()
        return redirect(safe_next(request.form.get("next"), url_for("NotificationView.list")))

    @staticmethod
    def _mine(pk: int) -> outbox.Notification:
        line = db.session.get(outbox.Notification, pk) if can_be_key(pk, outbox.Notification.id) else None
        if line is None or line.user_id != g.user.id:
            abort(404)
        return line

    @expose("/read", methods=["POST"])
    @signed_in
    def read_all(self) -> ResponseReturnValue:
        """Mark all of one's own lines as read."""
        outbox.mark_read(g.user.id)
        db.session.commit()
        return redirect(url_for("NotificationView.list"))
