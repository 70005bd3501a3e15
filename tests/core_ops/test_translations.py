"""What the sources say is held against what the catalogues say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask_admin.babel import Translations
from flask_admin.babel import gettext as admin_gettext
from flask_babel import force_locale
from flask_babel import gettext as fab_gettext

from views.core.cli import looking, translations
from views.core.cli.translations import OURS, ROOT, SOURCES, Source, collect, languages, shortfall

THAI = re.compile("[\u0e01-\u0e5b]")
# Neither English nor Thai: names and units. An English hint may hold a Thai example.
NO_LANGUAGE = {"Excel (.xlsx)", "Excel", "CSV", "MB", "%(placeholder)s"}
EXAMPLE = "for example"

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Done"
msgstr "เสร็จ"

#, fuzzy
msgid "Doubtful"
msgstr "ไม่แน่"

msgid "Empty"
msgstr ""

msgid "One"
msgid_plural "Many"
msgstr[0] "%(num)s รายการ"

#, python-format
msgid "%(n)s holes"
msgstr "%(m)s ช่อง"

msgid "Nobody says it"
msgstr "ไม่มีใครพูด"
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project that says some strings, and a catalogue that knows some."""
    for folder in (*OURS.folders, "babel/translations/th/LC_MESSAGES"):
        (tmp_path / folder).mkdir(parents=True)
    real = translations.ROOT / "babel" / "babel.cfg"
    (tmp_path / "babel" / "babel.cfg").write_text(real.read_text())
    (tmp_path / "babel/translations/th/LC_MESSAGES/messages.po").write_text(PO)
    (tmp_path / "views" / "a.py").write_text(
        '_("Done"); lazy_gettext("Empty"); ngettext("One", "Many", 3); _("%(n)s holes")'
    )
    (tmp_path / "templates" / "a.html").write_text('{{ _("Unknown") }}{% do x %}{{ _("Doubtful") }}')
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    return tmp_path


def said_by(source: Source) -> set[str]:
    """The strings, a plural by its first form."""
    ids = [message.id for message in source.said() if message.id]
    return {msgid if isinstance(msgid, str) else msgid[0] for msgid in ids}


def test_strings_of_code_and_templates_are_found(tree):
    assert said_by(OURS) == {"Done", "Empty", "One", "Unknown", "Doubtful", "%(n)s holes"}


def test_what_is_missing_empty_doubtful_or_not_compiled_is_named(tree):
    short = shortfall(OURS, "th")

    assert short.missing == ["Empty", "Unknown"]
    assert short.fuzzy == ["Doubtful"]
    assert short.broken == ["%(n)s holes"]
    assert short.stale == ["Done", "One"]
    assert short.total == 6


def test_languages_are_those_with_a_catalogue(tree):
    assert languages() == ["th"]


def test_collecting_keeps_what_is_said_drops_the_rest_and_does_nothing_the_second_time(tree):
    path = OURS.path("th")
    collect(OURS, "th", OURS.said())
    once = path.read_bytes(), path.with_suffix(".mo").read_bytes()
    collect(OURS, "th", OURS.said())

    assert shortfall(OURS, "th").stale == []
    assert shortfall(OURS, "th").missing == ["Empty", "Unknown"]
    assert "Nobody says it" not in path.read_text()
    assert (path.read_bytes(), path.with_suffix(".mo").read_bytes()) == once


def test_english_says_a_string_by_itself_and_leaves_thai_to_people(tree):
    said = OURS.said()
    for language in ("en", "th"):
        collect(OURS, language, said)

    assert not shortfall(OURS, "en")
    assert shortfall(OURS, "th").missing == ["Empty", "Unknown"]


def test_strings_of_the_libraries_are_read_from_their_own_sources():
    said = {source.name: said_by(source) for source in SOURCES[1:]}

    assert {"No records found", "Added Row"} <= said["Flask-AppBuilder"]
    assert {"With selected", "Record was successfully deleted."} <= said["Flask-Admin"]
    assert "Field must be exactly %(max)d character long." in said["WTForms"]
    assert {"The CSRF token is missing.", "File does not have an approved extension."} <= said["Flask-WTF"]


def test_every_catalogue_is_complete_in_both_languages(filled_app):
    result = filled_app.test_cli_runner().invoke(args=["sala", "translations", "-v"])

    assert result.exit_code == 0, result.output
    assert [line.split(":")[0] for line in result.output.splitlines()] == [
        f"{language} {source.name}" for source in SOURCES for language in ("en", "th")
    ]


def test_the_command_names_what_is_missing_and_fails(filled_app, tree, monkeypatch):
    monkeypatch.setattr(looking, "SOURCES", [OURS])
    runner = filled_app.test_cli_runner()
    counted = runner.invoke(args=["sala", "translations"])
    named = runner.invoke(args=["sala", "translations", "-v"])

    assert counted.exit_code == named.exit_code == 1
    assert "th Sala: 6 strings, 2 untranslated, 1 fuzzy" in counted.output
    assert "'Unknown'" not in counted.output
    assert "'Unknown'" in named.output


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.catalogue)
def test_thai_is_thai_and_english_is_not(source):
    for language, is_foreign in (("th", lambda text: not THAI.search(text)), ("en", THAI.search)):
        texts = {
            form
            for message in translations.read(source, language)
            if message.id
            for form in (message.string if isinstance(message.string, tuple) else (message.string,))
        }
        assert {text for text in texts if text and is_foreign(text) and EXAMPLE not in text} <= NO_LANGUAGE


# --- the words reach those who read ----------------------------------------------------------------------------------


def test_what_the_libraries_say_is_heard_in_the_readers_language(filled_app):
    with filled_app.test_request_context():
        with force_locale("th"):
            assert fab_gettext("No records found") == "ไม่พบรายการ"
            assert admin_gettext("With selected") == "รายการที่เลือก"
            assert Translations().gettext("Invalid input.") == "ข้อมูลไม่ถูกต้อง ตรวจและกรอกใหม่"
        with force_locale("en"):
            assert fab_gettext("No records found") == "No records found"
            assert admin_gettext("With selected") == "With selected"


def test_our_word_is_heard_where_a_library_says_the_same_string(filled_app):
    role = translations.read(OURS, "th").get("Role").string

    with filled_app.test_request_context(), force_locale("th"):
        assert fab_gettext("Role") == role


# --- one term, one word ----------------------------------------------------------------------------------------------

# The manual's terms. Whatever says the English one, alone or in a sentence, says the Thai one.
TERMS = {
    "access log": "บันทึกการใช้งานระบบ",
    "activity": "กิจกรรม",
    "amount asked": "ที่ขอ",
    "API key": "กุญแจ API",
    "approved": "อนุมัติ",
    "attachment": "แนบ",
    "chair": "ประธาน",
    "citizen ID": "ประจำตัวประชาชน",
    "committee member": "กรรมการ",
    "conflict of interest": "ส่วนได้เสีย",
    "coordinator": "ผู้ประสานงาน",
    "document check": "ตรวจเอกสาร",
    "e-mail": "อีเมล",
    "evaluation session": "วาระการพิจารณา",
    "evaluation sheet": "แบบกลั่นกรอง",
    "first name": "ชื่อ",
    "fiscal year": "ปีงบประมาณ",
    "fund staff": "เจ้าหน้าที่กองทุน",
    "impacts": "ผลกระทบ",
    "kind of disability": "ประเภทความพิการ",
    "last name": "นามสกุล",
    "mobile": "โทรศัพท์มือถือ",
    "not considered": "ไม่พิจารณา",
    "notification": "แจ้งเตือน",
    "organization manager": "ผู้จัดการองค์กร",
    "outcomes": "ผลลัพธ์",
    "outgoing message": "ข้อความขาออก",
    "outputs": "ผลผลิต",
    "parent agency": "สังกัด",
    "password": "รหัสผ่าน",
    "permission": "สิทธิ์",
    "points": "คะแนน",
    "privacy policy": "นโยบายความเป็นส่วนตัว",
    "private sector": "ภาคเอกชน",
    "project manager": "ผู้จัดการโครงการ",
    "project name": "ชื่อโครงการ",
    "province": "จังหวัด",
    "public sector": "ภาครัฐ",
    "quorum": "องค์ประชุม",
    "research project": "โครงการวิจัย",
    "responsible unit": "หน่วยงานที่รับผิดชอบ",
    "scoring form": "แบบกลั่นกรอง",
    "screening form": "แบบตรวจเอกสาร",
    "secretary": "เลขานุการ",
    "sign in": "เข้าสู่ระบบ",
    "sign out": "ออกจากระบบ",
    "statistics": "สถิติ",
    "sub-committee": "คณะอนุกรรมการ",
    "super user": "ผู้ดูแลระบบ",
    "targets": "เป้าหมาย",
    "telephone": "โทรศัพท์",
    "terms of use": "ข้อกำหนดการใช้งาน",
    "user name": "ชื่อผู้ใช้งาน",
    "work group": "กลุ่มงาน",
    "working group": "คณะทำงาน",
}
# In a sentence Thai leaves these out where English must say them; where they stand alone they are as said.
LABELS = {
    "Advice": "ข้อเสนอแนะ",
    "Agenda": "ระเบียบวาระ",
    "Board": "คณะกรรมการ",
    "Budget": "งบประมาณ",
    "Draft": "ร่าง",
    "Organization": "องค์กร",
    "Organizations": "องค์กร",
    "Proposal": "โครงการ",
    "Proposals": "โครงการ",
    "Objectives": "วัตถุประสงค์",
}


def test_a_term_is_one_word_wherever_it_is_said():
    said = {}
    for message in translations.read(OURS, "th"):
        one, thai = (text if isinstance(text, str) else text[0] for text in (message.id, message.string))
        if one and thai:
            said[one] = thai

    otherwise = {
        (term, english, thai)
        for english, thai in said.items()
        for term, word in TERMS.items()
        if re.search(rf"(?<![\w-])(?<!%\(){term}(?:s|[’']s)?(?![\w-])", english, re.IGNORECASE) and word not in thai
    }

    assert otherwise == set()
    assert {label: said.get(label) for label in LABELS} == LABELS


# Applicants are "ท่าน" and staff "คุณ"; what both read names neither.
BOTH_READ = (
    "The same name again replaces the one before.",
    "The filters are kept as a tab of yours.",
    "The address may be mistyped, the record deleted, or not among those you can see.",
    "What you typed at %(time)s and had not saved is back in the form.",
    "What you typed is kept. Choose which to use.",
    "You, in another window",
    "Your session has ended. Sign in again in another tab; what you typed stays here",
    "Yours",
    "Yours still stands below; save again to replace theirs.",
    "you",
)


@pytest.mark.parametrize("said", BOTH_READ)
def test_what_applicants_and_staff_both_read_addresses_neither(said):
    text = translations.read(OURS, "th").get(said).string

    assert text
    assert "คุณ" not in text
    assert "ท่าน" not in text


# Pages that only the office has: no applicant reads them.
OF_THE_OFFICE = ("views/core/records", "templates/core/records", "templates/core/console", "templates/core/access_log")


def test_pages_of_the_office_call_their_reader_by_one_name():
    files = [
        path for folder in OF_THE_OFFICE for path in (ROOT / folder).rglob("*.*") if path.suffix in (".py", ".html")
    ]
    text = re.sub(r'"\s*"', "", "\n".join(path.read_text(encoding="utf-8") for path in files))
    said = {str(one.id): str(one.string) for one in translations.read(OURS, "th") if one.id and isinstance(one.id, str)}

    read = {english: thai for english, thai in said.items() if english in text}
    assert len(read) > 200
    assert {thai for thai in read.values() if "ท่าน" in thai.replace("เท่านั้น", "")} == set()
