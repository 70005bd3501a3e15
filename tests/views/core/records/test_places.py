"""What belongs to a record stands in its order and is counted from one; pickers tell records of one name apart."""

import re

import pytest
from sqlalchemy import insert

from models.core.db import db
from models.core.entity import entity_named
from models.fund.codes import State
from models.fund.revision import Step
from models.fund.scoring.versions import ensure_reference
from tests.factories.fund import make_organization, make_proposal


@pytest.fixture
def proposal(session):
    made = make_proposal(State.SCREENING, title="สื่อภาษามือ", organization=make_organization("มูลนิธิกอไก่"))
    session.commit()
    return made


def cells(page, column):
    """The texts of one column of the tables of a page."""
    return [
        re.sub(r"<[^>]*>", "", text).strip()
        for text in re.findall(rf'<td data-l="{column}"[^>]*>(.*?)</td>', page, re.S)
    ]


def test_steps_stand_in_their_order_and_are_counted_from_one(session, office, proposal):
    revision = proposal.submitted_revision_id
    rows = [{"revision_id": revision, "position": place, "name": f"ขั้น {place}"} for place in (9, 7, 8)]
    db.session.execute(insert(Step), rows)  # past the guard of what was submitted
    session.commit()

    shown = cells(office.get(f"/records/revision/show/{revision}").text, "ลำดับที่")
    listed = cells(office.get(f"/records/step/?f-revision_id={revision}").text, "ลำดับที่")
    with office.get(f"/records/step/export.csv?f-revision_id={revision}&all=1") as answer:
        file = answer.data.decode("utf-8-sig")

    assert [text for text in shown if text in ("8", "9", "10")] == ["8", "9", "10"]
    assert listed[-3:] == ["8", "9", "10"]
    assert file.index("ขั้น 7") < file.index("ขั้น 8") < file.index("ขั้น 9")


def test_topics_of_a_scoring_form_stand_by_their_number(session, browser):
    form = ensure_reference()
    topics = entity_named("topic")

    assert [
        topic.number
        for topic in db.session.scalars(
            topics.in_place.sorted(db.select(topics.model).where(topics.model.form_id == form.id))
        )
    ] == list(range(1, 12))


def test_a_proposal_is_picked_by_its_number_and_organization(session, office, proposal):
    found = office.get("/records/revision/pick/proposal_id?q=ภาษามือ").json["results"]

    assert found == [{"value": str(proposal.id), "text": f"{proposal.number} สื่อภาษามือ", "note": "มูลนิธิกอไก่"}]
