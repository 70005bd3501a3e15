"""The organizations of the demo with their people, members and managers: invented, in real provinces."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from random import Random

from models.core.db import db
from models.core.identity import Account
from models.core.reference.provinces import PROVINCES
from models.fund.codes import MANAGER
from models.fund.organization import DIRECTOR, OFFICER, Organization, OrganizationObjective, OrganizationPerson
from tests.factories.fund import make_member
from views.fund.demo.people import DOMAIN, People

OBJECTIVES = (
    "ส่งเสริมให้ผู้เรียนที่มีความต้องการจำเป็นพิเศษเข้าถึงการศึกษาอย่างเสมอภาค",
    "พัฒนาครู ผู้ดูแล และผู้ปกครองให้จัดการเรียนรู้ได้ตามศักยภาพของผู้เรียนรายบุคคล",
    "ผลิตและให้บริการสื่อ เทคโนโลยี และสิ่งอำนวยความสะดวกทางการศึกษา",
    "เตรียมความพร้อมด้านอาชีพและการดำรงชีวิตอิสระ",
    "สร้างเครือข่ายความร่วมมือระหว่างบ้าน โรงเรียน และชุมชน",
)
ROADS = ("ถนนริมน้ำ", "ถนนเทศบาล 3", "ถนนราษฎร์บำรุง", "ถนนเลียบคลอง", "ถนนสายหลัก", "ถนนวัดใหม่")


@dataclass
class House:
    """An organization and who writes and confirms for it."""

    organization: Organization
    manager: Account
    authors: list[Account]


def make_houses(random: Random, people: People) -> list[House]:
    """Every organization of the list; the first is that of the accounts to try."""
    path = Path(__file__).with_name("organizations.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return [_house(number, row, random, people) for number, row in enumerate(csv.DictReader(file))]


def _house(number: int, row: dict[str, str], random: Random, people: People) -> House:
    province, slug, sector = PROVINCES[row["province_code"]], row["slug"], row["sector"]
    chair = people.names()
    organization = Organization(
        **{key: value for key, value in row.items() if key not in ("slug", "registered_year")},
        registered_year=int(row["registered_year"]),
        address=f"{random.randint(1, 399)} หมู่ {random.randint(1, 12)} {random.choice(ROADS)}",
        phone=f"0{random.randint(20_000_000, 77_999_999)}",
        email=f"contact@{slug}.{DOMAIN}",
        latitude=round(float(province.latitude) + random.uniform(-0.05, 0.05), 5),
        longitude=round(float(province.longitude) + random.uniform(-0.05, 0.05), 5),
        chair_title=chair[0],
        chair_first_name=chair[1],
        chair_last_name=chair[2],
    )
    organization.people = [
        OrganizationPerson(role=role, position=position, **dict(zip(_NAMES, people.names(), strict=True)))
        for role, count in ((DIRECTOR, random.randint(3, 5)), (OFFICER, random.randint(1, 3)))
        for position in range(count)
    ]
    objectives = random.sample(OBJECTIVES, random.randint(2, 4))
    organization.objectives = [OrganizationObjective(position=n, text=text) for n, text in enumerate(objectives)]
    db.session.add(organization)
    db.session.flush()
    if number == 0:
        manager = people.applicant(f"manager@{DOMAIN}", sector, ("นาง", "มาลี", "วงษ์สุวรรณ์"))
        authors = [people.applicant(f"applicant@{DOMAIN}", sector, ("นางสาว", "กมลวรรณ", "เรืองศรี"))]
    else:
        manager = people.applicant(f"manager@{slug}.{DOMAIN}", sector)
        authors = []
    authors += [
        people.applicant(f"member{n + 1}@{slug}.{DOMAIN}", sector) for n in range(2 if number == 0 else number % 3)
    ]
    make_member(organization, MANAGER, manager)
    for author in authors:
        make_member(organization, account=author)
    return House(organization, manager, [*authors, manager])


_NAMES = ("title", "first_name", "last_name")
