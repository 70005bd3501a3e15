"""Why something about an account is refused, as sentences that say what to do."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from views.core.sentences import says


@says("email_taken")
def _email_taken(values: dict[str, Any]) -> str:
    return _(
        "%(email)s has an account already. Find it in the list of users and appoint it there.",
        email=values.get("email", ""),
    )


@says("super_user_only")
def _super_user_only(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("Only a super user can change the account of a super user.")


@says("last_super_user")
def _last_super_user(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("This is the last super user. Appoint another one first.")


@says("already_appointed")
def _already_appointed(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("The account has this role already.")


@says("signed_in_before")
def _signed_in_before(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("This person has signed in already. They can have a link for a new password sent to their e-mail.")
