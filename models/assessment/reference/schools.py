"""The 900 schools of the demo, the same at every run: believable in number, kind and place, and all of them invented.

A code is written as in "1310016201" (spec: assessment.md 2): 13, the province, the district, the kind of school, a
running number. Names of places and persons are put together from words, so that a likeness to a real school, or to its
code, is chance. Telephone numbers go on with a 0 after the area code, as no subscriber's does; addresses lie under
.example. Real schools come by the national office's import (spec: assessment.md 7), never from here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import gcd
from types import MappingProxyType

from models.core.reference.provinces import PROVINCES

KINDS: Mapping[str, tuple[str, str]] = MappingProxyType({"state": ("รัฐบาล", "State"), "private": ("เอกชน", "Private")})
"""Kind of school -> Thai and English name."""

COMMITTEES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"bangkok": ("อศก.", "Vocational committee of Bangkok"), "province": ("อศจ.", "Provincial vocational committee")}
)
"""Kind of committee that a school may be made -> Thai and English name."""


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """A school: `under` is the code of the committee that it lies under, its own where it is the committee itself."""

    code: str
    name: str
    province: str
    kind: str
    under: str
    committee: str | None
    phone: str
    email: str


BANGKOK = "10"
_BANGKOK_COMMITTEES = (
    "วิทยาลัยเทคนิคพระนครสามัคคี",
    "วิทยาลัยเทคนิคธนบุรีพัฒนา",
    "วิทยาลัยเทคนิคบางกอกบูรพา",
    "วิทยาลัยเทคนิคบางกอกอุดร",
    "วิทยาลัยเทคนิคบางกอกทักษิณ",
)

# fmt: off
_SCHOOLS_USUALLY = 8
_SCHOOLS_IN: Mapping[str, int] = MappingProxyType({
    BANGKOK: 80,
    "30": 34, "20": 27, "50": 24, "40": 24, "34": 22, "80": 22, "41": 20, "90": 20, "31": 18, "57": 16, "11": 16,
    "13": 16, "32": 15, "33": 15, "45": 16, "21": 14, "84": 14, "12": 14, "60": 14, "65": 14, "14": 13, "36": 13,
    "44": 12, "47": 13, "73": 13, "19": 11, "46": 11, "52": 11, "70": 11, "71": 10, "72": 10, "24": 10, "16": 9,
    "15": 5, "17": 5, "18": 6, "23": 5, "26": 5, "37": 6, "38": 6, "39": 6, "49": 6, "51": 6, "58": 4, "61": 6,
    "75": 4, "81": 7, "82": 5, "85": 4, "91": 5, "93": 7,
})
"""Province -> schools, where not the usual number."""

_AREAS: Mapping[str, str] = MappingProxyType({
    "02": "10 11 12 13", "032": "70 76 77", "034": "71 73 74 75", "035": "14 15 72", "036": "16 17 19",
    "037": "25 26 27", "038": "20 21 24", "039": "22 23", "042": "38 39 41 42 43 47 48 49", "043": "40 44 45 46",
    "044": "30 31 32 36", "045": "33 34 35 37", "053": "50 51 57 58", "054": "52 54 55 56", "055": "53 62 63 64 65",
    "056": "18 60 61 66 67", "073": "94 95 96", "074": "90 91 93", "075": "80 81 92", "076": "82 83",
    "077": "84 85 86",
})
"""Area code of the telephone -> provinces."""

_TECHNICAL, _VOCATIONAL = ("วิทยาลัยเทคนิค", "62"), ("วิทยาลัยอาชีวศึกษา", "63")
_INDUSTRIAL, _FARMING = ("วิทยาลัยการอาชีพ", "64"), ("วิทยาลัยเกษตรและเทคโนโลยี", "65")
_POLYTECHNIC, _COMMERCIAL = ("วิทยาลัยสารพัดช่าง", "66"), ("วิทยาลัยพณิชยการ", "67")
_PRIVATE_DIGITS = "71"

_STATE_ORDER = (_VOCATIONAL, _INDUSTRIAL, _FARMING, _POLYTECHNIC, _INDUSTRIAL, _TECHNICAL, _INDUSTRIAL, _INDUSTRIAL)
_STATE_ORDER_OF_BANGKOK = (_COMMERCIAL, _POLYTECHNIC, _VOCATIONAL, _INDUSTRIAL, _TECHNICAL)
"""Which state schools a province has beside its committees, in this order, again and again."""

_PLACES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "north": ("แม่", "สัน", "ดอย", "ป่า", "บ้าน", "เวียง", "ทุ่ง", "ห้วย"),
    "northeast": ("โนน", "หนอง", "โคก", "นา", "ดอน", "บ้าน", "คำ", "ภู"),
    "central": ("บาง", "คลอง", "ดอน", "หนอง", "ท่า", "วัง", "บ้าน", "เนิน"),
    "east": ("บาง", "เนิน", "เขา", "หนอง", "ท่า", "บ่อ", "บ้าน", "อ่าว"),
    "west": ("ดอน", "หนอง", "ห้วย", "ท่า", "เขา", "บ้าน", "ไร่", "วัง"),
    "south": ("ควน", "ท่า", "เกาะ", "อ่าว", "บ้าน", "ปาก", "ทุ่ง", "นา"),
})
_TREES = ("สะเดา", "มะขาม", "ประดู่", "ตะเคียน", "กระถิน", "ไทร", "ยาง", "ตาล", "พิกุล", "ลำดวน", "สารภี")
_WISHES = ("ทอง", "งาม", "เจริญ", "สุข", "พัฒนา", "มงคล", "ใหม่")

_PERSONS = (
    "ปัญญา", "วิชา", "ธนา", "ศุภ", "สุข", "รัตน", "กิตติ", "พัฒน", "เจริญ", "ศิริ", "มงคล", "วรา",
    "อุดม", "ชัย", "ปิยะ", "นิธิ", "เกษม", "บวร", "จิตต", "สุวรรณ", "อักษร", "ทรัพย์",
)
_VIRTUES = (
    "วัฒน์", "วิทย์", "ศึกษา", "ธรรม", "กุล", "พงศ์", "เมธี", "ศาสตร์", "ภูมิ", "ชาติ", "โรจน์", "ประทีป",
    "อนันต์", "มิตร", "บัณฑิต", "นุกูล", "ประเสริฐ", "พิทยา", "รังสรรค์", "สถาพร", "อำไพ", "ประสิทธิ์",
)
_PRIVATE_NAMES = (
    "วิทยาลัยเทคโนโลยี{}", "วิทยาลัยเทคโนโลยี{}บริหารธุรกิจ", "วิทยาลัยเทคโนโลยี{}โปลีเทคนิค", "วิทยาลัยอาชีวศึกษา{}",
    "วิทยาลัยเทคโนโลยี{}พณิชยการ",
)
# fmt: on


@dataclass(frozen=True, slots=True)
class _Plan:
    """A school before it has numbers: its name, kind, the digits of its kind, and its committee where it is one."""

    name: str
    kind: str
    digits: str
    committee: str | None = None


def _shuffled(*parts: tuple[str, ...]) -> Iterator[str]:
    """Yield every combination of `parts` once, in an order that hides the next one and is the same at every run."""
    words = ["".join(chosen) for chosen in product(*parts)]
    stride = next(n for n in range(len(words) * 4 // 7, len(words)) if gcd(n, len(words)) == 1)
    return (words[n * stride % len(words)] for n in range(len(words)))


def _namers() -> tuple[Callable[[str], str], Callable[[], str]]:
    """Return who gives the next place of a region, and who gives the next private name; none comes twice."""
    places = {region: _shuffled(beginnings, _TREES, _WISHES) for region, beginnings in _PLACES.items()}
    taken: set[str] = set()

    def place(region: str) -> str:
        name = next(name for name in places[region] if name not in taken)
        taken.add(name)
        return name

    persons = enumerate(_shuffled(_PERSONS, _VIRTUES))

    def private() -> str:
        number, name = next(persons)
        return _PRIVATE_NAMES[number % len(_PRIVATE_NAMES)].format(name)

    return place, private


def _committees_of(province: str) -> list[_Plan]:
    if province == BANGKOK:
        return [_Plan(name, "state", _TECHNICAL[1], "bangkok") for name in _BANGKOK_COMMITTEES]
    title, digits = _TECHNICAL
    return [_Plan(f"{title}{PROVINCES[province].name_th}สามัคคี", "state", digits, "province")]


def _planned(province: str, place: Callable[[str], str], private: Callable[[], str]) -> list[_Plan]:
    """Return the schools of `province`, its committees first: half of them private, in Bangkok four fifths."""
    plans = _committees_of(province)
    size = _SCHOOLS_IN.get(province, _SCHOOLS_USUALLY)
    state = size // 5 if province == BANGKOK else (size + 1) // 2
    order = _STATE_ORDER_OF_BANGKOK if province == BANGKOK else _STATE_ORDER
    for number in range(state - len(plans)):
        title, digits = order[number % len(order)]
        plans.append(_Plan(title + place(PROVINCES[province].region), "state", digits))
    plans += [_Plan(private(), "private", _PRIVATE_DIGITS) for _ in range(size - len(plans))]
    return plans


def _codes(province: str, plans: list[_Plan]) -> list[str]:
    """Return a code for each of `plans`: committees in the first district, the others spread over some districts."""
    districts = max(3, min(18, len(plans) // 2))
    running: dict[str, int] = {}
    codes = []
    for number, plan in enumerate(plans):
        district = 1 if plan.committee else number % districts + 1
        stem = f"13{province}{district:02}{plan.digits}"
        running[stem] = running.get(stem, 0) + 1
        codes.append(f"{stem}{running[stem]:02}")
    return codes


def _phone(province: str, number: int) -> str:
    area = next(area for area, provinces in _AREAS.items() if province in provinces.split())
    return f"{area}{number:0{9 - len(area)}}"


@cache
def demo_schools() -> tuple[DemoSchool, ...]:
    """Return the schools by province, each province's committees first."""
    place, private = _namers()
    schools: list[DemoSchool] = []
    for province in PROVINCES:
        plans = _planned(province, place, private)
        codes = _codes(province, plans)
        committees = [code for code, plan in zip(codes, plans, strict=True) if plan.committee]
        for number, (code, plan) in enumerate(zip(codes, plans, strict=True)):
            schools.append(
                DemoSchool(
                    code=code,
                    name=plan.name,
                    province=province,
                    kind=plan.kind,
                    under=committees[number % len(committees)],
                    committee=plan.committee,
                    phone=_phone(province, len(schools) + 1),
                    email=f"{code}@school.example",
                )
            )
    return tuple(schools)
