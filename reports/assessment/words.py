"""What codes of the registry are called on its papers. Papers are Thai whatever language the reader's screen speaks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from models.assessment.codes import PRIVATE, STATE, Committee, RoundState
from models.assessment.reference.catalogue import CURRICULA, LEVELS
from models.assessment.standing import ELSEWHERE, EXCUSED, MISSING, REPORTED
from models.assessment.status import Status
from models.core.reference.provinces import province_name

if TYPE_CHECKING:
    from models.assessment.round import Round
    from models.assessment.school import School

REGISTRY: Final = "คลังเครื่องมือประเมินมาตรฐานวิชาชีพ"

STANDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        REPORTED: "รายงานแล้ว",
        MISSING: "ยังไม่รายงาน",
        EXCUSED: "ไม่ต้องรายงาน",
        ELSEWHERE: "รายงานในหลักสูตรอื่น",
    }
)
STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {Status.CLOSED: "สถานศึกษาปิดกิจการ", Status.NO_STUDENTS: "ไม่มีผู้เข้ารับการประเมิน"}
)
SECTORS: Final[Mapping[str, str]] = MappingProxyType({STATE: "รัฐบาล", PRIVATE: "เอกชน"})
ROUND_STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        RoundState.PREPARED: "รอบยังไม่เปิดรับข้อมูล",
        RoundState.OPEN: "รอบยังเปิดรับข้อมูล",
        RoundState.LOCKED: "ปิดรอบรับข้อมูลแล้ว",
    }
)


def round_name(this: Round) -> str:
    """ปีการศึกษา 2569 รอบที่ 1."""
    return f"ปีการศึกษา {this.academic_year} รอบที่ {this.number}"


def curriculum_name(code: str) -> str:
    """A curriculum in full, with the year of study that is assessed: ปวช.3 หลักสูตรประกาศนียบัตร… พุทธศักราช 2562."""
    curriculum = CURRICULA[code]
    return f"{LEVELS[curriculum.level][0]} {curriculum.title_th}"


def curriculum_column(code: str) -> str:
    """A curriculum as a column's head: ปวช.3 (2562)."""
    curriculum = CURRICULA[code]
    return f"{LEVELS[curriculum.level][0]} ({curriculum.year})"


def committee_name(committee: School, lang: str = "th") -> str:
    """A committee by its kind, province and school: อศจ.ชลบุรี (วิทยาลัยเทคนิคบ้านสวน)."""
    if lang == "en":
        return f"Committee of {province_name(committee.province_code, lang)} ({committee.name})"
    if committee.committee == Committee.BANGKOK:
        return f"อศก. ({committee.name})"
    return f"อศจ.{province_name(committee.province_code)} ({committee.name})"
