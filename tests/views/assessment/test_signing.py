"""How a school comes in: directory, first sign-in by its code, letters, the way back (spec: assessment.md 2)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from jobs.letters import render
from models.assessment import activation
from models.assessment.activation import ENTERED, ActivationCode
from models.assessment.codes import NATIONAL, Committee, RoundState
from models.assessment.enrolment import Newcomer, enrol_all
from models.assessment.settings import ACTIVATION_CODES, STATE_SHOWN
from models.core import setting
from models.core.audit import AuditEntry
from models.core.outbox import Message, Notification
from services import throttle
from tests.factories.assessment import enrolled, make_round
from tests.factories.core import make_account
from views.assessment.signing.checks import letters_recommended
from views.core.cli import checks

OWN = "ริมฝั่งน้ำยามเย็น2569"
CODE, SISTER, FOREIGN = "1320016202", "1320016203", "1321016202"


@pytest.fixture
def schools(session: Any) -> dict[str, Any]:
    """Two provinces past their first sign-in; two schools under the first that wait for theirs, one under the other."""
    provinces = enrolled(
        Newcomer(
            "1320016201",
            "วิทยาลัยเทคนิคชายคลอง",
            "20",
            committee=Committee.PROVINCE,
            email="province@vec.example",
            phone="038276521",
        ),
        Newcomer("1321016201", "วิทยาลัยเทคนิคปากน้ำ", "21", committee=Committee.PROVINCE),
    )
    waiting = enrol_all(
        [
            Newcomer(CODE, "วิทยาลัยการอาชีพบ้านสวน", "20", under="1320016201", email="office@bansuan.example"),
            Newcomer(SISTER, "วิทยาลัยสารพัดช่างหนองประดู่", "20", under="1320016201"),
            Newcomer(FOREIGN, "วิทยาลัยการอาชีพเขาตะเคียน", "21", under="1321016201"),
        ]
    )
    names = ("province", "foreign_province", "school", "sister", "foreign")
    found = dict(zip(names, [*provinces, *waiting], strict=True))
    for one in found.values():
        one.account.locale = "en"
    session.commit()
    return found


@pytest.fixture
def this_round(session: Any) -> Any:
    """A round that is open."""
    made = make_round()
    session.commit()
    return made


@pytest.fixture
def with_codes(session: Any) -> None:
    """One-time codes from letters stand for the school's code."""
    setting.change(ACTIVATION_CODES, True, 0)
    session.commit()


def enter(client: Any, name: str = CODE, password: str | None = None, address: str = "10.1.1.1") -> Any:
    data = {"email": name, "password": name if password is None else password}
    return client.post("/sign/in", data=data, environ_base={"REMOTE_ADDR": address})


def too_many(answer: Any) -> bool:
    return answer.status_code == 400 and "ลองหลายครั้งเกินไป" in answer.text


def choose(client: Any, old: str = CODE, new: str = OWN) -> Any:
    return client.post("/account/password", data={"old": old, "password": new, "again": new})


def text_of(document: bytes) -> str:
    import io

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


def codes_of(document: bytes) -> list[str]:
    return re.findall(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", text_of(document))


# --- the directory ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"1320016201", CODE, SISTER, "1321016201", FOREIGN}),
        ("q=6202", {CODE, FOREIGN}),
        ("q=๖๒๐๒", {CODE, FOREIGN}),
        ("q=อาชีพ", {CODE, FOREIGN}),
        ("q=ระยอง", {"1321016201", FOREIGN}),
        ("q=rayong", {"1321016201", FOREIGN}),
        ("q=อาชีพ+ชลบุรี", {CODE}),
        ("province=21", {"1321016201", FOREIGN}),
        ("q=%25", set()),
        ("q=ไม่มีชื่อนี้", set()),
    ],
)
def test_everybody_finds_a_code_by_any_part_of_code_name_or_province(client, schools, asked, found):
    page = client.get(f"/school-codes/?{asked}")

    assert page.status_code == 200
    assert set(re.findall(r'<span class="num">(\d{10})</span>', page.text)) == found


def test_the_directory_says_who_is_a_committee_and_nothing_of_how_a_school_is_reached(client, schools):
    page = client.get("/school-codes/").text

    assert "อศจ." in page
    assert "038" not in page
    assert "vec.example" not in page


def test_the_password_state_is_public_when_the_setting_says_so(client, schools, session):
    assert "ค่าเริ่มต้น" not in client.get("/school-codes/").text

    setting.change(STATE_SHOWN, True, 0)
    session.commit()

    page = client.get("/school-codes/").text
    assert page.count("ค่าเริ่มต้น") == 3
    assert page.count("แก้ไขแล้ว") == 2


@pytest.mark.parametrize("asked", ["province=99", "sort=secret", "after=1"])
def test_an_address_that_no_link_has_is_refused(client, schools, asked):
    assert client.get(f"/school-codes/?{asked}").status_code == 400


def test_the_directory_asks_as_few_questions_of_five_schools_as_of_one(client, schools, count_queries):
    client.get("/school-codes/")
    counts = []
    for asked in ("?q=6203", ""):
        count_queries.clear()
        client.get(f"/school-codes/{asked}")
        counts.append(len(count_queries))

    assert counts[0] == counts[1] <= 8


# --- the first sign-in ------------------------------------------------------------------------------------------------


def test_a_school_comes_in_by_its_code_chooses_a_password_and_signs_in_again(client, schools, this_round):
    assert enter(client).status_code == 302
    assert client.get("/registration/").headers["Location"].endswith("/account/password")
    assert choose(client).headers["Location"].endswith("/sign/in")

    assert enter(client).status_code == 400
    assert enter(client, password=OWN).status_code == 302
    assert client.get("/registration/").status_code == 200
    assert schools["school"].activated_at is not None


def test_a_code_is_typed_as_people_write_it(client, schools, this_round):
    assert enter(client, "๑๓๒๐ ๐๑๖๒๐๒", "1320-0162-02").status_code == 302


@pytest.mark.parametrize("state", [RoundState.PREPARED, RoundState.LOCKED])
def test_without_an_open_round_the_first_password_opens_nothing(client, schools, session, state):
    make_round(state)
    session.commit()

    assert enter(client).status_code == 400


def test_what_one_is_told_never_says_whether_a_school_has_its_own_password(client, schools, this_round):
    """Known without one, known with one, unknown: the same words; for a code as the password other, also the same."""
    said = []
    for password in ("ไม่ใช่รหัสนี้", None):
        answers = [enter(client, name, password, "10.2.2.2") for name in ("1320016201", "1399999999")]
        if password is not None:
            answers.append(enter(client, CODE, password, "10.2.2.2"))
        assert {answer.status_code for answer in answers} == {400}
        texts = [re.findall(r"data-error-summary.*?</ul>", answer.text, re.S) for answer in answers]
        assert all(texts)
        assert len({re.sub(r"\d{10}", "", str(text)) for text in texts}) == 1
        said.append(str(texts[0]))

    assert said[0] != said[1]


def test_school_and_province_are_told_with_what_to_do(client, schools, this_round, session):
    enter(client)

    mails = {mail.address: render(mail) for mail in session.scalars(select(Message))}
    assert set(mails) == {"office@bansuan.example", "province@vec.example"}
    for mail in mails.values():
        assert CODE in mail.text
        assert "038-276-521" in mail.text or "038276521" in mail.text


def test_the_bell_leads_the_province_to_what_it_can_do_and_the_school_to_where_it_is_signed_in(
    client, new_client, sign_in, schools, this_round, session
):
    enter(client)
    choose(client)
    enter(client, password=OWN)
    province = sign_in(new_client(), schools["province"].account)
    lines = {
        line.user_id: line.id for line in session.scalars(select(Notification).where(Notification.event == ENTERED))
    }

    led = {
        name: browser.post(f"/notifications/{lines[schools[name].account_id]}").headers["Location"]
        for name, browser in (("school", client), ("province", province))
    }

    assert led == {"school": "/account/sessions", "province": f"/school-passwords/?q={CODE}"}


def test_tries_are_limited_for_a_school_from_wherever_they_come(client, schools, this_round):
    most = throttle.FIRST_PASSWORD.most
    answers = [enter(client, "1320016201", address=f"10.3.0.{number}") for number in range(most + 1)]

    assert [too_many(answer) for answer in answers] == [False] * most + [True]
    # The school itself, which has its own password, is not kept out.
    assert not too_many(enter(client, "1320016201", "ไม่ใช่รหัสนี้", "10.3.1.3"))


def test_tries_are_limited_for_an_address_whatever_the_schools(client, schools, this_round):
    most = throttle.FIRST_PASSWORD_ADDRESS.most
    answers = [enter(client, f"13900{number:05}", address="10.4.0.1") for number in range(most)]

    assert not any(too_many(answer) for answer in answers)
    assert too_many(enter(client, address="10.4.0.1"))
    assert enter(client, address="10.4.0.2").status_code == 302


def test_no_school_takes_its_code_for_a_password(client, schools, this_round):
    enter(client)

    assert choose(client, new=CODE).status_code == 422
    assert choose(client, new="1320 016 202").status_code == 422


# --- letting schools in -----------------------------------------------------------------------------------------------


def test_a_province_sees_its_own_schools_and_what_each_signs_in_with(client, sign_in, schools, this_round):
    sign_in(client, schools["province"].account)

    page = client.get("/school-passwords/").text

    assert {CODE, SISTER, "1320016201"} == set(re.findall(r"\d{10}", page)) - {FOREIGN}
    assert FOREIGN not in page
    assert "activation code" not in page
    assert client.get("/school-passwords/?state=own").text.count("s-made-first") == 1


@pytest.mark.parametrize("who", ["school", "sister"])
def test_a_school_lets_nobody_in(client, sign_in, schools, session, who):
    schools[who].account.password = "pbkdf2:sha256:1$none$none"
    session.commit()
    sign_in(client, schools[who].account)

    assert client.get("/school-passwords/").status_code == 403
    assert client.post("/school-passwords/letters", data={"all": "1"}).status_code == 403


def test_letters_of_all_that_wait_are_one_paper_and_each_opens_its_school(
    client, new_client, sign_in, schools, this_round, with_codes, session
):
    sign_in(client, schools["province"].account)

    answer = client.post("/school-passwords/letters", data={"all": "1"})

    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    codes = codes_of(answer.data)
    assert len(codes) == len(set(codes)) == 2
    assert {row.school_id for row in session.scalars(select(ActivationCode))} == {
        schools["school"].id,
        schools["sister"].id,
    }
    school = new_client()
    assert enter(school).status_code == 400
    assert enter(school, CODE, codes[0].upper()).status_code == 302
    assert choose(school, codes[0]).headers["Location"].endswith("/sign/in")
    assert enter(new_client(), CODE, codes[0], "10.5.0.1").status_code == 400
    assert enter(new_client(), SISTER, codes[1], "10.5.0.2").status_code == 302


def test_letters_of_ticked_schools_leave_the_others_as_they_are_and_foreign_ones_out(
    client, sign_in, schools, this_round, with_codes, session
):
    sign_in(client, schools["province"].account)
    ids = [schools["sister"].id, schools["foreign"].id, "x", "99999999999999999999"]

    answer = client.post("/school-passwords/letters", data={"ids": ids})

    assert SISTER in text_of(answer.data)
    assert [row.school_id for row in session.scalars(select(ActivationCode))] == [schools["sister"].id]
    assert session.query(AuditEntry).filter_by(action="school_sign_in.letter").count() == 1


def test_a_letter_that_cannot_be_made_leaves_the_one_before_in_force(
    client, sign_in, schools, this_round, with_codes, session, monkeypatch
):
    from reports.core.pdf import PdfFailed
    from views.assessment.signing import passwords

    def fails(*_given: Any) -> bytes:
        raise PdfFailed("layout", "a test")

    sign_in(client, schools["province"].account)
    client.post("/school-passwords/letters", data={"all": "1"})
    before = session.get(ActivationCode, schools["school"].id).code_hash
    monkeypatch.setattr(passwords, "letters_paper", fails)

    assert client.post("/school-passwords/letters", data={"all": "1"}).status_code == 422
    assert session.get(ActivationCode, schools["school"].id).code_hash == before


def test_without_the_setting_no_letter_is_printed_and_it_is_said_why(client, sign_in, schools, this_round):
    sign_in(client, schools["province"].account)

    answer = client.post("/school-passwords/letters", data={"all": "1", "q": "บ้านสวน"})

    assert answer.status_code == 302
    assert "Letters are not in use" in client.get(answer.headers["Location"]).text


def test_a_province_gives_the_first_password_back_and_who_came_in_is_out(
    client, new_client, sign_in, schools, this_round
):
    taken, province = new_client(), sign_in(client, schools["province"].account)
    enter(taken)
    choose(taken)
    enter(taken, password=OWN)
    assert taken.get("/registration/").status_code == 200

    answer = province.post(f"/school-passwords/{schools['school'].id}/reset", data={"q": CODE})

    assert answer.headers["Location"].endswith(f"/school-passwords/?q={CODE}")
    assert "has its first password again" in client.get(answer.headers["Location"]).text
    assert "/sign/in" in taken.get("/registration/").headers["Location"]
    assert enter(new_client(), password=OWN, address="10.6.0.1").status_code == 400
    assert enter(new_client(), address="10.6.0.2").status_code == 302


@pytest.mark.parametrize(("who", "status"), [("foreign_province", 404), ("school", 403)])
def test_nobody_else_gives_it_back(client, sign_in, schools, session, who, status):
    schools["school"].account.password = "pbkdf2:sha256:1$none$none"
    session.commit()
    sign_in(client, schools[who].account)

    assert client.post(f"/school-passwords/{schools['sister'].id}/reset").status_code == status


def test_the_national_office_lets_a_committee_in_again(client, sign_in, schools, session):
    office = make_account(NATIONAL, locale="en")
    session.commit()
    sign_in(client, office)

    assert "1321016201" in client.get("/school-passwords/?province=21").text
    client.post(f"/school-passwords/{schools['foreign_province'].id}/reset")
    assert schools["foreign_province"].activated_at is None


def test_the_page_asks_as_few_questions_of_three_schools_as_of_one(client, sign_in, schools, with_codes, count_queries):
    sign_in(client, schools["province"].account)
    client.get("/school-passwords/")
    counts = []
    for asked in ("?q=6203", ""):
        count_queries.clear()
        client.get(f"/school-passwords/{asked}")
        counts.append(len(count_queries))

    assert counts[0] == counts[1] <= 8


def test_the_deployment_check_recommends_letters(app, session):
    def said() -> list[str]:
        return [finding.text for finding in letters_recommended(app.config["SALA"])]

    assert letters_recommended in checks._more
    assert "Activation codes instead of the school code" in said()[0]
    setting.change(ACTIVATION_CODES, True, 0)
    session.commit()
    assert said() == []


def test_the_log_says_what_was_done_and_holds_no_code(client, sign_in, schools, this_round, with_codes, session):
    sign_in(client, schools["province"].account)
    [code, _other] = codes_of(client.post("/school-passwords/letters", data={"all": "1"}).data)

    assert not any(code in str(entry.payload) for entry in session.scalars(select(AuditEntry)))
    assert activation.uses_codes()
