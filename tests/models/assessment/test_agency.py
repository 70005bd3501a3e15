"""What agencies outside ask for: entered, edited, deleted and brought back by their province, or said to be none."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.assessment.agency import (
    DETAILS,
    Details,
    add,
    asked_before,
    askers_before,
    bring_back,
    change,
    confirm_none,
    merged_details,
    remove,
    sheet_of,
    withdraw_none,
)
from models.assessment.codes import NATIONAL, PRIVATE, STATE, RoundState
from models.assessment.outside import NoneOutside, OutsideAgency, OutsideLine, agencies_in, none_outside
from models.assessment.round import Unlock
from models.core.audit import AuditEntry
from models.core.clock import frozen_at, now
from models.core.db import StaleVersion, db
from models.core.entity.values import WrongValues
from models.core.workflow import Refused
from tests.factories.assessment import make_branches, make_committee, make_round, make_school
from tests.factories.core import make_account

PVC = "pvc2562"
ARMY = Details("โรงเรียนช่างฝีมือทหาร", STATE, "กองบัญชาการกองทัพไทย", "10")
FACTORY = Details("ศูนย์ฝึกอบรมสยามยานยนต์", PRIVATE, "", "20")


@pytest.fixture
def place(session):
    """An open round, a committee, and three branches of one curriculum."""
    return make_round(), make_committee(), [one.id for one in make_branches(3, PVC)]


def added(place, details=ARMY, counts=None, by=None, curriculum=PVC):
    this, committee, branches = place
    return add(by or committee.account, this, committee, curriculum, details, counts or {branches[0]: 12})


def changed(place, agency, details=ARMY, counts=None, opened=None):
    _this, committee, branches = place
    return change(committee.account, agency, details, counts or {branches[0]: 12}, opened or sheet_of(agency))


def here(this):
    return [row.name for row in db.session.scalars(agencies_in(this.id))]


def test_an_agency_is_entered_with_its_numbers_and_their_sum(place):
    _this, committee, (first, second, _third) = place

    made = added(place, counts={first: 12, second: 30})

    sheet = sheet_of(made)
    assert (sheet.details, sheet.counts) == (ARMY, {first: 12, second: 30})
    assert (made.students, made.saved_by) == (42, committee.account_id)


def test_a_name_is_stored_as_every_name_is(place):
    made = added(place, replace(ARMY, name="  โรงเรียนช่างฝีมือทหาร\u200b  (กรุงเทพ) "))

    assert made.name == "โรงเรียนช่างฝีมือทหาร (กรุงเทพ)"


@pytest.mark.parametrize(
    ("details", "field", "code"),
    [
        (replace(ARMY, name=" "), "name", "needed"),
        (replace(ARMY, name="ก" * 301), "name", "too_long"),
        (replace(ARMY, sector=""), "sector", "needed"),
        (replace(ARMY, sector="army"), "sector", "not_a_choice"),
        (replace(ARMY, parent=""), "parent", "needed"),
        (replace(ARMY, parent="ก" * 301), "parent", "too_long"),
        (replace(ARMY, province_code=""), "province_code", "needed"),
        (replace(ARMY, province_code="99"), "province_code", "not_a_choice"),
    ],
)
def test_what_is_missing_or_cannot_be_is_told_at_its_field(place, details, field, code):
    with pytest.raises(WrongValues) as told:
        added(place, details)

    assert {name: error.code for name, error in told.value.errors.items()} == {field: code}
    assert here(place[0]) == []


def test_a_private_agency_may_belong_to_none(place):
    assert added(place, FACTORY).parent == ""


def test_an_agency_without_students_asks_for_nothing(place):
    this, committee, _branches = place

    with pytest.raises(Refused, match="nothing_asked"):
        add(committee.account, this, committee, PVC, ARMY, {})

    made = added(place)
    with pytest.raises(Refused, match="nothing_asked"):
        change(committee.account, made, ARMY, {}, sheet_of(made))


def test_a_branch_of_another_curriculum_does_not_come_in(place):
    (other,) = make_branches(1, "pvs2563")

    with pytest.raises(Refused, match="no_such_branch"):
        added(place, counts={other.id: 3})


def test_an_agency_is_entered_once_in_a_curriculum_and_again_in_another(place):
    (other,) = make_branches(1, "pvs2563")
    added(place)

    with pytest.raises(Refused, match="agency_is_there"):
        added(place, replace(ARMY, name="โรงเรียน ช่างฝีมือทหาร"))

    added(place, counts={other.id: 3}, curriculum="pvs2563")
    added(place, replace(ARMY, province_code="20"))
    assert len(here(place[0])) == 3


def test_an_agency_is_not_renamed_to_another_that_is_there(place):
    added(place)
    factory = added(place, FACTORY)

    with pytest.raises(Refused, match="agency_is_there"):
        changed(place, factory, ARMY)


def test_name_and_numbers_are_edited_and_the_log_says_from_what_to_what(place):
    _this, _committee, (first, second, _third) = place
    made = added(place)
    db.session.commit()

    found = changed(place, made, replace(ARMY, name="โรงเรียนนายสิบ"), {first: 15, second: 4})
    db.session.commit()

    assert found.changed
    assert (made.name, made.students) == ("โรงเรียนนายสิบ", 19)
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert entry.action == "assessment_outside.change"
    assert entry.payload["changes"][0]["fields"]["name"] == [ARMY.name, "โรงเรียนนายสิบ"]
    assert sorted(map(str, entry.payload["notes"][0]["counts"].values())) == ["[12, 15]", "[None, 4]"]


def test_saving_what_is_there_already_changes_nothing(place):
    made = added(place)
    before = made.version

    assert not changed(place, made).changed
    assert made.version == before


def test_a_save_that_moves_students_from_one_branch_to_another_is_seen_by_the_next_one(place):
    _this, _committee, (first, second, _third) = place
    made = added(place, counts={first: 5})
    opened = sheet_of(made)
    changed(place, made, counts={second: 5}, opened=opened)

    later = changed(place, made, counts={first: 6}, opened=opened)

    assert [(one.branch, one.mine, one.theirs) for one in later.clashes] == [(first, 6, 0)]


def test_two_people_keep_what_each_of_them_typed(place):
    _this, _committee, (first, second, _third) = place
    made = added(place, counts={first: 10})
    both = sheet_of(made)

    changed(place, made, replace(ARMY, parent="กระทรวงกลาโหม"), {first: 10, second: 3}, both)
    later = changed(place, made, replace(ARMY, province_code="11"), {first: 11}, both)

    assert later.changed
    assert sheet_of(made).details == replace(ARMY, parent="กระทรวงกลาโหม", province_code="11")
    assert sheet_of(made).counts == {first: 11, second: 3}
    assert (later.taken, later.taken_fields) == ({second: 3}, ("parent",))


def test_what_two_people_changed_differently_is_shown_to_the_later_one_and_stays(place):
    _this, _committee, (first, _second, _third) = place
    made = added(place, counts={first: 10})
    both = sheet_of(made)
    changed(place, made, replace(ARMY, name="ชื่อของคนแรก"), {first: 12}, both)

    later = changed(place, made, replace(ARMY, name="ชื่อของคนหลัง"), {first: 15}, both)

    assert not later.changed
    assert [(one.field, one.mine, one.theirs) for one in later.differences] == [("name", "ชื่อของคนหลัง", "ชื่อของคนแรก")]
    assert [(one.mine, one.theirs) for one in later.clashes] == [(15, 12)]
    assert sheet_of(made).details.name == "ชื่อของคนแรก"


def test_two_who_each_took_another_branch_away_are_told_that_nothing_is_left(place):
    _this, _committee, (first, second, _third) = place
    made = added(place, counts={first: 1, second: 2})
    both = sheet_of(made)
    changed(place, made, counts={first: 1}, opened=both)

    with pytest.raises(Refused, match="nothing_asked"):
        changed(place, made, counts={second: 2}, opened=both)


sheets = st.builds(Details, *[st.sampled_from(["ก", "ข", "ค"])] * 4)


@given(before=sheets, mine=sheets, theirs=sheets)
def test_details_of_two_people_lose_nothing_that_one_of_them_alone_changed(before, mine, theirs):
    found, differences = merged_details(before, mine, theirs)

    differing = {one.field for one in differences}
    for name in DETAILS:
        was, own, other, now_there = (getattr(one, name) for one in (before, mine, theirs, found))
        assert (name in differing) == (len({was, own, other}) == 3)
        if own == was:
            assert now_there == other
        elif other in (was, own):
            assert now_there == own
        else:
            assert now_there == other


def test_a_deleted_row_counts_no_more_and_comes_back_whole(place):
    this, committee, (first, *_rest) = place
    made = added(place)

    remove(committee.account, made, made.version)
    assert here(this) == []

    bring_back(committee.account, made)
    assert here(this) == [ARMY.name]
    assert sheet_of(made).counts == {first: 12}


def test_a_row_that_somebody_changed_is_not_deleted_from_an_old_page(place):
    this, committee, (first, *_rest) = place
    made = added(place)
    old = made.version
    changed(place, made, counts={first: 13})

    with pytest.raises(StaleVersion):
        remove(committee.account, made, old)

    assert here(this) == [ARMY.name]


def test_who_edits_a_row_that_was_deleted_is_told(place):
    _this, committee, _branches = place
    made = added(place)
    opened = sheet_of(made)
    remove(committee.account, made, made.version)

    with pytest.raises(Refused, match="agency_deleted"):
        changed(place, made, opened=opened)


def test_a_row_does_not_come_back_beside_a_new_one_of_the_same_name(place):
    this, committee, _branches = place
    made = added(place)
    remove(committee.account, made, made.version)
    added(place)

    with pytest.raises(Refused, match="agency_is_there"):
        bring_back(committee.account, made)

    assert here(this) == [ARMY.name]


def test_none_is_confirmed_once_however_often_it_is_pressed_and_can_be_withdrawn(place):
    this, committee, _branches = place

    first, second = (confirm_none(committee.account, this, committee) for _ in range(2))
    assert first.id == second.id
    assert none_outside(this.id, committee.id).confirmed_by == committee.account_id

    withdraw_none(committee.account, this, committee)
    assert none_outside(this.id, committee.id) is None


def test_none_cannot_be_confirmed_while_rows_exist(place):
    this, committee, _branches = place
    made = added(place)

    with pytest.raises(Refused, match="outside_agencies_exist"):
        confirm_none(committee.account, this, committee)

    remove(committee.account, made, made.version)
    confirm_none(committee.account, this, committee)


def test_no_row_comes_or_comes_back_while_none_is_confirmed(place):
    this, committee, _branches = place
    made = added(place)
    remove(committee.account, made, made.version)
    confirm_none(committee.account, this, committee)

    with pytest.raises(Refused, match="none_outside_confirmed"):
        added(place, FACTORY)
    with pytest.raises(Refused, match="none_outside_confirmed"):
        bring_back(committee.account, made)

    withdraw_none(committee.account, this, committee)
    bring_back(committee.account, made)
    assert here(this) == [ARMY.name]


def test_each_committee_and_each_round_has_its_own_word(place):
    this, committee, _branches = place
    other, later = make_committee(), make_round(RoundState.LOCKED, year=2568)
    confirm_none(committee.account, this, committee)

    assert none_outside(this.id, other.id) is None
    assert none_outside(later.id, committee.id) is None
    added((this, other, place[2]))


def test_a_closed_round_takes_and_gives_nothing_but_from_whom_it_was_unlocked_for(place):
    this, committee, (first, *_rest) = place
    made, gone = added(place), added(place, FACTORY)
    opened = sheet_of(made)
    remove(committee.account, gone, gone.version)
    deeds = [
        lambda: added(place, replace(FACTORY, name="ศูนย์ฝึกอื่น")),
        lambda: changed(place, made, counts={first: 13}, opened=opened),
        lambda: bring_back(committee.account, gone),
        lambda: remove(committee.account, made, made.version),
        lambda: confirm_none(committee.account, this, committee),
        lambda: withdraw_none(committee.account, this, committee),
    ]
    later = now() + timedelta(days=8)

    with frozen_at(later):
        for deed in deeds:
            with pytest.raises(Refused, match="round_is_over"):
                deed()
        until, reason = later + timedelta(days=1), "หน่วยงานแจ้งช้า"
        by = make_account().id
        db.session.add(Unlock(round_id=this.id, school_id=committee.id, until=until, reason=reason, given_by=by))
        db.session.flush()
        for deed in deeds[:4]:
            deed()

    assert {row.name for row in db.session.scalars(agencies_in(this.id))} == {"ศูนย์ฝึกอื่น", FACTORY.name}


def test_only_the_committee_itself_enters_confirms_and_withdraws(place):
    this, committee, _branches = place
    made = added(place)
    school = make_school(under=committee)
    others = (school.account, make_committee().account, make_account(NATIONAL), make_account("staff"))

    for other in others:
        for deed in (
            lambda other=other: added(place, FACTORY, by=other),
            lambda other=other: change(other, made, ARMY, {place[2][0]: 13}, sheet_of(made)),
            lambda other=other: remove(other, made, made.version),
            lambda other=other: bring_back(other, made),
            lambda other=other: confirm_none(other, this, committee),
            lambda other=other: withdraw_none(other, this, committee),
        ):
            with pytest.raises(Refused, match="not_permitted"):
                deed()


def test_a_school_that_is_no_committee_has_no_agencies_even_for_its_province(place):
    this, committee, branches = place
    school = make_school(under=committee)

    with pytest.raises(Refused, match="not_permitted"):
        add(committee.account, this, school, PVC, ARMY, {branches[0]: 3})


def test_a_committee_sees_its_own_agencies_the_office_all_and_schools_none(place):
    _this, committee, _branches = place
    other = make_committee()
    mine, theirs = added(place), added((place[0], other, place[2]))
    school = make_school(under=committee)

    def seen(account):
        rows = OutsideAgency.visible_to(account, "outside.view")
        return {row.id for row in db.session.scalars(rows)} & {mine.id, theirs.id}

    assert seen(committee.account) == {mine.id}
    assert seen(make_account(NATIONAL)) == {mine.id, theirs.id}
    assert seen(school.account) == set()
    assert seen(make_account("staff")) == set()


def test_who_asked_last_year_is_offered_until_it_is_entered(place):
    last, committee, (first, *_rest) = place
    for who, details in ((committee, FACTORY), (committee, ARMY), (make_committee(), replace(ARMY, name="ของที่อื่น"))):
        added((last, who, place[2]), details, {first: 7})
    last.state = RoundState.LOCKED
    db.session.flush()
    this = make_round(year=2570)
    place = (this, committee, place[2])

    def offered():
        return [row.name for row in askers_before(last, this, committee)]

    assert offered() == [ARMY.name, FACTORY.name]

    made = added(place)
    assert offered() == [FACTORY.name]
    assert asked_before(last, committee, made) == {first: 7}

    remove(committee.account, made, made.version)
    assert offered() == [ARMY.name, FACTORY.name]

    (high,) = make_branches(1, "pvs2563")
    elsewhere = added(place, counts={high.id: 3}, curriculum="pvs2563")
    assert offered() == [ARMY.name, FACTORY.name]
    assert asked_before(last, committee, elsewhere) == {}


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (OutsideLine, {"students": 0}),
        (OutsideLine, {"students": 10_000}),
        (NoneOutside, {}),
        (OutsideAgency, {"curriculum": PVC, **vars(ARMY)}),
        (OutsideAgency, {"curriculum": "pvc", **vars(FACTORY)}),
    ],
)
def test_the_database_itself_takes_no_row_that_the_rules_refuse(place, table, values):
    this, committee, branches = place
    made = added(place)
    whose = {"round_id": this.id, "committee_id": committee.id}
    db.session.add(NoneOutside(**whose))
    db.session.flush()
    if table is OutsideLine:
        whose = {"agency_id": made.id, "branch_id": branches[1]}

    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(table(**whose, **values))
