"""Who is what, from which devices accounts are signed in, and which texts they accepted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, g
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select

from models.core import audit, staffing
from models.core.clock import now
from models.core.db import db
from models.core.grants import Grant
from models.core.identity import Account, Consent, SignInSession, end_sessions
from models.core.matrix import allows
from models.core.registration import is_alive
from models.core.workflow import Refusal, Refused
from views.core.account.profile import device_name
from views.core.console.base import ConsoleView
from views.core.console.columns import Column, Deed, Filter, Seen
from views.core.context import kind_labels
from views.core.look import link
from views.core.records.core_words import scope_label


def _standing(row: Grant, _seen: Seen) -> str:
    if row.ends_at is not None and row.ends_at <= now():
        return gettext("Over")
    return gettext("To come") if row.begins_at > now() else gettext("In force")


def _standing_chip(row: Grant) -> str:
    if row.ends_at is not None and row.ends_at <= now():
        return "off"
    return "wait" if row.begins_at > now() else "pass"


def _counts() -> Any:
    return (Grant.begins_at <= now()) & or_(Grant.ends_at.is_(None), Grant.ends_at > now())


class GrantView(ConsoleView):
    """สิทธิที่ให้ไว้: every kind that was given to an account itself, from when to when."""

    model = Grant
    title = _("Roles given")
    about = _("Who was given which role, by whom, from when to when. A role that is in force can be ended here.")
    note = _("Roles that follow from membership in an organization are not here; they are kept with the organization.")
    group, icon_name = "people", "person-badge"
    columns = (
        Column("user_id", _("User"), person=True),
        Column("kind", _("Kind of user"), lambda row, _seen: kind_labels().get(row.kind, row.kind), sortable=True),
        Column("standing", _("State"), _standing, chips=_standing_chip),
        Column("begins_at", _("From"), sortable=True, kind="datetime"),
        Column("ends_at", _("To"), sortable=True, kind="datetime"),
        Column("granted_by", _("Given by"), person=True),
    )
    details = (
        Column("scope_type", _("Scope"), lambda row, _seen: scope_label(row.scope_type)),
        Column("scope_id", _("Scope’s number"), kind="number"),
    )
    order = (Grant.id.desc(),)
    searched_people = (Grant.user_id,)
    search_label = _("Name or e-mail")
    filters = (
        Filter("kind", _("Kind of user"), kind_labels),
        Filter(
            "standing",
            _("State"),
            {"now": _("In force"), "over": _("Not in force")},
            lambda value: _counts() if value == "now" else ~_counts(),
        ),
    )
    deeds = (
        Deed(
            "end",
            _("End the role"),
            "person-dash",
            _("The role is ended."),
            _("End this role now? The account loses what the role opens, at once."),
            is_danger=True,
        ),
    )

    def more_of(self, record: Grant) -> Sequence[tuple[Any, str]]:
        """The account's own page."""
        url = link("UserView.show", pk=record.user_id)
        return [(_("The account"), url)] if url else []

    def refusal_to_do(self, deed: str, record: Grant) -> Refusal | None:  # noqa: ARG002 - the base's signature
        """A role that is over is not ended; one that nobody appoints to goes with what gave it."""
        if record.kind not in staffing.APPOINTED or not allows(g.user, f"appoint.{record.kind}"):
            return Refusal("not_permitted", permission=f"appoint.{record.kind}")
        return Refusal("grant_over") if record.ends_at is not None else None

    def do_end(self, record: Grant) -> None:
        """By the one rule for it: never the last super user's."""
        account = db.session.get(Account, record.user_id)
        if account is None:  # pragma: no cover - a foreign key holds it
            raise Refused(Refusal("grant_over"))
        staffing.dismiss(account, record.kind, by=g.user)


class SessionView(ConsoleView):
    """การเข้าใช้งาน: from which devices accounts are signed in; never the token that the device holds."""

    model = SignInSession
    title = _("Signed-in devices")
    about = _("From which device and address accounts signed in, and when last. A device can be signed out here.")
    group, icon_name = "people", "laptop"
    is_personal = True
    columns = (
        Column("user_id", _("User"), person=True),
        Column("device", _("Device"), lambda row, _seen: device_name(row.device)),
        Column("address", _("From address"), sortable=True),
        Column("begun_at", _("Signed in at"), sortable=True, kind="datetime"),
        Column("seen_at", _("Last seen"), sortable=True, kind="datetime"),
        Column("ended_at", _("Signed out at"), sortable=True, kind="datetime"),
    )
    order = (SignInSession.id.desc(),)
    searched = (SignInSession.address,)
    searched_people = (SignInSession.user_id,)
    search_label = _("Name, e-mail or address")
    filters = (
        Filter(
            "standing",
            _("State"),
            {"open": _("Signed in now"), "over": _("Over")},
            lambda value: _alive() if value == "open" else ~_alive(),
        ),
    )
    deeds = (
        Deed(
            "end",
            _("Sign out"),
            "box-arrow-right",
            _("The device was signed out."),
            _("Sign this device out? What is being typed there and was not kept yet is lost."),
            is_danger=True,
        ),
    )

    def refusal_to_do(self, deed: str, record: SignInSession) -> Refusal | None:  # noqa: ARG002
        """One's own device is signed out by signing out; one that is out already stays as it is."""
        settings = current_app.config["SALA"]
        is_open = record.ended_at is None and is_alive(record, settings.session_idle, settings.session_longest)
        if not is_open:
            return Refusal("session_over")
        own = getattr(g, "session_row", None)
        return Refusal("own_session") if own is not None and own.id == record.id else None

    def do_end(self, record: SignInSession) -> None:
        """As its owner would do it."""
        end_sessions(record.user_id, only=record.id)
        audit.note("session.end", db.session.get(Account, record.user_id), session=record.id)


def _alive() -> Any:
    settings = current_app.config["SALA"]
    return (
        SignInSession.ended_at.is_(None)
        & (SignInSession.seen_at > now() - settings.session_idle)
        & (SignInSession.begun_at > now() - settings.session_longest)
    )


TEXTS: dict[str, Any] = {"terms": _("Terms of use"), "privacy": _("Privacy policy")}


class ConsentView(ConsoleView):
    """การยอมรับข้อตกลง: which version of which text an account accepted, and when."""

    model = Consent
    title = _("Accepted texts")
    about = _("Who accepted which version of the terms and of the privacy policy, and when.")
    group, icon_name = "people", "file-earmark-check"
    can_view_details = False
    columns = (
        Column("user_id", _("User"), person=True),
        Column("text", _("Text"), lambda row, _seen: str(TEXTS.get(row.text, row.text)), sortable=True),
        Column("text_version", _("Version"), sortable=True),
        Column("accepted_at", _("Accepted"), sortable=True, kind="datetime"),
    )
    order = (Consent.id.desc(),)
    searched_people = (Consent.user_id,)
    search_label = _("Name or e-mail")
    filters = (
        Filter("text", _("Text"), lambda: TEXTS),
        Filter("text_version", _("Version"), lambda: {found: found for found in _versions()}),
    )


def _versions() -> list[str]:
    return sorted(db.session.scalars(select(Consent.text_version).distinct().limit(100)))
