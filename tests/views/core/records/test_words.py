"""The words of codes: each that the system makes has its own, and a long file keeps no more of them than some."""

import ast
from pathlib import Path

import pytest
from flask_babel import force_locale, gettext
from sqlalchemy import select

from jobs import runner
from models.core import audit, file
from models.core.db import db
from models.core.entity import entities, entity_named
from models.core.entity.cells import taken_fields
from models.core.job import WAITING
from models.core.matrix import MatrixRow
from models.fund.proposal_moves import NUMBER_COUNTER
from services.content import KINDS, format_of
from views.core.console.files import purpose_label
from views.core.console.people import GrantView
from views.core.console.work import JobView
from views.core.log_words import action_label, entity_label
from views.core.records import file_words
from views.core.records.core_words import JOB_STATES
from views.core.records.words import code_label, coded_fields, entity_title, field_label

THAI = range(0x0E01, 0x0E5C)


def has_thai(text: str) -> bool:
    return any(ord(letter) in THAI for letter in text)


@pytest.fixture
def thai(app):
    with app.test_request_context(), force_locale("th"):
        yield


def test_every_kind_of_work_file_and_number_has_words(thai):
    kinds = {kind: code_label(entity_named("job"), "kind", kind) for kind in runner._handlers}
    kept = {purpose: code_label(entity_named("file"), "purpose", purpose) for purpose in file.purposes()}
    folders = {f"{purpose}/": purpose_label(purpose) for purpose in file.purposes()}

    said = kinds | kept | folders | {NUMBER_COUNTER: entity_label(NUMBER_COUNTER)}

    assert [code for code, words in said.items() if not has_thai(words)] == []


def test_work_is_said_in_the_words_of_the_console(thai):
    job = entity_named("job")

    assert code_label(job, "state", WAITING) == "รอทำ" == str(JobView.columns[1].choices[WAITING])
    assert field_label(job, "attempts") == "จำนวนครั้งที่ลอง"
    assert {code: code_label(job, "state", code) for code in job.fields["state"].codes} == {
        code: str(words) for code, words in JOB_STATES.items()
    }


def noted() -> set[str]:
    """Every action that the log may hold, read from the calls that write one."""
    root, found = Path(audit.__file__).parents[2], set()
    for path in (path for part in ("models", "views", "jobs") for path in (root / part).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) == "note":
                found |= set(map(said_in, call.args[:1]))
    return found - {""}


def said_in(node: ast.expr) -> str:
    """The action in a call: as it stands, or of whatever kind of record it is made for."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[-1], ast.Constant):
        return f"ab_user{node.values[-1].value}"
    return ""


def test_every_action_of_the_log_has_words(thai):
    actions = noted()

    assert {"ab_user.import_checked", "ab_user.import", "fund_organization.merge", "sign_in"} <= actions
    assert sorted(action for action in actions if not has_thai(action_label(action))) == []


def test_what_the_matrix_rests_on_is_said(thai):
    bases = {row.basis for row in db.session.scalars(select(MatrixRow)) if row.basis}
    permission = entity_named("permission")

    assert "staff from the text; rest assumed" in bases
    assert [basis for basis in sorted(bases) if not has_thai(code_label(permission, "basis", basis))] == []


def test_a_content_type_is_called_by_its_ending():
    assert format_of(KINDS["docx"].content_type) == "DOCX"
    assert format_of("image/jpeg") == "JPG"
    assert format_of("application/gzip") == "GZIP"


def test_why_work_was_given_up_is_said_and_what_a_program_said_stands(thai):
    job = entity_named("job")

    assert has_thai(code_label(job, "error", "not_permitted"))
    assert code_label(job, "error", "OSError: disk full") == "OSError: disk full"


def test_a_coded_field_that_files_bring_in_has_its_codes_listed(thai):
    unlisted = [
        (entity.name, name)
        for entity in entities()
        for name, codes in coded_fields(entity).items()
        if name in taken_fields(entity) and not codes
    ]

    assert unlisted == []


def test_a_file_remembers_the_last_words_and_no_free_text(thai, monkeypatch):
    asked = []
    monkeypatch.setattr(file_words, "code_label", lambda _entity, _name, code: asked.append(code) or f"={code}")
    monkeypatch.setattr(file_words, "REMEMBERED", 2)
    label = file_words.label_of(entity_named("job"))
    text = "ก" * (file_words.LONGEST_CODE + 1)

    said = [label("error", code) for code in ("a", "a", text, text, "b", "c", "a")]

    assert said == ["=a", "=a", f"={text}", f"={text}", "=b", "=c", "=a"]
    assert asked == ["a", text, text, "b", "c", "a"]


def test_one_thing_has_one_name_on_generated_pages_and_beside_them(thai):
    session, grant = entity_named("evaluation_session"), entity_named("grant")

    assert field_label(session, "level") == gettext("Type of session") == "ประเภทการพิจารณา"
    assert entity_title(grant) == str(GrantView.title) == "บทบาทของผู้ใช้งาน"
    assert gettext("Date submitted") == gettext("Submitted") == "วันที่ส่ง"
