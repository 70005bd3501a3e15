"""What codes of the fund are called on its papers. Papers are Thai whatever language the reader's screen speaks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from models.core.reference.provinces import province_name
from models.fund.codes import BOARD, GROUP, SUB, Result
from models.fund.scoring.points import BANDS, FULL_TOTAL

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
CONTRIBUTIONS: Final = _table(
    {
        "place": "สถานที่",
        "equipment": "อุปกรณ์",
        "vehicle": "ยานพาหนะ",
        "speaker": "วิทยากร",
        "budget": "งบประมาณ",
        "volunteer": "อาสาสมัคร",
        "food": "อาหารและเครื่องดื่ม",
        "other": "อื่น ๆ",
    }
)
DISABILITIES: Final = _table(
    {
        "seeing": "การเห็น",
        "hearing": "การได้ยิน",
        "intellectual": "สติปัญญา",
        "physical": "ร่างกาย/การเคลื่อนไหว/สุขภาพ",
        "learning": "การเรียนรู้",
        "speech": "การพูดและภาษา",
        "behaviour": "พฤติกรรม/อารมณ์",
        "autism": "ออทิสติก",
        "multiple": "พิการซ้อน",
    }
)
DOCUMENTS: Final = _table(
    {
        "expense_table": "ตารางค่าใช้จ่าย",
        "training_table": "ตารางการอบรม",
        "speaker_history": "ประวัติวิทยากร",
        "research_outline": "โครงร่างการวิจัย",
        "other": "เอกสารอื่น",
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
    """The name of a kind of document; `own_name` is that of a kind the applicant named."""
    return own_name or DOCUMENTS[code.partition(":")[0]]


def band_rows() -> list[tuple[str, str]]:
    """Each band, best first: its code, and name and span of points as the form prints them."""
    rows = []
    highest = FULL_TOTAL
    for lowest, code in BANDS:
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
    """The size of a file as people say it, in units of 1,024 bytes."""
    return f"{size / 1024:,.0f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"
