"""The mails about accounts: confirmation, forgotten password, what happened to the account (spec: fund.md 2 and 9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from jobs.letters import Words, letter
from services.core import settings
from views.core.context import kind_labels
from views.core.notification import entity_page, event_says

Values = Mapping[str, Any]


@letter("confirm_account")
def _confirm_account(values: Values) -> Words:
    return Words(
        _("Confirm your e-mail"),
        [
            _(
                "Somebody, most likely you, opened an account with this e-mail at %(agency)s.",
                agency=settings().agency_name,
            ),
            _("Press the button and confirm on the page that opens. The link works once, for 24 hours."),
            _("If it was not you, do nothing: without confirmation the account cannot be used."),
        ],
        _("Confirm the account"),
        url_for("RegisterView.confirm", token=values["token"]),
    )


@letter("already_registered")
def _already_registered(values: Values) -> Words:  # noqa: ARG001
    return Words(
        _("You have an account already"),
        [
            _("Somebody, most likely you, tried to open an account with this e-mail, which has one already."),
            _("Sign in with the password you have. If you forgot it, have a link for a new one sent."),
            _("If it was not you, do nothing: nothing about your account has changed."),
        ],
        _("Forgotten password"),
        url_for("ForgottenView.form"),
    )


@letter("reset_password")
def _reset_password(values: Values) -> Words:
    return Words(
        _("Choose a new password"),
        [
            _("Somebody, most likely you, asked for a new password for this account."),
            _("Press the button and choose one. The link works once, for 1 hour, and every device is signed out."),
            _("If it was not you, do nothing: your present password still holds."),
        ],
        _("Choose a new password"),
        url_for("ForgottenView.reset", token=values["token"]),
    )


@letter("password_changed")
def _password_changed(values: Values) -> Words:  # noqa: ARG001
    return Words(
        _("Your password was changed"),
        [
            _("The password of your account was changed, and other devices were signed out."),
            _("If it was not you, choose a new password at once."),
        ],
        _("Forgotten password"),
        url_for("ForgottenView.form"),
    )


def _kind(values: Values) -> str:
    return kind_labels().get(str(values.get("kind", "")), "")


SENTENCES: dict[str, Callable[[Values], str]] = {
    "password_changed": lambda values: _("The password of your account was changed"),  # noqa: ARG005
    "account_made": lambda values: _("An account was made for you as %(kind)s", kind=_kind(values)),
    "kind_given": lambda values: _("You were appointed %(kind)s", kind=_kind(values)),
    "kind_taken": lambda values: _("You are no longer %(kind)s", kind=_kind(values)),
}

for _event, _words in SENTENCES.items():
    event_says(_event)(_words)
entity_page("ab_user", lambda key: url_for("AccountView.profile"))  # noqa: ARG005 - one is told of one's own account
