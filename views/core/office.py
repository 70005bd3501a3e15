"""Generated pages of the core's own tables: what is on its way out, and the access log (spec: fund.md 9 and 11)."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup, escape
from sqlalchemy.orm import joinedload

from models.core import audit, outbox
from models.core.audit import AuditEntry
from models.core.db import db
from models.core.outbox import Message
from views.core.access import needs
from views.core.base import GeneratedView, ScopedInterface
from views.core.log_words import action_label, entity_label, message_label
from views.core.look import moment


class MessageView(GeneratedView):
    """ข้อความขาออก: mail and short messages on their way, with those that did not go out."""

    datamodel = ScopedInterface(Message)
    route_base = "/outbox"
    access = {"list": "outbox.manage", "show": "outbox.manage"}
    base_permissions = ["can_list", "can_show"]
    base_order = ("id", "desc")
    list_title = _("Outgoing messages")
    show_title = _("Outgoing message")
    list_columns = ["made_at", "address", "about", "state", "attempts", "next_try_at", "sent_at"]
    show_columns = ["made_at", "channel", "address", "about", "state", "attempts", "next_try_at", "sent_at", "error"]
    order_columns = ["made_at", "address", "state", "next_try_at"]
    search_columns = ["address", "event", "state"]
    label_columns = {
        "made_at": _("Made at"),
        "channel": _("Channel"),
        "address": _("Address"),
        "about": _("Message"),
        "event": _("Message"),
        "state": _("State"),
        "attempts": _("Tries"),
        "next_try_at": _("Next try"),
        "sent_at": _("Sent at"),
        "error": _("What the mail server said"),
    }
    formatters_columns = {
        "made_at": moment,
        "next_try_at": moment,
        "sent_at": moment,
        "about": lambda pair: escape(message_label(*pair)),
        "channel": lambda value: channel_label(value),
        "state": lambda value: message_state(value),
    }

    @expose("/retry", methods=["POST"])
    @needs("outbox.manage")
    def retry(self) -> ResponseReturnValue:
        """Put every message that waits or failed on its way at once."""
        count = outbox.retry_failed()
        audit.note("outbox.retry", entity="core_message", count=count)
        db.session.commit()
        flash(
            ngettext("%(num)d message will be tried again now.", "%(num)d messages will be tried again now.", count),
            "success",
        )
        return redirect(url_for("MessageView.list"))


def message_state(state: str) -> str:
    """A message's state in the reader's language."""
    words = {outbox.WAITING: gettext("Waiting"), outbox.SENT: gettext("Sent"), outbox.FAILED: gettext("Failed")}
    return words.get(state, state)


def channel_label(channel: str) -> str:
    """How a message goes out, in the reader's language."""
    return {"mail": gettext("E-mail"), "sms": gettext("SMS")}.get(channel, channel)


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)


def details_text(entry: AuditEntry) -> Markup:
    """An entry's values, or that they are not for this reader."""
    if not audit.may_read_details(g.user, entry):
        return escape(gettext("The content of this record is not shown to you."))
    return payload_text(entry.payload)


def payload_text(payload: Any) -> Markup:
    """What an entry says, field by field, as lines: name: from -> to."""
    if not payload:
        return Markup("")
    lines = []
    for change in payload.get("changes", []):
        for name, (before, after) in change["fields"].items():
            lines.append(
                f"{change['in']}.{name}: {'' if before is None else before} → {'' if after is None else after}"
            )
    for note in payload.get("notes", []):
        said = ", ".join(f"{key}: {value}" for key, value in note.items() if key != "action")
        lines.append(f"{action_label(note['action'])}{': ' + said if said else ''}")
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    return Markup('<ul class="s-plain">{}</ul>').format(items)


class AuditInterface(ScopedInterface):
    """Entries with those who acted, read in the same query; any time spent on the log is spent on a page of it."""

    def apply_inner_select_joins(self, query: Any, select_columns: Any = None, aliases_mapping: Any = None) -> Any:  # noqa: ARG002
        """Whole entries: FAB would defer every column and ask again for each row."""
        return query.options(joinedload(AuditEntry.actor))


class AccessLogView(GeneratedView):
    """บันทึกการใช้งานระบบ: who, when, from where, what; readable only."""

    datamodel = AuditInterface(AuditEntry)
    route_base = "/access-log"
    access = {"list": "access_log.view", "show": "access_log.view"}
    base_permissions = ["can_list", "can_show"]
    base_order = ("seq", "desc")
    list_title = _("Access log")
    show_title = _("Log entry")
    list_columns = ["seq", "at", "actor", "action", "entity", "entity_id", "address"]
    show_columns = [*list_columns, "request_id", "details"]
    order_columns = ["seq", "at"]
    search_columns = ["action", "entity", "entity_id", "address", "actor_id"]
    label_columns = {
        "seq": _("No."),
        "at": _("Time"),
        "actor": _("Who"),
        "actor_id": _("Account no."),
        "action": _("What was done"),
        "entity": _("Kind of record"),
        "entity_id": _("Record no."),
        "address": _("From address"),
        "request_id": _("Request"),
        "details": _("Details"),
    }
    formatters_columns = {
        "at": moment,
        "details": details_text,
        "actor": lambda account: escape(account.full_name) if account else "-",
        "action": lambda code: escape(action_label(code)),
        "entity": lambda code: escape(entity_label(code)),
    }


def register(builder: Any) -> None:
    """Add the pages under ดูแลระบบ."""
    more = {"category": "system", "category_label": _("System")}
    builder.add_view(MessageView, "outbox", label=_("Outgoing messages"), icon="send", **more)
    builder.add_view(AccessLogView, "access_log", label=_("Access log"), icon="journal-text", **more)
