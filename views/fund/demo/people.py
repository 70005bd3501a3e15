"""The people of the demo: the accounts to try Sala with, and everybody around them. All names are made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from models.core.db import db
from models.core.identity import Account
from models.core.thai.citizen import sample_citizen_id
from models.fund.codes import COMMITTEE, ORGANIZATION_MANAGER, PROJECT_MANAGER, STAFF, SUPER_USER
from tests.factories.core import accept_texts, make_account
from views.core.cli import DemoAccount

DOMAIN = "demo.sala.example"

MEN = (
    "กิตติพงษ์",
    "ชัยวัฒน์",
    "ณรงค์ศักดิ์",
    "ธีรพล",
    "ปกรณ์",
    "พงศกร",
    "ภาณุวัฒน์",
    "วรวุฒิ",
    "ศุภชัย",
    "สมเกียรติ",
    "สุรพล",
    "อนุชา",
    "อภิสิทธิ์",
    "เอกชัย",
    "จักรพันธ์",
    "นพดล",
    "บุญเลิศ",
    "ประเสริฐ",
    "มานพ",
    "วิเชียร",
)
WOMEN = (
    "กมลวรรณ",
    "จันทร์เพ็ญ",
    "ชุติมา",
    "ณัฐธิดา",
    "ดวงใจ",
    "ธิดารัตน์",
    "นงลักษณ์",
    "ปิยะนุช",
    "พรทิพย์",
    "พิมพ์ชนก",
    "มาลี",
    "รัตนาภรณ์",
    "ลัดดาวัลย์",
    "วิไลพร",
    "ศิริพร",
    "สุภาวดี",
    "สุรีย์",
    "อรอนงค์",
    "อัจฉรา",
    "อุไรวรรณ",
)
LAST = (
    "ศรีสุข",
    "ทองประเสริฐ",
    "วงศ์ทอง",
    "พงษ์ไพร",
    "เรืองศรี",
    "แก้วมณี",
    "ใจงาม",
    "บุญมี",
    "สายสวัสดิ์",
    "เกตุแก้ว",
    "ชมภูวิเศษ",
    "ดวงดี",
    "ตันติวัฒน์",
    "นาคสุวรรณ",
    "ปัญญาดี",
    "พรหมมา",
    "ภักดีวงศ์",
    "มณีโชติ",
    "รักษาชาติ",
    "ลิ้มเจริญ",
    "วิเศษสุนทร",
    "ศักดิ์สิทธิ์ชัย",
    "สมบูรณ์ผล",
    "หอมจันทร์",
    "อินทรวงศ์",
    "คำแสน",
    "จันทร์ศิริ",
    "ไชยเลิศ",
    "ธรรมรักษ์",
    "บัวหลวง",
    "ประทุมทอง",
    "สุขเกษม",
)

POSITIONS = {
    "public": (
        "ครูชำนาญการ",
        "ครูชำนาญการพิเศษ",
        "ครูการศึกษาพิเศษ",
        "รองผู้อำนวยการ",
        "นักจิตวิทยาโรงเรียน",
        "หัวหน้ากลุ่มงานสื่อ",
    ),
    "private": (
        "ผู้จัดการโครงการ",
        "เจ้าหน้าที่โครงการ",
        "เลขาธิการ",
        "นักกิจกรรมบำบัด",
        "ผู้ประสานงานภาคสนาม",
        "นักสังคมสงเคราะห์",
    ),
}
GROUPS = {"public": "กลุ่มบริหารวิชาการ", "private": "ฝ่ายโครงการ"}

# title, first name, last name, where they belong (written out)
COMMITTEE_PEOPLE = (
    ("ศ. ดร.", "ประเวศน์", "สุวรรณรัตน์", "คณะศึกษาศาสตร์ มหาวิทยาลัยริมเจ้าพระยา"),
    ("รศ. ดร.", "วราภรณ์", "ตันติวัฒน์", "ภาควิชาการศึกษาพิเศษ มหาวิทยาลัยราชพฤกษ์ธานี"),
    ("พญ.", "จิตติมา", "ลิ้มเจริญ", "โรงพยาบาลเด็กพัฒนาการดี"),
    ("นาย", "สุเมธ", "ปัญญาดี", "สมาคมสภาคนพิการร่มโพธิ์"),
    ("ผศ. ดร.", "ธนพร", "จันทร์ศิริ", "คณะครุศาสตร์ มหาวิทยาลัยลุ่มน้ำมูล"),
    ("นาง", "เพ็ญศรี", "วิเศษสุนทร", "สำนักงบประมาณเพื่อการศึกษา"),
    ("นาย", "อำนวย", "ศักดิ์สิทธิ์ชัย", "สมาคมนักบัญชีเพื่อสังคม"),
    ("ดร.", "กฤษณา", "ภักดีวงศ์", "ศูนย์เทคโนโลยีสิ่งอำนวยความสะดวก"),
    ("นพ.", "ธวัชชัย", "หอมจันทร์", "สถาบันเวชศาสตร์ฟื้นฟูบ้านสวน"),
    ("นาง", "สมศรี", "มณีโชติ", "ชมรมผู้ปกครองเด็กพิเศษภาคกลาง"),
    ("นาย", "ไพโรจน์", "ไชยเลิศ", "สำนักงานพัฒนาสังคมและความมั่นคง"),
    ("รศ.", "นภาพร", "ธรรมรักษ์", "คณะวิศวกรรมศาสตร์ มหาวิทยาลัยเวียงพิงค์"),
)


@dataclass
class Staff:
    """Those who work in the fund, and the committee."""

    officers: list[Account]
    super_user: Account
    chair: Account
    secretary: Account
    committee: list[Account]  # those who sit as members; the first is the account to try
    shown: list[DemoAccount] = field(default_factory=list)


class People:
    """Makes accounts that share one password; each is of another made-up person."""

    def __init__(self, random: Random, hashed: str) -> None:
        self.random = random
        self.hashed = hashed
        self._taken: set[tuple[str, str]] = set()
        self._citizens = 500_000

    def names(self) -> tuple[str, str, str]:
        """Title, first and last name of somebody who was not there yet."""
        while True:
            is_man = self.random.random() < 0.42
            title = "นาย" if is_man else self.random.choice(("นาง", "นางสาว"))
            name = (self.random.choice(MEN if is_man else WOMEN), self.random.choice(LAST))
            if name not in self._taken:
                self._taken.add(name)
                return title, *name

    def citizen_id(self) -> str:
        """A made-up citizen ID that was not there yet."""
        self._citizens += 1
        return sample_citizen_id(self._citizens)

    def account(
        self,
        kind: str,
        email: str,
        names: tuple[str, str, str] | None = None,
        *,
        position: str = "",
        work_group: str = "",
        has_profile: bool = True,
    ) -> Account:
        """An account of a kind that can sign in with the demo's password."""
        title, first, last = names or self.names()
        account = make_account(
            kind, email=email, title=title, first_name=first, last_name=last, has_profile=has_profile
        )
        account.password = self.hashed
        if account.profile is not None:
            account.profile.citizen_id = self.citizen_id()
            account.profile.position, account.profile.work_group = position, work_group
            account.profile.mobile = f"08{self.random.randint(10_000_000, 99_999_999)}"
        accept_texts(account)
        db.session.flush()
        return account

    def applicant(self, email: str, sector: str, names: tuple[str, str, str] | None = None) -> Account:
        """Somebody who works for an organization of a sector."""
        position = self.random.choice(POSITIONS[sector])
        return self.account(PROJECT_MANAGER, email, names, position=position, work_group=GROUPS[sector])


def make_staff(people: People) -> Staff:
    """The fund's own people and its committee."""
    group = "กลุ่มบริหารกองทุน"
    officer_names = (
        ("นางสาว", "อรอนงค์", "ทองประเสริฐ"),
        ("นาย", "วีรพงษ์", "ใจงาม"),
        ("นาง", "สาวิตรี", "แก้วมณี"),
    )
    officers = [
        people.account(
            STAFF,
            f"{'staff' if number == 0 else f'staff{number + 1}'}@{DOMAIN}",
            names,
            position="นักวิชาการศึกษาชำนาญการ" if number else "นักวิชาการศึกษาชำนาญการพิเศษ",
            work_group=group,
        )
        for number, names in enumerate(officer_names)
    ]
    super_user = people.account(
        SUPER_USER,
        f"admin@{DOMAIN}",
        ("นาย", "ณัฐวุฒิ", "สายสวัสดิ์"),
        position="นักวิชาการคอมพิวเตอร์ชำนาญการ",
        work_group=group,
    )
    first, *others = [
        people.account(
            COMMITTEE, f"{'committee' if number == 1 else f'committee{number}'}@{DOMAIN}", row[:3], position="กรรมการ"
        )
        for number, row in enumerate(COMMITTEE_PEOPLE)
    ]
    secretary = people.account(
        COMMITTEE, f"secretary@{DOMAIN}", ("นางสาว", "สุภาวดี", "พรหมมา"), position="เลขานุการคณะทำงาน"
    )
    shown = [
        DemoAccount("fund", STAFF, officers[0].username, officers[0].full_name),
        DemoAccount("fund", COMMITTEE, others[0].username, others[0].full_name),
        DemoAccount("fund", f"{COMMITTEE} (secretary)", secretary.username, secretary.full_name),
        DemoAccount("fund", SUPER_USER, super_user.username, super_user.full_name),
    ]
    return Staff(officers, super_user, first, secretary, others, shown)


def applicants_shown(author: Account, manager: Account, newcomer: Account) -> list[DemoAccount]:
    """The applicants' accounts to try: one who writes, one who confirms, one who has only just registered."""
    return [
        DemoAccount("fund", PROJECT_MANAGER, author.username, author.full_name),
        DemoAccount("fund", ORGANIZATION_MANAGER, manager.username, manager.full_name),
        DemoAccount("fund", f"{PROJECT_MANAGER} (new)", newcomer.username, newcomer.full_name),
    ]
