"""What the tests of the document check's pages share: two officers, their browsers, and the form as it is posted."""

from __future__ import annotations

import pytest

from models.fund.codes import STAFF
from tests.factories.core import make_account

DOCUMENTS = ("expense_table", "training_table", "speaker_history", "research_outline")


@pytest.fixture
def officer(session):
    return make_account(STAFF, first_name="จิตรลดา", last_name="ผู้ตรวจเอกสาร")


@pytest.fixture
def other(session):
    return make_account(STAFF, first_name="ธีรวัฒน์", last_name="เพื่อนร่วมงาน")


@pytest.fixture
def browser(app, sign_in, session):
    """A browser of its own for each account."""
    kept = {}

    def of(account):
        session.commit()
        if account.id not in kept:
            kept[account.id] = sign_in(app.test_client(), account)
        return kept[account.id]

    return of


def answers(proposal=None, **changes):
    """What the whole form posts when everything is well."""
    typed = {f"{code}-choice": "correct" for code in DOCUMENTS} | {f"{code}-advice": "" for code in DOCUMENTS}
    typed |= {"mission_fit-choice": "fits", "mission_fit-advice": "", "advice": "เอกสารครบถ้วน", "version": "0"}
    return typed | changes


def address(proposal, deed=""):
    return f"/screening/{proposal.id}{deed}"
