"""The world that the routes are walked in: people, and a record of every kind in the states that matter."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from flask import Flask

from models.core import audit, job, outbox
from models.core.api_key import give
from models.core.backup import Backup
from models.core.clock import later, now
from models.core.counter import next_number
from models.core.db import db
from models.core.grants import Grant
from models.core.identity import Consent, SignInSession, make_link, open_sessions
from models.core.matrix import MatrixChange
from models.core.privacy.request import ask
from models.core.saved_list import save_list
from models.fund.codes import COMMITTEE, MANAGER, MEMBER, STAFF, State
from models.fund.duplicates import Distinct
from models.fund.membership import Membership
from models.fund.scoring import Topic, new_version
from models.fund.session import AgendaItem, CommitteeAffiliation
from services import storage, throttle
from tests.access.assessment_world import registry_people, registry_values
from tests.conftest import let_in
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_file, make_member, make_organization, make_proposal, make_session, put_on


@dataclass(frozen=True)
class Pass:
    """What the browser of somebody signed in brings: its cookie, the token of its forms, and its row of sessions."""

    cookie: str
    token: str
    session_row: int


@dataclass
class World:
    """Records and people of one test; `get` resolves the values that the table names with @."""

    people: dict[str, Any]
    values: dict[str, Any]
    passes: dict[str, Pass]

    def get(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("@"):
            return self.values[value[1:]]
        return value


def make_world() -> World:
    """Two organizations with author, colleague and manager, the fund, proposals in their states; the registry."""
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
    of_registry, schools = registry_people()
    people |= of_registry
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
        **registry_values(people, schools),
    }
    values["topic"] = db.session.query(Topic.id).filter_by(form_id=values["scoring_draft"]).first()[0]
    db.session.commit()
    return World({name: SimpleNamespace(id=person.id) for name, person in people.items()}, values, {})


def pass_of(app: Flask, person: Any) -> Pass:
    """Sign somebody in, once for all the requests that are asked in their name."""
    client = let_in(app.test_client(), person)
    token = client.csrf_token()
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    with app.app_context():
        return Pass(cookie.value, token, open_sessions(person.id)[0].id)


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
