"""Words of API keys: refusals, and what the owner of an account is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from jobs.letters import Words, letter
from models.core.entity import entity_named
from services.core import settings
from views.core.notification import entity_page, event_says, reader_page
from views.core.records.words import entity_title
from views.core.sentences import says

Values = Mapping[str, Any]
ENTITY = "core_api_key"

entity_page(ENTITY, lambda key: url_for("ApiKeyView.show", pk=key))
# Whose account a key acts as need not be one who manages keys.
reader_page(ENTITY, lambda _event, _key: url_for("NotificationView.list"))


def scope_words(scope: str) -> str:
    """A scope as people read it: "Organizations: read"."""
    name, _colon, way = scope.partition(":")
    entity = entity_named(name)
    title = entity_title(entity) if entity is not None else name
    return _("%(records)s: write", records=title) if way == "write" else _("%(records)s: read", records=title)


@event_says("api_key_given")
def _given(values: Values) -> str:
    return _("A key for programs was given that acts in your name: %(name)s", name=values.get("name", ""))


@event_says("api_key_revoked")
def _revoked(values: Values) -> str:
    return _("A key for programs that acted in your name was revoked: %(name)s", name=values.get("name", ""))


@letter("api_key_given")
def _given_letter(values: Values) -> Words:
    said = _given(values)
    after = _(
        "What a program does with it stands in the access log under your name. If you do not know of it, "
        "ask the staff of %(agency)s at once.",
        agency=settings().agency_name,
    )
    return Words(_("A key for programs acts in your name"), [said, after])


@letter("api_key_revoked")
def _revoked_letter(values: Values) -> Words:
    said = _revoked(values)
    return Words(_("A key for programs was revoked"), [said, _("It opens nothing any more.")])


@says("api_key_no_account")
def _no_account(values: Values) -> str:  # noqa: ARG001
    return _("Choose the open account that the key acts as.")


@says("api_key_of_super_user")
def _of_super_user(values: Values) -> str:  # noqa: ARG001
    return _("A super user gives keys of their own account themselves. Choose another account.")


@says("api_key_name_needed")
def _name_needed(values: Values) -> str:  # noqa: ARG001
    return _("Give the key a name that says which program has it.")


@says("api_key_reason_needed")
def _reason_needed(values: Values) -> str:  # noqa: ARG001
    return _("Give the reason. It stands in the access log.")


@says("api_key_too_long")
def _too_long(values: Values) -> str:
    return _("The text is too long. %(limit)s characters at most are possible.", limit=values["limit"])


@says("api_key_no_scope")
def _no_scope(values: Values) -> str:  # noqa: ARG001
    return _("Tick at least one thing that the key may do.")


@says("api_key_beyond")
def _beyond(values: Values) -> str:
    return _(
        "The account may not do this itself: %(scopes)s. Take it out.",
        scopes=", ".join(scope_words(scope) for scope in values["scopes"]),
    )


@says("api_key_past")
def _past(values: Values) -> str:  # noqa: ARG001
    return _("This day is over. Choose a later one, or leave it empty.")


@says("api_key_too_many")
def _too_many(values: Values) -> str:
    return _("The account has %(limit)s keys that are not revoked. Revoke one first.", limit=values["limit"])


@says("api_key_revoked")
def _is_revoked(values: Values) -> str:  # noqa: ARG001
    return _("The key was revoked already.")
