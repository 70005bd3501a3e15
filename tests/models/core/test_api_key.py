"""Keys for programs: who gives them, for what, and when they end."""

from datetime import timedelta

import pytest

from models.core import api_key
from models.core.api_key import ApiKey, give, key_of_token, note_use, revoke, scopes_of
from models.core.audit import AuditEntry
from models.core.clock import now
from models.core.db import db
from models.core.grants import Grant
from models.core.matrix import set_cells
from models.core.outbox import notifications_of
from models.core.workflow import Refused
from tests.factories.core import make_account

READ = ["organization:read"]


def refusal_of(deed, *given, **more):
    with pytest.raises(Refused) as refused:
        deed(*given, **more)
    return refused.value.refusal.code


def test_a_key_opens_as_its_account_and_its_token_is_nowhere_in_the_database(session):
    chief, staff = make_account("super_user"), make_account("staff")

    key, token = give(chief, staff, "แดชบอร์ดจังหวัด", READ, "ตามบันทึกข้อตกลง")
    session.commit()

    found = key_of_token(token)
    assert found is key
    assert found.account.id == staff.id
    assert token.startswith(f"{key.prefix}_")
    secret = token.removeprefix(key.prefix)
    entry = session.query(AuditEntry).filter_by(entity="core_api_key", entity_id=str(key.id)).one()
    assert secret not in str(entry.payload)
    assert key.token_hash not in str(entry.payload)
    assert secret not in str(session.execute(db.select(ApiKey.__table__)).all())


@pytest.mark.parametrize("change", ["other secret", "other prefix", "cut", "longer", ""])
def test_a_token_that_is_not_the_one_opens_nothing(session, change):
    chief = make_account("super_user")
    _key, token = give(chief, chief, "x", READ, "y")
    start, prefix, secret = token.split("_", 2)
    wrong = {
        "other secret": f"{start}_{prefix}_{secret[::-1]}",
        "other prefix": f"{start}_{prefix[::-1]}_{secret}",
        "cut": token[:-1],
        "longer": f"{token}A",
        "": "",
    }[change]

    assert key_of_token(wrong) is None
    assert key_of_token(token) is not None


def test_a_key_ends_when_it_is_revoked_when_its_day_is_over_and_when_its_account_closes(session):
    chief = make_account("super_user")
    tokens = {}
    for name in ("revoked", "expired", "closed", "alive"):
        owner = make_account("staff")
        key, tokens[name] = give(chief, owner, name, READ, "y", now() + timedelta(days=1))
        if name == "revoked":
            revoke(key, chief, "ไม่ใช้แล้ว")
        elif name == "expired":
            key.expires_at = now() - timedelta(seconds=1)
        elif name == "closed":
            owner.active = False
    session.flush()

    alive = {name for name, token in tokens.items() if key_of_token(token) is not None}

    assert alive == {"alive"}


def test_a_right_that_the_account_loses_is_lost_to_its_key_at_once(session):
    chief, staff = make_account("super_user"), make_account("staff")
    _key, token = give(chief, staff, "x", READ, "y")
    assert "staff" in key_of_token(token).account.kinds

    session.query(Grant).filter_by(user_id=staff.id).delete()
    session.flush()

    assert key_of_token(token).account.kinds == frozenset()


def test_only_who_manages_keys_gives_and_revokes_them(session):
    chief, staff = make_account("super_user"), make_account("staff")
    key, _token = give(chief, staff, "x", READ, "y")

    assert refusal_of(give, staff, staff, "x", READ, "y") == "not_permitted"
    assert refusal_of(revoke, key, staff, "y") == "not_permitted"
    assert key.revoked_at is None


def test_nobody_gives_a_key_in_the_name_of_another_super_user(session):
    chief, other = make_account("super_user"), make_account("super_user")

    assert refusal_of(give, chief, other, "x", READ, "y") == "api_key_of_super_user"
    assert give(chief, chief, "x", READ, "y")[0].account_id == chief.id


def test_a_key_gets_no_more_than_its_account_holds(session):
    chief, staff = make_account("super_user"), make_account("staff")
    set_cells({("organization.delete", "staff"): False, ("organization.edit", "staff"): False})
    set_cells({("organization.create", "staff"): False})

    beyond = refusal_of(give, chief, staff, "x", ["organization:write"], "y")

    assert beyond == "api_key_beyond"
    assert "organization:write" not in scopes_of(staff)
    assert "organization:read" in scopes_of(staff)
    assert "organization:write" in scopes_of(chief)


@pytest.mark.parametrize(
    ("name", "scopes", "reason", "days", "code"),
    [
        (" ", READ, "y", 1, "api_key_name_needed"),
        ("x", [], "y", 1, "api_key_no_scope"),
        ("x", ["nothing:read"], "y", 1, "api_key_beyond"),
        ("x", READ, " ", 1, "api_key_reason_needed"),
        ("x", READ, "y", -1, "api_key_past"),
        ("x" * 101, READ, "y", 1, "api_key_too_long"),
    ],
)
def test_a_key_needs_a_name_a_reason_something_to_do_and_a_day_to_come(session, name, scopes, reason, days, code):
    chief = make_account("super_user")

    assert refusal_of(give, chief, chief, name, scopes, reason, now() + timedelta(days=days)) == code
    assert session.query(ApiKey).count() == 0


def test_a_closed_account_gets_no_key(session):
    chief, closed = make_account("super_user"), make_account("staff")
    closed.active = False

    assert refusal_of(give, chief, closed, "x", READ, "y") == "api_key_no_account"
    assert refusal_of(give, chief, None, "x", READ, "y") == "api_key_no_account"


def test_an_account_has_so_many_keys_and_no_more(session, monkeypatch):
    monkeypatch.setattr(api_key, "MOST", 1)
    chief = make_account("super_user")
    key, _token = give(chief, chief, "x", READ, "y")

    assert refusal_of(give, chief, chief, "x", READ, "y") == "api_key_too_many"
    revoke(key, chief, "y")
    assert give(chief, chief, "x", READ, "y")


def test_a_key_is_revoked_once_and_for_a_reason(session):
    chief, other = make_account("super_user"), make_account("super_user")
    key, _token = give(chief, chief, "x", READ, "y")

    assert refusal_of(revoke, key, other, " ") == "api_key_reason_needed"
    revoke(key, other, "คอมพิวเตอร์หาย")
    assert refusal_of(revoke, key, chief, "y") == "api_key_revoked"

    assert (key.revoked_by_id, key.revoke_reason) == (other.id, "คอมพิวเตอร์หาย")


def test_whose_account_a_key_acts_as_is_told(session):
    chief, staff = make_account("super_user"), make_account("staff")

    key, _token = give(chief, staff, "x", READ, "y")
    revoke(key, chief, "z")
    give(chief, chief, "own", READ, "y")
    session.flush()

    assert {one.event for one in notifications_of(staff.id)} == {"api_key_given", "api_key_revoked"}
    assert notifications_of(chief.id) == []


def test_use_is_written_down_once_a_minute_and_not_into_the_log(session):
    chief = make_account("super_user")
    key, _token = give(chief, chief, "x", READ, "y")
    session.commit()
    before = session.query(AuditEntry).count()

    wrote = [note_use(key), session.refresh(key), note_use(key)]
    key.last_used_at = now() - timedelta(seconds=61)
    session.flush()

    assert wrote == [True, None, False]
    assert note_use(key)
    assert session.query(AuditEntry).count() == before
