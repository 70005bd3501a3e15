"""The core's records as generated pages, files and the API know them.

Not here, because they are nobody's but their owner's: typing that is kept (drafts), saved lists, what somebody chose to
be told, the bell. Not here, because a copy of them opens a door: tokens of sessions and links, throttled addresses.
"""

from __future__ import annotations

from typing import Any

from models.core.audit import AuditEntry
from models.core.backup import Backup
from models.core.entity import Deeds, Entity, Gates, Kind, Values, declare
from models.core.file import StoredFile
from models.core.grants import Grant
from models.core.identity import Account, Consent, Identity, Profile, SignInSession
from models.core.job import CANCELLED, DONE, FAILED, RUNNING, WAITING, Job
from models.core.kinds import KINDS, STAFF, SUPER_USER
from models.core.listing import Order
from models.core.matrix import MatrixChange, MatrixRow
from models.core.outbox import FAILED as NOT_SENT
from models.core.outbox import GATHERED, HELD, SENT, Message
from models.core.privacy.request import MANAGE, STATES, PrivacyRequest
from models.core.registration import save_profile
from models.core.setting import Setting
from models.core.staffing import visible_accounts

OFFICE = frozenset({STAFF, SUPER_USER})
"""The kinds of the house that work with records as such; a domain's own kinds join in its own declarations."""


def _rename(_user: Any, account: Account, values: Values) -> None:
    """Names stand in the account and count as a change of the profile, so that its own form is told."""
    save_profile(account, values)


ACCOUNT = declare(
    Entity(
        "account",
        Account,
        Gates("user.edit", change="user.edit"),
        users=OFFICE,
        listed=("email", "title", "first_name", "last_name", "active", "confirmed_at"),
        shown=(
            *("email", "title", "first_name", "last_name", "active", "confirmed_at"),
            *("must_change_password", "password_changed_at", "locale"),
        ),
        changed=("title", "first_name", "last_name"),
        filtered=("active", "confirmed_at", "must_change_password"),
        orders=(
            Order("name", (Account.sort_key,), Account.id),
            Order("-name", (Account.sort_key,), Account.id, descending=True),
            Order("email", (Account.email,), Account.id),
            Order("-email", (Account.email,), Account.id, descending=True),
        ),
        search=(Account.search_text,),
        key="email",
        rows=visible_accounts,
        deeds=Deeds(change=_rename),
        required=("title", "first_name", "last_name"),
        kinds={"email": Kind.EMAIL},
        is_personal=True,
    )
)

PROFILE = declare(
    Entity(
        "profile",
        Profile,
        Gates("user.edit"),
        users=OFFICE,
        listed=("user_id", "position", "work_group", "completed_at"),
        shown=("user_id", "citizen_id", "position", "work_group", "telephone", "mobile", "completed_at"),
        filtered=("user_id", "completed_at"),
        parent="user_id",
        is_personal=True,
    )
)

IDENTITY = declare(
    Entity(
        "identity",
        Identity,
        Gates("user.edit"),
        users=OFFICE,
        listed=("user_id", "type", "value"),
        shown=("user_id", "type", "value"),
        filtered=("user_id",),
        parent="user_id",
        is_personal=True,
    )
)

GRANT = declare(
    Entity(
        "grant",
        Grant,
        Gates("user.edit"),
        users=OFFICE,
        listed=("user_id", "kind", "begins_at", "ends_at", "granted_by"),
        shown=("user_id", "kind", "scope_type", "scope_id", "begins_at", "ends_at", "granted_by"),
        filtered=("user_id", "kind", "begins_at", "ends_at"),
        parent="user_id",
        choices={"kind": lambda: tuple(KINDS)},
    )
)

CONSENT = declare(
    Entity(
        "consent",
        Consent,
        Gates("user.edit"),
        users=OFFICE,
        listed=("user_id", "text", "text_version", "accepted_at"),
        shown=("user_id", "text", "text_version", "accepted_at"),
        filtered=("user_id", "accepted_at"),
        parent="user_id",
    )
)

SESSION = declare(
    Entity(
        "sign_in",
        SignInSession,
        Gates("console.use"),
        users=OFFICE,
        listed=("user_id", "device", "begun_at", "seen_at", "ended_at"),
        shown=("user_id", "device", "address", "begun_at", "seen_at", "ended_at"),
        filtered=("user_id", "begun_at", "ended_at"),
        is_personal=True,
    )
)

MESSAGE = declare(
    Entity(
        "message",
        Message,
        Gates("outbox.manage"),
        users=OFFICE,
        # To whom, and what it says, is the outbox's to show: it asks who may read the record that the message is about.
        listed=("made_at", "channel", "event", "state", "attempts", "sent_at"),
        shown=("channel", "event", "state", "attempts", "made_at", "next_try_at", "sent_at"),
        filtered=("state", "channel", "made_at"),
        choices={"state": (WAITING, HELD, SENT, NOT_SENT, GATHERED), "channel": ("mail", "sms")},
    )
)

JOB = declare(
    Entity(
        "job",
        Job,
        Gates("console.use"),
        users=OFFICE,
        listed=("kind", "state", "progress", "requested_by", "made_at", "ended_at"),
        shown=(
            *("kind", "state", "progress", "attempts", "requested_by", "made_at", "due_at", "leased_until"),
            *("ended_at", "error"),
        ),
        filtered=("state", "requested_by", "made_at"),
        choices={"state": (WAITING, RUNNING, DONE, FAILED, CANCELLED)},
    )
)

FILE = declare(
    Entity(
        "file",
        StoredFile,
        Gates("console.use"),
        users=OFFICE,
        # Names of files say what is in them, and the gate of each file stands at the file itself.
        listed=("purpose", "content_type", "size", "uploaded_by", "uploaded_at", "attached_at"),
        shown=("purpose", "content_type", "size", "sha256", "uploaded_by", "uploaded_at", "attached_at"),
        filtered=("uploaded_by", "uploaded_at", "attached_at"),
    )
)

LOG = declare(
    Entity(
        "log_entry",
        AuditEntry,
        Gates("access_log.view"),
        users=OFFICE,
        # From what to what stands on the log's own page, which asks whose eyes it is for.
        listed=("at", "actor_id", "action", "entity", "entity_id"),
        shown=("at", "actor_id", "action", "entity", "entity_id", "address", "request_id"),
        filtered=("at", "actor_id"),
        links={"actor_id": "ab_user"},
    )
)

PERMISSION = declare(
    Entity(
        "permission",
        MatrixRow,
        Gates("permission.edit"),
        users=OFFICE,
        listed=("number", "title_th", "title_en", "domain", "is_house"),
        shown=("code", "number", "group_th", "title_th", "title_en", "domain", "is_house", "basis"),
        filtered=("is_house",),
    )
)

PERMISSION_CHANGE = declare(
    Entity(
        "permission_change",
        MatrixChange,
        Gates("permission.edit"),
        users=OFFICE,
        listed=("made_at", "made_by", "what", "reason"),
        shown=("domain", "made_at", "made_by", "what", "reason", "cells"),
        filtered=("made_at", "made_by", "what"),
        choices={"what": ("edit", "reset", "restore")},
    )
)

SETTING = declare(
    Entity(
        "setting",
        Setting,
        Gates("console.use"),
        users=OFFICE,
        listed=("name", "value"),
        shown=("name", "value"),
    )
)

PRIVACY_REQUEST = declare(
    Entity(
        "privacy_request",
        PrivacyRequest,
        Gates(MANAGE),
        users=OFFICE,
        listed=("user_id", "kind", "state", "asked_at", "due_at", "answered_at"),
        shown=("user_id", "kind", "state", "asked_at", "due_at", "answered_at", "answered_by"),
        filtered=("state", "user_id", "asked_at", "due_at"),
        orders=(
            Order("due", (PrivacyRequest.due_at,), PrivacyRequest.id),
            Order("-due", (PrivacyRequest.due_at,), PrivacyRequest.id, descending=True),
        ),
        choices={"state": STATES},
        is_personal=True,
    )
)

BACKUP = declare(
    Entity(
        "backup",
        Backup,
        Gates("console.use"),
        users=OFFICE,
        listed=("name", "begun_at", "ended_at", "files", "missing", "size", "error"),
        shown=("name", "begun_at", "seen_at", "ended_at", "files", "missing", "size", "error"),
        filtered=("begun_at", "ended_at"),
    )
)
