"""The main page and the bar, for each kind of the registry and for people who are of the fund, too."""

from __future__ import annotations

from typing import Any

import pytest

from models.assessment.codes import NATIONAL
from models.core.grants import grant
from tests.factories.assessment import make_committee, make_school
from tests.factories.core import make_account

NAME = '<span class="s-agency">คลังเครื่องมือประเมินมาตรฐานวิชาชีพ'


@pytest.fixture
def home(session: Any, new_client: Any, sign_in: Any) -> Any:
    """The main page as an account sees it."""

    def page(account: Any) -> str:
        session.commit()
        return str(sign_in(new_client(), account).get("/").text)

    return page


def test_each_kind_finds_its_own_work(home):
    school, committee, office = (
        home(make_school().account),
        home(make_committee().account),
        home(make_account(NATIONAL)),
    )

    assert ("งานของ อศก./อศจ." in school, "งานระดับชาติ" in school, '/registration/"' in school) == (False, False, True)
    assert ("งานของ อศก./อศจ." in committee, '/checking/"' in committee, '/registration/"' in committee) == (True,) * 3
    assert ("งานระดับชาติ" in office, '/committees/"' in office, '/registration/"' in office) == (True, True, False)


def test_the_bar_names_the_registry_to_people_of_the_registry_alone(home):
    staff = make_account("staff")
    both = make_account(NATIONAL)
    grant(both.id, "staff")

    assert NAME in home(make_school().account)
    assert NAME not in home(staff)
    assert NAME not in home(both)
