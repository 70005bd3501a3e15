"""One sees what is kept, takes a copy, and asks; the office answers within thirty days, and what it does is final."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs import retention, runner, sweep
from models.core import audit
from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.file import StoredFile
from models.core.identity import Account
from models.core.job import Job
from models.core.outbox import Message, Notification
from models.core.privacy.erasing import is_erased
from models.core.privacy.request import ERASURE, PrivacyRequest, ask
from services import storage
from tests.factories.core import make_account
from tests.factories.fund import make_manager, make_member, organization_of


@pytest.fixture
def person(session) -> Account:
    """A member of an organization."""
    account = make_member(organization_of(make_manager()))
    session.commit()
    return account


@pytest.fixture
def officer(session) -> Account:
    """One of two super users: who holds privacy.manage."""
    make_account("super_user")
    account = make_account("super_user")
    session.commit()
    return account


def request_of(person: Account, kind: str = ERASURE, text: str = "") -> PrivacyRequest:
    made = ask(person, kind, text)
    db.session.commit()
    return made


def told(account: Account) -> list[str]:
    rows = select(Notification.event).where(Notification.user_id == account.id).order_by(Notification.id)
    return list(db.session.scalars(rows))


# --- one's own page --------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_kept_and_what_would_stay(client, sign_in, person, count_queries):
    page = sign_in(client, person)
    count_queries.clear()
    text = page.get("/account/data/").text

    assert "ข้อมูลส่วนตัวและเลขประจำตัวประชาชน" in text
    assert "การเป็นสมาชิกขององค์กร" in text
    assert len(count_queries) <= 20


def test_a_copy_is_made_outside_the_request_and_only_its_owner_fetches_it(client, new_client, sign_in, person, officer):
    page = sign_in(client, person)
    assert page.post("/account/data/copy").status_code == 302
    page.post("/account/data/copy")
    runner.run_due()

    [job] = db.session.scalars(select(Job).where(Job.kind == "own_data"))
    url = re.search(r'href="(/files/[^"]+)"', page.get("/account/data/").text)[1].replace("&amp;", "&")
    answer = page.get(url)
    assert zipfile.is_zipfile(io.BytesIO(answer.data))
    assert sign_in(new_client(), officer).get(url).status_code == 404
    assert "own_data_ready" in told(person)
    assert db.session.scalar(select(audit.AuditEntry.seq).where(audit.AuditEntry.action == "privacy.copy_made"))

    with frozen_at(now() + timedelta(days=7, minutes=1)):
        retention.apply()
        sweep.sweep_uploads()
    db.session.refresh(job)
    assert job.file_id is None
    assert page.get(url).status_code == 404
    assert db.session.scalars(select(StoredFile.id).where(StoredFile.purpose == "own_data")).all() == []
    assert not [key for key, _since in storage.listed() if key.startswith("own_data/")]


def test_a_request_reaches_those_who_answer_and_is_due_in_thirty_days(client, sign_in, person, officer):
    page = sign_in(client, person)
    answer = page.post("/account/data/", data={"kind": "correction", "text": "ปีเกิดผิด"})
    page.post("/account/data/", data={"kind": "correction", "text": "ปีเกิดผิด"})

    assert answer.status_code == 302
    [row] = db.session.scalars(select(PrivacyRequest))
    assert row.due_at - row.asked_at == timedelta(days=30)
    assert told(officer) == ["privacy_asked"]
    assert "ปีเกิดผิด" in page.get("/account/data/").text
    # What was written is for the office, not for every reader of the log.
    assert "ปีเกิดผิด" not in str(db.session.scalars(select(audit.AuditEntry.payload)).all())


def test_a_request_without_words_is_refused_at_the_field_and_nothing_typed_is_lost(client, sign_in, person):
    answer = sign_in(client, person).post("/account/data/", data={"kind": "objection", "text": " "})

    assert answer.status_code == 422
    assert 'value="objection"' in answer.text
    assert re.search(r'checked[^>]*value="objection"|value="objection"[^>]*checked', answer.text)
    assert db.session.scalar(select(PrivacyRequest.id)) is None


def test_one_withdraws_ones_own_request_and_nobody_elses(client, new_client, sign_in, person, officer):
    row = request_of(person)
    stranger = make_account("project_manager")
    db.session.commit()

    foreign = sign_in(new_client(), stranger).post(f"/account/data/{row.id}/withdraw", data={"version": row.version})
    own = sign_in(client, person).post(f"/account/data/{row.id}/withdraw", data={"version": row.version})

    assert (foreign.status_code, own.status_code) == (404, 302)
    assert db.session.get(PrivacyRequest, row.id, populate_existing=True).state == "withdrawn"


# --- the office ------------------------------------------------------------------------------------------------------


def test_the_list_names_the_most_urgent_first_and_the_main_page_says_what_waits(client, sign_in, person, officer):
    late = request_of(person)
    late.due_at = now() - timedelta(days=1)
    request_of(make_member(organization_of(person)), "objection", "ไม่ต้องการ")
    db.session.commit()
    page = sign_in(client, officer)

    text = page.get("/privacy-requests/").text
    assert text.index(f"/privacy-requests/{late.id}") < text.index("ขอคัดค้าน")
    assert "คำขอเกี่ยวกับข้อมูลส่วนบุคคลที่รอคำตอบ" in page.get("/").text
    assert page.get("/privacy-requests/?tab=other").status_code == 400


def test_a_refusal_needs_its_reason_and_reaches_whoever_asked(client, sign_in, person, officer):
    row = request_of(person)
    page = sign_in(client, officer)
    url, data = f"/privacy-requests/{row.id}/answer", {"action": "refuse", "version": row.version}

    without = page.post(url, data={**data, "answer": " "})
    with_it = page.post(url, data={**data, "answer": "ต้องเก็บตามระเบียบ"})

    assert (without.status_code, with_it.status_code) == (422, 302)
    assert "ระบุเหตุผลที่ปฏิเสธ" in without.text
    assert told(person)[-1] == "privacy_answered"
    db.session.expire_all()
    assert (row.state, row.answer, row.answered_by) == ("refused", "ต้องเก็บตามระเบียบ", officer.id)


def test_an_erasure_is_done_here_and_its_owner_is_told_by_mail(client, sign_in, person, officer):
    row, email = request_of(person), person.email
    page = sign_in(client, officer)
    assert "ลบข้อมูลและแจ้งผล" in page.get(f"/privacy-requests/{row.id}").text

    answer = page.post(f"/privacy-requests/{row.id}/answer", data={"action": "fulfil", "version": row.version})

    assert answer.status_code == 302
    db.session.expire_all()
    assert is_erased(db.session.get(Account, person.id))
    assert db.session.get(PrivacyRequest, row.id).state == "done"
    assert [mail.event for mail in db.session.scalars(select(Message).where(Message.address == email))] == [
        "privacy_erased"
    ]
    assert audit.verify() is None


def test_the_last_manager_of_others_is_not_erased_and_the_page_says_why(client, sign_in, officer):
    manager = make_manager()
    make_member(organization_of(manager))
    db.session.commit()
    row = request_of(manager)
    page = sign_in(client, officer)

    shown = page.get(f"/privacy-requests/{row.id}").text
    answer = page.post(f"/privacy-requests/{row.id}/answer", data={"action": "fulfil", "version": row.version})

    assert "ยังลบข้อมูลไม่ได้" in shown
    assert answer.status_code == 422
    db.session.expire_all()
    assert db.session.get(PrivacyRequest, row.id).state == "open"
    assert not is_erased(db.session.get(Account, manager.id))


def test_of_two_answers_one_wins_and_the_other_is_told(client, sign_in, person, officer):
    row = request_of(person)
    page = sign_in(client, officer)
    stale = row.version
    row.perform("refuse", by=officer, version=stale, answer="แล้ว")
    db.session.commit()

    answer = page.post(f"/privacy-requests/{row.id}/answer", data={"action": "fulfil", "version": stale})

    assert answer.status_code == 409
    db.session.expire_all()
    assert db.session.get(PrivacyRequest, row.id).state == "refused"
