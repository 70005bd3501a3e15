"""A proposal of believable size, as somebody would type it: texts, lists, steps and files of an invented foundation."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from PIL import Image, ImageDraw

TITLE = "พัฒนาสื่ออ่านง่ายและระบบครูพี่เลี้ยงสำหรับผู้เรียนที่มีความบกพร่องทางสติปัญญาในพื้นที่ห่างไกล จังหวัดเชียงใหม่"
ASKED = 1_284_500
OTHER = 115_500
TOTAL = ASKED + OTHER

ORGANIZATION = {
    "name": "มูลนิธิแสงเทียนเพื่อการเรียนรู้",
    "registered_year": "2548",
    "address": "99/12 หมู่ 4 ถนนริมน้ำปิง",
    "subdistrict": "ป่าแดด",
    "district": "เมืองเชียงใหม่",
    "postcode": "50100",
    "phone": "053-123456",
    "email": "office@saengtien.example",
    "chair_title": "นาง",
    "chair_first_name": "มาลี",
    "chair_last_name": "วงษ์สุวรรณ์",
}
DIRECTORS = (("นาย", "วีรพงษ์", "บุญมี"), ("นางสาว", "สาวิตรี", "แก้วมณี"))
OFFICERS = (("นางสาว", "กมลวรรณ", "เรืองศรี"), ("นาย", "อนุชา", "พงษ์ไพร"))
OBJECTIVES = (
    "ส่งเสริมการเข้าถึงการศึกษาของคนพิการทุกประเภทอย่างเท่าเทียม",
    "พัฒนาสื่อและเทคโนโลยีสิ่งอำนวยความสะดวกทางการศึกษาในภาษาถิ่น",
    "เสริมศักยภาพครู ผู้ปกครอง และอาสาสมัครในชุมชน",
)

ACTIVITIES_NOW = (
    "ห้องสมุดเสียงสำหรับนักเรียนตาบอดในโรงเรียนเรียนร่วม 14 แห่ง",
    "ค่ายครอบครัวสำหรับเด็กที่มีความต้องการจำเป็นพิเศษ ปีละ 2 รุ่น",
    "ศูนย์ยืมสื่อการเรียนรู้ประจำอำเภอแม่แตงและอำเภอแม่ริม",
)
ACHIEVEMENTS = (
    "ปีที่ผ่านมามูลนิธิฯ จัดอบรมครู 3 รุ่น มีผู้เข้าร่วม 126 คน จากโรงเรียน 42 แห่ง ผลิตหนังสือเสียง 86 เรื่อง "
    "และให้ยืมสื่อการเรียนรู้ 1,940 ครั้ง ผลการประเมินโดยผู้ประเมินภายนอกพบว่า ครูร้อยละ 88 นำความรู้ไปใช้ในชั้นเรียนจริง"
)
LAST_PROJECT = "ห้องเรียนเสียงเพื่อนักเรียนที่มีความบกพร่องทางการเห็น"
PROBLEMS_MET = "ฤดูฝนเดินทางเข้าพื้นที่สูงไม่ได้ จึงเลื่อนการนิเทศ 2 แห่งไปเดือนถัดไป และปรับเป็นการนิเทศทางไกลบางส่วน"

RATIONALE = (Path(__file__).parent / "rationale.txt").read_text().strip()
METHOD = (
    "ดำเนินงานแบบวิจัยปฏิบัติการร่วมกับครู ผู้เรียน และผู้ปกครอง แบ่งเป็น 5 ขั้นตอน เริ่มจากเตรียมการและสำรวจความต้องการ "
    "ผลิตสื่อต้นแบบ อบรมครูพี่เลี้ยง ทดลองใช้ในโรงเรียน และประเมินผลพร้อมเผยแพร่\n"
    "ทุกขั้นตอนมีคณะทำงานจากสามฝ่ายกำกับ ประชุมติดตามทุกเดือน และรายงานต่อกองทุนทุกไตรมาส"
)
LISTS = {
    "objective": (
        "เพื่อผลิตหนังสืออ่านง่าย 12 เรื่อง ที่สอดคล้องกับหลักสูตรแกนกลางการศึกษาขั้นพื้นฐาน",
        "เพื่อสร้างระบบครูพี่เลี้ยงเดินทางที่โรงเรียนขนาดเล็กเข้าถึงได้",
        "เพื่อพัฒนาความสามารถในการอ่านของผู้เรียนที่มีความบกพร่องทางสติปัญญา",
    ),
    "target": (
        "ผู้เรียนที่มีความบกพร่องทางสติปัญญา 240 คน ใน 16 โรงเรียน",
        "ครูผู้สอน 64 คน และครูพี่เลี้ยง 8 คน",
        "ผู้ปกครอง 180 คน",
    ),
    "indicator": (
        "ผู้เรียนร้อยละ 70 มีคะแนนความเข้าใจการอ่านเพิ่มขึ้นอย่างน้อยร้อยละ 20",
        "ครูร้อยละ 85 จัดทำแผนการจัดการศึกษาเฉพาะบุคคลได้ตามเกณฑ์",
        "โรงเรียนทุกแห่งได้รับการนิเทศครบ 10 ครั้ง",
    ),
    "output": (
        "หนังสืออ่านง่าย 12 เรื่อง เรื่องละ 500 เล่ม",
        "คู่มือครูพี่เลี้ยง 1 ฉบับ",
        "ชุดวีดิทัศน์สาธิต 8 ตอน",
    ),
    "outcome": ("ผู้เรียนอ่านและเข้าใจสาระได้ด้วยตนเอง", "ครูใช้สื่อและแผนเฉพาะบุคคลเป็นงานประจำ"),
    "impact": ("อัตราการออกกลางคันของผู้เรียนพิการในพื้นที่ลดลง",),
}
PLACES = ("โรงเรียนเรียนร่วม 16 แห่ง ในอำเภอแม่แตง แม่ริม และเชียงดาว", "สำนักงานมูลนิธิฯ อำเภอเมืองเชียงใหม่")
CONTRIBUTIONS = {
    "place": (("ห้องประชุมขนาด 80 ที่นั่ง 6 วัน", "ศูนย์การศึกษาพิเศษประจำจังหวัด"),),
    "vehicle": (("รถตู้พร้อมคนขับ 20 เที่ยว", "องค์การบริหารส่วนจังหวัดเชียงใหม่"),),
    "speaker": (("วิทยากรด้านการอ่านง่าย 2 คน", "คณะศึกษาศาสตร์ มหาวิทยาลัยในพื้นที่"),),
    "volunteer": (("อาสาสมัครอ่านคู่ 40 คน", "ชมรมผู้ปกครองลุ่มน้ำปิง"), ("นักศึกษาฝึกงาน 6 คน", "วิทยาลัยชุมชน")),
}


@dataclass(frozen=True)
class Activity:
    """An activity as typed: the days in the form's way of writing, the budget in baht."""

    name: str
    starts: date
    days: int
    budget: int
    detail: str = ""

    @property
    def ends(self) -> date:
        """The last day."""
        return self.starts + timedelta(days=self.days - 1)


def field_date(day: date) -> str:
    """A day as people type it: 01/06/2570."""
    return f"{day:%d/%m}/{day.year + 543}"


START = date(2027, 6, 1)
_STEPS = (
    (
        "เตรียมการและสำรวจความต้องการ",
        ("แต่งตั้งและประชุมคณะทำงานสามฝ่าย", "สำรวจความต้องการของโรงเรียน 16 แห่ง", "คัดเลือกครูพี่เลี้ยง", "ประชุมชี้แจงผู้บริหารโรงเรียน"),
        (30_000, 48_000, 22_000, 40_000),
    ),
    (
        "ผลิตสื่ออ่านง่ายต้นแบบ",
        ("อบรมเชิงปฏิบัติการเขียนต้นฉบับ", "วาดภาพประกอบและจัดรูปเล่ม", "ผู้เรียนร่วมตรวจต้นฉบับ", "จัดพิมพ์และผลิตฉบับเสียง"),
        (96_000, 180_000, 44_000, 240_000),
    ),
    (
        "อบรมครูพี่เลี้ยงและครูผู้สอน",
        ("อบรมครูพี่เลี้ยง 8 คน 5 วัน", "อบรมครูผู้สอนรุ่นที่ 1", "อบรมครูผู้สอนรุ่นที่ 2", "จัดทำคู่มือครูพี่เลี้ยง"),
        (68_000, 84_000, 84_000, 36_000),
    ),
    (
        "ทดลองใช้และนิเทศในโรงเรียน",
        ("นิเทศครั้งที่ 1 ถึง 5", "นิเทศครั้งที่ 6 ถึง 10", "ชุมชนการเรียนรู้ทางวิชาชีพออนไลน์", "กิจกรรมอ่านคู่กับผู้ปกครอง"),
        (112_000, 112_000, 20_000, 56_000),
    ),
    (
        "ประเมินผลและเผยแพร่",
        ("เก็บข้อมูลหลังการทดลอง", "วิเคราะห์และเขียนรายงาน", "เวทีแลกเปลี่ยนเรียนรู้ระดับจังหวัด", "เผยแพร่สื่อแบบเปิด"),
        (38_000, 30_000, 48_000, 12_000),
    ),
)
STEPS = tuple(
    (
        name,
        tuple(
            Activity(
                activity,
                START + timedelta(days=step * 60 + number * 14),
                14,
                budgets[number],
                "ดำเนินการร่วมกับโรงเรียนและสำนักงานเขตพื้นที่การศึกษา" if number == 0 else "",
            )
            for number, activity in enumerate(activities)
        ),
    )
    for step, (name, activities, budgets) in enumerate(_STEPS)
)
ENDS = STEPS[-1][1][-1].ends
assert sum(activity.budget for _name, activities in STEPS for activity in activities) == TOTAL


# --- files ---------------------------------------------------------------------------------------------------------


def card_jpeg() -> bytes:
    """A picture as a telephone takes of a card."""
    image = Image.new("RGB", (1012, 638), "#dfe8f2")
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 60, 300, 420), fill="#b8c6d8")
    for line in range(6):
        draw.line((340, 100 + line * 60, 940, 100 + line * 60), fill="#5a6b80", width=10)
    return _saved(image, "JPEG")


def picture_png() -> bytes:
    """A small drawing."""
    image = Image.new("RGB", (640, 400), "#ffffff")
    ImageDraw.Draw(image).rectangle((80, 80, 560, 320), outline="#223a70", width=8)
    return _saved(image, "PNG")


def _saved(image: Image.Image, format_: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_)
    return buffer.getvalue()


def pdf(pages: int = 2) -> bytes:
    """A small but real PDF."""
    from reportlab.pdfgen import canvas

    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer)
    for number in range(pages):
        paper.drawString(72, 720, f"Training timetable, day {number + 1}")
        paper.showPage()
    paper.save()
    return buffer.getvalue()


def workbook() -> bytes:
    """A table of expenses as Excel keeps it."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["รายการ", "จำนวน", "บาท"])
    for _name, activities in STEPS:
        for activity in activities:
            sheet.append([activity.name, 1, activity.budget])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def document() -> bytes:
    """A curriculum vitae as Word keeps it, in its fewest parts."""
    formats = "http://schemas.openxmlformats.org"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{formats}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{formats}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{formats}/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{formats}/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>ประวัติวิทยากร</w:t></w:r></w:p></w:body></w:document>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def file(name: str, content: bytes) -> dict[str, object]:
    """A file as Playwright hands it to a file field."""
    types = {
        "pdf": "application/pdf",
        "jpg": "image/jpeg",
        "png": "image/png",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
    kind = types.get(name.rpartition(".")[2], "application/octet-stream")
    return {"name": name, "mimeType": kind, "buffer": content}
