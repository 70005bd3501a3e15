"""Duplicates of organizations as a browser sees them: found, told apart, merged in two steps (spec: fund.md 3, H4)."""

from __future__ import annotations

import pytest

from models.fund.members import edit_organization
from models.fund.organization import DIRECTOR, Organization, OrganizationPerson
from tests.factories.core import make_account
from tests.factories.fund import make_manager, make_member, make_organization, make_proposal

URL = "/organizations/duplicates/merge"


@pytest.fixture
def pair(session):
    kept = make_organization("มูลนิธิจักจั่นร้องเพลง", phone="053111222")
    twin = make_organization("มูลนิธิจักจั่น ร้องเพลง", phone="053999888", registered_year=2551)
    for organization, name in ((kept, "สมชาย"), (twin, "สมหญิง")):
        organization.people.append(OrganizationPerson(role=DIRECTOR, title="", first_name=name, last_name="ใจดี"))
    make_manager(kept)
    make_member(kept)
    session.commit()
    return kept, twin


@pytest.fixture
def boss(client, sign_in, session):
    account = make_account("super_user")
    session.commit()
    sign_in(client, account)
    return account


def form(kept, twin, **changes):
    keep = dict.fromkeys(
        [f"take_{part}" for part in ("name", "sector", "address", "email", "location", "chair", "officers")], "one"
    )
    return {
        "step": "merge",
        "keep": "one",
        "version_one": kept.version,
        "version_other": twin.version,
        "reason": "โทรศัพท์ถามทั้งสองแห่งแล้ว",
        "take_phone": "other",
        "take_registered_year": "one",
        "take_directors": "both",
        "take_objectives": "both",
        **keep,
        **changes,
    }


def post(client, pair, **changes):
    return client.post(f"{URL}?one={pair[0].id}&other={pair[1].id}", data=form(*pair, **changes))


def test_staff_see_the_likely_pairs_but_only_who_may_merge_gets_the_buttons(client, sign_in, session, pair):
    staff = make_account("staff")
    session.commit()
    sign_in(client, staff)

    text = client.get("/organizations/duplicates/").text

    assert pair[0].name in text
    assert pair[1].name in text
    assert "duplicates/merge?" not in text
    assert client.get(f"{URL}?one={pair[0].id}&other={pair[1].id}").status_code == 403


def test_a_pair_told_apart_is_gone_from_the_list(client, boss, pair):
    assert pair[1].name in client.get("/organizations/duplicates/").text

    client.post("/organizations/duplicates/apart", data={"one": pair[0].id, "other": pair[1].id})

    assert pair[1].name not in client.get("/organizations/duplicates/").text


def test_the_comparison_shows_what_differs_and_proposes_the_record_with_more_on_it(client, boss, pair):
    text = client.get(f"{URL}?one={pair[1].id}&other={pair[0].id}").text

    assert 'name="keep" value="other" checked' in text
    assert 'name="take_phone" value="other" checked' in text
    assert 'name="take_directors" value="both" checked' in text
    assert "take_address" not in text  # The same in both.
    assert "สมาชิก 2 คน" in text


def test_the_preview_shows_the_result_and_asks_for_the_reason_before_anything_happens(client, boss, session, pair):
    text = post(client, pair, step="preview", reason="").text
    assert "053-999-888" in text
    assert "สมชาย ใจดี\nสมหญิง ใจดี" in text

    assert text.count("มาจากข้อมูลที่จะสิ้นสุดลง") == 1  # the telephone, and nothing else

    refused = post(client, pair, reason=" ")

    assert refused.status_code == 422
    session.expire_all()
    assert not session.get(Organization, pair[1].id).is_deleted


def test_merging_moves_everything_and_the_old_address_leads_to_the_kept_one(client, boss, session, pair):
    kept, twin = pair
    proposal = make_proposal(author=make_member(twin), organization=twin)
    session.commit()

    response = post(client, pair)

    assert response.headers["Location"].endswith(f"/organizations/{kept.id}")
    session.expire_all()
    assert (kept.phone, kept.registered_year) == ("053999888", 2548)
    assert [person.first_name for person in kept.directors] == ["สมชาย", "สมหญิง"]
    assert proposal.organization_id == kept.id
    assert client.get(f"/organizations/{twin.id}").headers["Location"].endswith(f"/organizations/{kept.id}")
    client.get("/")  # Says once what was done.
    assert twin.name not in client.get("/organizations/").text


def test_only_who_may_see_the_kept_one_is_led_there(new_client, sign_in, client, boss, session, pair):
    post(client, pair)
    stranger, insider = make_manager(), make_member(pair[0])
    session.commit()

    answers = []
    for account in (stranger, insider):
        browser = new_client()
        sign_in(browser, account)
        answers.append(browser.get(f"/organizations/{pair[1].id}").status_code)

    assert answers == [404, 302]


def test_the_other_record_can_be_the_one_that_stays(client, boss, session, pair):
    post(client, pair, keep="other", take_name="other")

    session.expire_all()
    assert pair[0].merged_into_id == pair[1].id
    assert pair[1].name == "มูลนิธิจักจั่น ร้องเพลง"
    assert pair[1].phone == "053999888"


def test_a_change_in_the_meantime_is_told_and_the_choices_stay(client, boss, session, pair):
    kept, twin = pair
    stale = form(kept, twin)
    edit_organization(twin, {"email": "new@sala.example"}, make_manager(twin), twin.version)
    session.commit()

    response = client.post(f"{URL}?one={kept.id}&other={twin.id}", data=stale)

    assert response.status_code == 409
    assert "new@sala.example" in response.text
    assert 'name="take_phone" value="other" checked' in response.text
    assert "โทรศัพท์ถามทั้งสองแห่งแล้ว" in response.text
    session.expire_all()
    assert not twin.is_deleted


def test_a_merged_record_is_not_offered_for_restoring(client, boss, session, pair):
    post(client, pair)

    session.expire_all()
    client.get("/")  # Says once what was done.
    assert pair[1].name not in client.get("/organizations/").text
    client.post(f"/organizations/{pair[1].id}/restore", data={"version": pair[1].version})
    session.expire_all()
    assert pair[1].is_deleted


@pytest.mark.parametrize("query", ["one=1x&other=2", "one=0&other=99999999999999999999", "other=5"])
def test_what_is_no_organization_is_not_found(client, boss, query):
    assert client.get(f"{URL}?{query}").status_code == 404


def test_one_and_the_same_is_told(client, boss, pair):
    assert "องค์กรเดียวกัน" in client.get(f"{URL}?one={pair[0].id}&other={pair[0].id}").text


def test_without_a_pair_one_is_asked_for_both_and_with_one_for_the_other(client, boss, pair):
    assert client.get(URL).status_code == 200
    assert f'value="{pair[0].id}" selected' in client.get(f"{URL}?one={pair[0].id}").text
