"""A theme becomes the typed content of the wizard's parts, with figures that add up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from models.core.identity import Account
from models.core.reference.provinces import PROVINCES
from models.fund.organization import Organization
from models.fund.revision import new_line_id
from tests.factories.fund import activity, row
from views.fund.demo.themes import KINDS, Theme

GIVEN = {
    "contribution_place": (("ห้องประชุมและอาคารสถานที่", "สำนักงานเขตพื้นที่การศึกษา"), ("ลานกิจกรรม", "เทศบาล")),
    "contribution_equipment": (
        ("เครื่องฉายและเครื่องเสียง", "องค์การบริหารส่วนตำบล"),
        ("คอมพิวเตอร์ 10 เครื่อง", "วิทยาลัยเทคนิคในจังหวัด"),
    ),
    "contribution_vehicle": (("รถตู้รับส่งผู้เข้าร่วม 2 คัน", "องค์การบริหารส่วนจังหวัด"),),
    "contribution_speaker": (("วิทยากรโดยไม่รับค่าตอบแทน 3 คน", "มหาวิทยาลัยในพื้นที่"), ("นักกายภาพบำบัด", "โรงพยาบาลประจำอำเภอ")),
    "contribution_volunteer": (("อาสาสมัคร 15 คน", "ชมรมผู้ปกครอง"), ("นักศึกษาฝึกงาน 6 คน", "วิทยาลัยพยาบาล")),
    "contribution_food": (("อาหารว่างวันเปิดโครงการ", "กลุ่มแม่บ้าน"),),
    "contribution_budget": (("เงินสมทบค่าวัสดุ", "สโมสรในจังหวัด"),),
}
SOURCES = ("องค์การบริหารส่วนจังหวัด", "เงินรายได้สถานศึกษา", "กองทุนผ้าป่าเพื่อการศึกษา", "บริษัทเอกชนในพื้นที่")
UNITS = ("ฝ่ายโครงการ", "กลุ่มบริหารวิชาการ", "ศูนย์สื่อการเรียนรู้")
RUNNING = ("ห้องเรียนคู่ขนาน", "ชมรมผู้ปกครองพบครูทุกเดือน", "กิจกรรมเยี่ยมบ้าน", "ธนาคารสื่อและของเล่น", "ค่ายครอบครัวประจำปี")


class Writer:
    """Writes proposals of one organization's author about a theme."""

    def __init__(self, random: Random, organization: Organization, author: Account) -> None:
        self.random, self.organization, self.author = random, organization, author
        self.province = PROVINCES[organization.province_code].name_th

    def title(self, theme: Theme) -> str:
        """The theme's title, at times with where it happens."""
        where = self.random.choice(("", f" จังหวัด{self.province}", f" {self.organization.district}"))
        return f"{theme.title}{where}"

    def content(self, theme: Theme, title: str, begins: date, budget: int) -> dict[str, Any]:
        """Typed content of the parts 1 to 3 that is complete: part -> content."""
        random, kind = self.random, KINDS[theme.kind]
        figures = {
            "people": theme.people,
            "count": random.choice((24, 36, 48, 60, 80, 120, 160, 240)),
            "schools": random.randint(4, 18),
            "teachers": random.choice((20, 30, 40, 60, 90)),
            "province": self.province,
        }

        def said(texts: tuple[str, ...]) -> list[dict[str, Any]]:
            return [row(text.format(**figures)) for text in texts]

        other = random.choice((0, 0, 0, 20_000, 45_000, 80_000))
        steps, ends = self._steps(kind.steps, figures, begins, budget)
        words = self.organization.email.partition("@")[2]
        asked_before = random.random() < 0.45
        part_1: dict[str, Any] = {
            "asked_before": asked_before,
            "achievements": f"ปีที่ผ่านมา{self.organization.name}ดูแลผู้เรียน {random.randint(40, 420)} คน "
            f"และจัดอบรม {random.randint(1, 6)} ครั้ง",
            "current_activity": [row(text) for text in random.sample(RUNNING, random.randint(1, 3))],
        }
        if asked_before:
            part_1 |= {
                "times_asked": random.randint(1, 4),
                "last_supported_year": begins.year + 543 - random.randint(1, 4),
                "last_project": "ห้องสมุดเสียงเคลื่อนที่สำหรับโรงเรียนเรียนรวม",
                "problems_met": "ครูผู้รับผิดชอบย้ายระหว่างปี จึงกำหนดให้มีผู้ประสานงานสองคน",
            }
        return {
            "1": part_1,
            "2.1": {
                "title": title,
                "disabilities": list(theme.disabilities),
                "unit_name": f"{random.choice(UNITS)} {self.organization.name}",
                "unit_phone": self.organization.phone,
                "unit_email": f"project@{words}",
                "coordinator_name": self.author.full_name,
                "coordinator_phone": self.author.profile.mobile if self.author.profile else "",
                "coordinator_email": self.author.email,
                "is_research": theme.kind == "research",
            },
            "2.2": {
                "rationale": "\n".join(text.format(**figures) for text in kind.reasons),
                "objective": said(kind.objectives),
                "target": said(kind.targets),
                "indicator": said(kind.indicators),
                "output": said(kind.outputs),
                "outcome": said(kind.outcomes),
            },
            "2.3": {
                "place": [row(self.organization.name), row(f"เครือข่าย {figures['schools']} แห่ง จังหวัด{self.province}")],
                "starts_on": begins,
                "ends_on": ends,
                "method": kind.method,
                "amount_asked": Decimal(budget - other),
                "other_source": [row(random.choice(SOURCES), amount=Decimal(other))] if other else [],
            },
            "2.4": {"steps": steps},
            "3": {
                name: [row(text, agency) for text, agency in random.sample(rows, 1)]
                for name, rows in GIVEN.items()
                if random.random() < 0.5
            },
        }

    @staticmethod
    def _steps(
        shape: tuple[Any, ...], figures: dict[str, Any], begins: date, budget: int
    ) -> tuple[list[dict[str, Any]], date]:
        """Steps whose activities follow each other and cost `budget` together, and the last day."""
        shares = sum(share for _name, activities in shape for _a, _days, share, _detail in activities)
        day, left, steps = begins, budget, []
        for name, activities in shape:
            rows = []
            for what, days, share, detail in activities:
                cost = budget * share // shares // 100 * 100
                left -= cost
                rows.append(activity(what.format(**figures), day, days, cost, detail.format(**figures)))
                day += timedelta(days=max(2, days * 2 // 3))
            steps.append({"line_id": new_line_id(), "name": name, "activities": rows})
        last = steps[-1]["activities"][-1]
        last["budget"] += left  # What rounding left over.
        return steps, max(row["ends_on"] for step in steps for row in step["activities"])
