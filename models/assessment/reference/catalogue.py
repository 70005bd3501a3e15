"""The four curricula and their trees: ประเภทวิชา, สาขาวิชา, สาขางาน. spec: assessment.md 3.

The programme types and the manner of the codes are those of สำนักงานคณะกรรมการการอาชีวศึกษา. Fields and branches are
written as people of the trade name them; not each of them, nor each running number, could be checked against the
announced curricula. Therefore this is only what an empty catalogue begins with: what counts is what the national
office imports.

A line of a csv is a branch with its field and its programme type, as people fill in a sheet.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

LEVELS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"pvc3": ("ปวช.3", "Vocational Certificate, year 3"), "pvs2": ("ปวส.2", "High Vocational Certificate, year 2")}
)
"""Level code -> Thai and English name: the last year of each, in which students are assessed."""

COLUMNS: tuple[str, ...] = ("programme_code", "programme", "field_code", "field", "branch_code", "branch")
"""The columns of a tree in a file."""

_PROGRAMMES_EN: Mapping[str, str] = MappingProxyType(
    {
        "อุตสาหกรรม": "Industry",
        "พาณิชยกรรม": "Commerce",
        "บริหารธุรกิจ": "Business Administration",
        "ศิลปกรรม": "Arts and Crafts",
        "คหกรรม": "Home Economics",
        "เกษตรกรรม": "Agriculture",
        "ประมง": "Fisheries",
        "อุตสาหกรรมท่องเที่ยว": "Tourism Industry",
        "อุตสาหกรรมสิ่งทอ": "Textile Industry",
        "เทคโนโลยีสารสนเทศและการสื่อสาร": "Information and Communication Technology",
        "อุตสาหกรรมบันเทิงและดนตรี": "Entertainment and Music Industry",
        "พาณิชยนาวี": "Merchant Marine",
    }
)


@dataclass(frozen=True, slots=True)
class Curriculum:
    """A curriculum: its level, the Buddhist year it is named after, and whether only students left over study by it."""

    code: str
    level: str
    year: int
    title_th: str
    title_en: str
    is_leftover: bool

    def title(self, lang: str = "th") -> str:
        """Return the title in Thai, or in English for any other language."""
        return self.title_th if lang == "th" else self.title_en


@dataclass(frozen=True, slots=True)
class Programme:
    """ประเภทวิชา. Its English name is empty where none is well known."""

    code: str
    name_th: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Field:
    """สาขาวิชา of a programme type; there is no English name in use."""

    code: str
    name: str
    programme: Programme


@dataclass(frozen=True, slots=True)
class Branch:
    """สาขางาน of a field: what a school ticks and counts students for. Codes are unique within a curriculum only."""

    code: str
    name: str
    field: Field


def _certificate(code: str, year: int, *, is_leftover: bool) -> Curriculum:
    title = f"หลักสูตรประกาศนียบัตรวิชาชีพ พุทธศักราช {year}"
    return Curriculum(code, "pvc3", year, title, f"Vocational Certificate Curriculum B.E. {year}", is_leftover)


def _high_certificate(code: str, year: int, *, is_leftover: bool) -> Curriculum:
    title = f"หลักสูตรประกาศนียบัตรวิชาชีพชั้นสูง พุทธศักราช {year}"
    return Curriculum(code, "pvs2", year, title, f"High Vocational Certificate Curriculum B.E. {year}", is_leftover)


CURRICULA: Mapping[str, Curriculum] = MappingProxyType(
    {
        curriculum.code: curriculum
        for curriculum in (
            _certificate("pvc2556", 2556, is_leftover=True),
            _high_certificate("pvs2557", 2557, is_leftover=True),
            _certificate("pvc2562", 2562, is_leftover=False),
            _high_certificate("pvs2563", 2563, is_leftover=False),
        )
    }
)
"""Code -> Curriculum, in the order of a school's menu (spec: assessment.md 4)."""


@cache
def branches_of(curriculum: Curriculum) -> tuple[Branch, ...]:
    """Return the branches of `curriculum` in the order of its file: by programme type, field and number."""
    programmes: dict[str, Programme] = {}
    fields: dict[str, Field] = {}
    branches = []
    path = Path(__file__).with_name(f"{curriculum.code}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["programme"]
            programme = programmes.setdefault(
                row["programme_code"], Programme(row["programme_code"], name, _PROGRAMMES_EN.get(name, ""))
            )
            field = fields.setdefault(row["field_code"], Field(row["field_code"], row["field"], programme))
            branches.append(Branch(row["branch_code"], row["branch"], field))
    return tuple(branches)
