"""Every route x every kind of user x own and foreign record, against the permission table and who sees what.

What is expected comes from `models/core/reference/permissions/*.csv` and from the table `SEES` below (spec: fund.md 1,
"What each sees"), never from the views themselves. A route that is not in `ROUTES` fails the first test.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from models.core import audit, job, outbox
from models.core.api_key import give
from models.core.backup import Backup
from models.core.clock import later, now
from models.core.counter import next_number
from models.core.db import db
from models.core.entity import entities, entity_named
from models.core.grants import Grant
from models.core.identity import Consent, SignInSession, make_link, open_sessions
from models.core.matrix import MatrixChange, reference_rows
from models.core.privacy.request import ask
from models.core.saved_list import save_list
from models.fund.codes import COMMITTEE, MANAGER, MEMBER, STAFF, State
from models.fund.duplicates import Distinct
from models.fund.membership import Membership
from models.fund.scoring import Topic, new_version
from models.fund.session import AgendaItem, CommitteeAffiliation
from services import storage, throttle
from tests.conftest import one_transaction
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_file, make_member, make_organization, make_proposal, make_session, put_on
from views.core.access import policy_of
from views.core.api.records import class_name, routes_of
from views.core.records.asked import endpoint_of

HOLDS = {row.code: row.kinds for row in reference_rows("fund")}
OPEN, SIGNED_IN = "open", "signed_in"
API_KEY = "api key"  # who shows a key; a browser that is signed in is nobody here
OFFICE = "office"  # the office's people who hold what the entity's declaration names; walked by a test of their own

# The people: kind, and whether they belong to the record (own) or are somebody else of the same kind (foreign).
PEOPLE = {
    "visitor": "unregistered",
    "author": "project_manager",
    "colleague": "project_manager",  # of the same organization, but not the author
    "manager": "organization_manager",
    "other_author": "project_manager",
    "other_manager": "organization_manager",
    "staff": "staff",
    "secretary": "committee",
    "other_committee": "committee",
    "super_user": "super_user",
}
# A manager is a project manager too (spec: fund.md 1).
ALSO = {"organization_manager": {"project_manager"}}

APPLICANTS = {"author", "manager"}
OF_ORGANIZATION = {"author", "colleague", "manager"}
FUND = {"staff", "super_user"}
EVERYBODY = set(PEOPLE) - {"visitor"}

# Record -> who sees it, given that their kind holds the permission at all.
SEES: dict[str, set[str]] = {
    "draft": APPLICANTS,
    "deleted": APPLICANTS | {"super_user"},
    "screening": APPLICANTS | FUND,
    "on_agenda": APPLICANTS | FUND | {"secretary"},
    "organization": OF_ORGANIZATION | FUND | {"secretary"},
    "managed_organization": {"manager"} | FUND,
    "membership": OF_ORGANIZATION | FUND,
    "session": FUND | {"secretary"},
    "anything": EVERYBODY,
}


@dataclass(frozen=True)
class Route:
    """What a route is for: who may (permissions, or open, or signed in), on which record, and what is posted."""

    who: str | tuple[str, ...]
    record: str = "anything"
    url: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    method: str = ""  # the one that is tried; every method of the rule when empty
    sees: set[str] | None = None  # where one route's reach differs from its record's
    ends_at_the_door: bool = False  # what it does ends with the sign-in page


def needs(*permissions: str, **more: Any) -> Route:
    return Route(permissions, **more)


# Values beginning with @ are taken from the world of the test.
ROUTES: dict[str, Route] = {
    # --- open doors -------------------------------------------------------------------------------------------------
    "static": Route(OPEN, url={"filename": "core/css/tokens.css"}),
    "appbuilder.static": Route(OPEN, url={"filename": "css/flags/flags16.css"}),
    "health.healthz": Route(OPEN),
    "health.readyz": Route(OPEN),
    "health.metrics": Route(OPEN, sees=set()),  # with the operator's token only
    "PublicView.accessibility": Route(OPEN),
    "PublicView.privacy": Route(OPEN),
    "PublicView.terms": Route(OPEN),
    "LocaleView.set": Route(OPEN, data={"lang": "en"}),
    "SignView.sign_in": Route(OPEN),
    "RegisterView.form": needs("account.create"),
    "RegisterView.confirm": Route(OPEN, url={"token": "@confirm"}, ends_at_the_door=True),
    "RegisterView.resend": Route(OPEN),
    "RegisterView.sent": Route(OPEN),
    "ForgottenView.form": Route(OPEN),
    "ForgottenView.reset": Route(OPEN, url={"token": "@reset"}),
    "ForgottenView.sent": Route(OPEN),
    # --- one's own --------------------------------------------------------------------------------------------------
    "HomeView.index": Route(SIGNED_IN),
    "SignView.sign_out": Route(SIGNED_IN, ends_at_the_door=True),
    "AccountView.profile": Route(SIGNED_IN),
    "AccountView.password": Route(SIGNED_IN),
    "AccountView.sessions": Route(SIGNED_IN),
    "OwnMessagesView.form": Route(SIGNED_IN),
    "AccountView.end_session": Route(SIGNED_IN, url={"pk": "@session_row"}),
    "AccountView.end_other_sessions": Route(SIGNED_IN),
    "AccountView.consent": Route(SIGNED_IN),
    "AddressView.form": Route(SIGNED_IN),
    "AddressView.confirm": Route(OPEN, url={"token": "@reset"}),
    "TextsView.form": Route(SIGNED_IN),
    "AccountView.close": needs("user.set_status", ends_at_the_door=True),
    "NotificationView.list": Route(SIGNED_IN),
    "NotificationView.open": Route(SIGNED_IN, url={"pk": "@notification"}, sees={"author"}),
    "NotificationView.mark": Route(SIGNED_IN, url={"pk": "@notification"}, sees={"author"}),
    "NotificationView.read_all": Route(SIGNED_IN),
    "PulseView.index": Route(SIGNED_IN),
    "SearchView.index": Route(SIGNED_IN, query={"q": "มูลนิธิ"}),
    "SearchView.suggest": Route(SIGNED_IN, query={"q": "มูลนิธิ"}),
    "FileView.get": Route(SIGNED_IN, url={"key": "@file"}, sees={"author"}),
    "FileView.upload": Route(SIGNED_IN, url={"purpose": "@card_purpose"}),
    # --- the core's tables ------------------------------------------------------------------------------------------
    "OwnDataView.form": Route(SIGNED_IN),
    "OwnDataView.copy": Route(SIGNED_IN),
    "RecordFilesView.export": needs("user.edit", url={"name": "account", "ending": "csv"}),
    "RecordFilesView.form": needs("user.edit", url={"name": "account"}),
    "RecordFilesView.template": needs("user.edit", url={"name": "account", "ending": "csv"}),
    "RecordFilesView.show": needs("user.edit", url={"name": "account", "pk": 999_999}, sees=set()),
    "RecordFilesView.part": needs("user.edit", url={"name": "account", "pk": 999_999}, sees=set()),
    "OwnFilesView.list": Route(SIGNED_IN),
    "OwnFilesView.lines": Route(SIGNED_IN),
    "OwnFilesView.cancel": Route(SIGNED_IN, url={"pk": "@export"}, sees={"author"}),
    "OwnFilesView.again": Route(SIGNED_IN, url={"pk": "@export"}, sees={"author"}),
    "OwnDataView.withdraw": Route(SIGNED_IN, url={"pk": "@privacy_request"}, data={"version": "1"}, sees={"author"}),
    "PrivacyRequestView.list": needs("privacy.manage"),
    "PrivacyRequestView.show": needs("privacy.manage", url={"pk": "@privacy_request"}),
    "PrivacyRequestView.answer": needs(
        "privacy.manage", url={"pk": "@privacy_request"}, data={"action": "refuse", "answer": "-", "version": "1"}
    ),
    "MessageView.list": needs("outbox.manage"),
    "MessageView.show": needs("outbox.manage", url={"pk": "@message"}),
    "MessageView.mail": needs("outbox.manage", url={"pk": "@message"}),
    "MessageView.retry": needs("outbox.manage"),
    "AccessLogView.list": needs("access_log.view"),
    "AccessLogView.show": needs("access_log.view", url={"seq": "@entry"}),
    "AccessLogView.export": needs("access_log.view", url={"ending": "csv"}),
    "AccessLogView.people": needs("access_log.view", query={"q": "พิมพ์"}),
    "ApiKeyView.list": needs("api_key.manage"),
    "ApiKeyView.people": needs("api_key.manage", query={"q": "พิมพ์"}),
    "ApiKeyView.give": needs("api_key.manage"),
    "ApiKeyView.show": needs("api_key.manage", url={"pk": "@api_key"}),
    "ApiKeyView.revoke": needs("api_key.manage", url={"pk": "@api_key"}, data={"reason": "-"}),
    "ApiDocsView.index": Route(SIGNED_IN),
    "ApiDocument.document": Route(SIGNED_IN),
    "SettingView.list": needs("console.use"),
    "SettingView.edit": needs("console.use", url={"name": "fund.rows.list"}),
    "SettingView.reset": needs("console.use", url={"name": "fund.rows.list"}),
    # --- the data console -------------------------------------------------------------------------------------------
    "console.index": needs("console.use"),
    **{
        f"console_{view}.{name}": needs("console.use", url={"export_type": "csv"}, query={"id": f"@{key}"}, data=data)
        for view, key, names, data in (
            ("grants", "grant", "index_view details_view export action_view", {"action": "end", "rowid": "@grant"}),
            ("devices", "device", "index_view details_view export action_view", {"action": "end", "rowid": "@device"}),
            ("consents", "consent", "index_view export", {}),
            ("limits", "count", "index_view action_view", {"action": "forget", "rowid": "@count"}),
            ("jobs", "job", "index_view details_view export action_view", {"action": "retry", "rowid": "@job"}),
            ("backups", "backup", "index_view details_view export", {}),
            ("numbers", "number", "index_view export", {}),
            ("permissions", "permission", "index_view details_view export", {}),
            ("topics", "topic", "index_view details_view export edit_view", {"version": "1"}),
            ("affiliations", "affiliation", "index_view details_view export edit_view", {"version": "1"}),
            ("affiliations", "affiliation", "delete_view", {"id": "@affiliation"}),
            ("apart", "apart", "index_view details_view export", {}),
            ("apart", "apart", "delete_view", {"id": "@apart"}),
        )
        for name in names.split()
    },
    "console_topics.ajax_update": needs("console.use", data={"id": "@topic", "column": "title_th", "title_th": "-"}),
    "console_affiliations.ajax_update": needs(
        "console.use", data={"id": "@affiliation", "column": "name", "name": "-"}
    ),
    "console_choices.index_view": needs("console.use"),
    "console_choices.change": needs(
        "console.use", data={"id": "fund.kinds.disability", "deed": "down:seeing", "version": "0"}
    ),
    "console_scoring.index_view": needs("console.use"),
    "console_scoring.change": needs("console.use", data={"id": "@scoring_draft", "deed": "down:t1", "version": "1"}),
    "console_files.index_view": needs("console.use"),
    "console_files.show": needs("console.use", query={"id": "@file"}),
    # Opening asks the gate of the record too: the file is its uploader's while no record names it.
    "console_files.open": needs("console.use", query={"id": "@own_file"}),
    # --- the permissions --------------------------------------------------------------------------------------------
    "PermissionView.matrix": needs("permission.edit"),
    "PermissionView.change": needs("permission.edit", url={"domain": "fund"}),
    "PermissionView.reset": needs("permission.edit", url={"domain": "fund"}),
    "PermissionView.restore": needs("permission.edit", url={"pk": "@matrix_change"}),
    "PermissionView.history": needs("permission.edit"),
    "PermissionView.export": needs("permission.edit", url={"domain": "fund", "ending": "csv"}),
    "WhyView.ask": needs("permission.edit"),
    "WhyView.people": needs("permission.edit", query={"q": "พิมพ์"}),
    # --- people -----------------------------------------------------------------------------------------------------
    "UserView.list": needs("user.edit"),
    "UserView.committee": needs("appoint.committee"),
    "UserView.export": needs("user.edit", url={"ending": "csv"}),
    "UserView.export_committee": needs("appoint.committee", url={"ending": "csv"}),
    "UserView.new": needs("appoint.staff", "appoint.committee", "appoint.super_user"),
    "UserView.show": needs("user.edit", url={"pk": "@secretary"}),
    "UserView.edit": needs("user.edit", url={"pk": "@secretary"}),
    "UserView.renew": needs("appoint.staff", "appoint.committee", "appoint.super_user", url={"pk": "@secretary"}),
    "UserView.status": needs("user.set_status", url={"pk": "@secretary"}, data={"status": "closed"}, sees=FUND),
    "UserView.appoint": needs(
        "appoint.staff", "appoint.committee", "appoint.super_user", url={"pk": "@secretary"}, data={"kind": "committee"}
    ),
    "UserView.dismiss": needs(
        "appoint.staff", "appoint.committee", "appoint.super_user", url={"pk": "@secretary"}, data={"kind": "committee"}
    ),
    # --- organizations ----------------------------------------------------------------------------------------------
    "OrganizationView.list": needs("organization.view"),
    "OrganizationView.map": needs("organization.view"),
    "OrganizationView.points": needs("organization.view"),
    "OrganizationView.export": needs("organization.view", url={"ending": "csv"}),
    "OrganizationView.search": Route(SIGNED_IN, query={"q": "มูลนิธิ"}),
    "OrganizationView.like": needs("organization.create", query={"name": "มูลนิธิ"}),
    "OrganizationView.new": needs("organization.create"),
    "OrganizationView.choose": needs("organization.view"),
    "OrganizationView.show": needs("organization.view", record="organization", url={"pk": "@organization"}),
    "OrganizationView.edit": needs("organization.edit", record="managed_organization", url={"pk": "@organization"}),
    "OrganizationView.delete": needs("organization.delete", record="managed_organization", url={"pk": "@organization"}),
    "OrganizationView.restore": needs("organization.delete", url={"pk": "@deleted_organization"}),
    "DuplicateView.list": needs("organization.view", sees=FUND),
    "DuplicateView.apart": needs("organization.merge", data={"one": "@organization", "other": "@foreign_organization"}),
    "DuplicateView.merge": needs(
        "organization.merge", query={"one": "@organization", "other": "@foreign_organization"}
    ),
    "HandOverView.list": needs(
        "proposal.edit", record="managed_organization", url={"organization": "@organization"}, sees={"manager"}
    ),
    "HandOverView.hand_over": needs(
        "proposal.edit",
        record="managed_organization",
        url={"organization": "@organization"},
        data={"ids": "@draft", "to": "@colleague"},
        sees={"manager"},
    ),
    "MemberView.add": needs(
        "member.add",
        record="managed_organization",
        url={"organization": "@organization"},
        data={"email": "x@sala.example"},
    ),
    "MemberView.move": needs(
        "member.set_status",
        "member.remove",
        "appoint.organization_manager",
        "member.leave",
        record="membership",
        url={"organization": "@organization", "pk": "@membership", "action": "suspend"},
        sees={"manager"} | FUND,
    ),
    # --- proposals --------------------------------------------------------------------------------------------------
    "ProposalView.list": needs("proposal.view"),
    "ProposalView.counts": needs("proposal.view"),
    "ProposalView.export": needs("proposal.view", url={"ending": "csv"}),
    "ProposalView.save_filters": needs("proposal.view", data={"name": "ของฉัน"}),
    "ProposalView.change_filters": needs(
        "proposal.view", url={"pk": "@saved_list"}, data={"action": "remove"}, sees={"author"}
    ),
    "BringView.list": needs("proposal.create"),
    "BringView.begin": needs("proposal.create", record="draft", url={"pk": "@draft"}, sees=APPLICANTS),
    "ProposalView.show": needs("proposal.view", record="on_agenda", url={"pk": "@on_agenda"}),
    "ProposalView.revision": needs("proposal.view", record="on_agenda", url={"pk": "@on_agenda", "number": 1}),
    "ProposalView.compare": needs("proposal.view", record="screening", url={"pk": "@revised"}),
    "ProposalView.history": needs("access_log.view", record="on_agenda", url={"pk": "@on_agenda"}),
    "ProposalView.not_consider": needs(
        "proposal.decide", record="screening", url={"pk": "@screening"}, data={"reason": "อยู่นอกภารกิจ"}
    ),
    "ProposalView.not_consider_many": needs("proposal.decide", data={"reason": "อยู่นอกภารกิจ"}),
    "WizardView.create": needs("proposal.create"),
    "WizardView.begin": needs("proposal.edit", record="draft", url={"pk": "@draft"}),
    "WizardView.part": needs("proposal.edit", record="draft", url={"pk": "@draft", "part": "2.1"}),
    "WizardView.save": needs("proposal.edit", record="draft", url={"pk": "@draft", "part": "2.1"}),
    "WizardView.review": needs("proposal.edit", record="draft", url={"pk": "@draft"}),
    "KeptTypingView.keep": needs("proposal.edit", record="draft", url={"pk": "@draft", "part": "2.1"}),
    "KeptTypingView.discard": needs("proposal.edit", record="draft", url={"pk": "@draft", "part": "2.1"}),
    "KeptTypingView.token": needs("proposal.edit"),
    "ProposalMoveView.deleted": needs("proposal.restore"),
    "ProposalMoveView.move": needs(
        "proposal.edit",
        "proposal.submit",
        "proposal.delete",
        "proposal.restore",
        record="draft",
        url={"pk": "@draft", "action": "mark_ready"},
        data={"version": "1"},
    ),
    # --- screening --------------------------------------------------------------------------------------------------
    "ScreeningView.list": needs("proposal.decide"),
    "ScreeningView.form": needs("proposal.decide", record="screening", url={"pk": "@screening"}),
    "ScreeningView.save": needs("proposal.decide", record="screening", url={"pk": "@screening"}),
    "ScreeningView.send": needs("proposal.decide", record="screening", url={"pk": "@screening"}),
    "ScreeningView.keep": needs("proposal.decide", record="screening", url={"pk": "@screening"}),
    "ScreeningView.discard": needs("proposal.decide", record="screening", url={"pk": "@screening"}),
    # --- sessions and scoring ---------------------------------------------------------------------------------------
    "SessionView.list": needs("session.view"),
    "SessionView.export": needs("session.view", url={"ending": "csv"}),
    "SessionView.new": needs("session.edit"),
    "SessionView.find_people": needs("session.edit", query={"q": "พิมพ์"}),
    "SessionView.show": needs("session.view", record="session", url={"pk": "@session"}),
    "SessionView.calendar": needs("session.view", record="session", url={"pk": "@session"}),
    "SessionView.month": needs("session.view"),
    "SessionView.mine": needs("session.view"),
    "SessionView.attendance": needs("session.view", record="session", url={"pk": "@session"}),
    "SessionView.agenda_move": needs("session.edit", record="session", url={"pk": "@session", "item_id": "@item"}),
    "PaperView.agenda": needs("session.view", record="session", url={"pk": "@session"}),
    "PaperView.resolutions": needs("session.view", record="session", url={"pk": "@session"}),
    "SessionView.step_out": needs("session.view", record="session", url={"pk": "@session"}, data={"item_id": "@item"}),
    "ScoringView.record": needs("result.record", "result.record_own_session", record="session", url={"pk": "@item"}),
    "ScoringView.save": needs("result.record", "result.record_own_session", record="session", url={"pk": "@item"}),
    "ScoringView.keep": needs("result.record", "result.record_own_session", record="session", url={"pk": "@item"}),
    "ScoringView.forget": needs("result.record", "result.record_own_session", record="session", url={"pk": "@item"}),
    "ScoringView.result": needs("result.view", record="session", url={"pk": "@done_item"}),
    "ScoringFormView.list": needs("scoring_form.edit"),
    "ScoringFormView.new": needs("scoring_form.edit"),
    **{
        f"ScoringFormView.{name}": needs("scoring_form.edit", url={"pk": "@scoring_draft"})
        for name in ("show", "paper", "edit", "save", "keep", "forget", "publish", "discard")
    },
    **{
        f"SessionView.{name}": needs("session.edit", record="session", url={"pk": "@session"})
        for name in (
            "edit",
            "people",
            "people_again",
            "people_remove",
            "agenda",
            "agenda_order",
            "cancel",
            "close",
            "delete",
            "invite",
            "reopen",
        )
    },
    "SessionView.agenda_add": needs(
        "session.edit", record="session", url={"pk": "@session"}, data={"proposal_id": "@waiting"}
    ),
    "SessionView.agenda_remove": needs(
        "session.edit", record="session", url={"pk": "@session"}, data={"proposal_id": "@on_agenda"}
    ),
    "SessionView.step_in": needs(
        "session.edit", record="session", url={"pk": "@session"}, data={"item_id": "@item", "user_id": "@secretary"}
    ),
    # --- statistics -------------------------------------------------------------------------------------------------
    "StatisticsView.index": needs("statistics.view"),
    "StatisticsView.export": needs("statistics.view", url={"ending": "xlsx"}),
    # --- papers -----------------------------------------------------------------------------------------------------
    "PaperView.proposal": needs("proposal.view", record="on_agenda", url={"pk": "@on_agenda"}),
    "PaperView.comparison": needs("proposal.view", record="screening", url={"pk": "@revised"}),
    "PaperView.screening_form": needs("result.view", record="on_agenda", url={"pk": "@on_agenda"}),
    "PaperView.scoring_form": needs(
        "result.view", record="on_agenda", url={"pk": "@on_agenda", "level": "group"}, sees=FUND | {"secretary"}
    ),
}


@dataclass
class World:
    """Records and people of one test; `get` resolves the values that the table names with @."""

    people: dict[str, Any]
    values: dict[str, Any]

    def get(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("@"):
            return self.values[value[1:]]
        return value


@pytest.fixture(scope="module")
def lived_in(filled_app: Any) -> Iterator[tuple[Any, World]]:
    """The transaction of all these tests, with the world in it; each test undoes what it did."""
    with one_transaction(filled_app) as connection:
        with filled_app.app_context():
            made = make_world()
        yield connection, made


@pytest.fixture
def app(filled_app: Any, lived_in: tuple[Any, World]) -> Iterator[Any]:
    """The application inside a savepoint of the test's own."""
    point = lived_in[0].begin_nested()
    yield filled_app
    point.rollback()


@pytest.fixture
def world(app: Any, lived_in: tuple[Any, World]) -> World:
    """The people and records, with no session left open behind them."""
    made = lived_in[1]
    return World(made.people, dict(made.values))


def make_world() -> World:
    """Two organizations with author, colleague and manager, the fund, and proposals in their states."""
    ours, theirs = make_organization("มูลนิธิแสงเทียนเพื่อการเรียนรู้"), make_organization("โรงเรียนบ้านดอนตะแบก")
    author, colleague = make_member(ours), make_member(ours)
    people = {
        "author": author,
        "colleague": colleague,
        "manager": make_member(ours, MANAGER),
        "other_author": make_member(theirs, MEMBER),
        "other_manager": make_member(theirs, MANAGER),
        "staff": make_account(STAFF),
        "secretary": make_account(COMMITTEE),
        "other_committee": make_account(COMMITTEE),
        "super_user": make_account("super_user"),
    }
    cast = Cast(staff=people["staff"], secretary=people["secretary"])
    draft = make_proposal(author=author, organization=ours)
    deleted = make_proposal(State.DELETED, author=author, organization=ours)
    screening = make_proposal(State.SCREENING, author=author, organization=ours, cast=cast)
    on_agenda = make_proposal(State.WAIT_GROUP, author=author, organization=ours, cast=cast)
    meeting = make_session(cast=cast)
    put_on(on_agenda, cast, meeting)
    done = make_proposal(State.WAIT_SUB, author=author, organization=ours, cast=cast)
    waiting = make_proposal(State.WAIT_GROUP, author=author, organization=ours, cast=cast)
    revised = make_proposal(State.RETURNED, author=author, organization=ours, cast=cast)
    revised.perform("revise", author, revised.version)
    revised.perform("mark_ready", author, revised.version)
    revised.perform("submit", people["manager"], revised.version)
    file = make_file(author)
    storage.put(file.key, io.BytesIO(b"%PDF-1.4"), 1024)
    gone = make_organization("สมาคมที่เลิกไปแล้ว")
    gone.deleted_at = now()
    outbox.tell([author], "proposal_submitted", on_agenda, number=on_agenda.number)
    message = outbox.post("somebody@sala.example", "already_registered")
    swept = job.enqueue("sweep")
    made = console_rows(people, ours, theirs)
    changed = MatrixChange(domain="fund", what="edit", reason="-", cells=[["proposal.view", "staff", True]])
    db.session.add(changed)
    db.session.commit()
    values = {
        "draft": draft.id,
        "deleted": deleted.id,
        "screening": screening.id,
        "on_agenda": on_agenda.id,
        "organization": ours.id,
        "foreign_organization": theirs.id,
        "colleague": colleague.id,
        "deleted_organization": gone.id,
        "membership": db.session.query(Membership).filter_by(user_id=colleague.id).one().id,
        "session": meeting.id,
        "item": db.session.query(AgendaItem).filter_by(session_id=meeting.id).one().id,
        "secretary": people["secretary"].id,
        "message": message.id,
        "privacy_request": ask(author, "objection", "-").id,
        "export": job.enqueue(
            "export",
            {"list": "fund_proposal", "ending": "csv", "asked": {}, "title": "-", "lang": "th"},
            by=author.id,
        ).id,
        "entry": db.session.query(audit.AuditEntry).first().seq,
        "api_key": give(people["super_user"], people["staff"], "-", ["organization:read"], "-")[0].id,
        "saved_list": save_list(author.id, "fund.proposals", "ของฉัน", {"q": "แสงเทียน"}).id,
        "matrix_change": changed.id,
        "notification": outbox.notifications_of(author.id)[0].id,
        "done_item": db.session.query(AgendaItem).filter_by(proposal_id=done.id).one().id,
        "waiting": waiting.id,
        "revised": revised.id,
        "scoring_draft": new_version(people["staff"]).id,
        "file": file.id,
        "card_purpose": "identity_card",
        "confirm": make_link(author.id, "confirm", timedelta(hours=1)),
        "reset": make_link(author.id, "reset", timedelta(hours=1)),
        "session_row": 0,
        "job": swept.id,
        **made,
    }
    values["topic"] = db.session.query(Topic.id).filter_by(form_id=values["scoring_draft"]).first()[0]
    db.session.commit()
    return World({name: SimpleNamespace(id=person.id) for name, person in people.items()}, values)


def console_rows(people: dict[str, Any], ours: Any, theirs: Any) -> dict[str, Any]:
    """A row in each table of the console that has none yet; its key as it stands in addresses."""
    own_file = make_file(people["super_user"])
    storage.put(own_file.key, io.BytesIO(b"%PDF-1.4"), 1024)
    throttle.allow(throttle.SIGN_IN, "somebody@sala.example", "10.0.0.7")
    key = throttle.key_of(throttle.SIGN_IN, "somebody@sala.example", "10.0.0.7")
    number = next_number("fund.test", 2570)
    low, high = sorted((ours.id, theirs.id))
    rows = {
        "grant": db.session.query(Grant).filter_by(user_id=people["staff"].id).one(),
        "device": SignInSession(token_hash="0" * 64, user_id=people["staff"].id, ended_at=later(minutes=1)),
        "consent": Consent(user_id=people["staff"].id, text="terms", text_version="1.0"),
        "backup": Backup(name="sala-test"),
        "affiliation": CommitteeAffiliation(user_id=people["secretary"].id, name="ชมรมภาพถ่ายริมน้ำ"),
        "apart": Distinct(low_id=low, high_id=high, said_by=people["staff"].id),
    }
    db.session.add_all(rows.values())
    db.session.flush()
    made = {name: row.id for name, row in rows.items()} | {"own_file": own_file.id, "permission": "console.use"}
    return made | {"count": hashlib.sha256(key.encode()).hexdigest()[:24], "number": f"fund.test~{2569 + number}"}


# Every kind of record has its API, made from its declaration.
ROUTES |= {
    f"{class_name(entity)}.{method}": Route(API_KEY, url={"key": "1", "action": "-"})
    for entity in entities()
    for method in routes_of(entity)
}


# Every kind of record has its pages, made from its declaration: method -> what of its gates is needed.
RECORD_METHODS = {"list": "view", "show": "view", "history": "view"}
RECORD_METHODS |= {"add": "add", "edit": "change", "delete": "delete", "restore": "restore"}
ROUTES |= {
    f"{endpoint_of(entity)}.{method}": Route(
        OFFICE, url={"pk": "999999"}, method="GET" if deed in ("view", "add", "change") else "POST"
    )
    for entity in entities()
    for method, deed in RECORD_METHODS.items()
    if entity.gates.of(deed)
}
# What the lists of records share; the entity stands in the address.
ROUTES |= {
    f"RecordToolsView.{method}": Route(
        OFFICE, url={"name": "membership", "field": "organization_id", "pk": "999999", "job": "999999"}, method=verb
    )
    for method, verb in (
        *(("index", "GET"), ("counts", "GET"), ("pick", "GET"), ("outcome", "GET"), ("progress", "GET")),
        *(("save_filters", "POST"), ("change_filters", "POST"), ("columns", "POST"), ("bulk", "POST")),
    )
}


def kinds_of_person(name: str) -> set[str]:
    kind = PEOPLE[name]
    return {kind} | ALSO.get(kind, set())


def expected(route: Route, name: str) -> str:
    """What the table wants for this person: "in", "sign in" (the door), "forbidden" or "not found"."""
    if route.who == OPEN:
        return "in" if route.sees is None else "not found"
    if route.who == API_KEY:
        return "sign in"
    if route.who == SIGNED_IN:
        may = name != "visitor"
    else:
        may = any(HOLDS[permission] & kinds_of_person(name) for permission in route.who)
    if not may:
        return "sign in" if name == "visitor" else "forbidden"
    sees = SEES[route.record] if route.sees is None else route.sees
    return "in" if name in sees or name == "visitor" else "not found"


def got(response: Any, route: Route, name: str) -> str:
    """What the answer amounts to."""
    is_done = route.ends_at_the_door and (name != "visitor" or route.who == OPEN)
    if response.status_code in (302, 303) and "/sign/in" in response.headers["Location"] and not is_done:
        return "sign in"
    if response.status_code in (401, 403, 404, 405, 429) or response.status_code >= 500:
        return {401: "sign in", 403: "forbidden", 404: "not found"}.get(response.status_code, str(response.status_code))
    return "in"


def rules_of(app: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.endpoint, []).append(rule)
    return found


def test_every_route_stands_in_the_table(filled_app):
    assert set(rules_of(filled_app)) == set(ROUTES)


def test_every_permission_that_the_table_names_is_one_of_the_matrix():
    named = {permission for route in ROUTES.values() if isinstance(route.who, tuple) for permission in route.who}

    assert named <= set(HOLDS)


@pytest.mark.parametrize(
    "endpoint", sorted(name for name, route in ROUTES.items() if route.who not in (API_KEY, OFFICE))
)
def test_a_route_lets_in_whom_the_matrix_and_the_scope_let_in_and_nobody_else(endpoint, app, world, sign_in):
    route = ROUTES[endpoint]
    connection = db._app_engines[app][None]
    rules = rules_of(app)[endpoint]
    wrong = []

    for name in PEOPLE:
        for rule in rules:
            methods = [route.method] if route.method else sorted(rule.methods & {"GET", "POST"})
            for method in methods:
                point = connection.begin_nested()
                client = app.test_client()
                if name != "visitor":
                    sign_in(client, world.people[name])
                    with app.app_context():
                        world.values["session_row"] = open_sessions(world.people[name].id)[0].id
                values = {key: world.get(value) for key, value in route.url.items() if key in rule.arguments}
                path = app.url_map.bind("localhost").build(endpoint, values, method=method)
                data = {key: world.get(value) for key, value in route.data.items()}
                response = client.open(
                    path,
                    method=method,
                    data=data if method == "POST" else None,
                    query_string={key: world.get(value) for key, value in route.query.items()},
                    headers=_token(client, method),
                )
                answer = got(response, route, name)
                response.close()
                point.rollback()
                if answer != expected(route, name):
                    wrong.append(
                        f"{method} {path} as {name}: {answer} ({response.status_code}), wanted {expected(route, name)}"
                    )

    assert not wrong, "\n".join(wrong)


def _token(client: Any, method: str) -> dict[str, str]:
    return {"X-CSRFToken": client.csrf_token()} if method == "POST" else {}


def test_no_browser_comes_to_the_api_whoever_is_signed_in_and_every_route_asks_for_its_scope(app, world, sign_in):
    clients = [app.test_client(), *(sign_in(app.test_client(), world.people[name]) for name in ("staff", "super_user"))]
    wrong = []

    for endpoint in sorted(name for name, route in ROUTES.items() if route.who == API_KEY):
        policy, method = policy_of(endpoint, app), endpoint.rpartition(".")[2]
        way = "read" if method in ("list", "show", "history") else "write"
        entity = app.view_functions[endpoint].__self__.entity
        if (policy.kind, policy.scope) != ("api_key", f"{entity.name}:{way}"):
            wrong.append(f"{endpoint}: {policy}")
        for rule in rules_of(app)[endpoint]:
            path = app.url_map.bind("localhost").build(endpoint, dict.fromkeys(rule.arguments, "1"))
            for verb in sorted(rule.methods - {"HEAD"}):
                answers = {client.open(path, method=verb, json={}).status_code for client in clients}
                if answers != {401}:
                    wrong.append(f"{verb} {path}: {answers}")

    assert not wrong, "\n".join(wrong)


def test_pages_of_records_open_to_the_office_as_the_matrix_says_and_to_nobody_else(app, world, sign_in):
    by_class = {endpoint_of(entity): entity for entity in entities()}
    people = ("visitor", "author", "manager", "staff", "secretary", "super_user")
    clients = {name: app.test_client() for name in people}
    for name in people[1:]:
        sign_in(clients[name], world.people[name])
    wrong = []

    for endpoint, route in sorted(ROUTES.items()):
        if route.who != OFFICE:
            continue
        view, method = endpoint.split(".")
        gates = by_class[view].gates if view in by_class else entity_named("membership").gates
        needed = {gates.of(RECORD_METHODS.get(method, "view")), *(["access_log.view"] if method == "history" else [])}
        for rule in rules_of(app)[endpoint]:
            values = {key: value for key, value in route.url.items() if key in rule.arguments}
            path = app.url_map.bind("localhost").build(endpoint, values, method=route.method)
            for name, client in clients.items():
                may = name in FUND and all(HOLDS[permission] & kinds_of_person(name) for permission in needed)
                wanted = {"in", "not found"} if may else {"sign in" if name == "visitor" else "forbidden"}
                response = client.open(path, method=route.method, data={}, headers=_token(client, route.method))
                if (answer := got(response, route, name)) not in wanted:
                    wrong.append(f"{route.method} {path} as {name}: {answer} ({response.status_code}), wanted {wanted}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "path",
    [
        "/login/",
        "/logout/",
        "/register/form",
        "/users/list/",
        "/roles/list/",
        "/resetmypassword/form",
        "/resetpassword/form",
        "/userinfoeditview/form",
        "/lang/en",
        "/back",
        "/api/v1/security/login",
        "/api/v1/security/refresh",
        "/api/v1/menu/",
        "/api/v1/_openapi",
        "/swagger/v1",
        "/registeruser/list/",
        "/permissions/list/",
    ],
)
def test_the_doors_that_fab_opens_unasked_are_shut(client, path):
    assert client.get(path).status_code in (404, 405)
    assert client.post(path, data={"username": "a", "password": "b"}).status_code in (404, 405)


def test_a_post_without_the_forms_token_changes_nothing(app, world, sign_in):
    client = sign_in(app.test_client(), world.people["manager"])
    answers = {}

    for endpoint, route in ROUTES.items():
        for rule in rules_of(app)[endpoint]:
            if "POST" in rule.methods and endpoint not in {"health.metrics"}:
                values = {key: world.get(value) for key, value in route.url.items() if key in rule.arguments}
                path = app.url_map.bind("localhost").build(endpoint, values, method="POST")
                answers[path] = client.post(path, data={}, csrf=False).status_code

    assert len(answers) > 40
    # The API asks for a key before anything else; a browser's session, and so a forged form, is nobody there.
    wanted = {path: 401 if path.startswith("/api/") else 400 for path in answers}
    assert {path: status for path, status in answers.items() if status != wanted[path]} == {}


def test_a_session_token_of_nobody_opens_nothing(client):
    with client.session_transaction() as cookie:
        cookie["_user_id"] = secrets.token_urlsafe(32)

    assert "/sign/in" in client.get("/").headers["Location"]
