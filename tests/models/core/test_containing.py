"""What "contains" finds is what holds the phrase, however the database is asked for it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.core import containing
from models.core.containing import Sample, contains, threes
from models.core.db import db
from models.core.thai.text import search_term
from models.fund.organization import Organization
from tests.conftest import ON_POSTGRES
from tests.factories.fund import make_organization

WORDS = ("เบเกอรี่ฝีมือเรา", "จังหวัดระยอง", "จังหวัดตาก", "รุ่นที่ ๕", "รุ่นที่ 15", "50%", "ก_ข", "Sala", "น้ำ", "/", "ๆ", "*")
NAMES = [f"{one} {other}" for one in WORDS for other in WORDS if one != other]
PIECES = st.sampled_from(sorted({name[i:j] for name in NAMES for i in range(0, len(name), 3) for j in (i + 1, i + 6)}))
TYPED = st.one_of(
    st.builds(
        lambda name, start, length: name[start : start + length], st.sampled_from(NAMES), *[st.integers(0, 30)] * 2
    ),
    st.lists(PIECES, max_size=4).map("".join),
    st.text(max_size=8).filter(lambda text: "\0" not in text),
)


@pytest.fixture
def names(session):
    """Names that are searched with what a sample says, few as they are."""
    for name in NAMES:
        make_organization(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(containing, "SAMPLE", 10_000)
        patch.setattr(containing, "ENOUGH", 10)
        patch.setattr(containing, "_samples", type(containing._samples)())
        yield dict(session.execute(select(Organization.id, Organization.name_search)).all())


@given(typed=TYPED)
@example(typed="เบเกอรี่ฝีมือเรา จังหวัดระยอง")
@example(typed="จังหวัดระยอง เบเกอรี่ฝีมือเรา จังหวัด")
@example(typed="ระยอง รุ่นที่ 5")
@example(typed="%")
@example(typed="ก_")
@example(typed="0% /")
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_found_holds_what_was_typed_and_nothing_else_does(names, typed):
    found = set(db.session.scalars(select(Organization.id).where(contains(Organization.name_search, typed))))

    term = search_term(typed)
    holds = str.__contains__ if len(term) >= 3 else str.startswith
    assert found == {key for key, name in names.items() if holds(name, term)}


def test_a_phrase_that_few_have_is_found_by_its_rarest_letters():
    texts = [f"โครงการพัฒนา จังหวัดตาก รุ่นที่ {n}" for n in range(990)] + ["โครงการเบเกอรี่ จังหวัดระยอง รุ่นที่ 1"] * 10

    rarest = Sample(texts, 1_000_000).rarest("เบเกอรี่ จังหวัดระยอง รุ่นที่ 7")

    assert rarest
    assert {three for _place, three in threes("โครงการ จังหวัด รุ่นที่")}.isdisjoint(rarest)


@pytest.mark.parametrize(("rows", "groups"), [(1_000, 2), (1_000_000, 1)])
def test_of_a_phrase_that_many_of_many_rows_have_one_group_of_letters_is_named(rows, groups):
    texts = ["โครงการพัฒนา จังหวัดตาก"] * 980 + ["โครงการเบเกอรี่ จังหวัดระยอง"] * 20

    assert len(Sample(texts, rows).rarest("เบเกอรี่ จังหวัด")) == groups


@pytest.mark.parametrize(
    ("texts", "phrase"),
    [
        (["โครงการพัฒนา จังหวัดตาก"] * 20, "จังหวัดระยอง"),  # too few to tell
        (["โครงการพัฒนา จังหวัดตาก"] * 1_000, "จังหวัด โครงการ"),  # nothing rare in it
    ],
)
def test_where_no_letters_are_known_to_be_rare_the_whole_phrase_is_asked_for(texts, phrase):
    assert Sample(texts, 1_000_000).rarest(phrase) == ()


def test_letters_in_a_row_are_what_a_word_is_made_of():
    assert threes("ที่ 50% ab1") == [(0, "ที่"), (8, "ab1")]
    assert threes("% - /") == []


def test_the_index_is_asked_for_the_rarest_letters_on_postgresql_alone(names):
    condition = contains(Organization.name_search, "เบเกอรี่ฝีมือเรา จังหวัดระยอง รุ่นที่ 99")

    asked = str(condition.compile(db.engine)).count("LIKE")

    assert (1 < asked <= containing.MOST) if ON_POSTGRES else asked == 1
    assert ("strpos" in str(condition)) == ON_POSTGRES
