"""The mails about accounts: confirmation, forgotten password, what happened to the account (spec: fund.md 2 and 9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from jobs.letters import Words, letter
from services.core import settings
from views.core.context import kind_labels
from views.core.notification import entity_page, entity_title, event_says, read_at

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


@letter("account_made")
def _account_made(values: Values) -> Words:
    return Words(
        _sentence("account_made", values),
        [
            _sentence("account_made", values),
            _("Your user name is %(name)s.", name=values.get("user_name", "")),
            _("A member of staff hands your first password over to you. At the first sign-in you choose your own."),
            _("Without it, have a link for a new password sent from the sign-in page."),
        ],
        _("Sign in"),
        url_for("SignView.sign_in"),
    )


@letter("kind_given")
def _kind_given(values: Values) -> Words:
    said = _sentence("kind_given", values)
    after = _("What you may do with it stands in the menu from your next page on.")
    return Words(said, [said, after], _("Open the main page"), url_for("HomeView.index"))


@letter("kind_taken")
def _kind_taken(values: Values) -> Words:
    said = _sentence("kind_taken", values)
    after = _(
        "What went with it is closed to you. If this is a mistake, ask the staff of %(agency)s.",
        agency=settings().agency_name,
    )
    return Words(said, [said, after], _("Open the main page"), url_for("HomeView.index"))


@letter("confirm_email")
def _confirm_email(values: Values) -> Words:
    return Words(
        _("Confirm your new e-mail"),
        [
            _(
                "Somebody, most likely you, asked to use this e-mail as the user name at %(agency)s.",
                agency=settings().agency_name,
            ),
            _("Press the button and confirm on the page that opens. The link works once, for 24 hours."),
            _("If it was not you, do nothing: without confirmation nothing changes."),
        ],
        _("Confirm the e-mail"),
        url_for("AddressView.confirm", token=values["token"]),
    )


@letter("email_change_asked")
def _email_change_asked(values: Values) -> Words:  # noqa: ARG001
    return Words(
        _("Another e-mail was asked for"),
        [
            _("Somebody, most likely you, asked to use another e-mail as the user name of your account."),
            _("It changes when the link sent to the new e-mail is confirmed. Until then this one holds."),
            _("If it was not you, change your password at once."),
        ],
        _("Forgotten password"),
        url_for("ForgottenView.form"),
    )


@letter("email_in_use")
def _email_in_use(values: Values) -> Words:  # noqa: ARG001
    return Words(
        _("Your e-mail was typed for another account"),
        [
            _("Somebody asked to use your e-mail as the user name of another account. It stays yours."),
            _("If it was you, sign in with this e-mail, or choose another one for the other account."),
        ],
        _("Sign in"),
        url_for("SignView.sign_in"),
    )


@letter("email_left")
def _email_left(values: Values) -> Words:  # noqa: ARG001
    return Words(
        _("Your account has another e-mail now"),
        [
            _("The user name of your account was changed to another e-mail. This one no longer opens it."),
            _("If it was not you, tell the staff of %(agency)s at once.", agency=settings().agency_name),
        ],
        _("Sign in"),
        url_for("SignView.sign_in"),
    )


@letter("email_changed")
def _email_changed(values: Values) -> Words:
    said = _sentence("email_changed", values)
    after = _("Sign in with this e-mail from now on. Other devices were signed out.")
    return Words(said, [said, after], _("Sign in"), url_for("SignView.sign_in"))


def _sentence(event: str, values: Values) -> str:
    return SENTENCES[event](values)


def _kind(values: Values) -> str:
    return kind_labels().get(str(values.get("kind", "")), "")


SENTENCES: dict[str, Callable[[Values], str]] = {
    "password_changed": lambda values: _("The password of your account was changed"),  # noqa: ARG005
    "email_changed": lambda values: _("The e-mail of your account was changed"),  # noqa: ARG005
    "account_made": lambda values: _("An account was made for you as %(kind)s", kind=_kind(values)),
    "kind_given": lambda values: _("You were appointed %(kind)s", kind=_kind(values)),
    "kind_taken": lambda values: _("You are no longer %(kind)s", kind=_kind(values)),
}

for _event, _words in SENTENCES.items():
    event_says(_event)(_words)
entity_title("ab_user", lambda values: _("Your account"))  # noqa: ARG005
entity_page("ab_user", lambda key: url_for("AccountView.profile"))  # noqa: ARG005 - one is told of one's own account
read_at("ab_user", lambda key: None)  # noqa: ARG005 - a domain that keeps accounts says where
