"""Examples for the document: values that an official of a Thai agency would write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.core.entity import Entity, Field, Kind
from views.core.api import shapes

# By entity and field, then by field alone; a domain adds its own by `give_examples`.
_examples: dict[tuple[str, str], Any] = {
    ("", "name"): "โรงเรียนโสตศึกษาจังหวัดขอนแก่น",
    ("", "title"): "นางสาว",
    ("", "first_name"): "พิมพ์ชนก",
    ("", "last_name"): "ศรีสุข",
    ("", "email"): "saraban@kkdeaf.example.com",
    ("", "phone"): "043246493",
    ("", "telephone"): "043246493",
    ("", "mobile"): "0812345678",
    ("", "address"): "249 หมู่ 14 ถนนมะลิวัลย์",
    ("", "subdistrict"): "บ้านเป็ด",
    ("", "district"): "เมืองขอนแก่น",
    ("", "postcode"): "40000",
    ("", "parent_agency"): "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน",
    ("", "registered_year"): 2511,
    ("", "latitude"): 16.4322,
    ("", "longitude"): 102.8236,
    ("", "place"): "ห้องประชุม 2 ชั้น 3 อาคารราชวัลลภ",
    ("", "position"): "นักวิชาการศึกษาชำนาญการ",
    ("", "work_group"): "กลุ่มบริหารวิชาการ",
    ("", "reason"): "ส่งข้อมูลสถานศึกษาเข้าระบบสารสนเทศของจังหวัด",
    ("", "note"): "ตามหนังสือที่ ศธ 04007/1234",
    ("", "link"): "https://meet.example.com/fund-1-2569",
    ("evaluation_session", "name"): "การประชุมคณะทำงานกลั่นกรองโครงการ ครั้งที่ 1/2569",
    ("organization", "province_code"): "40",
    ("proposal", "title"): "พัฒนาสื่อภาษามือไทยสำหรับนักเรียนที่บกพร่องทางการได้ยิน",
    ("revision", "title"): "พัฒนาสื่อภาษามือไทยสำหรับนักเรียนที่บกพร่องทางการได้ยิน",
    ("membership", "role"): "member",
}
_BY_KIND: dict[Kind, Any] = {
    Kind.TEXT: "ตามที่ได้รับมอบหมาย",
    Kind.LINES: "เพื่อส่งเสริมการเรียนรู้ของนักเรียนที่มีความต้องการพิเศษ",
    Kind.NUMBER: 1,
    Kind.DECIMAL: 1.5,
    Kind.MONEY: "486500.00",
    Kind.DATE: "2026-11-21",
    Kind.MOMENT: "2026-11-21T02:30:00Z",
    Kind.YES_NO: True,
    Kind.LINK: 1,
    Kind.EMAIL: "saraban@kkdeaf.example.com",
    Kind.PHONE: "043246493",
    Kind.POSTCODE: "40000",
    Kind.WEB_LINK: "https://meet.example.com/fund-1-2569",
}


def give_examples(entity: str, values: Mapping[str, Any]) -> None:
    """Let a domain say what would stand in its fields."""
    _examples.update({(entity, name): value for name, value in values.items()})


def example(entity: Entity, one: Field, *, is_told: bool) -> Any:
    """A value for a field, as it is told or as it is given."""
    if one.kind is Kind.CITIZEN_ID:
        return "x-xxxx-xxxxx-67-2" if is_told else "1990512345672"
    found = _examples.get((entity.name, one.name), _examples.get(("", one.name)))
    if one.kind is Kind.CHOICE:
        return found if found in one.codes else next(iter(one.codes), "")
    if one.kind is Kind.LINK and not shapes.is_number_code(one):
        return "5f0c9a1e7b2d4c3f8a6e1d2b3c4f5a60"[: one.length or 32]
    if isinstance(found, str) and one.kind in shapes.TEXTS:
        return found[: one.length] if one.length else found
    if found is not None and one.kind in (Kind.NUMBER, Kind.DECIMAL):
        return found
    found = _BY_KIND.get(one.kind, {})
    return found[: one.length] if isinstance(found, str) and one.length else found
