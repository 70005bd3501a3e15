"""Whole documents: what they say when copied, and how they look."""

from __future__ import annotations

import io
import re
import subprocess
from decimal import Decimal

import pypdf
import pytest

from reports.core.pdf import LANDSCAPE, render
from reports.core.templates import environment
from tests.reports.core.pdf_reading import TEXTS, bare, lines_of, needs_poppler, poppler, text_of, words_of

pytestmark = needs_poppler


# --- Text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_prose_copies_out_as_it_was_written(text):
    lines = lines_of(bare(f"<p>{text}</p>"))

    rest = text
    for line in lines:
        assert rest.startswith(line)
        rest = rest[len(line) :].lstrip(" ")
    assert rest == ""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>ที่ ป้ญู น้ำ กี่ เก้าอี้ ปั๊ม ฟั่น ปีนี้ ฐู กตัญญู ฤๅษี</p>", "ที่ ป้ญู น้ำ กี่ เก้าอี้ ปั๊ม ฟั่น ปีนี้ ฐู กตัญญู ฤๅษี"),
        ("<p>มาตรา ๓๓ พ.ศ. ๒๕๖๙ และ 2026</p>", "มาตรา ๓๓ พ.ศ. ๒๕๖๙ และ 2026"),
        ("<p>ระบบ <b>Sala Online</b> ของ<b>กองทุน</b>ฯ</p>", "ระบบ Sala Online ของกองทุนฯ"),
        ("<p>ผู้<b>จัด</b>การ<i>โครง</i>การ</p>", "ผู้จัดการโครงการ"),
        ("<p><u>ขีดเส้นใต้ ที่นี่</u> AVATAR Tofu</p>", "ขีดเส้นใต้ ที่นี่ AVATAR Tofu"),
        ("<p>(ถ้ามี) “ผ่าน” &amp; &lt;ไม่ผ่าน&gt; 50 % (ก)</p>", "(ถ้ามี) “ผ่าน” & <ไม่ผ่าน> 50 % (ก)"),
        ("<p>☐ ไม่มีข้อบ่งชี้ ☑ มีข้อบ่งชี้</p>", "☐ ไม่มีข้อบ่งชี้ ☑ มีข้อบ่งชี้"),
        ("<p>office mission_fit แฟ้ม flow offline</p>", "office mission_fit แฟ้ม flow offline"),
        ("<p>ก\u200bข</p>", "กข"),
    ],
)
def test_every_kind_of_text_copies_out_as_it_was_written(body, expected):
    assert lines_of(bare(body)) == [expected]


def test_tables_copy_out_cell_by_cell():
    body = (
        '<table class="ruled"><tr><th style="width:50%">รายการที่จัดซื้อ</th><th style="width:50%">จำนวนเงิน (บาท)</th></tr>'
        "<tr><td>ค่าครุภัณฑ์สำหรับผู้เรียน</td><td>1,234.50</td></tr></table>"
    )

    assert set(lines_of(bare(body))) == {"รายการที่จัดซื้อ", "จำนวนเงิน (บาท)", "ค่าครุภัณฑ์สำหรับผู้เรียน", "1,234.50"}


def test_lists_are_marked_with_bullets_and_figures_thai_ones_too():
    body = "<ul><li>ก</li></ul><ol><li>ข</li><li>ค</li></ol><ol style='list-style-type: thai'><li>ง</li><li>จ</li></ol>"

    assert text_of(bare(body)) == "•ก1.ข2.ค๑.ง๒.จ"


def test_no_control_characters_and_no_missing_glyphs():
    document = bare("".join(f"<p>{text}</p>" for text in TEXTS) + "<p>ป้ ญู ฐู ☐ ☑ ๏ ๛ ฯ ๆ ฿ € – — “ ” …</p>")

    assert not re.search("[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff\u200b]", poppler(document))
    assert "\x00" not in "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages)


def test_text_without_actual_text_support_keeps_words_recognizable():
    """Indexers that ignore ActualText read the font's own tables: plain words must be there."""
    extracted = pypdf.PdfReader(io.BytesIO(bare("<p>กองทุน Sala Online 2569</p>"))).pages[0].extract_text()

    assert "Sala" in extracted
    assert "2569" in extracted


def test_a_paragraph_over_two_pages_loses_and_doubles_nothing():
    text = " ".join(TEXTS * 5)

    document = bare(f"<p>ก่อน</p><p>{text}</p><p>หลัง</p>")

    assert len(pypdf.PdfReader(io.BytesIO(document)).pages) > 1
    assert text_of(document) == re.sub(r"\s+", "", f"ก่อน{text}หลัง")


# --- Layout -----------------------------------------------------------------------------------------------------------

LEFT, RIGHT = 3 / 2.54 * 72, (21 - 2) / 2.54 * 72  # the official margins, in points


def test_text_stays_within_the_margins():
    address = "https://www.example.go.th/" + "fund/" * 60
    body = "".join(f"<p>{text}</p>" for text in [*TEXTS, address, "ยาว" * 200, "electroencephalograph" * 12])

    words = words_of(bare(body))

    assert min(left for left, _right, _text in words) >= LEFT - 1
    assert max(right for _left, right, _text in words) <= RIGHT + 1


def test_right_aligned_text_ends_at_the_margin_and_centered_text_in_the_middle():
    document = bare('<p style="text-align:right">วันที่ปีนี้</p><p class="center">กึ่งกลางที่ปี่</p>')

    (_, right, _), (left, end, _) = words_of(document)

    assert right == pytest.approx(RIGHT, abs=1)
    assert (left + end) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_justified_lines_reach_both_margins_and_copy_out_unchanged(text):
    document = bare(f'<p class="justify">{text} <u>{text}</u></p>')

    assert text_of(document) == re.sub(r"\s", "", text * 2)
    rest = f"{text} {text}"
    for line in lines_of(document):
        assert rest.startswith(line)
        rest = rest[len(line) :].lstrip(" ")
    ends = [right for _left, right, _text in words_of(document)]
    full = sum(abs(right - RIGHT) < 1.5 for right in ends)
    assert full >= len(lines_of(document)) - 2  # the last line is ragged
    assert max(ends) < RIGHT + 1.5


def test_the_header_row_of_a_table_is_repeated_on_every_page():
    rows = "".join(f"<tr><td>{n}</td><td>รายการที่ {n}</td></tr>" for n in range(80))

    document = bare(f'<table class="ruled"><thead><tr><th>ลำดับ</th><th>รายละเอียด</th></tr></thead>{rows}</table>')

    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    assert len(pages) > 1
    assert lines_of(document).count("รายละเอียด") == len(pages)
    assert all(f"รายการที่ {n}" in lines_of(document) for n in range(80))


def test_pages_are_numbered_and_carry_title_and_number():
    document = render(
        "<p>ก</p><div class='page-break'>ข</div><div class='page-break'>ค</div>",
        title="ข้อเสนอโครงการ",
        number="2569-0001",
    )

    lines = lines_of(document)

    assert [line for line in lines if line.startswith("หน้า")] == ["หน้า 1 จาก 3", "หน้า 2 จาก 3", "หน้า 3 จาก 3"]
    assert lines.count("ข้อเสนอโครงการ") == lines.count("2569-0001") == 3


def test_page_numbers_can_be_in_thai_digits():
    first = render("<p>1</p><div class='page-break'>2</div>", title="ก", thai_numerals=True)
    then = render("<p>1</p>", title="ก")

    assert {"หน้า ๑ จาก ๒", "หน้า ๒ จาก ๒", "1", "2"} <= set(lines_of(first))
    assert "หน้า 1 จาก 1" in lines_of(then)


def test_page_numbers_can_stand_in_the_text():
    body = "<p>หน้านี้คือหน้า <pdf:pagenumber/> จากทั้งหมด <pdf:pagecount/> หน้า</p>"

    assert lines_of(bare(body)) == ["หน้านี้คือหน้า 1 จากทั้งหมด 1 หน้า"]
    assert lines_of(bare(body, thai_numerals=True)) == ["หน้านี้คือหน้า ๑ จากทั้งหมด ๑ หน้า"]


def test_links_anchors_and_boxes_do_not_disturb_the_text():
    body = (
        '<p><a name="top"></a>ดู<a href="https://example.go.th/">เว็บไซต์ของหน่วยงาน</a>'
        '<span style="border: 1pt solid #000; padding: 1pt">ในกรอบ</span>ท้าย<a name="end"></a></p><p>ต่อ</p>'
    )

    assert text_of(bare(body)) == "ดูเว็บไซต์ของหน่วยงานในกรอบท้ายต่อ"


def test_right_to_left_paragraphs_are_left_to_the_renderer():
    assert "Sala" in poppler(bare('<p dir="rtl">Sala 123</p>'))


def test_page_words_follow_the_language():
    assert "Page 1 of 1" in lines_of(render("<p>x</p>", title="Report", lang="en"))


def test_the_sheet_is_a4_either_way():
    upright = pypdf.PdfReader(io.BytesIO(bare("<p>ก</p>"))).pages[0].mediabox
    across = pypdf.PdfReader(io.BytesIO(bare("<p>ก</p>", page=LANDSCAPE))).pages[0].mediabox

    assert (round(upright.width), round(upright.height)) == (595, 842)
    assert (round(across.width), round(across.height)) == (842, 595)


def test_properties_hold_title_and_language():
    reader = pypdf.PdfReader(
        io.BytesIO(render("<p>ก</p>", title="ข้อเสนอโครงการที่ 1", author="กองทุนฯ", number="2569-0001"))
    )

    assert reader.metadata is not None
    assert reader.metadata.title == "ข้อเสนอโครงการที่ 1"
    assert reader.metadata.author == "กองทุนฯ"
    assert reader.trailer["/Root"]["/Lang"] == "th"


def test_all_fonts_are_embedded():
    listing = subprocess.run(
        ["pdffonts", "-"],
        input=bare("<h1>ก</h1><p>ข <b>ค</b> <i>ง</i> <b><i>จ</i></b> ☑</p><ul><li>ฉ</li></ul><ol><li>ช</li></ol>"),
        capture_output=True,
        check=True,
    ).stdout.decode()

    fonts = [line for line in listing.splitlines()[2:] if "Helvetica" not in line]  # reportlab names it on every page
    assert {re.search(r"\+(\S+)", line)[1] for line in fonts} >= {"Sarabun-Regular", "Sarabun-Bold", "Sarabun-Italic"}  # type: ignore[index]
    assert all(re.search(r"\byes\s+(yes|no)\s+yes\b", line) for line in fonts), listing


def test_the_text_and_escapes_of_autoescaped_templates_survive():
    html = environment().from_string("<p>{{ typed }}</p>").render(typed='<img src="http://127.0.0.1/">&ที่')

    assert text_of(bare(html)) == '<imgsrc="http://127.0.0.1/">&ที่'


def test_the_parts_of_a_form_look_right_in_text():
    html = (
        environment()
        .from_string(
            """{% import "core/_macros.html" as form %}
            <p>{{ form.tickbox(true) }} ผ่าน {{ form.tickbox(false) }} ไม่ผ่าน</p>
            <table class="fields">{{ form.field("ชื่อโครงการ", "ค่ายที่หนึ่ง") }}
            {{ form.field("งบประมาณ", amount | money) }}</table>
            {{ form.signature("ลงชื่อ", "นายสมชาย ใจดี", "ผู้จัดการโครงการ") }}
            {{ form.signatures([("ลงชื่อ", "", "ประธาน"), ("ลงชื่อ", "", "เลขานุการ"), ("ลงชื่อ", "", "")]) }}"""
        )
        .render(amount=Decimal("1234567.5"))
    )

    lines = lines_of(bare(html))

    assert "☑ ผ่าน ☐ ไม่ผ่าน" in lines
    assert {"ชื่อโครงการ", "ค่ายที่หนึ่ง", "1,234,567.50", "(นายสมชาย ใจดี)"} <= set(lines)
    assert sum(line.count("ลงชื่อ ....") for line in lines) == 4
    assert not any(re.fullmatch(r"\.+", line) for line in lines)  # no dots that fell off their line
