"""What the fund's office may change without changing the program (spec: fund.md 4, everything marked "assumed").

The columns' own lengths are the hard limits: a setting may ask for less, never for more than a column holds.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from models.core.setting import Baht, Choices, Whole, YesNo, declare
from models.fund.codes import LARGEST_AMOUNT, LONG_LENGTH, NAME_LENGTH, SHORT_LENGTH

_ROWS = Whole(1, 500)
_SPEC = "fund.md 4"

LENGTH_NAME: Final = "fund.length.name"
LENGTH_SHORT: Final = "fund.length.short"
LENGTH_LONG: Final = "fund.length.long"
LARGEST: Final = "fund.largest_amount"
NOTE_WANTED: Final = "fund.budget_note_wanted"
ROWS_LIST: Final = "fund.rows.list"
ROWS_CONTRIBUTION: Final = "fund.rows.contribution"
ROWS_STEP: Final = "fund.rows.step"
ROWS_ACTIVITY: Final = "fund.rows.activity"
ROWS_DOCUMENT: Final = "fund.rows.document"
KINDS_OF_DISABILITY: Final = "fund.kinds.disability"
KINDS_OF_CONTRIBUTION: Final = "fund.kinds.contribution"
KINDS_OF_DOCUMENT: Final = "fund.kinds.document"
# What may be ticked of a kind.
HAS_AMOUNT: Final = "has_amount"
FOR_ALL: Final = "for_all"
FOR_RESEARCH: Final = "for_research"

declare(LENGTH_NAME, NAME_LENGTH, Whole(50, NAME_LENGTH), _SPEC)
declare(LENGTH_SHORT, SHORT_LENGTH, Whole(50, SHORT_LENGTH), _SPEC)
declare(LENGTH_LONG, LONG_LENGTH, Whole(1_000, 50_000), _SPEC)
declare(LARGEST, LARGEST_AMOUNT, Baht(Decimal(1), LARGEST_AMOUNT), _SPEC)
declare(NOTE_WANTED, True, YesNo(), _SPEC)
declare(ROWS_LIST, 100, _ROWS, _SPEC)
declare(ROWS_CONTRIBUTION, 50, _ROWS, _SPEC)
declare(ROWS_STEP, 50, Whole(1, 200), _SPEC)
declare(ROWS_ACTIVITY, 100, _ROWS, _SPEC)
declare(ROWS_DOCUMENT, 50, _ROWS, _SPEC)
declare(
    KINDS_OF_DISABILITY,
    (
        ("seeing", "การเห็น", "Seeing"),
        ("hearing", "การได้ยิน", "Hearing"),
        ("intellectual", "สติปัญญา", "Intellectual"),
        ("physical", "ร่างกาย/การเคลื่อนไหว/สุขภาพ", "Physical, movement or health"),
        ("learning", "การเรียนรู้", "Learning"),
        ("speech", "การพูดและภาษา", "Speech and language"),
        ("behaviour", "พฤติกรรม/อารมณ์", "Behaviour or emotion"),
        ("autism", "ออทิสติก", "Autism"),
        ("multiple", "พิการซ้อน", "Multiple disabilities"),
    ),
    Choices(),
    _SPEC,
)
declare(
    KINDS_OF_CONTRIBUTION,
    (
        ("place", "สถานที่", "Place"),
        ("equipment", "อุปกรณ์", "Equipment"),
        ("vehicle", "ยานพาหนะ", "Vehicles"),
        ("speaker", "วิทยากร", "Speakers"),
        ("budget", "งบประมาณ", "Budget", [HAS_AMOUNT]),
        ("volunteer", "อาสาสมัคร", "Volunteers"),
        ("food", "อาหารและเครื่องดื่ม", "Food and drink"),
        ("other", "อื่น ๆ", "Other contributions"),
    ),
    Choices(flags=(HAS_AMOUNT,)),
    _SPEC,
)
declare(
    KINDS_OF_DOCUMENT,
    (
        ("expense_table", "ตารางค่าใช้จ่าย", "Table of expenses"),
        ("training_table", "ตารางการอบรม", "Training timetable"),
        ("speaker_history", "ประวัติวิทยากร", "Speakers’ histories"),
        ("research_outline", "โครงร่างการวิจัย", "Research outline", [FOR_RESEARCH]),
        ("other", "เอกสารอื่น", "Other document"),
    ),
    Choices(flags=(FOR_ALL, FOR_RESEARCH), kept=frozenset({"other"})),
    _SPEC,
)
