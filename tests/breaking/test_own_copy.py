"""A copy of one's own data gives nothing of somebody else, whatever one typed into one's profile (spec: README.md)."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from jobs.privacy import write_zip
from models.core.job import Job
from models.core.privacy.gathering import asker_of, gather, subject_of
from models.core.registration import save_profile
from models.core.thai.citizen import sample_citizen_id
from models.fund.codes import MemberState
from models.fund.membership import Membership
from models.fund.organization import OrganizationPerson
from models.fund.wizard import save_part
from tests.factories.core import make_account
from tests.factories.fund import (
    complete_content,
    make_manager,
    make_member,
    make_organization,
    make_proposal,
    organization_of,
)

CITIZEN_ID, MOBILE, SURNAME = sample_citizen_id(8123), "0899998123", "ณ คุ้งน้ำไกล"


@pytest.fixture
def thief(session):
    """Somebody who typed another's citizen ID into the form of the first sign-in."""
    victim, thief = make_account("project_manager"), make_account("project_manager")
    save_profile(victim, {"first_name": "ก", "last_name": SURNAME, "citizen_id": CITIZEN_ID, "mobile": MOBILE}, None)
    save_profile(thief, {"first_name": "ข", "last_name": "x", "citizen_id": CITIZEN_ID, "mobile": "0811111111"}, None)
    director = OrganizationPerson(role="director", first_name="ก", last_name=SURNAME, citizen_id=CITIZEN_ID)
    organization = make_organization()
    organization.people.append(director)
    session.commit()
    return thief


def test_the_copy_that_one_takes_by_oneself_opens_nothing_by_a_citizen_id(app, session, thief, monkeypatch):
    from jobs import privacy

    written = io.BytesIO()

    def put(_key, source, _limit):
        written.write(source.read())
        return 1, "0" * 64

    monkeypatch.setattr(privacy.storage, "put", put)
    job = privacy.ask_copy(thief)
    session.commit()
    privacy.own_data(type("Task", (), {"id": job.id, "requested_by": thief.id})())

    with zipfile.ZipFile(written) as pack:
        text = "\n".join(pack.read(name).decode() for name in pack.namelist())
    assert session.get(Job, job.id).requested_by == thief.id
    assert "0811111111" in text
    assert MOBILE not in text
    assert SURNAME not in text
    assert "โดยแสดงบัตรประจำตัวประชาชน" in text


def test_not_even_the_office_s_export_brings_the_profile_of_another_account(session, thief):
    text = json.dumps(gather(subject_of(thief)), ensure_ascii=False)

    assert MOBILE not in text
    assert SURNAME in text  # as an organization's director, under the number that the office has looked at
    assert write_zip(subject_of(thief), io.BytesIO())


def test_what_others_write_in_a_proposal_after_its_author_left_is_not_in_the_authors_copy(session):
    manager = make_manager()
    author = make_member(organization_of(manager))
    proposal = make_proposal(author=author)
    session.commit()
    assert gather(asker_of(author))["fund_revision"]

    session.query(Membership).filter_by(user_id=author.id).one().state = MemberState.LEFT
    save_part(proposal, "2.1", complete_content("แก้หลังผู้ร่างออกไป")["2.1"], manager, proposal.version)
    session.commit()
    author.forget_grants()

    found = gather(asker_of(author))
    assert "fund_revision" not in found
    assert "fund_line" not in found
