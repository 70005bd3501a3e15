"""What may be declared."""

from dataclasses import replace

import pytest

from models.core.entity import Deeds, declare, entity_named


def test_two_kinds_of_records_have_two_names():
    with pytest.raises(ValueError, match="Two entities"):
        declare(replace(entity_named("organization"), name="proposal"))


@pytest.mark.parametrize("deed", ["change", "delete"])
def test_a_record_with_a_workflow_is_changed_by_its_moves_alone(deed):
    session = entity_named("evaluation_session")
    without = replace(session, deeds=replace(session.deeds, **{deed: None}))

    with pytest.raises(ValueError, match="perform a move"):
        declare(without)
    assert isinstance(session.deeds, Deeds)
    assert entity_named("evaluation_session") is declare(session)
