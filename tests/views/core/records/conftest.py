"""People of the office in browsers, and records to look at."""

import pytest

from models.core.matrix import set_cells
from tests.factories.core import make_account
from tests.factories.fund import make_organization


@pytest.fixture
def clerk(session):
    account = make_account("staff", first_name="พิมพ์ชนก", last_name="ศรีสุข")
    session.commit()
    return account


@pytest.fixture
def browser(new_client, sign_in):
    """A browser signed in as somebody."""
    return lambda account: sign_in(new_client(), account)


@pytest.fixture
def office(browser, clerk):
    return browser(clerk)


@pytest.fixture
def chief(session):
    """A super user whom this office's matrix lets change organizations too."""
    account = make_account("super_user", first_name="ธนวัฒน์", last_name="ศรีสุข")
    set_cells({("organization.edit", "super_user"): True})
    session.commit()
    return account


@pytest.fixture
def chair(browser, chief):
    return browser(chief)


@pytest.fixture
def organizations(session):
    """Three of them: two of the public sector."""
    made = [
        make_organization("มูลนิธิกอไก่", sector="public", registered_year=2540),
        make_organization("สมาคมขอไข่", sector="private", registered_year=2551),
        make_organization("โรงเรียนคอควาย", sector="public", registered_year=2560),
    ]
    session.commit()
    return made
