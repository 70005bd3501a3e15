"""One person's data: all of it comes out, all that may go goes, what must stay is said, and the chain stays whole."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from sqlalchemy import String, Text, cast, select

from jobs import sweep
from jobs.privacy import README, write_zip
from jobs.privacy_words import TABLES
from models.core import audit, draft, outbox
from models.core.audit import AuditEntry
from models.core.changes import MASK
from models.core.db import Model, db
from models.core.file import StoredFile
from models.core.grants import held_by
from models.core.identity import Account, Consent, make_link, open_session
from models.core.privacy import request as requests
from models.core.privacy.erasing import ERASED_NAME, erase, is_erased, stays_of
from models.core.privacy.gathering import gather, is_own, naming_columns, subject_of, subjects_of
from models.core.registration import CARD_PURPOSE, accept_texts, save_profile
from models.core.thai.citizen import sample_citizen_id
from models.core.workflow import Refused
from models.fund.membership import membership_of
from models.fund.organization import OrganizationPerson
from services import storage
from tests.factories.core import make_account
from tests.factories.fund import make_file, make_manager, make_member, make_proposal, organization_of, walk

CITIZEN_ID = sample_citizen_id(4711)
# Nobody else's, wherever one looks for them.
NAME, SURNAME, MOBILE, POSITION = "ทองประกายแก้ว", "ณ ริมบึงใหญ่", "0899174711", "หัวหน้างานพิเศษ๔๗๑๑"


@pytest.fixture
def person(session) -> Account:
    """A member of an organization who left traces everywhere."""
    organization = organization_of(make_manager())
    account = make_member(organization)
    accept_texts(account, ("terms", "privacy"))
    card = make_file(account, "บัตร.jpg", CARD_PURPOSE)
    storage.put(card.key, io.BytesIO(b"jpg"), 10)
    save_profile(
        account,
        {
            "title": "นางสาว",
            "first_name": NAME,
            "last_name": SURNAME,
            "citizen_id": CITIZEN_ID,
            "position": POSITION,
            "mobile": MOBILE,
        },
        card,
    )
    open_session(account, "Chrome", "203.0.113.9")
    make_link(account.id, "reset", requests.ANSWER_WITHIN)
    draft.keep(account.id, "wizard", "1", "2.1", 1, {"title": "พิมพ์ค้าง"})
    outbox.tell([account], "told", name=NAME)
    requests.ask(account, requests.CORRECTION, f"ชื่อ {NAME} สะกดผิด")
    audit.act_as(account.id, "203.0.113.9")
    audit.note("sign_in", account)
    session.commit()
    audit.act_as(None)
    return account


def anywhere(needle: str) -> list[str]:
    """The tables and columns in which a text stands."""
    found = []
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String | Text) or "Json" in type(column.type).__name__:
                where = cast(column, Text).contains(needle)
                if db.session.execute(select(*table.primary_key.columns).where(where).limit(1)).first():
                    found.append(f"{table.name}.{column.name}")
    return found


# --- giving ----------------------------------------------------------------------------------------------------------


def test_every_table_that_names_an_account_has_its_thai_name(session):
    assert {table.name for table, column in naming_columns()} - set(TABLES) == set()


def test_everything_about_a_person_comes_out_and_no_secret(session, person):
    found = gather(subject_of(person))

    text = json.dumps(found, ensure_ascii=False)
    for value in (NAME, SURNAME, MOBILE, POSITION, CITIZEN_ID, "พิมพ์ค้าง", "203.0.113.9", "สะกดผิด"):
        assert value in text
    assert person.password not in text
    assert found["ab_user"][0]["password"] == MASK
    assert {row["text"] for row in found["core_consent"]} == {"terms", "privacy"}
    assert found["fund_membership"][0]["organization_id"] == organization_of(person).id
    assert "sign_in" in {row["action"] for row in found["core_audit_entry"]}


def test_proposals_come_with_all_their_revisions_and_rows(session):
    proposal = make_proposal()

    found = gather(subject_of(proposal.author))

    assert [row["id"] for row in found["fund_proposal"]] == [proposal.id]
    assert [row["id"] for row in found["fund_revision"]] == [proposal.current_revision_id]
    for name in ("fund_step", "fund_activity", "fund_line", "fund_disability"):
        assert found[name], name


def test_what_somebody_did_to_others_records_comes_without_the_others_content(session):
    proposal = make_proposal()
    walk(proposal, "wait_group")
    table = Model.metadata.tables["fund_screening"]
    officer = db.session.scalar(select(table.c.sent_by_id))

    rows = gather(subject_of(db.session.get(Account, officer)))["fund_screening"]

    assert [row["sent_at"] for row in rows if row.get("sent_by_id")]
    columns = {column.name for column in table.columns if not column.name.endswith("_at")}
    for row in rows:
        assert set(row) & columns <= {"id", "revision_id", "saved_by_id", "sent_by_id"}


def test_another_persons_rows_do_not_come_along(session, person):
    other = make_member(organization_of(person))
    save_profile(other, {"first_name": "คนอื่นโดยแท้", "last_name": "x", "citizen_id": sample_citizen_id(9)}, None)
    session.commit()

    text = json.dumps(gather(subject_of(person)), ensure_ascii=False)

    assert "คนอื่นโดยแท้" not in text


def test_people_are_found_by_e_mail_and_by_citizen_id_also_without_an_account(session, person):
    director = OrganizationPerson(organization_id=organization_of(person).id, role="director", position=7)
    director.title, director.first_name, director.last_name = "นาย", "กรรมการ", "หนึ่ง"
    director.citizen_id = sample_citizen_id(77)
    session.add(director)
    session.commit()

    assert [subject.account for subject in subjects_of(email=person.email)] == [person]
    assert [subject.account for subject in subjects_of(citizen_id=CITIZEN_ID)] == [person]
    [stranger] = subjects_of(citizen_id=sample_citizen_id(77))
    assert stranger.account is None
    assert gather(stranger)["fund_organization_person"][0]["first_name"] == "กรรมการ"
    assert subjects_of(citizen_id=sample_citizen_id(78)) == subjects_of(email="nobody@x.example") == []


def test_the_zip_holds_data_files_and_a_readme_in_thai(session, person):
    target = io.BytesIO()
    write_zip(subject_of(person), target)

    with zipfile.ZipFile(target) as pack:
        names = pack.namelist()
        readme = pack.read(README).decode()
        profile = json.loads(pack.read("data/core_profile.json"))
        [card] = [name for name in names if name.startswith("files/")]
        assert pack.read(card)
    assert profile[0]["citizen_id"] == CITIZEN_ID
    assert card.endswith("บัตร.jpg")
    for words in ("ข้อมูลส่วนตัวและเลขประจำตัวประชาชน", "พระราชบัญญัติคุ้มครองข้อมูลส่วนบุคคล", "2569"):
        assert words in readme


# --- forgetting ------------------------------------------------------------------------------------------------------


def test_erasing_leaves_nothing_of_the_person_in_any_table_and_the_chain_whole(session, person):
    email = person.email
    card = session.scalars(select(StoredFile).where(StoredFile.uploaded_by == person.id)).one()
    erase(person, "คำขอที่ 1")
    session.commit()
    sweep.sweep_uploads()

    for needle in (NAME, SURNAME, MOBILE, POSITION, CITIZEN_ID, email, "พิมพ์ค้าง", "สะกดผิด", "บัตร.jpg"):
        assert anywhere(needle) == [], needle
    assert audit.verify() is None
    session.rollback()
    account = session.get(Account, person.id)
    assert is_erased(account)
    assert not account.active
    assert account.full_name == ERASED_NAME
    assert held_by(account.id) == ()
    assert membership_of(account) is None
    assert session.scalars(select(StoredFile.id).where(StoredFile.uploaded_by == account.id)).all() == []
    assert card.key not in {key for key, _since in storage.listed()}


def test_what_stays_is_said_and_the_deed_itself_is_in_the_log(session, person):
    kept = {stay.code: stay.count for stay in erase(person, "คำขอที่ 1")}
    session.commit()

    assert kept["consents"] == 2
    assert kept["log"] >= 1
    assert session.scalars(select(Consent.text).where(Consent.user_id == person.id)).all()
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "privacy.erased"))
    assert entry.payload["notes"][0]["reason"] == "คำขอที่ 1"
    # Where from and when stays, as the law on computer crime asks.
    assert session.scalar(select(AuditEntry.address).where(AuditEntry.action == "sign_in")) == "203.0.113.9"


def test_who_answers_for_a_supported_project_keeps_name_and_citizen_id_only(session):
    proposal = make_proposal()
    author = proposal.author
    save_profile(
        author,
        {"first_name": NAME, "last_name": SURNAME, "citizen_id": CITIZEN_ID, "mobile": MOBILE, "position": POSITION},
        None,
    )
    walk(proposal, "approved")
    session.commit()
    email = author.email

    stays = {stay.code for stay in stays_of(author)}
    erase(author, "คำขอที่ 2")
    session.commit()

    assert "supported" in stays
    account = session.get(Account, author.id)
    assert (account.first_name, account.profile.citizen_id) == (NAME, CITIZEN_ID)
    assert account.profile.mobile == account.profile.position == ""
    assert email not in {account.email, account.username}
    assert anywhere(email) == []


def test_names_in_minutes_stay_and_the_contact_data_go(session):
    proposal = make_proposal()
    walk(proposal, "wait_sub")
    table = Model.metadata.tables["fund_session_member"]
    member = session.get(Account, session.scalar(select(table.c.user_id)))
    name = member.first_name

    assert "minutes" in {stay.code for stay in erase(member, "คำขอที่ 3")}
    session.commit()

    account = session.get(Account, member.id)
    assert (account.first_name, account.active) == (name, False)


def test_the_last_manager_of_others_and_the_last_super_user_cannot_go_yet(session, person):
    organization = organization_of(person)
    manager = next(row.user for row in organization.memberships if row.is_manager)
    boss = make_account("super_user")
    session.commit()
    for account, code in ((manager, "last_manager"), (boss, "last_super_user")):
        with pytest.raises(Refused) as refused:
            erase(account, "x")
        assert refused.value.refusal.code == code
        session.rollback()


def test_nobody_is_erased_twice(session, person):
    erase(person, "x")
    session.commit()

    with pytest.raises(Refused) as refused:
        erase(person, "x")
    assert refused.value.refusal.code == "already_erased"


def test_rows_about_a_person_are_told_from_rows_that_only_name_them(session):
    own = {f"{table.name}.{column.name}" for table, column in naming_columns() if is_own(table, column)}

    assert {
        "core_profile.user_id",
        "fund_membership.user_id",
        "fund_proposal.author_id",
        "core_file.uploaded_by",
    } <= own
    assert not {"core_grant.granted_by", "fund_screening.sent_by_id", "fund_sheet.saved_by_id"} & own


def commands(app: Any, *words: str) -> Any:
    return app.test_cli_runner().invoke(args=["sala", *words])


def test_the_commands_give_and_forget(app, session, person, tmp_path):
    out = tmp_path / "one.zip"
    given = commands(app, "export-subject", "--citizen-id", CITIZEN_ID, "--out", str(out))
    again = commands(app, "export-subject", "--email", person.email, "--out", str(out))
    wrong = commands(app, "export-subject", "--citizen-id", "1234567890123")
    unknown = commands(app, "erase-subject", "--email", "nobody@x.example", "--reason", "x", "--yes")
    kept = app.test_cli_runner().invoke(
        args=["sala", "erase-subject", "--email", person.email, "--reason", "คำขอ"], input="n\n"
    )
    assert not is_erased(session.get(Account, person.id, populate_existing=True))
    done = commands(app, "erase-subject", "--email", person.email, "--reason", "คำขอ", "--yes")

    assert given.exit_code == done.exit_code == 0, (given.output, done.output)
    assert zipfile.is_zipfile(out)
    assert "already" in again.stderr
    assert "13 digits" in wrong.stderr
    assert "Nothing is kept" in unknown.stderr
    assert kept.exit_code == 1
    assert "stays: 2 consents" in done.output
    assert is_erased(session.get(Account, person.id, populate_existing=True))
