"""What is on its way out, with what did not go out and why; staff send it again (spec: fund.md 9)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, func, or_, select
from werkzeug.exceptions import BadRequest

from jobs.letters import render
from models.core import audit, choice, outbox
from models.core.clock import now
from models.core.db import db
from models.core.identity import names_of
from models.core.listing import Order, capped_counts, walk
from models.core.matrix import allows
from models.core.outbox import FAILED, GATHERED, HELD, SENT, WAITING, Message
from models.core.thai.text import clean_line
from services import mail
from services.mail import Letter
from services.seal import BadSeal, is_sealed
from views.core.access import needs
from views.core.base import PageView, can_be_key, record_or_404
from views.core.home import Tile, Waiting, tile_sources, waiting_sources
from views.core.log_words import entity_label, message_label
from views.core.look import link
from views.core.menu import navigation
from views.core.outgoing_words import about_labels, channel_label, plain_error, state_label
from views.core.pulse import badge_sources

PERMISSION = "outbox.manage"
TABS: dict[str, tuple[str, ...]] = {FAILED: (FAILED,), WAITING: (WAITING, HELD), SENT: (SENT, GATHERED)}
PERIODS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}
ACCOUNT = "account"  # messages that nobody may choose to do without
ABOUT = (*choice.GROUPS, ACCOUNT)
NEWEST = Order("newest", (), Message.id, descending=True)
PAGE, MOST_TICKED, COUNTED = 25, 100, 1000

# A preview is a page of its own, shown inside another: it runs nothing, fetches nothing, and is framed by us alone.
PREVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"

# Entity -> which of these records the user may read: what a message says of the others is its reader's alone.
Readable = Callable[[Any, Collection[str]], Collection[str]]
_readable: dict[str, Readable] = {}


def readable_records(entity: str, readable: Readable) -> None:
    """Let a domain say which of its records a member of staff may read about in the messages of others."""
    _readable[entity] = readable


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to."""

    tab: str = FAILED
    address: str = ""
    about: str = ""
    period: str = ""

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Filters:
        """From an address. Raises BadRequest for what no page of ours can have asked."""
        asked = cls(
            args.get("tab") or FAILED,
            clean_line(args.get("address", "")[:400])[:320],
            args.get("about", ""),
            args.get("period", ""),
        )
        if asked.tab not in TABS or asked.about not in ("", *ABOUT) or asked.period not in ("", *PERIODS):
            raise BadRequest
        return asked

    def values(self, **changes: str | None) -> dict[str, str | None]:
        """What an address of this list carries."""
        own = {"tab": self.tab, "address": self.address, "about": self.about, "period": self.period}
        return {key: value for key, value in {**own, **changes}.items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is in force."""
        return bool(self.address or self.about or self.period)

    def rows(self) -> Select[Any]:
        """The messages that are left."""
        rows = select(Message).where(Message.state.in_(TABS[self.tab]))
        if self.address:
            typed = {self.address, self.address.lower()}
            rows = rows.where(or_(*(Message.address.startswith(text, autoescape=True) for text in typed)))
        if self.about == ACCOUNT:
            rows = rows.where(Message.event.not_in([*choice.events_of(), outbox.DIGEST]))
        elif self.about:
            rows = rows.where(Message.event.in_(choice.events_of(self.about)))
        if self.period:
            rows = rows.where(Message.made_at >= now() - PERIODS[self.period])
        return rows


@dataclass(frozen=True)
class Line:
    """A message as the list shows it."""

    message: Message
    about: str
    reader: str
    state: str
    error: str


def _hidden(messages: Collection[Message]) -> set[int]:
    """Ids of the messages about records that this user may not read; a query for each kind of record at most."""
    hidden: set[int] = set()
    for entity, readable in _readable.items():
        keys = {message.entity_id for message in messages if message.entity == entity}
        seen = readable(g.user, keys) if keys else ()
        hidden |= {message.id for message in messages if message.entity == entity and message.entity_id not in seen}
    return hidden


def _label(message: Message, hidden: set[int]) -> str:
    if message.id in hidden:
        return _("%(kind)s, not shown to you", kind=entity_label(message.entity))
    return message_label(message.event, message.values)


def lines_of(messages: Collection[Message]) -> list[Line]:
    """The messages in words."""
    hidden = _hidden(messages)
    names = names_of({message.user_id for message in messages if message.user_id})
    return [
        Line(
            message,
            _label(message, hidden),
            names.get(message.user_id or 0, ""),
            state_label(message.state),
            plain_error(message.error) if message.error else "",
        )
        for message in messages
    ]


class MessageView(PageView):
    """ข้อความขาออก: mail and short messages on their way, with those that did not go out."""

    route_base = "/outbox"
    default_view = "list"

    @expose("/")
    @needs(PERMISSION)
    def list(self) -> ResponseReturnValue:
        """The messages of one state, narrowed, newest first."""
        asked = Filters.read(request.args)
        page = walk(asked.rows(), NEWEST, PAGE, after=request.args.get("after"), before=request.args.get("before"))
        states = [select(Message).where(Message.state.in_(states)) for states in TABS.values()]
        counts = dict(zip(TABS, capped_counts(states, Message.id, COUNTED), strict=True))
        return self.page(
            "core/outgoing_list.html",
            asked=asked,
            page=page,
            lines=lines_of(page.rows),
            counts={tab: f"{COUNTED:,}+" if count > COUNTED else f"{count:,}" for tab, count in counts.items()},
            abouts=about_labels(),
            is_configured=mail.is_configured(),
        )

    @expose("/<int:pk>")
    @needs(PERMISSION)
    def show(self, pk: int) -> ResponseReturnValue:
        """One message: where it stands, why it did not go out, and the mail as its reader gets it."""
        message = self._message(pk)
        [line] = lines_of([message])
        letter = self._letter(message)
        audit.note("outbox.viewed", entity="core_message", entity_id=message.id)
        return self.page(
            "core/outgoing_show.html",
            message=message,
            line=line,
            letter=letter,
            channel=channel_label(message.channel),
            has_secret=any(is_sealed(value) for value in message.values.values()),
            may_retry=message.state in (FAILED, WAITING),
            account_url=self._account_url(message),
            digest=db.session.get(Message, message.digest_id) if message.digest_id else None,
        )

    @expose("/<int:pk>/mail")
    @needs(PERMISSION)
    def mail(self, pk: int) -> ResponseReturnValue:
        """The mail's own page, for the preview's frame; secrets are hidden in it."""
        letter = self._letter(self._message(pk))
        if letter is None:
            abort(404)
        headers = {"Content-Security-Policy": PREVIEW_POLICY, "X-Frame-Options": "SAMEORIGIN"}
        return Response(letter.html, mimetype="text/html", headers=headers)

    @expose("/retry", methods=["POST"])
    @needs(PERMISSION)
    def retry(self) -> ResponseReturnValue:
        """Send again: the one, those ticked, or all that failed or wait."""
        which: Any = request.form.get("which", "")
        if which in (FAILED, WAITING):
            ids: Any = select(Message.id).where(Message.state == which)
        else:
            ids = [int(key) for key in request.form.getlist("ids")[:MOST_TICKED] if _is_key(key)]
        count = outbox.retry(ids)
        if count:
            audit.note("outbox.retry", entity="core_message", count=count)
        db.session.commit()
        said = ngettext("%(num)d message will be tried again now.", "%(num)d messages will be tried again now.", count)
        flash(said if count else _("Nothing was ticked that could be sent again."), "success" if count else "warning")
        return redirect(url_for("MessageView.list", tab=WAITING if count else None))

    @staticmethod
    def _message(pk: int) -> Message:
        found: Message = record_or_404(select(Message), Message, pk)
        return found

    @staticmethod
    def _letter(message: Message) -> Letter | None:
        """The mail with its secrets hidden; nothing where it is of a record that is not for this user."""
        told = [message, *outbox.gathered_in(message)] if message.event == outbox.DIGEST else [message]
        if _hidden(told):
            return None
        try:
            return render(message)
        except (BadSeal, KeyError, ValueError):
            return None  # Written by a version that put other values into it.

    @staticmethod
    def _account_url(message: Message) -> str | None:
        if message.user_id is None or not allows(g.user, "user.edit"):
            return None
        return link("UserView.show", pk=message.user_id) or None


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19 and can_be_key(int(text), Message.id)


def waiting_failed(user: Any) -> list[Waiting]:
    """The main page tells who keeps the outbox what did not go out; one query."""
    if not allows(user, PERMISSION):
        return []
    some = select(Message.made_at).where(Message.state == FAILED).limit(COUNTED).subquery()
    found: tuple[int, datetime | None] = tuple(  # type: ignore[assignment]
        db.session.execute(select(func.count(), func.min(some.c.made_at)).select_from(some)).one()
    )
    count, oldest = found
    title = ngettext("Message that did not go out", "Messages that did not go out", count)
    detail = _("See why, then send it again")
    return [Waiting(count, title, detail, url_for("MessageView.list"), _("Look"), oldest, is_late=True)]


def badges(user: Any) -> dict[str, Select[Any]]:
    """What did not go out, behind the menu's entry."""
    if not allows(user, PERMISSION):
        return {}
    return {"MessageView.list": select(Message.id).where(Message.state == FAILED)}


def system_tile(user: Any) -> list[Tile]:  # noqa: ARG001 - the menu knows its reader
    """The main page's way to what the menu has under ดูแลระบบ, for whoever has it."""
    label = _("System")
    items = [item for group in navigation() if group.label == label for item in group.items]
    return [Tile(label, "gear", [(item.label, item.url) for item in items])]


def register() -> None:
    """Put what did not go out on the main page and into the menu, once."""
    if system_tile not in tile_sources:
        tile_sources.append(system_tile)
    if waiting_failed not in waiting_sources:
        waiting_sources.append(waiting_failed)
    if badges not in badge_sources:
        badge_sources.append(badges)
