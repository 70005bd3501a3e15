"""A fund and a registry in the middle of their year, for looking at every page: people of each kind, each state."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from models.core import audit, bulk, job, legal, outbox
from models.core.api_key import give
from models.core.backup import Backup
from models.core.clock import now
from models.core.db import db
from models.core.entity import entity_named
from models.core.file import StoredFile, new_file_id
from models.core.grants import Grant
from models.core.identity import Account, Consent, SignInSession
from models.core.imports import Import
from models.core.matrix import changing
from models.core.privacy.request import CORRECTION, ask
from models.core.thai.dates import bangkok_day
from models.fund.codes import BOARD, COMMITTEE, GROUP, MANAGER, PROJECT_MANAGER, STAFF, SUB, SUPER_USER, State
from models.fund.duplicates import Distinct
from models.fund.organization import OrganizationObjective, OrganizationPerson
from models.fund.revision import new_line_id
from models.fund.scoring import Topic, current_form, new_version
from models.fund.session import CommitteeAffiliation
from services import throttle
from tests.browser import content
from tests.browser.assessment_world import make_registry
from tests.factories.core import make_account
from tests.factories.fund import (
    Cast,
    activity,
    complete_content,
    make_file,
    make_member,
    make_organization,
    make_proposal,
    make_session,
    put_on,
    row,
    save_all,
    score,
    walk,
)

VISITOR = "visitor"


@dataclass
class World:
    """Account ids by who they are, and the ids that stand in addresses."""

    people: dict[str, int | None] = field(default_factory=lambda: {VISITOR: None})
    ids: dict[str, Any] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


def believable_content(title: str = content.TITLE) -> dict[str, Any]:
    """The typed content of content.py in the shape in which parts are saved; without files."""
    plain = complete_content(title)
    plain["1"] |= {
        "achievements": content.ACHIEVEMENTS,
        "current_activity": [row(text) for text in content.ACTIVITIES_NOW],
        "other_help": [row("มูลนิธิเพื่อนต่างแดน", amount=Decimal(150_000))],
        "asked_before": True,
        "times_asked": 2,
        "last_supported_year": 2567,
        "last_project": content.LAST_PROJECT,
        "problems_met": content.PROBLEMS_MET,
    }
    plain["2.2"] = {"rationale": content.RATIONALE} | {
        kind: [row(text) for text in texts] for kind, texts in content.LISTS.items()
    }
    plain["2.3"] |= {
        "place": [row(text) for text in content.PLACES],
        "starts_on": content.START,
        "ends_on": content.ENDS,
        "method": content.METHOD,
        "amount_asked": Decimal(content.ASKED),
        "other_source": [row("เงินสมทบของมูลนิธิ", amount=Decimal(content.OTHER))],
    }
    plain["2.4"] = {
        "steps": [
            {
                "line_id": new_line_id(),
                "name": name,
                "activities": [activity(one.name, one.starts, one.days, one.budget, one.detail) for one in activities],
            }
            for name, activities in content.STEPS
        ]
    }
    plain["3"] = {
        f"contribution_{kind}": [row(text, agency) for text, agency in rows]
        for kind, rows in content.CONTRIBUTIONS.items()
    }
    return plain


def _organization(world: World) -> Any:
    fields = {key: value for key, value in content.ORGANIZATION.items() if key not in ("name", "registered_year")}
    organization = make_organization(
        content.ORGANIZATION["name"], latitude=18.77, longitude=98.98, **fields | {"registered_year": 2548}
    )
    for role, people in (("director", content.DIRECTORS), ("officer", content.OFFICERS)):
        for position, (title, first, last) in enumerate(people):
            person = OrganizationPerson(role=role, position=position, title=title, first_name=first, last_name=last)
            organization.people.append(person)
    for position, text in enumerate(content.OBJECTIVES):
        organization.objectives.append(OrganizationObjective(position=position, text=text))
    world.ids["organization"] = organization.id
    # The same one entered a second time, with other contacts.
    twin = make_organization(f"{content.ORGANIZATION['name']} (สำนักงานใหญ่)", **fields | {"phone": "053000111"})
    world.ids["twin"] = twin.id
    return organization


def _people(world: World, organization: Any) -> dict[str, Account]:
    people = {
        "manager": make_account(PROJECT_MANAGER, first_name="มาลี", last_name="วงษ์สุวรรณ์"),
        "member": make_account(PROJECT_MANAGER, first_name="อรอนงค์", last_name="ทองประเสริฐ"),
        "newcomer": make_account(PROJECT_MANAGER, first_name="", last_name="", has_profile=False),
        "alone": make_account(PROJECT_MANAGER, first_name="ธนากร", last_name="ศรีสุข"),
        "staff": make_account(STAFF, first_name="ณัฐวุฒิ", last_name="ใจงาม"),
        "secretary": make_account(COMMITTEE, first_name="สุรีย์", last_name="สายสวัสดิ์"),
        "super": make_account(SUPER_USER, first_name="กมลวรรณ", last_name="เรืองศรี"),
    }
    make_member(organization, MANAGER, people["manager"])
    make_member(organization, account=people["member"])
    # An earlier version of the texts, so that the page which asks for the present one has something to ask.
    for text in legal.ACCEPTED:
        db.session.add(Consent(user_id=people["alone"].id, text=text, text_version="0.9"))
    world.people |= {name: account.id for name, account in people.items()}
    return people


def _console(world: World, people: dict[str, Account], organization: Any) -> None:
    """A row in each table of the data console."""
    failed = job.enqueue("sweep_storage")
    failed.state, failed.error, failed.attempts = job.FAILED, "OSError: disk full", 5
    rows: dict[str, Any] = {
        "job": failed,
        "backup": Backup(name="sala-2026-11-21T020000Z", ended_at=now(), files=3, size=2_048_000),
        "device": SignInSession(token_hash="0" * 64, user_id=people["member"].id, device="Firefox", address="10.0.0.7"),
        "affiliation": CommitteeAffiliation(user_id=people["secretary"].id, name="มูลนิธิเพื่อการศึกษาของคนพิการ"),
        "apart": Distinct(low_id=organization.id, high_id=world.ids["twin"], said_by=people["staff"].id),
    }
    db.session.add_all(rows.values())
    file = make_file(people["member"])
    for _n in range(6):
        throttle.allow(throttle.SIGN_IN, "somebody@sala.example", "10.0.0.7")
    world.ids |= {name: row.id for name, row in rows.items()}
    world.ids |= {"file": file.id, "month": f"{bangkok_day(file.uploaded_at):%Y-%m}", "permission": "console.use"}
    world.ids["grant"] = db.session.query(Grant.id).filter_by(user_id=people["staff"].id).scalar()
    world.ids["topic"] = db.session.query(Topic.id).filter_by(form_id=world.ids["scoring_draft"]).limit(1).scalar()


def _bulk(staff: Account, *sessions: Any) -> int:
    """A deed on many records that is over: one done, the others refused."""
    entity = entity_named("evaluation_session")
    assert entity is not None
    ticks = [(999_999, "1"), *((session.id, str(session.version)) for session in sessions)]
    work = bulk.ask(entity, staff, bulk.Asked("delete"), ticks)
    outcomes = (bulk.DID, bulk.STALE, "not_permitted")
    rows = db.session.query(bulk.BulkRow).filter_by(job_id=work.id).order_by(bulk.BulkRow.id)
    for row_of_bulk, outcome in zip(rows, outcomes, strict=True):
        row_of_bulk.outcome = outcome
    job.finish(work)
    return work.id


def make_world() -> World:
    """Make it; the caller commits."""
    world = World()
    organization = _organization(world)
    people = _people(world, organization)
    cast = Cast(staff=people["staff"], secretary=people["secretary"])
    cast.members = [make_account(COMMITTEE) for _n in range(3)]
    author = people["member"]

    def proposal(name: str, state: str, **more: Any) -> Any:
        made = make_proposal(state, author=author, cast=cast, **more)
        world.ids[name] = made.id
        return made

    full = believable_content()
    proposal("draft", State.DRAFT, content=full)
    begun = proposal("begun", State.DRAFT)
    save_all(begun, {"2.2": {"rationale": "", "objective": [], "output": []}}, author)
    proposal("ready", State.READY)
    for number in range(3):
        proposal(f"screening{number or ''}", State.SCREENING, content=full if not number else None)
    proposal("returned", State.RETURNED)
    proposal("deleted", State.DELETED)
    proposal("not_considered", State.NOT_CONSIDERED)
    for _number in range(2):
        proposal("wait_group", State.WAIT_GROUP)
    group = make_session(GROUP, cast=cast, name="คณะทำงานตรวจสอบโครงการ ครั้งที่ 4/2570")
    for _number in range(3):
        put_on(proposal("on_group", State.WAIT_GROUP), cast, group)
    world.ids["group"] = group.id
    world.ids["group_item"] = group.items[0].id
    sub = make_session(SUB, cast=cast, name="คณะอนุกรรมการกลั่นกรอง ครั้งที่ 3/2570", starts_at=now() + timedelta(hours=1))
    put_on(proposal("on_sub", State.WAIT_SUB, content=full), cast, sub)
    world.ids["sub_item"] = sub.items[0].id
    board = make_session(BOARD, cast=cast, name="คณะกรรมการบริหาร ครั้งที่ 2/2570")
    world.ids["bulk"] = _bulk(people["staff"], sub, board)
    put_on(proposal("on_board", State.WAIT_BOARD), cast, board)
    world.ids["board_item"] = board.items[0].id
    approved = proposal("approved", State.APPROVED, content=full)
    failed = proposal("failed", State.WAIT_GROUP)
    failing = make_session(GROUP, cast=cast, name="คณะทำงานตรวจสอบโครงการ ครั้งที่ 3/2570")
    put_on(failed, cast, failing)
    score(failed, people["staff"], [3, 4, 3, 3, 4, 4, 4, 4, 4, 3, 3])
    world.ids["result_item"] = failing.items[0].id
    revised = proposal("revised", State.RETURNED, content=full)
    revised.perform("revise", author, revised.version)
    changed = deepcopy(full)
    changed["2.1"]["title"] = f"{content.TITLE} (ปรับปรุง)"
    changed["2.2"]["outcome"][0]["text"] = "ผู้เรียนอ่านออกและเล่าเรื่องได้ด้วยตนเอง"
    changed["2.2"]["impact"] = [row("ชุมชนมีเจตคติที่ดีต่อผู้เรียนพิการ")]
    changed["2.4"]["steps"][4]["activities"][0]["budget"] -= 8_000
    changed["2.4"]["steps"][4]["activities"][1]["budget"] += 8_000
    save_all(revised, changed, author)
    walk(revised, State.SCREENING, cast)
    world.ids["number"] = approved.number
    world.ids["scoring_form"] = current_form().id
    next_form = new_version(people["staff"])
    topic = {"number": 9, "full": 12, "points": [0, 0, 4, 8, 12], "title_th": "ค่าใช้จ่ายและความคุ้มค่าของโครงการ"}
    next_form.perform("edit", people["staff"], next_form.version, content={"topics": [topic], "passing": 75})
    world.ids["scoring_draft"] = next_form.id
    changed = {("access_log.view", "committee"): True, ("proposal.restore", "super_user"): False}
    version = changing.version_now()
    made = changing.change("fund", changed, "ตามมติที่ประชุมเจ้าหน้าที่", by=people["super"], version=version)
    world.ids["matrix_change"] = made.id
    outbox.post("nobody@sala.example", "already_registered")
    audit.note("sign_in", people["staff"])
    db.session.flush()
    world.ids["person"] = people["secretary"].id
    asked = ask(people["member"], CORRECTION, "นามสกุลในหนังสือเชิญสะกดผิด ที่ถูกต้องคือ ศรีสุข")
    world.ids["privacy_request"] = asked.id
    world.ids["message"] = db.session.query(outbox.Message.id).order_by(outbox.Message.id.desc()).limit(1).scalar()
    given, _token = give(people["super"], people["staff"], "แดชบอร์ดจังหวัด", ["organization:read"], "ตามบันทึกข้อตกลง")
    world.ids["api_key"] = given.id
    _console(world, people, organization)
    world.ids["entry"] = (
        db.session.query(audit.AuditEntry.seq).order_by(audit.AuditEntry.seq.desc()).limit(1).scalar() or 1
    )
    _files_of(people["staff"])
    world.ids["import"] = _import_of(people["super"])
    of_registry, ids = make_registry()
    world.people |= of_registry
    assert not world.ids.keys() & ids.keys()
    world.ids |= ids
    return world


def _files_of(account: Account) -> None:
    """Lists as files in each state that the page of one's files can show."""
    asked = {"list": "fund_proposal", "ending": "xlsx", "asked": {}, "title": "ข้อเสนอโครงการ", "lang": "th"}
    moment = now()
    for state, error in ((job.RUNNING, ""), (job.CANCELLED, ""), (job.FAILED, "not_permitted"), (job.DONE, "")):
        made = job.enqueue("export", asked, by=account.id)
        made.state, made.error, made.progress = state, error, 40
        made.ended_at = None if state == job.RUNNING else moment
        made.leased_until = moment + timedelta(days=1)
    file = StoredFile(
        id=new_file_id(), purpose="export", name="proposals.xlsx", content_type="-", size=84_000, sha256="-"
    )
    file.uploaded_by = account.id
    file.attach()
    db.session.add(file)
    db.session.flush()
    made.file_id = file.id


def _import_of(account: Account) -> int:
    """A file of organizations that was judged: some rows cannot be stored, one would change a record."""
    found = {
        "bad": [[4, "ปีที่จัดตั้ง", "สองพัน", "ค่านี้ไม่ใช่ตัวเลข โปรดพิมพ์เป็นตัวเลข เช่น 25"], [9, "", "", "ท่านไม่มีสิทธิ์แก้ไขรายการนี้"]],
        "wrongs": 2,
        "changes": [[2, "7", [["หมายเลขโทรศัพท์", "", "02 123 4567"], ["อำเภอ", "เมือง", "แม่ริม"]]]],
        "unread": ["หมายเหตุ"],
    }
    made = Import(user_id=account.id, entity="organization", way="both", state="checked", name="องค์กร 2569.xlsx")
    made.rows, made.adds, made.changes, made.same, made.bad, made.found = 12, 3, 1, 6, 2, found
    db.session.add(made)
    db.session.flush()
    return made.id
