"""What the core's records are called on generated pages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.core.privacy import KIND_LABELS
from models.core.choice import group_of
from models.core.job import CANCELLED, DONE, FAILED, RUNNING, WAITING
from models.core.privacy.request import DONE as ANSWERED
from models.core.privacy.request import OPEN, REFUSED, WITHDRAWN
from services import content
from views.core.account.profile import device_name
from views.core.log_words import action_label, entity_label, letter_label
from views.core.outgoing_words import STATE_CHIPS, about_labels, channel_label, state_label
from views.core.permission.words import basis_label, domain_label
from views.core.records.words import name_record, name_record_group
from views.core.ways import EMAIL, type_label

LINKS = {"user_id": _l("User account")}
PERIOD = {"begun_at": _l("Begun"), "ended_at": _l("Ended at"), "seen_at": _l("Last seen")}
JOB_STATES = {
    WAITING: _l("Waiting to be done"),
    RUNNING: _l("Running"),
    DONE: _l("Done"),
    FAILED: _l("Given up"),
    CANCELLED: _l("Cancelled"),
}
JOBS = {
    "bulk": _l("Change of many records"),
    "export": _l("Export to a file"),
    "import_check": _l("Check of a file before its import"),
    "import_store": _l("Import from a file"),
    "own_data": _l("Copy of own data"),
    "fund_statistics": _l("Statistics brought up to date"),
    "daily_digest": _l("Daily e-mails"),
    "sweep": _l("Things past their time swept"),
    "sweep_staging": _l("Files that nothing names swept"),
    "sweep_storage": _l("Contents that no file names swept"),
    "retention": _l("Deleting what is past its time"),
    "audit_heads": _l("Daily seals of the log written out"),
}


def _event(code: str) -> str:
    """What a message is about, without what it says."""
    group = group_of(code)
    return letter_label(code) or about_labels()[group or "account"]


def _locale(code: str) -> str:
    return {"th": _("Thai"), "en": _("English")}.get(code, code)


def _identity(code: str) -> str:
    return _("E-mail") if code == EMAIL else type_label(code)


def scope_label(code: str) -> str:
    """Where a role holds that was given for this kind of scope."""
    return {"none": _("Everywhere"), "organization": _("Organization")}.get(code, code)


def _file(code: Any) -> str:
    known = {
        "identity_card": _("Picture of the citizen ID card"),
        "fund_attachment": _("Document of a proposal"),
        "own_data": _("Copy of own data"),
        "export": _("Export to a file"),
        "import": _("Import from a file"),
    }
    return known.get(str(code), str(code))


def fault_label(fault: str) -> str:
    """Why work was given up; what a program said of its failing stands as it is."""
    return _("Whoever asked for it has no right to it any more.") if fault == "not_permitted" else fault


def _accepted(code: str) -> str:
    return {"terms": _("Terms of use"), "privacy": _("Privacy policy")}.get(code, code)


def name_records() -> None:
    """Say the words of every record of the core."""
    name_record_group("core", _l("System"))
    name_record(
        "account",
        _l("User account"),
        _l("User accounts"),
        "person",
        purpose=_l("Everybody who can sign in; names can be corrected here"),
        fields={"sort_key": _l("Name")},
        values={"locale": _locale},
        helps={"title": _l("As it stands before the name, for example นาย, นาง, นางสาว")},
    )
    name_record(
        "profile",
        _l("Profile"),
        _l("Profiles"),
        "person-vcard",
        purpose=_l("What people filled in about themselves at their first sign-in"),
        fields=LINKS,
    )
    name_record(
        "identity",
        _l("Way to sign in"),
        _l("Ways to sign in"),
        "key",
        purpose=_l("By what each account signs in"),
        fields=LINKS | {"type": _l("Kind"), "value": _l("Signs in as")},
        values={"type": _identity},
    )
    name_record(
        "grant",
        _l("Role of a user"),
        _l("Roles of users"),
        "person-badge",
        purpose=_l("Who was given which kind of user, from when to when, and by whom"),
        fields=LINKS | {"kind": _l("Kind of user")},
        values={"scope_type": scope_label},
    )
    name_record(
        "consent",
        _l("Accepted text"),
        _l("Accepted texts"),
        "patch-check",
        purpose=_l("Which version of the terms and of the privacy policy each person accepted"),
        fields=LINKS,
        values={"text": _accepted},
    )
    name_record(
        "sign_in",
        _l("Signed-in device"),
        _l("Signed-in devices"),
        "laptop",
        purpose=_l("On which devices people are signed in"),
        fields=LINKS | PERIOD | {"device": _l("Device"), "address": _l("From address")},
        values={"device": device_name},
        raw=("device",),
    )
    name_record(
        "message",
        _l("Outgoing message"),
        _l("Outgoing messages"),
        "send",
        purpose=_l("What goes out by e-mail and SMS; to whom stands on the page of outgoing messages"),
        fields={
            "channel": _l("Sent by way of"),
            "event": _l("About"),
            "attempts": _l("Tries"),
            "made_at": _l("Made at"),
            "next_try_at": _l("Next try"),
            "sent_at": _l("Sent at"),
        },
        values={"channel": channel_label, "state": state_label, "event": _event},
        chips={"state": STATE_CHIPS},
    )
    name_record(
        "job",
        _l("Background work"),
        _l("Background work"),
        "hourglass-split",
        purpose=_l("Work that is done outside the pages: exports, imports, mails, tidying"),
        fields=PERIOD
        | {
            "progress": _l("Progress in per cent"),
            "attempts": _l("Times tried"),
            "requested_by": _l("Asked for by"),
            "made_at": _l("Made at"),
            "due_at": _l("To be done from"),
            "leased_until": _l("Reserved until"),
            "error": _l("Fault"),
        },
        values={
            "kind": JOBS,
            "error": fault_label,
            "state": JOB_STATES,
        },
        chips={"state": {WAITING: "wait", RUNNING: "doing", DONE: "pass", FAILED: "fail", CANCELLED: "off"}},
    )
    name_record(
        "file",
        _l("File"),
        _l("Files"),
        "paperclip",
        purpose=_l("What was uploaded: how large, by whom, when; the content is opened where it is used"),
        fields={"sha256": _l("Digest (SHA-256)"), "uploaded_at": _l("Uploaded at"), "size": _l("Size (bytes)")},
        values={"purpose": _file, "content_type": content.format_of},
    )
    name_record(
        "log_entry",
        _l("Log entry"),
        _l("Access log"),
        "journal-text",
        purpose=_l("Who did what, when and from where"),
        fields={
            "at": _l("Time"),
            "actor_id": _l("Who"),
            "action": _l("What was done"),
            "entity": _l("Kind of record"),
            "entity_id": _l("Record no."),
            "address": _l("From address"),
            "request_id": _l("Request"),
        },
        values={"action": action_label, "entity": entity_label},
    )
    name_record(
        "permission",
        _l("Permission"),
        _l("Permissions"),
        "shield-check",
        purpose=_l("The rows of the permission matrix; they are ticked on its own page"),
        fields={
            "code": _l("Code"),
            "number": _l("No."),
            "group_th": _l("Group (Thai)"),
            "title_th": _l("Title (Thai)"),
            "title_en": _l("Title (English)"),
            "is_house": _l("One of the house’s own"),
            "basis": _l("What it rests on"),
        },
        values={"domain": domain_label, "basis": basis_label},
    )
    name_record(
        "permission_change",
        _l("Change of permissions"),
        _l("Changes of permissions"),
        "shield-lock",
        purpose=_l("Who changed the matrix, when and why"),
        fields={
            "made_at": _l("Made at"),
            "made_by": _l("Made by"),
            "cells": _l("Permission, kind of user, whether held"),
        },
        values={"domain": domain_label},
    )
    name_record(
        "setting",
        _l("Setting that was changed"),
        _l("Settings that were changed"),
        "sliders",
        purpose=_l("Values that differ from what the system came with; they are changed on the page of settings"),
    )
    name_record(
        "privacy_request",
        _l("Request about personal data"),
        _l("Requests about personal data"),
        "shield-exclamation",
        purpose=_l("What people asked about their own data, and until when the law wants an answer"),
        fields=LINKS
        | {
            "asked_at": _l("Asked at"),
            "due_at": _l("To be answered by"),
            "answered_at": _l("Answered at"),
            "answered_by": _l("Answered by"),
        },
        values={
            "kind": KIND_LABELS,
            "state": {
                OPEN: _l("Waits for an answer"),
                ANSWERED: _l("Done"),
                REFUSED: _l("Refused"),
                WITHDRAWN: _l("Taken back"),
            },
        },
        chips={"state": {OPEN: "wait", ANSWERED: "pass", REFUSED: "fail", WITHDRAWN: "off"}},
    )
    name_record(
        "backup",
        _l("Backup"),
        _l("Backups"),
        "archive",
        purpose=_l("When everything was last copied away, and whether anything was missing"),
        fields=PERIOD
        | {
            "files": _l("Files"),
            "missing": _l("Files not found"),
            "size": _l("Size (bytes)"),
            "error": _l("Fault"),
        },
    )
