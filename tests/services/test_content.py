"""The content of an upload must be what its name says."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image

from services.content import KINDS, BadFile, check

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"
EXE = b"MZ\x90\x00" + b"\0" * 60 + b"This program cannot be run in DOS mode"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
ALL = frozenset(KINDS)


def picture(format_: str, size: tuple[int, int] = (40, 30)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, format_)
    return file.getvalue()


def packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def docx(**more: bytes) -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>'.encode()
    return packed({"[Content_Types].xml": types, "word/document.xml": b"<w/>", **more})


def xlsx() -> bytes:
    file = io.BytesIO()
    Workbook().save(file)
    return file.getvalue()


def old(part: str) -> bytes:
    return OLE + part.encode("utf-16-le")


def refusal(name: str, content: bytes, allowed: frozenset[str] | set[str] = ALL) -> str:
    with pytest.raises(BadFile) as refused:
        check(name, io.BytesIO(content), allowed)
    return refused.value.code


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("ใบสมัคร ครั้งที่ 1.2.pdf", PDF, "application/pdf"),
        ("SCAN.PDF", PDF, "application/pdf"),
        ("บัตร.jpg", picture("JPEG"), "image/jpeg"),
        ("บัตร.jpeg", picture("JPEG"), "image/jpeg"),
        ("a.png", picture("PNG"), "image/png"),
        ("a.webp", picture("WEBP"), "image/webp"),
        ("a.docx", docx(), KINDS["docx"].content_type),
        ("a.xlsx", xlsx(), KINDS["xlsx"].content_type),
        ("a.doc", old("WordDocument"), "application/msword"),
        ("a.xls", old("Workbook"), "application/vnd.ms-excel"),
        ("a.csv", "ชื่อ,จำนวน\n".encode("cp874"), "text/csv"),
        ("a.txt", "\ufeffสวัสดี".encode(), "text/plain"),
        ("a.zip", packed({"a": b"1"}), "application/zip"),
    ],
)
def test_a_file_that_is_what_it_says_passes_and_is_left_at_its_start(name, content, content_type):
    stream = io.BytesIO(content)

    assert check(name, stream, ALL) == content_type
    assert stream.tell() == 0


@pytest.mark.parametrize("name", [f"a.{ending}" for ending in sorted(ALL)])
def test_a_program_under_any_name_is_found_out(name):
    assert refusal(name, EXE) in ("content_differs", "damaged")


@pytest.mark.parametrize("name", [f"a.{ending}" for ending in sorted(ALL)])
def test_an_empty_file_is_refused(name):
    assert refusal(name, b"") == "empty"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", picture("PNG")),
        ("a.png", picture("JPEG")),
        ("a.jpg", PDF),
        ("a.docx", xlsx()),
        ("a.xlsx", docx()),
        ("a.docx", packed({"a.txt": b"x"})),
        ("a.docx", PDF),
        ("a.xls", old("WordDocument")),
        ("a.csv", PDF),
        ("a.txt", b"a\0b"),
        ("a.pdf", b"MZ" + PDF),
    ],
)
def test_one_kind_under_the_name_of_another_is_refused(name, content):
    assert refusal(name, content) == "content_differs"


@pytest.mark.parametrize("name", ["a.exe", "a", ".pdf", "a.pdf.exe", "a.svg", "a.html"])
def test_a_type_that_is_not_named_is_refused(name):
    assert refusal(name, PDF, {"pdf", "svg", "exe", "html"}) == "type_not_allowed"


def test_a_type_that_is_known_but_not_taken_here_is_refused():
    assert refusal("a.docx", docx(), {"pdf"}) == "type_not_allowed"


@pytest.mark.parametrize("name", ["form.exe.pdf", "form.HTML.pdf", "a.js.b.pdf"])
def test_an_ending_that_runs_before_the_last_one_is_a_disguise(name):
    assert refusal(name, PDF) == "content_differs"


@pytest.mark.parametrize("name", ["a\u202efdp.pdf", "../a.pdf", "a\0.pdf", "a\n.pdf", "x" * 300 + ".pdf", "", 'a".pdf'])
def test_a_name_that_deceives_is_refused(name):
    assert refusal(name, PDF) == "bad_name"


def test_a_pdf_that_was_cut_off_is_damaged():
    assert refusal("a.pdf", PDF[:-8]) == "damaged"


@pytest.mark.parametrize(("name", "format_"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")])
def test_a_picture_that_was_cut_off_is_damaged(name, format_):
    whole = picture(format_, (300, 300))
    noisy = io.BytesIO()
    Image.effect_noise((300, 300), 80).convert("RGB").save(noisy, format_)
    whole = noisy.getvalue()

    assert refusal(name, whole[: len(whole) // 2]) in ("damaged", "content_differs")


def test_a_picture_that_unpacks_to_too_many_pixels_is_refused_unread():
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack("!L", len(content)) + kind + content + struct.pack("!L", zlib.crc32(kind + content))

    head = struct.pack("!LLBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )

    assert refusal("a.png", bomb) == "too_many_pixels"


@pytest.mark.parametrize("member", ["word/vbaProject.bin", "word/VBAProject.BIN"])
def test_a_document_with_macros_is_refused(member):
    assert refusal("a.docx", docx(**{member: b"x"})) == "macros"


def test_a_macro_document_under_a_plain_name_is_refused():
    types = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    assert refusal("a.docx", packed({"[Content_Types].xml": types, "word/document.xml": b""})) == "macros"


def test_an_old_document_with_macros_is_refused():
    assert refusal("a.doc", old("WordDocument") + "_VBA_PROJECT".encode("utf-16-le")) == "macros"


def test_a_zip_that_unpacks_too_far_is_refused():
    assert refusal("a.docx", docx(big=b"\0" * 60_000_000)) == "unsafe"


def test_a_zip_whose_members_lie_over_each_other_is_refused():
    content = bytearray(packed({"a": b"1" * 50, "b": b"2" * 50}))
    for place in (found for found in range(len(content)) if content[found : found + 4] == b"PK\x01\x02"):
        content[place + 20 : place + 24] = struct.pack("<L", 10_000_000)

    assert refusal("a.zip", bytes(content)) == "unsafe"


def test_a_locked_document_is_refused():
    content = bytearray(docx())
    for place in (found for found in range(len(content)) if content[found : found + 4] == b"PK\x01\x02"):
        content[place + 8] |= 1

    assert refusal("a.docx", bytes(content)) == "encrypted"


def test_office_with_a_password_is_locked():
    assert refusal("a.docx", OLE) == "encrypted"


@given(
    st.binary(max_size=300),
    st.sampled_from(sorted(ALL)),
    st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff"]),
)
def test_any_bytes_pass_or_are_refused_in_words(content, ending, head):
    try:
        check(f"a.{ending}", io.BytesIO(head + content), ALL)
    except BadFile as error:
        code = error.code
    else:
        code = "passed"

    assert code
