"""Files come in singly, are what they say, and go out only to those whom their row lets."""

import io

import pytest
from pypdf import PdfWriter

from models.core.file import StoredFile
from models.fund.codes import State
from tests.factories.core import make_account
from tests.factories.fund import make_member, make_organization, make_proposal


def pdf() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(out)
    return out.getvalue()


def upload(client, content, name, purpose="fund_attachment"):
    return client.post(
        f"/files/{purpose}",
        data={"file": (io.BytesIO(content), name)},
        headers={"X-Requested-With": "fetch"},
        content_type="multipart/form-data",
    )


@pytest.fixture
def applicant(client, session, sign_in):
    account = make_member(make_organization())
    session.commit()
    sign_in(client, account)
    return account


def test_a_file_is_taken_and_given_back_to_its_uploader_alone(client, new_client, session, sign_in, applicant):
    content = pdf()

    answer = upload(client, content, "ตารางค่าใช้จ่าย.pdf")

    assert answer.status_code == 201
    url = answer.get_json()["url"]
    given = client.get(url)
    assert given.data == content
    assert "filename*=UTF-8''%E0%B8%95" in given.headers["Content-Disposition"]
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    stranger = sign_in(new_client(), make_account("staff"))
    assert stranger.get(url).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ\x90\x00" + b"\x00" * 200, "งบประมาณ.pdf", "ไม่ตรงกับนามสกุล"),
        (b"", "ว่าง.pdf", "ว่างเปล่า"),
        (b"%PDF-1.4", "โปรแกรม.exe", "ไม่รับไฟล์ประเภทนี้"),
        (pdf(), "ใบสั่ง.exe.pdf", "ไม่ตรงกับนามสกุล"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_in_thai_and_not_kept(
    client, session, applicant, content, name, words
):
    answer = upload(client, content, name)

    assert answer.status_code == 422
    assert words in answer.get_json()["error"]
    assert session.query(StoredFile).filter_by(uploaded_by=applicant.id).count() == 0


def test_a_file_of_30_mb_is_refused_with_its_limit_in_the_answer(client, applicant):
    answer = upload(client, b"%PDF-1.4" + b"0" * (30 * 1024 * 1024), "ใหญ่.pdf")

    assert answer.status_code == 413
    assert "20 MB" in answer.get_json()["error"]


def test_a_file_a_little_over_the_limit_is_refused_too(client, applicant):
    answer = upload(client, pdf() + b"\n%" + b"0" * (20 * 1024 * 1024), "ใหญ่.pdf")

    assert answer.status_code in (413, 422)


def test_who_may_not_edit_proposals_cannot_upload_attachments(client, session, sign_in):
    sign_in(client, make_account("committee"))

    assert upload(client, pdf(), "ก.pdf").status_code == 403
    assert upload(client, pdf(), "ก.pdf", "no_such_purpose").status_code == 404


def test_an_attached_file_is_read_by_those_who_read_the_proposal(client, new_client, session, sign_in, applicant):
    key = upload(client, pdf(), "ตารางค่าใช้จ่าย.pdf").get_json()["id"]
    from tests.factories.fund import complete_content

    content = complete_content()
    content["4"] = {"attachments": [{"line_id": "a" * 32, "kind": "expense_table", "kind_name": "", "file_id": key}]}
    proposal = make_proposal(State.DRAFT, author=applicant, content=content)
    session.commit()
    staff, stranger = make_account("staff"), make_member(make_organization())
    session.commit()

    assert client.get(f"/files/{key}").status_code == 200
    assert sign_in(new_client(), stranger).get(f"/files/{key}").status_code == 404
    assert sign_in(new_client(), staff).get(f"/files/{key}").status_code == 404  # others' drafts
    from tests.factories.fund import walk

    walk(session.get(type(proposal), proposal.id), State.SCREENING)
    session.commit()
    assert sign_in(new_client(), staff).get(f"/files/{key}").status_code == 200
