"""The letters of a first sign-in: one page for each school, with its code and whom to ask (spec: assessment.md 2)."""

from __future__ import annotations

from datetime import timedelta

from models.assessment.activation import Drawn
from models.assessment.codes import Committee, RoundState
from models.assessment.round import Round
from models.assessment.school import School
from models.core.clock import now
from models.core.registration import first_password
from reports.assessment.activation import letters_paper
from tests.reports.reading import needs_poppler, pages_of, run_together

pytestmark = needs_poppler

LONG = "วิทยาลัยการอาชีพเฉลิมพระเกียรติสมเด็จพระเทพรัตนราชสุดาฯ สยามบรมราชกุมารี" * 2


def letter(code: str, name: str, under: School | None = None) -> Drawn:
    return Drawn(School(code=code, name=name, province_code="20", under=under), first_password())


def pages(*drawn: Drawn, this: Round | None = None) -> list[str]:
    return [run_together(page) for page in pages_of(letters_paper(drawn, this, "https://registry.example/"))]


def test_each_school_has_a_page_of_its_own_however_long_the_names_are():
    under = School(code="1320016201", name=LONG, province_code="20", committee=Committee.PROVINCE, phone="038276521")
    first, second = letter("1320016202", LONG, under), letter("1320016203", "วิทยาลัยสารพัดช่างบ้านสวน", under)
    soon = Round(
        academic_year=2569,
        number=1,
        opens_at=now() + timedelta(days=1),
        closes_at=now() + timedelta(days=30),
        state=RoundState.OPEN,
    )

    one, two = pages(first, second, this=soon)

    assert (first.code in one, second.code in one) == (True, False)
    assert (first.code in two, second.code in two) == (False, True)
    for page in (one, two):
        assert "registry.example" in page
        assert "038-276-521" in page
        assert "2569" in page


def test_a_committee_asks_the_national_office():
    [page] = pages(letter("1320016201", "วิทยาลัยเทคนิคชายคลอง"))

    assert "ส่วนกลาง" in page
    assert "1320016201" in page
