"""The generated pages of the system: the access log and the outgoing messages."""

import re

from models.core import audit, outbox
from models.fund.codes import State
from models.fund.session import SteppingOut
from models.fund.workflow import PROPOSAL_MOVES
from tests.factories.core import make_account
from tests.factories.fund import Cast, make_proposal, put_on
from views.core.log_words import action_label, entity_label


def test_the_access_log_says_in_thai_who_did_what(client, session, sign_in):
    clerk = make_account("staff", first_name="พิมพ์ชนก", last_name="ศรีสุข")
    session.commit()
    audit.act_as(clerk.id)
    audit.note("sign_in", clerk)
    session.commit()

    page = sign_in(client, clerk).get("/access-log/list/").get_data(as_text=True)

    assert "เข้าสู่ระบบ" in page
    assert "พิมพ์ชนก ศรีสุข" in page
    assert "sign_in<" not in page


def test_a_page_of_the_log_asks_the_same_however_many_entries(client, session, sign_in, count_queries):
    clerk = make_account("staff")
    sign_in(client, clerk)

    def queries():
        count_queries.clear()
        assert client.get("/access-log/list/").status_code == 200
        return len(count_queries)

    queries()  # The first page of a process reads the matrix.
    few = queries()
    for _ in range(10):
        session.commit()
        audit.act_as(make_account("committee").id)
        audit.note("sign_in", clerk)
        session.commit()

    assert queries() == few <= 8


def test_an_entry_shows_from_what_to_what_and_no_secret(client, session, sign_in):
    clerk, person = make_account("super_user"), make_account(first_name="<b>สมชาย</b>")
    session.commit()
    person.first_name, person.password = "สมหมาย", "pbkdf2:new"
    session.commit()
    entry = audit.history_of(person)[0]

    page = sign_in(client, clerk).get(f"/access-log/show/{entry.seq}").get_data(as_text=True)

    assert re.search(r"&lt;b&gt;สมชาย&lt;/b&gt; → สมหมาย", page)
    assert "pbkdf2" not in page


def test_every_move_and_every_note_has_its_words(app):
    with app.test_request_context():
        for move in PROPOSAL_MOVES:
            assert action_label(f"fund_proposal.{move}") != f"fund_proposal.{move}"
        assert entity_label("fund_proposal") != "fund_proposal"


def test_staff_send_what_did_not_go_out_again(client, session, sign_in):
    message = outbox.post("somebody@sala.example", "confirm_email")
    message.state = outbox.FAILED
    session.commit()

    answer = sign_in(client, make_account("staff")).post("/outbox/retry", follow_redirects=True)

    assert answer.status_code == 200
    session.refresh(message)
    assert message.state == outbox.WAITING


def test_bad_arguments_of_a_generated_list_answer_400(client, session, sign_in):
    sign_in(client, make_account("staff"))

    assert client.get("/access-log/list/?page_AccessLogView=0").status_code == 200
    for bad in ("page_AccessLogView=abc", "psize_AccessLogView=100000", "_oc_AccessLogView=password", "page_X=-1"):
        assert client.get(f"/access-log/list/?{bad}").status_code == 400, bad
    for missing in ("0", "999999999", "abc", "9" * 40):
        assert client.get(f"/access-log/show/{missing}").status_code == 404, missing


def test_the_outgoing_messages_say_in_thai_what_they_are_about(client, session, sign_in):
    clerk = make_account("staff")
    outbox.post("somebody@sala.example", "confirm_account", token="sealed:secret")
    session.commit()

    page = sign_in(client, clerk).get("/outbox/list/").get_data(as_text=True)

    assert "ลิงก์ยืนยันอีเมล" in page
    assert "confirm_account" not in page
    assert "secret" not in page


def test_a_static_file_with_its_version_is_kept_by_browsers_and_a_page_is_not(client):
    page = client.get("/sign/in")
    address = re.search(r'href="(/static/core/css/sala\.css\?v=[^"]+)"', page.get_data(as_text=True))[1]

    assert "immutable" in client.get(address).headers["Cache-Control"]
    assert page.headers["Cache-Control"] == "no-store"


def test_the_log_keeps_the_content_of_others_drafts_to_itself(client, session, sign_in):
    draft, sent = make_proposal(State.DRAFT, title="ร่างที่ยังไม่ส่ง"), make_proposal(State.SCREENING, title="โครงการที่ส่งแล้ว")
    clerk = make_account("staff")
    session.commit()
    entries = {proposal: audit.history_of(proposal)[-1].seq for proposal in (draft, sent)}
    sign_in(client, clerk)

    hidden = client.get(f"/access-log/show/{entries[draft]}").get_data(as_text=True)
    shown = client.get(f"/access-log/show/{entries[sent]}").get_data(as_text=True)

    assert "ร่างที่ยังไม่ส่ง" not in hidden
    assert "ไม่แสดงแก่ท่าน" in hidden
    assert "โครงการที่ส่งแล้ว" in shown


def test_who_stepped_out_of_an_item_reads_nothing_of_it_in_the_log(client, session, sign_in):
    cast = Cast()
    proposal = make_proposal(State.WAIT_GROUP, title="โครงการของญาติ", cast=cast)
    meeting = put_on(proposal, cast)
    session.add(SteppingOut(item=meeting.items[0], user_id=cast.staff.id, reason="declared"))
    session.commit()
    entry, colleague = audit.history_of(proposal)[-1].seq, make_account("staff")

    assert "โครงการของญาติ" not in sign_in(client, cast.staff).get(f"/access-log/show/{entry}").get_data(as_text=True)
    assert "โครงการของญาติ" in sign_in(client, colleague).get(f"/access-log/show/{entry}").get_data(as_text=True)
