"""The registry's reports as PDF: of a school, of a committee, of the country (spec: assessment.md 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from models.assessment.standing import REPORTED, SchoolStanding, Tally
from models.assessment.totals import Group
from models.core.reference.provinces import province_name
from models.core.thai.phone import format_phone
from reports.assessment import words
from reports.assessment.figures import Place
from reports.assessment.frame import INSTRUMENTS, STUDENTS, Column, Printed, Row, Table, paper, tables_of, tree_tables
from reports.core.pdf import LANDSCAPE, PORTRAIT
from reports.core.templates import thai_moment

if TYPE_CHECKING:
    from reports.assessment.figures import Asked, Branches, InDetail, OfOutside, OfSchool, OfSchools

SCHOOL_TITLE = "รายงานข้อมูลสาขางานในสถานศึกษา"
OUTSIDE_TITLE = "รายงานข้อมูลสถานศึกษานอกสังกัด สอศ."
SCHOOLS_TITLE = "รายงานข้อมูลสาขางานของสถานศึกษาในสังกัด"
DETAIL_TITLE = "รายงานข้อมูลสาขางานรายสถานศึกษา"
PROVINCES_TITLE = "รายงานจำนวนเครื่องมือประเมินรายจังหวัด"
COMMITTEES_TITLE = "รายงานจำนวนเครื่องมือประเมินราย อศก./อศจ."
BRANCHES_TITLE = "รายงานจำนวนเครื่องมือประเมินรายสาขางาน"

KEEP_AT_SCHOOL = "ให้สถานศึกษาเก็บรายงานฉบับนี้ไว้ ไม่ต้องส่งเอกสารที่พิมพ์ไปยังส่วนกลาง"
KEEP_AT_COMMITTEE = "ให้ อศก./อศจ. เก็บรายงานฉบับนี้ไว้ ไม่ต้องส่งเอกสารที่พิมพ์ไปยังส่วนกลาง"
_WIDTH = 9  # percent, of the column of a curriculum beside others
ONE_EACH = "เครื่องมือประเมินพิมพ์หนึ่งชุดต่อผู้เข้ารับการประเมินหนึ่งคน"
COUNTED_AT = "แห่ง หมายถึงจำนวนสถานศึกษาและหน่วยงานที่มีผู้เข้ารับการประเมินในสาขางานนั้น"


# --- a school ---------------------------------------------------------------------------------------------------------


def school_paper(asked: Asked, found: OfSchool, printed: Printed) -> bytes:
    """What a school registered, to be kept at the school. Raises PdfFailed."""
    school = found.school
    fields = [
        ("รหัสสถานศึกษา", school.code),
        ("จังหวัด", province_name(school.province_code)),
        ("อศก./อศจ.", words.committee_name(school.under or school) if school.committee_id else "-"),
        ("สถานะ", _standing(found.standing, asked)),
        ("บันทึกล่าสุด", thai_moment(found.standing.saved_at) or "ยังไม่เคยบันทึก"),
        ("รวมผู้เข้ารับการประเมิน", f"{found.branches.students:,} คน"),
    ]
    return paper(
        asked,
        printed,
        title=SCHOOL_TITLE,
        whose=school.name,
        fields=fields,
        tables=_branches(found.branches, [Column(STUDENTS, 22, is_figure=True)], lambda group: (group.students,)),
        notes=[KEEP_AT_SCHOOL],
        signers=[("ลงชื่อ", "", "ผู้บันทึกข้อมูล"), ("ลงชื่อ", "", "ผู้อำนวยการสถานศึกษา")],
    )


def _branches(found: Branches, columns: list[Column], figures: Any) -> list[Table]:
    """The tree's tables, or one that says that there is nothing."""
    if not found.tree:
        return [Table(columns, (), empty="ไม่มีผู้เข้ารับการประเมินในหลักสูตรที่เลือก")]
    return tree_tables(found.tree, columns, figures)


def _standing(one: SchoolStanding, asked: Asked) -> str:
    """Where a school stands, in the curriculum that is asked for; of one that is excused, why."""
    standing = one.standing_in(asked.curriculum) if asked.curriculum else one.standing
    if one.standing != REPORTED and one.status in words.STATUSES:
        return words.STATUSES[one.status]
    return words.STANDINGS[standing]


# --- a committee ------------------------------------------------------------------------------------------------------


def outside_paper(asked: Asked, found: OfOutside, printed: Printed) -> bytes:
    """What the agencies outside ask for through a committee, each by itself and all together. Raises PdfFailed."""
    columns = [Column(STUDENTS, 22, is_figure=True)]
    listed = [
        Row(
            (place, one.agency.name, _belongs(one.agency), words.curriculum_column(one.agency.curriculum), one.students)
        )
        for place, one in enumerate(found.agencies, 1)
    ]
    if listed:
        listed.append(Row(("", "รวมทุกหน่วยงาน", "", "", found.branches.students), "total"))
    empty = (
        "อศก./อศจ. ยืนยันว่าไม่มีการขอใช้เครื่องมือของสถานศึกษานอกสังกัด"
        if found.is_none_confirmed
        else "ยังไม่มีหน่วยงานที่บันทึกไว้ และยังไม่ได้ยืนยันว่าไม่มีการขอใช้เครื่องมือ"
    )
    heads = [
        *(Column("ที่", 6), Column("สถานศึกษาหรือหน่วยงาน", 36), Column("ประเภท สังกัด จังหวัด", 26)),
        *(Column("หลักสูตร", 14), Column("ผู้เข้ารับการประเมิน (คน)", 18, is_figure=True)),
    ]
    tables = [Table(heads, listed, "หน่วยงานที่ขอใช้เครื่องมือ", empty)]
    for place, one in enumerate(found.agencies, 1):
        for table in tree_tables(one.tree, columns, lambda group: (group.students,)):
            heading = f"{place}. {one.agency.name} {_of_curriculum(one.agency)}"
            tables.append(Table(table.columns, table.rows, heading))
    if len(found.agencies) > 1:
        whole = tree_tables(
            found.branches.tree, [Column(INSTRUMENTS, 22, is_figure=True)], lambda one: (one.instruments,)
        )
        tables += [Table(one.columns, one.rows, f"รวมทุกหน่วยงาน {one.heading}") for one in whole]
    return paper(
        asked,
        printed,
        title=OUTSIDE_TITLE,
        whose=words.committee_name(found.committee),
        tables=tables,
        notes=[ONE_EACH, KEEP_AT_COMMITTEE] if listed else [KEEP_AT_COMMITTEE],
        signers=_SIGNERS,
    )


def _of_curriculum(agency: Any) -> str:
    return words.curriculum_column(agency.curriculum)


def _belongs(agency: Any) -> str:
    """รัฐบาล สังกัด… จังหวัด…."""
    parts = [words.SECTORS[agency.sector], agency.parent, f"จังหวัด{province_name(agency.province_code)}"]
    return " ".join(part for part in parts if part)


_SIGNERS = [("ลงชื่อ", "", "ผู้จัดทำรายงาน"), ("ลงชื่อ", "", "ประธาน อศก./อศจ.")]


def schools_paper(asked: Asked, found: OfSchools, printed: Printed) -> bytes:
    """All schools of a committee: each with its numbers, then all together by branch. Raises PdfFailed."""
    codes = asked.curricula
    width = _WIDTH if len(codes) > 1 else 0
    heads = [Column("ที่", 5), Column("สถานศึกษา", 100 - 5 - 21 - 10 - width * len(codes)), Column("สถานะ", 21)]
    heads += [Column(words.curriculum_column(code), width, is_figure=True) for code in codes if width]
    heads.append(Column("รวม (คน)", 10, is_figure=True))
    rows, sums = [], dict.fromkeys(codes, 0)
    for place, one in enumerate(found.standings, 1):
        own = [one.students.get(code, 0) for code in codes]
        for code, how_many in zip(codes, own, strict=True):
            sums[code] += how_many
        figures = (*own, sum(own)) if width else (sum(own),)
        rows.append(Row((place, f"{one.school.code} {one.school.name}", _standing(one, asked), *figures)))
    totals = (*sums.values(), sum(sums.values())) if width else (sum(sums.values()),)
    rows.append(Row(("", "รวม", "", *totals), "total"))
    tally = found.tally
    fields = [
        ("สถานศึกษาในสังกัด", f"{tally.total:,} แห่ง"),
        (
            "การรายงาน",
            f"รายงานแล้ว {tally.reported:,} แห่ง ยังไม่รายงาน {tally.missing:,} แห่ง ไม่ต้องรายงาน {tally.excused:,} แห่ง",
        ),
        ("ผู้เข้ารับการประเมินในสังกัด", f"{found.branches.students:,} คน"),
        ("ผู้เข้ารับการประเมินนอกสังกัด", f"{found.outside:,} คน"),
        ("เครื่องมือที่ต้องพิมพ์", f"{found.branches.students + found.outside:,} ชุด"),
    ]
    columns = [Column("แห่ง", 9, is_figure=True), Column(INSTRUMENTS, 20, is_figure=True)]
    branches = tree_tables(found.branches.tree, columns, lambda group: _asking(found.branches, group))
    return paper(
        asked,
        printed,
        title=SCHOOLS_TITLE,
        whose=words.committee_name(found.committee),
        fields=fields,
        tables=[*tables_of(heads, rows, "รายสถานศึกษา"), *branches],
        notes=[ONE_EACH, COUNTED_AT, KEEP_AT_COMMITTEE],
        signers=_SIGNERS,
        page=LANDSCAPE if width else PORTRAIT,
    )


def _asking(found: Branches, group: Group) -> tuple[Any, int]:
    """How many ask for a branch, and its instruments; of a group no count: a school may stand in several branches."""
    return (found.reporters.get(group.branch_id, 0) if group.branch_id else "", group.instruments)


def detail_paper(asked: Asked, found: InDetail, printed: Printed) -> bytes:
    """Each school of a committee with its branches. Raises PdfFailed."""
    tables, is_one = [], bool(asked.curriculum)
    heads = [Column("รหัส", 15), Column("สาขางาน (สาขาวิชา)", 65 if is_one else 46), *_DETAIL[is_one:]]
    for place, (one, tree) in enumerate(found.schools, 1):
        heading = f"{place}. {one.school.code} {one.school.name}"
        phone = f" โทร. {format_phone(one.school.phone)}" if one.school.phone else ""
        rows = [row for group in tree for row in _lines(group, is_one=is_one)]
        if rows:
            blank = () if is_one else ("",)
            rows.append(Row(("", "รวม", *blank, sum(group.students for group in tree)), "total"))
        tables.append(Table(heads, rows, heading, f"{_standing(one, asked)}{phone}"))
    return paper(
        asked,
        printed,
        title=DETAIL_TITLE,
        whose=words.committee_name(found.committee),
        tables=tables,
        notes=[KEEP_AT_COMMITTEE],
    )


_DETAIL = (Column("หลักสูตร", 19), Column("ผู้เข้ารับการประเมิน (คน)", 20, is_figure=True))


def _lines(curriculum: Group, *, is_one: bool) -> Iterable[Row]:
    """Branches of a curriculum, which is said of each unless there is but one."""
    said = () if is_one else (words.curriculum_column(curriculum.code),)
    for programme in curriculum.parts:
        for part in programme.parts:
            for branch in part.parts:
                name = branch.name if branch.name == part.name else f"{branch.name} ({part.name})"
                yield Row((branch.code, name, *said, branch.students))


# --- the country ------------------------------------------------------------------------------------------------------


def places_paper(
    asked: Asked, found: Iterable[tuple[str, Place]], printed: Printed, *, title: str, head: str, whose: str
) -> bytes:
    """The country by province or committee, named and in the order given. Raises PdfFailed."""
    codes = asked.curricula
    shown = codes if len(codes) > 1 else ()
    reported = 11 if shown else 15
    heads = [
        Column("ที่", 5),
        Column(head, 100 - 5 - reported - 13 - 13 - _WIDTH * len(shown)),
        Column("รายงานแล้ว (แห่ง)", reported, is_figure=True),
        *(Column(words.curriculum_column(code), _WIDTH, is_figure=True) for code in shown),
        Column("ในจำนวนนี้ นอกสังกัด (คน)", 13, is_figure=True),
        Column("เครื่องมือที่ต้องพิมพ์ (ชุด)", 13, is_figure=True),
    ]
    rows, whole = [], Place(None, Tally(), {}, 0)
    for place, (name, one) in enumerate(found, 1):
        rows.append(Row((place, name, *_figures(one, shown))))
        whole += one
    rows.append(Row(("", "รวมทั้งประเทศ", *_figures(whole, shown)), "total"))
    page = LANDSCAPE if shown else PORTRAIT
    return paper(asked, printed, title=title, whose=whose, tables=tables_of(heads, rows), notes=[ONE_EACH], page=page)


def _figures(one: Place, shown: Iterable[str]) -> tuple[Any, ...]:
    how_far = f"{one.tally.reported:,}/{one.tally.total:,}"
    return (how_far, *(one.by_curriculum.get(code, 0) for code in shown), one.outside, one.students)


def branches_paper(asked: Asked, found: Branches, printed: Printed, *, whose: str) -> bytes:
    """Instruments to print by branch, of the country or one province. Raises PdfFailed."""
    columns = [
        Column("แห่ง", 9, is_figure=True),
        Column("ในสังกัด (คน)", 12, is_figure=True),
        Column("นอกสังกัด (คน)", 12, is_figure=True),
        Column("เครื่องมือที่ต้องพิมพ์ (ชุด)", 15, is_figure=True),
    ]

    def figures(group: Group) -> tuple[Any, ...]:
        outside = found.from_outside(group)
        asking, instruments = _asking(found, group)
        return (asking, group.students - outside, outside, instruments)

    tables = _branches(found, columns, figures)
    return paper(
        asked,
        printed,
        title=BRANCHES_TITLE,
        whose=whose,
        fields=[("เครื่องมือที่ต้องพิมพ์", f"{found.students:,} ชุด")],
        tables=tables,
        notes=[ONE_EACH, COUNTED_AT],
    )


def names_of_committees(found: Iterable[Any]) -> Mapping[Any, str]:
    """Id -> name; None are the schools that lie under no committee."""
    return {one.id: words.committee_name(one) for one in found} | {None: "ไม่อยู่ในสังกัด อศก./อศจ."}
