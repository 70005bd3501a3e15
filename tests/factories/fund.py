"""Organizations, proposals and sessions of the fund for tests and demo data; every state is reached by its moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import Any

from models.core.clock import now
from models.core.db import db
from models.core.file import StoredFile
from models.core.grants import grant
from models.core.identity import Account
from models.fund.codes import (
    AGENDA_STATE,
    ATTACHMENT_PURPOSE,
    BOARD,
    COMMITTEE,
    GROUP,
    LEVEL_OF_STATE,
    MANAGER,
    MEMBER,
    PROJECT_MANAGER,
    STAFF,
    Result,
    State,
)
from models.fund.membership import Membership
from models.fund.organization import Organization
from models.fund.proposal import Proposal, create_proposal
from models.fund.revision import new_line_id
from models.fund.scoring import Choice, ensure_reference, save_sheet, sheet_of
from models.fund.screening import save_screening, screening_of, send_screening
from models.fund.session import EvaluationSession, create_session
from models.fund.wizard import PARTS, save_part
from models.fund.wizard.save import write_part
from tests.factories.core import make_account

_numbers = count(1)
ORGANIZATIONS = (
    "มูลนิธิแสงเทียนเพื่อการเรียนรู้",
    "โรงเรียนศึกษาพิเศษทุ่งดอกคูน",
    "สมาคมผู้ปกครองคนพิการลุ่มน้ำปิง",
    "โรงเรียนวัดป่าสักอนุสรณ์",
    "มูลนิธิเพื่อนเรียนรู้ภาคเหนือ",
    "ศูนย์การศึกษาพิเศษริมโขง",
    "โรงเรียนบ้านดอนตะแบก",
)
TITLES = (
    "พัฒนาสื่ออ่านง่ายสำหรับผู้ที่มีความบกพร่องทางสติปัญญา",
    "อบรมครูผู้สอนเด็กที่มีความบกพร่องทางการเรียนรู้",
    "ดนตรีบำบัดสำหรับนักเรียนพิการซ้อน",
    "ชุดทดลองวิทยาศาสตร์สัมผัสสำหรับนักเรียนตาบอด",
    "สนามเด็กเล่นเพื่อทุกคนในโรงเรียนขนาดเล็ก",
    "ครูพี่เลี้ยงเดินทางสำหรับเด็กพิการในบ้าน",
    "ห้องเรียนเสียงเพื่อนักเรียนที่มีความบกพร่องทางการเห็น",
)


# --- people and organizations ----------------------------------------------------------------------------------------


def make_organization(name: str | None = None, **fields: Any) -> Organization:
    """An organization without members."""
    number = next(_numbers)
    given = {"sector": "private", "registered_year": 2548, "province_code": "50", "chair_title": "นาง"}
    given |= {"chair_first_name": "มาลี", "chair_last_name": "วงษ์สุวรรณ์", "address": "99 ถนนริมน้ำ"}
    if fields.get("sector") == "public":
        given["parent_agency"] = "กระทรวงศึกษาธิการ"
    name = name or f"{ORGANIZATIONS[number % len(ORGANIZATIONS)]} {number}"
    organization = Organization(name=name, **{**given, **fields})
    db.session.add(organization)
    db.session.flush()
    return organization


def make_member(
    organization: Organization, role: str = MEMBER, account: Account | None = None, **fields: Any
) -> Account:
    """A registered applicant who belongs to the organization, as a plain member or its manager."""
    account = account or make_account(PROJECT_MANAGER)
    db.session.add(Membership(organization=organization, user=account, role=role, **fields))
    db.session.flush()
    account.forget_grants()
    return account


def make_manager(organization: Organization | None = None) -> Account:
    """A manager of the organization (a new one unless given)."""
    return make_member(organization or make_organization(), MANAGER)


def organization_of(account: Account) -> Organization:
    """The organization that an account belongs to."""
    membership = db.session.query(Membership).filter_by(user_id=account.id, state="active").one()
    return membership.organization


def make_file(by: Account, name: str = "ตารางค่าใช้จ่าย.pdf", purpose: str = ATTACHMENT_PURPOSE) -> StoredFile:
    """A file in staging, uploaded by this account; its content is nowhere."""
    file = StoredFile(
        purpose=purpose, name=name, content_type="application/pdf", size=1024, sha256="0" * 64, uploaded_by=by.id
    )
    db.session.add(file)
    db.session.flush()
    return file


# --- content ---------------------------------------------------------------------------------------------------------


def row(text: str, detail: str = "", amount: Decimal | None = None) -> dict[str, Any]:
    """A typed row of one of the wizard's lists."""
    return {"line_id": new_line_id(), "text": text, "detail": detail, "amount": amount}


def activity(name: str, start: date, days: int, budget: Decimal | int, detail: str = "") -> dict[str, Any]:
    """A typed activity of so many days, start and end included."""
    return {
        "line_id": new_line_id(),
        "name": name,
        "detail": detail,
        "starts_on": start,
        "ends_on": start + timedelta(days=days - 1),
        "budget": Decimal(budget),
    }


def complete_content(title: str | None = None, budget: int = 486_500, start: date = date(2026, 5, 1)) -> dict[str, Any]:
    """Typed content of every part, complete: part -> content, with `budget` baht asked and spent."""
    title = title or f"{TITLES[next(_numbers) % len(TITLES)]}"
    third = Decimal(budget // 3)
    rest = Decimal(budget) - 2 * third
    return {
        "1": {
            "asked_before": False,
            "achievements": "จัดอบรมครู 3 รุ่น ผู้เข้าร่วม 120 คน",
            "current_activity": [row("ห้องสมุดเสียงสำหรับนักเรียนตาบอด")],
        },
        "2.1": {
            "title": title,
            "disabilities": ["intellectual", "learning"],
            "unit_name": "ฝ่ายพัฒนาสื่อ",
            "unit_phone": "053123456",
            "unit_email": "unit@sala.example",
            "coordinator_name": "นางสาวอรอนงค์ ทองประเสริฐ",
            "coordinator_phone": "0812345678",
            "coordinator_email": "coordinator@sala.example",
            "is_research": False,
        },
        "2.2": {
            "rationale": "ผู้เรียนที่มีความบกพร่องยังเข้าไม่ถึงสื่อการเรียนรู้ที่เหมาะสม",
            "objective": [row("ผลิตสื่ออ่านง่าย 12 เรื่อง"), row("ครูใช้สื่อได้จริงในชั้นเรียน")],
            "target": [row("ผู้เรียน 240 คน ใน 8 โรงเรียน")],
            "indicator": [row("ผู้เรียนร้อยละ 80 อ่านเข้าใจดีขึ้น")],
            "output": [row("สื่ออ่านง่าย 12 เรื่อง")],
            "outcome": [row("ผู้เรียนอ่านได้ด้วยตนเอง")],
        },
        "2.3": {
            "place": [row("โรงเรียนในโครงการ 8 แห่ง จังหวัดเชียงใหม่")],
            "starts_on": start,
            "ends_on": start + timedelta(days=152),
            "method": "ประชุมคณะทำงาน ผลิตสื่อ อบรมครู ทดลองใช้ และประเมินผล",
            "amount_asked": Decimal(budget),
        },
        "2.4": {
            "steps": [
                {
                    "line_id": new_line_id(),
                    "name": "เตรียมการและผลิตสื่อ",
                    "activities": [
                        activity("ประชุมคณะทำงาน", start, 15, third),
                        activity("ผลิตสื่ออ่านง่ายต้นแบบ", start + timedelta(days=15), 46, third),
                    ],
                },
                {
                    "line_id": new_line_id(),
                    "name": "ทดลองใช้และประเมินผล",
                    "activities": [activity("ทดลองใช้สื่อใน 8 โรงเรียน", start + timedelta(days=66), 47, rest)],
                },
            ]
        },
        "3": {"contribution_place": [row("ห้องประชุม", "สำนักงานเขตพื้นที่การศึกษา")]},
        "4": {"attachments": []},
    }


def save_all(proposal: Proposal, content: Mapping[str, Any], by: Account) -> None:
    """Save every given part, in the order of the wizard."""
    for part in PARTS:
        if part in content:
            save_part(proposal, part, content[part], by, proposal.version)


def save_at_once(proposal: Proposal, content: Mapping[str, Any], by: Account) -> None:
    """What `save_all` leaves, by one move instead of seven: most tests only want the content to be there."""
    given = {part: content[part] for part in PARTS if part in content}
    if not given:
        return
    last, typed = given.popitem()
    for part in given:
        write_part(proposal.current_revision, part, given[part], by)
    save_part(proposal, last, typed, by, proposal.version)


# --- proposals in any state ------------------------------------------------------------------------------------------


@dataclass
class Cast:
    """Who acts when a proposal is walked to a state."""

    staff: Account = field(default_factory=lambda: make_account(STAFF))
    chair: Account = field(default_factory=lambda: make_account(COMMITTEE))
    secretary: Account = field(default_factory=lambda: make_account(COMMITTEE))
    members: list[Account] = field(default_factory=list)


class Extras(Cast):
    """The cast of a proposal whose test names nobody: each is made when first needed, most are never."""

    def __init__(self) -> None:
        self.members = []

    @cached_property
    def staff(self) -> Account:
        """An officer of the fund."""
        return make_account(STAFF)

    @cached_property
    def chair(self) -> Account:
        """Who leads the meetings."""
        return make_account(COMMITTEE)

    @cached_property
    def secretary(self) -> Account:
        """Who records at the meetings."""
        return make_account(COMMITTEE)


def make_session(
    level: str = GROUP, by: Account | None = None, cast: Cast | None = None, **content: Any
) -> EvaluationSession:
    """An open session of the level with a chair and a secretary."""
    cast = cast or Extras()
    given = {
        "name": f"การพิจารณาครั้งที่ {next(_numbers)}/2569",
        "level": level,
        "starts_at": now() + timedelta(days=7),
        "place": "ห้องประชุม 2 ชั้น 4",
        "chair_id": cast.chair.id,
        "secretary_ids": [cast.secretary.id],
        "member_ids": [member.id for member in cast.members],
    }
    return create_session(by or cast.staff, **{**given, **content})


def all_topics(ticked: Sequence[int] | Mapping[int, int] | int = 4, advice: str = "") -> dict[str, Any]:
    """Content of a sheet whose every topic has so many indicators ticked: one number, or one per topic."""
    counts = {number: ticked if isinstance(ticked, int) else ticked[number - 1] for number in range(1, 12)}
    return {
        "advice": advice,
        "topics": {
            number: {"choice": Choice.HAS, "ticked": list(range(how_many)), "advice": f"ข้อเสนอแนะ ข้อ {number}"}
            for number, how_many in counts.items()
        },
    }


def all_items(revision: Any) -> dict[str, Any]:
    """Content of a screening form whose every item is answered well."""
    codes = ["expense_table", "training_table", "speaker_history", "research_outline"]
    codes += [f"other:{file.line_id}" for file in revision.attachments_of("other")]
    items = {code: {"choice": "correct", "advice": ""} for code in codes}
    return {"advice": "เอกสารครบถ้วนตามประกาศ", "items": {"mission_fit": {"choice": "fits"}, **items}}


WAY = (
    State.DRAFT,
    State.READY,
    State.SCREENING,
    State.WAIT_GROUP,
    State.AGENDA_GROUP,
    State.WAIT_SUB,
    State.AGENDA_SUB,
    State.WAIT_BOARD,
    State.AGENDA_BOARD,
    State.APPROVED,
)


def make_proposal(
    state: str = State.DRAFT,
    *,
    organization: Organization | None = None,
    author: Account | None = None,
    cast: Cast | None = None,
    content: Mapping[str, Any] | None = None,
    title: str | None = None,
) -> Proposal:
    """A complete proposal in `state`, brought there by its moves; returned ones failed screening."""
    ensure_reference()
    if author is None:
        organization = organization or make_organization()
        author = make_member(organization)
    organization = organization or organization_of(author)
    proposal = create_proposal(author, organization)
    save_at_once(proposal, content or complete_content(title), author)
    walk(proposal, state, cast)
    return proposal


def walk(proposal: Proposal, state: str, cast: Cast | None = None) -> None:
    """Take a proposal on from where it is to `state` by the moves that lead there."""
    cast = cast or Extras()
    if state == State.DELETED:
        proposal.perform("delete", proposal.author, proposal.version)
    elif state in (State.RETURNED, State.NOT_CONSIDERED):
        walk(proposal, State.SCREENING, cast)
        if state == State.RETURNED:
            screen(proposal, cast.staff, Result.DOCUMENTS)
        else:
            proposal.perform("not_consider", cast.staff, proposal.version, reason="อยู่นอกภารกิจของกองทุน")
    else:
        while proposal.state != state:
            _step(proposal, cast)
            if proposal.state not in WAY:
                raise AssertionError(f"No way from {proposal.state} to {state}")


def _step(proposal: Proposal, cast: Cast) -> None:
    if proposal.state == State.DRAFT:
        proposal.perform("mark_ready", proposal.author, proposal.version)
    elif proposal.state == State.READY:
        proposal.perform("submit", manager_of(proposal.organization), proposal.version)
    elif proposal.state == State.SCREENING:
        screen(proposal, cast.staff, Result.PASS)
    elif proposal.state in (State.WAIT_GROUP, State.WAIT_SUB, State.WAIT_BOARD):
        put_on(proposal, cast)
    elif proposal.state == AGENDA_STATE[BOARD]:
        proposal.perform("approve", cast.staff, proposal.version, resolution_number="12/2569")
    else:
        score(proposal, cast.staff)


def manager_of(organization: Organization) -> Account:
    """A manager of the organization; one is made where there is none."""
    found = db.session.query(Membership).filter_by(organization_id=organization.id, role=MANAGER, state="active")
    membership = found.first()
    return membership.user if membership else make_member(organization, MANAGER)


def screen(proposal: Proposal, staff: Account, result: str = Result.PASS) -> None:
    """Fill the screening form and send it."""
    revision = proposal.submitted_revision
    assert revision is not None
    form = screening_of(revision)
    save_screening(proposal, all_items(revision), staff, form.version if form else 0)
    send_screening(proposal, result, staff, proposal.version)


def put_on(proposal: Proposal, cast: Cast, session: EvaluationSession | None = None) -> EvaluationSession:
    """Put the proposal on an agenda of the level it waits at."""
    session = session or make_session(LEVEL_OF_STATE[proposal.state], cast=cast)
    proposal.perform("put_on_agenda", cast.staff, proposal.version, session=session)
    return session


def score(proposal: Proposal, by: Account, ticked: Sequence[int] | int = 4) -> None:
    """Fill the sheet of the level it is at and send it."""
    revision = proposal.submitted_revision
    assert revision is not None
    sheet = sheet_of(revision, LEVEL_OF_STATE[proposal.state])
    content = all_topics(ticked, "โครงการตอบสนองความต้องการของผู้เรียนชัดเจน")
    save_sheet(proposal, content, by, sheet.version if sheet else 0)
    proposal.perform("record", by, proposal.version)


def make_user(kind: str, proposal: Proposal | None = None) -> Account:
    """An account of a kind, unrelated to the proposal unless it manages its organization."""
    from models.fund.codes import ORGANIZATION_MANAGER

    if kind == ORGANIZATION_MANAGER:
        return make_manager(proposal.organization if proposal else None)
    account = make_account()
    grant(account.id, kind)
    return account
