"""The office's own kinds: added they can be chosen, retired they stay on the proposals that have them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from forms.fund.wizard import form_of, typed_form
from models.core import setting
from models.core.db import db
from models.core.setting import Choice
from models.fund import kinds
from models.fund.screening import begin_screening
from models.fund.settings import (
    FOR_ALL,
    HAS_AMOUNT,
    KINDS_OF_CONTRIBUTION,
    KINDS_OF_DISABILITY,
    KINDS_OF_DOCUMENT,
    NOTE_WANTED,
)
from models.fund.wizard import WrongContent, missing, save_part
from reports.fund import words
from tests.factories.fund import make_file, make_proposal


def offer(name, *added):
    """Add entries to a list and give their codes."""
    before = set(setting.open_choices(name))
    row = setting.stored(name)
    setting.change(name, [*setting.value(name), *added], row.version if row else 0)
    db.session.commit()
    return [code for code in setting.open_choices(name) if code not in before]


def retire(name, code):
    row = setting.stored(name)
    entries = [
        Choice(one.code, one.th, one.en, one.is_retired or one.code == code, one.flags) for one in setting.value(name)
    ]
    setting.change(name, entries, row.version if row else 0)
    db.session.commit()


@pytest.fixture
def draft(session):
    return make_proposal()


def save(proposal, part, **content):
    save_part(proposal, part, content, proposal.author, proposal.version)


def test_a_kind_of_disability_that_was_added_can_be_chosen_and_is_shown_by_its_name(draft):
    [rare] = offer(KINDS_OF_DISABILITY, Choice("", "โรคหายาก", "Rare disease"))

    save(draft, "2.1", disabilities=["seeing", rare])

    assert draft.current_revision.disabilities == ["seeing", rare]
    assert kinds.disability_name(rare) == "โรคหายาก"
    assert ("โรคหายาก") in [label for _code, label in form_of(draft.current_revision, "2.1").disabilities.choices]


def test_a_retired_kind_stays_where_it_was_chosen_and_is_offered_to_nobody_else(draft):
    save(draft, "2.1", disabilities=["seeing", "speech"])
    other = make_proposal()
    save(other, "2.1", disabilities=["seeing"])

    retire(KINDS_OF_DISABILITY, "speech")

    assert "speech" in dict(form_of(draft.current_revision, "2.1").disabilities.choices)
    assert "speech" not in dict(form_of(other.current_revision, "2.1").disabilities.choices)
    save(draft, "2.1", disabilities=["speech"])
    with pytest.raises(WrongContent):
        save(other, "2.1", disabilities=["seeing", "speech"])


def test_a_kind_of_participation_has_its_list_and_an_amount_where_the_office_says_so(draft):
    [gift, loan] = offer(
        KINDS_OF_CONTRIBUTION,
        Choice("", "เงินบริจาค", "Gifts", flags=frozenset({HAS_AMOUNT})),
        Choice("", "ยืมใช้", "Loans"),
    )
    row = {"text": "ร้านค้าในชุมชน", "detail": "ชมรม", "amount": Decimal(500)}

    save(draft, "3", **{f"contribution_{gift}": [row], f"contribution_{loan}": [row]})

    [given], [lent] = (draft.current_revision.lines_of(f"contribution_{kind}") for kind in (gift, loan))
    assert (given.amount, lent.amount) == (Decimal(500), None)
    form = form_of(draft.current_revision, "3")
    assert str(form[f"contribution_{gift}"].label.text) == "เงินบริจาค"
    retire(KINDS_OF_CONTRIBUTION, gift)
    assert f"contribution_{gift}" in form_of(draft.current_revision, "3")
    assert f"contribution_{gift}" not in form_of(make_proposal().current_revision, "3")


def test_a_kind_of_document_can_be_asked_of_every_proposal(draft):
    [plan] = offer(KINDS_OF_DOCUMENT, Choice("", "แผนบริหารความเสี่ยง", "Risk plan", flags=frozenset({FOR_ALL})))

    assert missing(draft.current_revision) == {"4": [plan]}
    assert form_of(draft.current_revision, "4")[plan].flags.required
    file = make_file(draft.author)
    save(draft, "4", attachments=[{"kind": plan, "file_id": file.id}])

    assert missing(draft.current_revision) == {}
    assert [item.code for item in begin_screening(draft.current_revision).items][-1] == plan
    assert words.document_name(plan) == "แผนบริหารความเสี่ยง"


def test_typing_into_a_new_kind_is_read(draft):
    [plan] = offer(KINDS_OF_DOCUMENT, Choice("", "แผน", "Plan"))
    typed = {f"{plan}-0-file_id": "f" * 32}

    form = typed_form("4", typed, draft.current_revision)

    assert form.content()["attachments"][0]["kind"] == plan


def test_the_note_on_a_difference_is_wanted_only_while_the_office_wants_it(draft):
    save(draft, "2.3", amount_asked=Decimal(1))
    assert missing(draft.current_revision) == {"2.4": ["budget_note"]}

    setting.change(NOTE_WANTED, False, 0)

    assert missing(draft.current_revision) == {}
