"""What codes of the fund are called on its papers. Papers are Thai whatever language the reader's screen speaks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from models.core.reference.provinces import province_name
from models.fund import kinds
from models.fund.codes import BOARD, GROUP, SUB, Result
from models.fund.scoring.points import FULL_TOTAL, Scale

FUND: Final = "กองทุนส่งเสริมและพัฒนาการศึกษาสำหรับคนพิการ"


def _table(words: dict[str, str]) -> Mapping[str, str]:
    return MappingProxyType(words)


LISTS: Final = _table(
    {
        "current_activity": "กิจกรรมและโครงการที่ดำเนินการอยู่",
        "other_help": "ความช่วยเหลือจากแหล่งทุนอื่นทั้งในและต่างประเทศ",
        "objective": "วัตถุประสงค์",
        "target": "เป้าหมาย",
        "indicator": "ตัวชี้วัด",
        "output": "ผลผลิต",
        "outcome": "ผลลัพธ์",
        "impact": "ผลกระทบ",
        "place": "สถานที่ดำเนินโครงการ",
        "other_source": "แหล่งทุนอื่นที่ขอรับการสนับสนุนสำหรับโครงการนี้",
    }
)
FINDINGS: Final = _table(
    {
        "fits": "สอดคล้อง",
        "does_not_fit": "ไม่สอดคล้อง",
        "correct": "ถูกต้อง",
        "incorrect": "ไม่ถูกต้อง",
        "missing": "ขาด",
        "not_needed": "ไม่ต้องมี",
    }
)
SCREENING_RESULTS: Final = _table(
    {Result.PASS: "ผ่าน", Result.FAIL: "ไม่ผ่าน", Result.DOCUMENTS: "เอกสารไม่ถูกต้องหรือไม่ครบถ้วน"}
)
LEVELS: Final = _table({GROUP: "ระดับคณะทำงาน", SUB: "ระดับคณะอนุกรรมการ", BOARD: "ระดับคณะกรรมการ"})
BODIES: Final = _table({GROUP: "คณะทำงานตรวจสอบโครงการ", SUB: "คณะอนุกรรมการกลั่นกรอง", BOARD: "คณะกรรมการบริหาร"})
BAND_NAMES: Final = _table(
    {"very_good": "ดีมาก", "good": "ดี", "fair": "ปานกลาง", "acceptable": "พอใช้", "improve": "ควรปรับปรุง"}
)


def document_name(code: str, own_name: str = "") -> str:
    """The name of a document's kind; `own_name`: of a kind that the applicant named, or of one file of several."""
    kind = code.partition(":")[0]
    if kind == kinds.OTHER_DOCUMENT and own_name:
        return own_name
    return f"{kinds.document_name(kind)}: {own_name}" if own_name else kinds.document_name(kind)


def band_rows(scale: Scale) -> list[tuple[str, str]]:
    """Each band, best first: its code, and name and span of points as the form prints them."""
    rows = []
    highest = FULL_TOTAL
    for lowest, code in scale.bands:
        span = f"{lowest}–{highest}" if lowest else f"ต่ำกว่า {highest + 1}"
        rows.append((code, f"{BAND_NAMES[code]} ({span})"))
        highest = lowest - 1
    return rows


def address(data: Mapping[str, Any]) -> str:
    """The address of an organization (Revision.organization_data) in one line, as one writes it."""
    in_bangkok = data.get("province_code") == "10"
    province = province_name(data["province_code"]) if data.get("province_code") else ""
    named = (
        ("", data.get("address")),
        ("แขวง" if in_bangkok else "ตำบล", data.get("subdistrict")),
        ("เขต" if in_bangkok else "อำเภอ", data.get("district")),
        ("" if in_bangkok else "จังหวัด", province),
        ("", data.get("postcode")),
    )
    # Somebody may have typed the word with the name: ตำบลริมปิง, ต.ริมปิง.
    return " ".join(
        text if not word or text.startswith((word, f"{word[0]}.")) else f"{word}{text}" for word, text in named if text
    )


def file_size(size: int) -> str:
    """The size of a file as people say it, in units of 1,024 bytes and never 0, as the pages say it: 1 KB, 1.8 MB."""
    return f"{max(1, round(size / 1024)):,} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"
