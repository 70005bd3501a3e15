"""One deed on many records: a few at once, more by the worker, each refused one told, nothing done twice."""

import re

from jobs.runner import run_due
from models.core import bulk, job
from models.core.db import db
from models.core.entity import entity_named
from models.fund.organization import Organization
from tests.factories.core import make_account
from tests.factories.fund import make_organization, make_proposal

PATH = "/records/organization/bulk"


def ticks(*records):
    return [f"{one.id}:{one.version}" for one in records]


def test_a_few_are_done_at_once_and_the_refused_are_told_with_their_reason(session, chair, organizations):
    proposal = make_proposal()
    session.commit()
    stale = f"{organizations[1].id}:99"

    answer = chair.post(PATH, data={"deed": "delete", "ids": [*ticks(organizations[0], proposal.organization), stale]})
    page = chair.get(answer.headers["Location"]).text

    assert organizations[0].deleted_at is not None
    assert organizations[1].deleted_at is None
    assert proposal.organization.deleted_at is None
    assert set(re.findall(r"/records/organization/show/(\d+)", page)) == {
        str(organizations[1].id),
        str(proposal.organization.id),
    }


def test_a_choice_is_set_for_all_that_match(session, chair, organizations):
    answer = chair.post(
        PATH, data={"deed": "set", "set": "sector:private", "all": "1", "list-q": "คอควาย", "ids": "1:1"}
    )

    assert answer.status_code == 302
    assert [one.sector for one in organizations] == ["public", "private", "private"]


def test_many_wait_for_the_worker_and_a_second_run_does_nothing_twice(own_database, sign_in):
    app = own_database
    with app.app_context():
        chief = make_account("super_user")
        made = [make_organization(f"หลายแห่ง {number}").id for number in range(bulk.AT_ONCE + 2)]
        db.session.commit()
        chair = sign_in(app.test_client(), chief)
        url = chair.post(PATH, data={"deed": "delete", "all": "1", "list-q": "หลายแห่ง"}).headers["Location"]
        waiting = chair.get(url).text

        run_due()
        done = chair.get(url).text
        [work] = db.session.query(job.Job).filter_by(kind=bulk.KIND).all()
        rows = {row.id: row.version for row in db.session.query(Organization).filter(Organization.id.in_(made))}
        bulk.run(work.id)
        db.session.expire_all()

        assert 'role="progressbar"' in waiting
        assert 'role="progressbar"' not in done
        assert bulk.outcome_of(work).done == len(made)
        for pk, version in rows.items():
            organization = db.session.get(Organization, pk)
            assert organization.deleted_at is not None
            assert organization.version == version


def test_work_that_was_cut_off_goes_on_where_it_stood(app, session, chief, organizations):
    work = bulk.ask(
        entity_named("organization"), chief, bulk.Asked("delete"), [(one.id, str(one.version)) for one in organizations]
    )
    db.session.commit()
    first = db.session.query(bulk.BulkRow).filter_by(job_id=work.id).order_by(bulk.BulkRow.id).first()
    first.outcome = bulk.DID
    db.session.commit()

    bulk.run(work.id)

    deleted = [db.session.get(Organization, one.id).deleted_at is not None for one in organizations]
    assert deleted == [False, True, True]


def test_nobody_else_reads_how_a_deed_went(session, chair, browser, organizations):
    url = chair.post(PATH, data={"deed": "delete", "ids": ticks(organizations[0])}).headers["Location"]

    assert browser(make_account("staff")).get(url).status_code == 404
    assert chair.get(url.replace("organization", "membership", 1)).status_code == 404


def test_what_no_list_offers_is_refused(session, chair, organizations):
    for data in (
        {"deed": "drop"},
        {"deed": "set", "set": "name:x"},
        {"deed": "set", "set": "sector:nothing"},
        {"deed": "restore"},
        {"deed": "delete", "ids": "abc"},
    ):
        assert chair.post(PATH, data=data).status_code == 400, data
    assert chair.post("/records/membership/bulk", data={"deed": "delete", "ids": "1:1"}).status_code == 400
    assert chair.post(PATH, data={"deed": "delete"}).status_code == 302


def test_before_a_deed_is_done_it_says_how_many_match(chair, organizations, monkeypatch):
    page = chair.get("/records/organization/?f-sector=public").text
    dialog = page.split('id="bulk-delete"')[1].split("</dialog>")[0]
    assert "data-bulk-count" in dialog
    assert 'id="matching-delete"' in dialog

    counts = chair.get("/records/organization/counts?f-sector=public").text
    assert re.search(r'id="matching-delete"[^>]*>ขณะนี้ตรงกัน 2 รายการ<', counts)

    monkeypatch.setattr(bulk, "MOST", 1)
    counts = chair.get("/records/organization/counts?f-sector=public").text
    assert re.search(r'id="matching-delete"[^>]*>ขณะนี้ตรงกัน 2 รายการ มากเกินไป', counts)
