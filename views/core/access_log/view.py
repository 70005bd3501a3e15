"""บันทึกการใช้งานระบบ: who, when, from where, what; filtered, exported, never changed (spec: fund.md 11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from flask import g, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import BadRequest, NotFound

from jobs.exporting import NotGiven, Table, register_list
from models.core import access_log, audit
from models.core.access_log import GROUPS, group_of
from models.core.audit import AuditEntry
from models.core.db import db
from models.core.identity import Account
from models.core.matrix import allows
from models.core.thai.dates import to_bangkok
from models.core.thai.text import search_term
from reports.core.table import Column
from views.core.access import needs
from views.core.access_log.asked import GROUP_LABELS, Asked, read
from views.core.access_log.details import Reader
from views.core.base import PageView
from views.core.export import send_list
from views.core.log_words import action_label, entity_label
from views.core.notification import record_page

PERMISSION = "access_log.view"
PAGE = 50
LIST = "core_audit_entry"
AT_ONCE = {"xlsx": 25_000, "csv": 50_000}  # rows; more are made by the worker
FOUND_AT_MOST = 20


class AccessLogView(PageView):
    """บันทึกการใช้งานระบบ."""

    route_base = "/access-log"
    default_view = "list"

    @expose("/")
    @needs(PERMISSION)
    def list(self) -> ResponseReturnValue:
        """A page of what is asked for, the latest first."""
        known = access_log.known()
        asked = read(request.args, known)
        page = access_log.page_of(asked.wanted, PAGE, after=_position("after"), before=_position("before"))
        body = self.page(
            "core/access_log/list.html",
            asked=asked,
            page=page,
            lines=[_line(entry) for entry in page.rows],
            groups=[(group, GROUP_LABELS[group]) for group in GROUPS],
            actions=_actions(known.actions),
            entities=sorted(((code, entity_label(code)) for code in known.entities), key=lambda one: one[1]),
        )
        return body, 400 if asked.errors else 200

    @expose("/<int:seq>")
    @needs(PERMISSION)
    def show(self, seq: int) -> ResponseReturnValue:
        """One entry with all it says, as far as its reader may read it."""
        if not 0 < seq < 2**63:
            raise NotFound
        entry = db.session.scalar(select(AuditEntry).where(AuditEntry.seq == seq).options(joinedload(AuditEntry.actor)))
        if entry is None:
            raise NotFound
        may_read = audit.may_read_details(g.user, entry)
        return self.page(
            "core/access_log/show.html",
            entry=entry,
            line=_line(entry),
            group=GROUP_LABELS[group_of(entry.action)],
            may_read=may_read,
            parts=Reader.of([entry]).parts(entry) if may_read else [],
            record_url=record_page(entry.entity, entry.entity_id),
        )

    @expose("/export.<ending>")
    @needs(PERMISSION)
    def export(self, ending: str) -> ResponseReturnValue:
        """All that is asked for, as Excel or CSV; taking it is itself written into the log."""
        asked = read(request.args, access_log.known())
        if asked.errors:
            return redirect(asked.url())
        return send_list(LIST, ending, asked.typed, back=asked.url(), most=AT_ONCE)

    @expose("/people")
    @needs(PERMISSION)
    def people(self) -> ResponseReturnValue:
        """Accounts by name or e-mail, closed ones too, for the filter."""
        rows = select(Account)
        for word in search_term(request.args.get("q", "")).split():
            rows = rows.where(Account.search_text.contains(word, autoescape=True))
        found = db.session.scalars(rows.order_by(Account.sort_key, Account.id).limit(FOUND_AT_MOST))
        return jsonify(
            results=[
                {"value": one.id, "text": one.full_name or one.email, "note": one.email if one.has_mail else ""}
                for one in found
            ]
        )


def _line(entry: AuditEntry) -> dict[str, Any]:
    """An entry in the words of a row."""
    return {
        "entry": entry,
        "who": who(entry),
        "what": action_label(entry.action),
        "record": entity_label(entry.entity) if entry.entity else "",
    }


def who(entry: AuditEntry) -> str:
    """Who acted: a name, nobody signed in, or an account that is no more."""
    if entry.actor is not None:
        return str(entry.actor.full_name or entry.actor.email)
    if entry.actor_id is not None:
        return _("account no. %(number)s", number=entry.actor_id)
    return _("Nobody signed in") if entry.address else _("System")


def open_list(user: Any, given: Mapping[str, Any]) -> Table:
    """The entries that are asked for, as a table. Raises NotGiven."""
    if not allows(user, PERMISSION):
        raise NotGiven
    try:
        asked = read(given, access_log.known())
    except BadRequest:
        raise NotGiven from None
    if asked.errors:
        raise NotGiven
    return Table(
        title=_("Access log"),
        name="access-log",
        entity=LIST,
        columns=[
            Column(_("No."), "number", width=10),
            Column(_("Time"), "datetime", width=18),
            Column(_("Who"), width=28),
            Column(_("User name"), width=28),
            Column(_("Kind of event"), width=22),
            Column(_("What was done"), width=30),
            Column(_("Kind of record"), width=22),
            Column(_("Record no."), width=14),
            Column(_("From address"), width=18),
            Column(_("Details"), width=80),
        ],
        count=lambda most: access_log.count_up_to(asked.wanted, most),
        rows=lambda: _exported(user, asked),
    )


register_list(LIST, open_list)


def _exported(user: Any, asked: Asked) -> Iterator[list[Any]]:
    # Each word is looked up once, not once a row.
    group_word = cache(lambda action: str(GROUP_LABELS[group_of(action)]))
    action_word, entity_word, hidden = cache(action_label), cache(entity_label), _("Not shown to you")
    for part in access_log.entries(asked.wanted):
        readable, reader = audit.readable_details(user, part), Reader.of(part)
        for entry in part:
            actor = entry.actor
            details = "\n".join(reader.lines(entry)) if entry.seq in readable else hidden
            yield [
                entry.seq,
                to_bangkok(entry.at).replace(tzinfo=None, microsecond=0),
                who(entry),
                actor.email if actor is not None and actor.has_mail else "",
                group_word(entry.action),
                action_word(entry.action),
                entity_word(entry.entity) if entry.entity else "",
                entry.entity_id,
                entry.address,
                details,
            ]


def _actions(known: tuple[str, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The actions to choose from, under their kinds of event."""
    found = []
    for group in GROUPS:
        inside = sorted(
            ((code, action_label(code)) for code in known if group_of(code) == group), key=lambda one: one[1]
        )
        if inside:
            found.append((str(GROUP_LABELS[group]), inside))
    return found


def _position(name: str) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadRequest
    return int(text)
