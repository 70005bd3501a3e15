"""The access log's codes in words: what was done, to which kind of record; each domain adds its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import ngettext

from models.core.outbox import DIGEST
from views.core.notification import event_sentence

_entities: dict[str, Any] = {
    "ab_user": _("User account"),
    "core_file": _("File"),
    "core_matrix_cell": _("Permission matrix"),
    "core_message": _("Outgoing message"),
    "core_privacy_request": _("Request about personal data"),
    "system": _("System"),
    "": _("System"),
}
_actions: dict[str, Any] = {
    "sign_in": _("Signed in"),
    "sign_in_failed": _("Sign-in failed"),
    "sign_out": _("Signed out"),
    "register": _("Account opened"),
    "register.known": _("Registration with a known e-mail"),
    "register.again": _("Registered again before confirming"),
    "register.resend": _("Confirmation link sent again"),
    "register.confirm": _("E-mail confirmed"),
    "password.forgotten": _("Password link asked for"),
    "password.reset": _("New password set by link"),
    "password.change": _("Password changed"),
    "password.first": _("First password of one’s own chosen"),
    "email.asked": _("Another e-mail asked for"),
    "email.change": _("E-mail changed"),
    "session.end": _("Session ended"),
    "session.end_others": _("Other sessions ended"),
    "account.view": _("Account viewed"),
    "account.make": _("Account made by staff"),
    "account.made": _("Account made by command"),
    "account.open": _("Account opened for use"),
    "account.close": _("Account closed"),
    "account.first_password": _("First password renewed"),
    "account.appoint": _("Kind of user given"),
    "account.dismiss": _("Kind of user taken away"),
    "file.upload": _("File uploaded"),
    "file.view": _("Personal file viewed"),
    "file.download": _("File made for one fetched"),
    "outbox.retry": _("Messages sent again"),
    "outbox.viewed": _("Outgoing message viewed"),
    "outbox.shown": _("Message shown by command"),
    "system.initialized": _("Tables and reference data made ready"),
    "system.demo": _("Demo data made"),
    "privacy.copy_asked": _("Copy of own data asked for"),
    "privacy.copy_made": _("Copy of own data made"),
    "privacy.exported": _("A person’s data exported"),
    "privacy.erased": _("A person’s data erased"),
    "core_privacy_request.create": _("Request about personal data sent"),
    "core_privacy_request.view": _("Request about personal data read"),
    "core_privacy_request.fulfil": _("Request about personal data done"),
    "core_privacy_request.refuse": _("Request about personal data refused"),
    "core_privacy_request.withdraw": _("Request about personal data withdrawn"),
    "retention.applied": _("Deleted what was past its time"),
    "permission.change": _("Permissions changed"),
    "permission.why": _("Asked why somebody may or may not"),
    "backup.taken": _("Backup of everything taken"),
    "backup.restored": _("Everything restored from a backup"),
}
# Mails that have no line under the bell.
_letters: dict[str, Any] = {
    "confirm_account": _("Link to confirm an e-mail"),
    "already_registered": _("Note to the owner of a known e-mail"),
    "reset_password": _("Link to a new password"),
    "password_changed": _("Note that the password was changed"),
    "confirm_email": _("Link to confirm a new e-mail"),
    "email_change_asked": _("Note that another e-mail was asked for"),
    "email_in_use": _("Note to the owner of a known e-mail"),
    "email_left": _("Note to the former e-mail"),
    "member_invited": _("Invitation to join an organization"),
}
_plain: dict[str, Any] = {
    "create": _("Created"),
    "change": _("Changed"),
    "delete": _("Record deleted"),
    "restore": _("Record restored"),
    "view": _("Viewed"),
    "print": _("Printed"),
    "export": _("Exported"),
    "import": _("Imported"),
    "import_checked": _("File checked before its import"),
    "edit": _("Edited"),
    "invite": _("Invitation sent"),
}
# Entity -> how its own moves are called.
_movers: dict[str, Callable[[str], str]] = {}


def name_entities(names: Mapping[str, Any]) -> None:
    """Add what a domain's records are called, by table."""
    _entities.update(names)


def name_moves(entity: str, label: Callable[[str], str]) -> None:
    """Let a domain say what its moves are called; `label` gives a code that it does not know back as it is."""
    _movers[entity] = label


def entity_label(entity: str) -> str:
    """What a kind of record is called; a code without words stands as it is."""
    return str(_entities.get(entity, entity))


def action_label(action: str) -> str:
    """What was done, in words; a code without words stands as it is."""
    if action in _actions:
        return str(_actions[action])
    entity, _dot, move = action.rpartition(".")
    if entity in _movers and (said := _movers[entity](move)) != move:
        return said
    return str(_plain[move]) if move in _plain else action


def letter_label(event: str) -> str:
    """What a mail is called that has no line under the bell; empty for every other."""
    return str(_letters.get(event, ""))


def message_label(event: str, values: dict[str, Any]) -> str:
    """What a message says, in a line; secrets of its values do not stand in it."""
    if event == DIGEST:
        return ngettext(
            "Daily e-mail, %(num)s piece of news", "Daily e-mail, %(num)s pieces of news", values.get("count", 0)
        )
    return str(_letters[event]) if event in _letters else event_sentence(event, values)
