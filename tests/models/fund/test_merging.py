"""Duplicates of an organization are found, and merged without losing anything."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.core import draft
from models.core.audit import history_of
from models.core.db import Model, StaleVersion
from models.core.outbox import Notification
from models.core.thai.citizen import sample_citizen_id
from models.core.thai.likeness import likeness
from models.core.workflow import Refused
from models.fund.codes import COMMITTEE
from models.fund.duplicates import Entry, duplicates, likely_pairs, tell_apart
from models.fund.members import join_organization, restore_organization
from models.fund.membership import managers_of, membership_of
from models.fund.merging import BOTH, DUPLICATE, belongings, differing, merge_organizations
from models.fund.organization import (
    DIRECTOR,
    Organization,
    OrganizationObjective,
    OrganizationPerson,
    alike,
)
from models.fund.session import CommitteeAffiliation
from tests.factories.core import make_account
from tests.factories.fund import make_manager, make_member, make_organization, make_proposal


def refusal_of(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.refusal.code


def merge(kept, duplicate, by=None, **take):
    return merge_organizations(
        kept, duplicate, by or make_account("super_user"), (kept.version, duplicate.version), "ลงทะเบียนซ้ำ", take
    )


# --- found -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("มูลนิธิแสงเทียนเพื่อการเรียนรู้", "มูลนิธิ แสงเทียน เพื่อการเรียนรู้"),
        ("โรงเรียนวัดป่าสักอนุสรณ์", "รร.วัดป่าสักอนุสรณ์"),
        ("โรงเรียนราชประชานุเคราะห์ ๓๑", "โรงเรียนราชประชานุเคราะห์ 31"),
        ("สมาคมผู้ปกครองคนพิการลุ่มน้ำปิง", "สมาคมผู้ปกครองคนพิการลุมนำ้ปิง"),
        ("มูลนิธิเพื่อนเรียนรู้ภาคเหนือ", "มูลนิธิเพื่อนเรียนรู้ภาคเหนือ (มพน.)"),
    ],
)
def test_one_name_written_in_two_ways_is_like_itself(one, other):
    assert likeness(one, other) >= 0.7


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("โรงเรียนราชประชานุเคราะห์ 31", "โรงเรียนราชประชานุเคราะห์ 32"),
        ("โรงเรียนบ้านหนองบัว", "โรงเรียนบ้านดอนตะแบก"),
        ("ศูนย์การศึกษาพิเศษ เขตการศึกษา 8", "ศูนย์การศึกษาพิเศษริมโขง"),
    ],
)
def test_names_of_one_kind_are_not_alike_for_that(one, other):
    assert likeness(one, other) < 0.7


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_the_same_both_ways_and_whole_for_oneself(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, one) in (0, 1)


NAMES = st.sampled_from(
    ["มูลนิธิแสงเทียน", "มูลนิธิ แสงเทียน", "มูลนิธิแสงเทียนทอง", "สมาคมแสงเทียน", "โรงเรียนวัดใหม่", "โรงเรียนวัดใหม่ 2"]
)


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, st.sampled_from(["10", "50", ""]), st.sampled_from(["", "053111222"])), max_size=9))
def test_the_quick_way_finds_every_pair_that_comparing_all_finds(rows):
    entries = [Entry(number, name, place, phone, "", "") for number, (name, place, phone) in enumerate(rows)]

    expected = {
        (a.id, b.id)
        for a in entries
        for b in entries
        if a.id < b.id
        and (a.province_code == b.province_code or not a.province_code or not b.province_code)
        and likeness(a.name, b.name) >= (0.45 if a.phone and a.phone == b.phone else 0.7)
    }
    assert {(pair.one, pair.other) for pair in likely_pairs(entries)} == expected


def test_a_pair_that_was_told_apart_is_not_shown_again(session):
    one, other = make_organization("มูลนิธิหิ่งห้อยกลางกรุง"), make_organization("มูลนิธิหิ่งห้อย กลางกรุง")
    mine = {one.id, other.id}

    assert mine in [{pair.one, pair.other} for pair in duplicates()]
    assert refusal_of(tell_apart, one, other, make_account("staff")) == "not_permitted"
    tell_apart(other, one, make_account("super_user"))
    tell_apart(one, other, make_account("super_user"))
    assert mine not in [{pair.one, pair.other} for pair in duplicates()]


def test_the_same_name_in_another_province_is_another_organization(session):
    one = make_organization("โรงเรียนวัดหิ่งห้อย", province_code="50")
    other = make_organization("โรงเรียนวัดหิ่งห้อย", province_code="51")

    assert {one.id, other.id} not in [{pair.one, pair.other} for pair in duplicates()]


# --- merged ----------------------------------------------------------------------------------------------------------


def test_only_who_holds_the_permission_merges_two_different_ones_with_a_reason(session):
    kept, duplicate, super_user = make_organization(), make_organization(), make_account("super_user")
    versions = (kept.version, duplicate.version)

    assert refusal_of(merge, kept, duplicate, make_account("staff")) == "not_permitted"
    assert refusal_of(merge, kept, kept) == "same_organization"
    assert refusal_of(merge_organizations, kept, duplicate, super_user, versions, "  ") == "merge_reason_needed"
    merge(kept, duplicate, super_user)
    assert refusal_of(merge, kept, duplicate) == "organization_deleted"


@pytest.mark.parametrize("stale", [0, 1])
def test_a_change_of_either_since_the_preview_is_told(session, stale):
    both = make_organization(), make_organization()
    versions = [record.version for record in both]
    versions[stale] -= 1

    with pytest.raises(StaleVersion):
        merge_organizations(*both, make_account("super_user"), tuple(versions), "ซ้ำ")


def test_proposals_with_their_drafts_go_over_and_stay_with_their_authors(session):
    sent, written = make_proposal("screening"), None
    duplicate = sent.organization
    author = make_member(duplicate)
    written = make_proposal(author=author, organization=duplicate)
    kept, before = make_organization("ชื่อที่ถูกต้อง"), sent.version

    moved = merge(kept, duplicate)
    session.commit()

    assert (moved.proposals, moved.drafts) == (1, 1)
    for proposal in (sent, written):
        assert (proposal.organization, proposal.organization_sort) == (kept, kept.name_sort)
        assert proposal.within(proposal.author, "proposal.view")
    assert sent.version > before
    assert written.within(author, "proposal.edit")
    entry = history_of(kept)[0]
    assert entry.action == "fund_organization.merge"
    assert entry.payload["notes"][0]["proposals"] == [sent.id, written.id]
    assert history_of(duplicate)[0].action == "fund_organization.merged_away"


def test_members_keep_their_roles_and_several_managers_stay_managers(session):
    kept, duplicate = make_organization(), make_organization()
    mine, theirs = make_manager(kept), make_manager(duplicate)
    member, gone = make_member(duplicate), make_member(duplicate)
    membership = membership_of(gone)
    membership.perform("leave", gone, membership.version)

    moved = merge(kept, duplicate)

    assert {person.id for person in managers_of(kept.id)} == {mine.id, theirs.id}
    assert kept.has_member(member)
    assert not kept.has_member(gone)
    assert membership.organization is kept
    assert (moved.members, moved.managers, moved.former_members) == (2, 1, 1)
    told = session.query(Notification).filter_by(event="organization_merged").all()
    assert {line.user_id for line in told} == {mine.id, theirs.id, member.id}


def test_an_affiliation_with_both_is_one_with_the_kept(session):
    kept, duplicate = make_organization(), make_organization()
    double, single = make_account(COMMITTEE), make_account(COMMITTEE)
    for person, organization in ((double, kept), (double, duplicate), (single, duplicate)):
        session.add(CommitteeAffiliation(user=person, organization=organization))
    session.flush()

    merge(kept, duplicate)

    rows = session.query(CommitteeAffiliation).filter(CommitteeAffiliation.user_id.in_((double.id, single.id)))
    assert sorted((row.user_id, row.organization_id) for row in rows) == [(double.id, kept.id), (single.id, kept.id)]


def test_each_part_is_taken_from_where_it_was_chosen(session):
    kept = make_organization("ชื่อเดิม", phone="053111222", latitude=18.7, longitude=98.9)
    duplicate = make_organization("ชื่อใหม่", phone="053999888", latitude=13.7, longitude=100.5, province_code="10")
    proposal = make_proposal(organization=kept, author=make_member(kept))

    assert differing(kept, duplicate) == ["name", "address", "phone", "location"]
    merge(kept, duplicate, name=DUPLICATE, location=DUPLICATE)
    session.commit()

    assert (kept.name, kept.phone, kept.latitude, kept.province_code) == ("ชื่อใหม่", "053111222", 13.7, "50")
    session.refresh(proposal)
    assert proposal.organization_sort == kept.name_sort


def test_people_and_objectives_of_both_are_put_together_without_repeats(session):
    kept, duplicate = make_organization(), make_organization()
    number = sample_citizen_id(4711)
    kept.people.append(OrganizationPerson(role=DIRECTOR, title="นาย", first_name="สมชาย", last_name="ใจดี"))
    for first, last, citizen in (("สมชาย", "ใจดี", number), ("สมหญิง", "ใจงาม", "")):
        duplicate.people.append(
            OrganizationPerson(role=DIRECTOR, title="", first_name=first, last_name=last, citizen_id=citizen)
        )
    kept.objectives.append(OrganizationObjective(text="ส่งเสริมการศึกษา"))
    for text in ("ส่งเสริมการศึกษา", "ผลิตสื่อ"):
        duplicate.objectives.append(OrganizationObjective(text=text))
    session.flush()

    merge(kept, duplicate, directors=BOTH, objectives=BOTH)

    assert [(p.first_name, p.citizen_id) for p in kept.directors] == [("สมชาย", number), ("สมหญิง", "")]
    assert [objective.text for objective in kept.objectives] == ["ส่งเสริมการศึกษา", "ผลิตสื่อ"]
    assert len(duplicate.directors) == 2  # The deleted record stays readable as it was.


def test_what_was_being_typed_for_the_duplicate_comes_back_as_a_stale_form_of_the_kept(session):
    kept, duplicate = make_organization(), make_organization()
    manager = make_manager(duplicate)
    draft.keep(manager.id, "organization", str(duplicate.id), "", 1, {"name": "พิมพ์ค้างไว้"})

    merge(kept, duplicate)

    found = draft.kept(manager.id, "organization", str(kept.id), "")
    assert found is not None
    assert (found.content["name"], found.base_version) == ("พิมพ์ค้างไว้", 0)


def test_the_kept_one_is_found_by_the_name_of_the_duplicate_and_of_those_before_it(session):
    first, second, third = (make_organization(name) for name in ("สำนักหิ่งห้อย", "สำนักจักจั่น", "สำนักตั๊กแตน"))
    merge(second, first)
    merge(third, second)

    assert first.merged_into_id == second.merged_into_id == third.id
    assert alike("สำนักหิ่งห้อย") == alike("จักจั่น") == [third]


def test_a_merged_duplicate_is_neither_restored_nor_joined(session):
    kept, duplicate, super_user = make_organization(), make_organization(), make_account("super_user")
    merge(kept, duplicate, super_user)

    assert refusal_of(restore_organization, duplicate, super_user, duplicate.version) == "was_merged"
    assert refusal_of(join_organization, duplicate, make_account("project_manager")) == "organization_deleted"


def test_whatever_points_to_an_organization_is_thought_of_here(session):
    """A new table that names organizations must say what a merge does with its rows: see merge_organizations."""
    pointing = {
        key.parent.table.name
        for table in Model.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is Organization.__table__
    }

    assert pointing == {
        "fund_organization",  # merged_into_id
        "fund_organization_person",  # chosen
        "fund_organization_objective",  # chosen
        "fund_organization_distinct",  # says nothing about the kept one
        "fund_membership",
        "fund_proposal",
        "fund_committee_affiliation",
    }


def test_what_would_move_is_counted_before(session):
    manager = make_manager()
    organization = membership_of(manager).organization
    make_proposal(author=manager, organization=organization)

    found = belongings(organization)

    assert (found.members, found.managers, found.drafts, found.proposals) == (1, 1, 1, 0)
