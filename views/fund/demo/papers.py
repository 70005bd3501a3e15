"""The files that the demo's applicants attach: real ones that open, made once and stored for each proposal anew."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

from models.core.db import db
from models.core.file import StoredFile, new_file_id
from models.core.identity import Account
from models.fund.codes import ATTACHMENT_PURPOSE
from models.fund.revision import new_line_id
from reports.core.pdf import render
from reports.core.table import Column, xlsx_bytes
from services import storage

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    "expense_table": ("ตารางค่าใช้จ่าย.xlsx", XLSX, ""),
    "training_table": ("ตารางการอบรม.pdf", PDF, ""),
    "speaker_history": ("ประวัติวิทยากร.pdf", PDF, ""),
    "research_outline": ("โครงร่างการวิจัย.pdf", PDF, ""),
    "other": ("หนังสือตอบรับเครือข่าย.pdf", PDF, "หนังสือตอบรับของโรงเรียนเครือข่าย"),
}


def attachments(author: Account, kinds: list[str]) -> list[dict[str, Any]]:
    """Typed rows of part 4, with files that the author has uploaded a moment ago."""
    rows = []
    for kind in kinds:
        name, content_type, own = KINDS[kind]
        file = StoredFile(
            id=new_file_id(), purpose=ATTACHMENT_PURPOSE, name=name, content_type=content_type, uploaded_by=author.id
        )
        file.size, file.sha256 = storage.put(file.key, BytesIO(_content(kind)), 10 * 1024 * 1024)
        db.session.add(file)
        rows.append({"line_id": new_line_id(), "kind": kind, "kind_name": own, "file_id": file.id})
    db.session.flush()
    return rows


@cache
def _content(kind: str) -> bytes:
    if kind == "expense_table":
        columns = [Column("รายการ"), Column("จำนวน", "number"), Column("ราคาต่อหน่วย", "money"), Column("รวม", "money")]
        rows = [
            ("ค่าตอบแทนวิทยากร (ชั่วโมง)", 36, 600, 21_600),
            ("ค่าอาหารและอาหารว่าง (คน)", 60, 250, 15_000),
            ("ค่าวัสดุการอบรม (ชุด)", 60, 180, 10_800),
        ]
        return xlsx_bytes(columns, rows)
    title = KINDS[kind][0].removesuffix(".pdf")
    lines = {
        "training_table": ("วันที่ 1 ลงทะเบียน บรรยายหลักการ และฝึกปฏิบัติ", "วันที่ 2 ฝึกปฏิบัติกลุ่มย่อย", "วันที่ 3 นำเสนอและประเมินผล"),
        "speaker_history": ("วิทยากรมีประสบการณ์ด้านการศึกษาพิเศษไม่น้อยกว่า 10 ปี",),
        "research_outline": ("คำถามวิจัย", "ระเบียบวิธี", "กลุ่มตัวอย่าง", "แผนการวิเคราะห์ข้อมูล"),
        "other": ("ยินดีเข้าร่วมโครงการตลอดระยะเวลาดำเนินงาน",),
    }[kind]
    return render("".join([f"<h1>{title}</h1>", *(f"<p>{line}</p>" for line in lines)]), title=title, head=False)
