"""The data console: who may come, what it never shows, how it answers nonsense, and what its deeds do (spec: H7)."""

from __future__ import annotations

import io
import random
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import inspect, select

from models.core import audit, backup, counter, job
from models.core.clock import later, now
from models.core.grants import Grant, grant
from models.core.identity import Consent, SignInSession, open_session, open_sessions
from models.core.throttle import Throttle
from services import throttle
from tests.factories.core import make_account
from views.core.console.columns import SECRET, Column, SecretColumn
from views.core.console.reading import ReadingView


@pytest.fixture
def boss(client, sign_in, session):
    """A super user, signed in on `client`."""
    account = make_account("super_user", first_name="กมลวรรณ", last_name="เรืองศรี")
    sign_in(client, account)
    return account


@pytest.fixture
def busy(session, boss):
    """Something in every table of the core; token of an open session among it."""
    person = make_account("staff", first_name="ณัฐวุฒิ", last_name="ใจงาม", password="ศาลาริมน้ำ2569")
    token = open_session(person, "Mozilla/5.0 (Windows) Chrome/1", "10.0.0.7")
    failed = job.enqueue("sweep", {"secret": "ลับมาก"}, key="กุญแจงาน")
    failed.state, failed.error, failed.attempts = job.FAILED, "OSError: disk full", 5
    session.add(Consent(user_id=person.id, text="terms", text_version="1.0"))
    session.add(backup.Backup(name="sala-1", ended_at=now(), files=3, size=2048))
    counter.next_number("fund.proposal", 2569)
    for _n in range(6):
        throttle.allow(throttle.SIGN_IN, person.email, "10.0.0.7")
    session.commit()
    return {"person": person, "token": token, "job": failed}


def views(app):
    return [view for view in app.extensions["admin"][0]._views if isinstance(view, ReadingView)]


def last_entry(session):
    return session.scalar(select(audit.AuditEntry).order_by(audit.AuditEntry.seq.desc()).limit(1))


# --- who, and what is never shown ------------------------------------------------------------------------------------


def test_the_console_is_one_entry_of_the_menu_for_super_users_alone(client, session, sign_in):
    sign_in(client, make_account("super_user"))
    with_entry = client.get("/").text

    sign_in(client, make_account("staff"))
    without = client.get("/").text

    assert 'href="/console/"' in with_entry
    assert "ข้อมูลตั้งต้น" in with_entry
    assert "/console/" not in without


def test_what_a_view_does_not_do_has_no_address(client, boss):
    answers = [
        client.get("/console/jobs/new/"),
        client.get("/console/jobs/edit/?id=1"),
        client.post("/console/jobs/delete/", data={"id": "1"}),
        client.get("/console/jobs/ajax/lookup/"),
        client.post("/console/grants/ajax/update/", data={}),
        client.get("/console/static/admin/js/helpers.js"),
        client.get("/admin/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 7


def test_no_view_names_a_column_that_holds_a_secret(filled_app):
    for view in views(filled_app):
        attributes = inspect(view.model).column_attrs
        names = {*view.named, *view.form_columns, *view.column_sortable_list, *(c.key for c in view.searched)}
        for inline in view.inlines:
            assert not [name for name in inline.columns if SECRET.search(name)]

        assert not [name for name in names if SECRET.search(name)], view.endpoint
        assert not [
            name
            for name in names
            if name in attributes and attributes[name].columns[0].info.get("audit") in ("secret", "citizen")
        ], view.endpoint


def test_a_view_of_a_secret_does_not_even_start(app, session):
    class Tokens(ReadingView):
        model = SignInSession
        columns = (Column("token_hash", "-"),)

    with pytest.raises(SecretColumn):
        Tokens("tokens")


def test_neither_lists_nor_pages_nor_exports_hold_a_secret(client, session, busy, app):
    secrets = {
        busy["person"].password,
        busy["token"],
        "ลับมาก",
        "กุญแจงาน",
        *session.scalars(select(SignInSession.token_hash)),
        *session.scalars(select(Throttle.key)),
        *(key.partition(":")[2] for key in session.scalars(select(Throttle.key))),
        busy["person"].profile.citizen_id,
    }
    seen = []

    for view in views(app):
        page = client.get(view.url + "/").text
        seen.append(page)
        seen += [client.get(href.replace("&amp;", "&")).text for href in _links(page, "details/")[:3]]
        if view.can_export:
            seen.append(client.get(f"{view.url}/export/csv/").text)

    assert len(seen) > 25
    assert not [(secret, place) for secret in secrets for place, text in enumerate(seen) if secret and secret in text]


def _links(page, part):
    return re.findall(rf'href="(/console/[^"]*{part}[^"]*)"', page)


def test_no_page_brings_a_script_or_style_of_flask_admins(client, busy, app):
    pages = [client.get(view.url + "/").text for view in app.extensions["admin"][0]._views]

    for page in pages:
        assert not re.search(r"\son[a-z]+=", page)
        assert not re.search(r"<script(?![^>]*nonce=)", page)
        assert "style=" not in page
        assert "/admin/static" not in page
        assert "bootstrap4" not in page


# --- bad addresses ---------------------------------------------------------------------------------------------------

ODD = (
    *("", "0", "-1", "abc", "1e9", "9" * 40, "²", "๑", "%", "'", '"', "../../etc/passwd", "~", "a~b", "\x00", "\u202e"),
    *("ก" * 500, "<script>", "=1+1", "NaN", "None", "true", "25", "50", "100", "20000", "now", "failed", "2026-13"),
)
NAMES = (
    *("page", "page_size", "sort", "desc", "search", "flt_state", "flt_kind", "flt_standing", "flt0_0", "flt_x", "id"),
    *("purpose", "month", "after", "before", "name", "standing", "node", "deed", "text", "number"),
)


def test_no_address_however_odd_breaks_the_server(client, busy, app):
    draw = random.Random(2569)
    paths = [view.url + "/" for view in app.extensions["admin"][0]._views]
    paths += [path + more for path in paths[1:] for more in ("details/", "edit/", "export/csv/", "file/", "open/")]
    answers = {}

    for _n in range(400):
        given = {name: draw.choice(ODD) for name in draw.sample(NAMES, draw.randint(1, 4))}
        path = draw.choice(paths)
        answers[path, str(given)] = client.get(path, query_string=given).status_code

    assert {asked: status for asked, status in answers.items() if status not in (200, 400, 403, 404)} == {}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("jobs/?page=-1", 400),
        ("jobs/?page=999999", 400),
        ("jobs/?page=400", 400),
        ("jobs/?page_size=20000", 400),
        ("jobs/?sort=params", 400),
        ("jobs/?sort=key", 400),
        ("jobs/?sort=kind&desc=2", 400),
        ("jobs/?flt_key=x", 400),
        ("jobs/?flt_state=sleeping", 400),
        (f"jobs/?search={'ก' * 101}", 400),
        (f"jobs/details/?id={'9' * 40}", 404),
        (f"jobs/details/?id={2**63}", 404),
        ("jobs/details/", 404),
        ("permissions/details/?id=x", 404),
        ("permissions/details/?id=" + "y" * 99, 404),
        ("numbers/details/?id=x", 404),
        ("jobs/export/exe/", 404),
        ("files/?purpose=..%2F..%2Fetc", 404),
        ("files/?month=2026-01", 400),
        ("files/?purpose=identity_card&month=2026-99", 400),
        ("files/file/?id=../../../etc/passwd", 404),
        ("choices/?id=fund.rows.list", 404),
        ("choices/?id=fund.kinds.disability&node=seeing&deed=remove", 400),
        ("jobs/?page=399", 200),
        ("jobs/?sort=kind&desc=1&search=sw&flt_state=failed&page_size=100", 200),
    ],
)
def test_a_bad_argument_is_told_apart_from_a_good_one(client, boss, address, status):
    assert client.get(f"/console/{address}").status_code == status


def test_posts_without_meaning_are_refused_and_change_nothing(client, busy):
    answers = [
        client.post("/console/jobs/action/", data={"action": "delete", "rowid": busy["job"].id}),
        client.post("/console/jobs/action/", data={"action": "retry"}),
        client.post("/console/jobs/action/", data={"action": "retry", "rowid": [str(n) for n in range(101)]}),
        client.post("/console/jobs/action/", data={"action": "retry", "rowid": "9" * 40}),
        client.post("/console/choices/do/", data={"id": "fund.kinds.disability", "deed": "burn:seeing"}),
        client.post("/console/choices/do/", data={"id": "nothing", "deed": "up:seeing"}),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400, 404, 400, 404]
    assert busy["job"].state == job.FAILED


def test_a_post_without_the_forms_token_is_refused(client, busy):
    given = {"action": "retry", "rowid": busy["job"].id}

    refused = client.post("/console/jobs/action/", data=given, csrf=False)
    done = client.post("/console/jobs/action/", data=given)

    assert (refused.status_code, done.status_code) == (400, 302)


# --- lists -----------------------------------------------------------------------------------------------------------


def test_a_list_is_searched_filtered_sorted_and_paged(client, busy, session):
    for number in range(30):
        job.enqueue(f"render{number:02}")
    session.commit()

    first, second, found = (
        client.get(f"/console/jobs/?{query}").text.partition("<tbody>")[2]
        for query in ("sort=kind&flt_state=waiting", "sort=kind&flt_state=waiting&page=1", "search=render07")
    )

    assert "render00" in first
    assert "render25" not in first
    assert "1–25 จาก 30" in first
    assert "render25" in second
    assert "render00" not in second
    assert "render07" in found
    assert "render08" not in found


def test_people_are_found_by_name(client, busy):
    page = client.get("/console/grants/?search=ณัฐวุฒิ").text.partition("<tbody>")[2]

    assert "ณัฐวุฒิ" in page
    assert "กมลวรรณ" not in page


def test_a_list_runs_as_many_queries_for_one_row_as_for_many(client, busy, session, count_queries):
    counts = []
    for _n in range(2):
        count_queries.clear()
        assert client.get("/console/devices/").status_code == 200
        counts.append(len(count_queries))
        for _m in range(10):
            open_session(make_account(), "Chrome", "10.0.0.9")
        session.commit()

    assert counts[0] == counts[1] <= 9


def test_an_export_holds_no_formula_and_is_written_down(client, busy, session):
    failed = job.enqueue('=HYPERLINK("http://x")')
    failed.state, failed.error = job.FAILED, "+1 attempt"
    session.commit()

    csv = client.get("/console/jobs/export/csv/?flt_state=failed").text
    alone = client.get("/console/grants/export/csv/").text.splitlines()[1]
    book = load_workbook(io.BytesIO(client.get("/console/jobs/export/xlsx/").data))

    assert "'=HYPERLINK" in csv
    assert "'+1 attempt" in csv
    assert {cell.data_type for row in book.active.iter_rows() for cell in row if str(cell.value).startswith("=")} == {
        "s"
    }
    assert last_entry(session).action == "core_job.export"
    assert "–" not in alone


# --- deeds -----------------------------------------------------------------------------------------------------------


def test_work_that_was_given_up_is_done_again_and_no_other(client, busy, session):
    waiting = job.enqueue("render")
    session.commit()

    client.post("/console/jobs/action/", data={"action": "retry", "rowid": [busy["job"].id, waiting.id]})

    assert (busy["job"].state, busy["job"].attempts) == (job.WAITING, 0)
    entries = session.scalars(
        select(audit.AuditEntry).where(audit.AuditEntry.action == "core_job.retry").order_by(audit.AuditEntry.seq)
    ).all()
    assert [(entry.entity_id, entry.actor_id) for entry in entries] == [(str(busy["job"].id), open_one(session))]


def open_one(session):
    return session.scalar(select(Grant.user_id).where(Grant.kind == "super_user").order_by(Grant.id.desc()))


def test_a_role_is_ended_by_its_rule_and_never_the_last_super_users(client, busy, session, boss):
    for other in session.scalars(select(Grant).where(Grant.kind == "super_user", Grant.user_id != boss.id)):
        other.ends_at = later()
    role = session.scalar(select(Grant).where(Grant.user_id == busy["person"].id))
    own = session.scalar(select(Grant).where(Grant.user_id == boss.id))
    over = grant(boss.id, "project_manager")
    session.commit()

    for row in (role, own, over):
        answer = client.post("/console/grants/action/", data={"action": "end", "rowid": row.id})
        assert answer.status_code == 302

    assert role.ends_at is not None
    assert own.ends_at is None
    assert over.ends_at is None
    assert "account.dismiss" in session.scalars(select(audit.AuditEntry.action)).all()


def test_a_device_is_signed_out_but_not_the_one_in_use(client, busy, session, boss):
    device, own = open_sessions(busy["person"].id)[0], open_sessions(boss.id)[0]

    client.post("/console/devices/action/", data={"action": "end", "rowid": [device.id, own.id]})

    assert open_sessions(busy["person"].id) == []
    assert [row.id for row in open_sessions(boss.id)] == [own.id]
    assert last_entry(session).action == "session.end"


def test_somebody_may_try_again_when_their_count_is_taken_away(client, busy, session):
    assert not throttle.allow(throttle.SIGN_IN, busy["person"].email, "10.0.0.7")
    found = client.get("/console/limits/", query_string={"search": f"{busy['person'].email} 10.0.0.7"}).text
    key = re.search(r'name="rowid" value="(\w+)"', found).group(1)

    client.post("/console/limits/action/", data={"action": "forget", "rowid": key})

    assert throttle.allow(throttle.SIGN_IN, busy["person"].email, "10.0.0.7")
    entry = session.scalar(select(audit.AuditEntry).where(audit.AuditEntry.action == "core_throttle.forget"))
    assert entry.payload["notes"][0]["limit"] == "sign_in"


def test_a_count_is_found_by_the_e_mail_alone_where_the_log_knows_the_address(client, busy, session, new_client):
    new_client().post("/sign/in", data={"email": busy["person"].email, "password": "ผิดแน่นอน"})
    session.execute(Throttle.__table__.delete())
    throttle.allow(throttle.SIGN_IN, busy["person"].email, "127.0.0.1")
    throttle.allow(throttle.SIGN_IN, "somebody@sala.example", "127.0.0.1")
    session.commit()

    page = client.get("/console/limits/", query_string={"search": busy["person"].email}).text

    assert page.count('name="rowid"') == 1


def test_looking_at_a_persons_device_is_written_down(client, busy, session):
    device = open_sessions(busy["person"].id)[0]

    client.get(f"/console/devices/details/?id={device.id}")

    assert (last_entry(session).action, last_entry(session).entity_id) == ("core_session.view", str(device.id))


def test_what_flask_admin_says_by_itself_comes_in_the_readers_language(app):
    from flask_admin import babel
    from flask_babel import force_locale

    with app.test_request_context():
        with force_locale("th"):
            thai = babel.gettext("Already exists.")
        with force_locale("en"):
            english = babel.gettext("Already exists.")

    assert (thai, english) == ("มีข้อมูลนี้อยู่แล้ว กรอกค่าอื่น", "Already exists.")
