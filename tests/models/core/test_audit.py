"""The audit chain: nothing is unwritten, and nobody can rewrite it unseen."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, insert, update

from models.core import audit
from models.core.audit import AuditDay, AuditEntry, AuditHead
from models.core.clock import frozen_at
from models.core.grants import grant
from models.core.identity import Account
from tests.factories.core import make_account


def entries_of(session, record):
    return audit.history_of(record)[::-1]


def test_a_change_is_written_with_who_and_from_what_to_what(session):
    clerk, person = make_account("staff"), make_account(first_name="สมชาย")
    session.commit()
    audit.act_as(clerk.id, "10.0.0.7", "request-1")

    person.first_name = "สมหมาย"
    session.commit()

    entry = entries_of(session, person)[-1]
    assert (entry.actor_id, entry.address, entry.request_id) == (clerk.id, "10.0.0.7", "request-1")
    assert entry.payload["changes"][0]["fields"]["first_name"] == ["สมชาย", "สมหมาย"]


def test_a_save_that_changes_nothing_writes_nothing(session):
    person = make_account()
    session.commit()
    before = len(entries_of(session, person))

    person.first_name = str(person.first_name)
    session.commit()

    assert len(entries_of(session, person)) == before


def test_what_is_rolled_back_is_not_written(session):
    person = make_account()
    session.commit()
    before = len(entries_of(session, person))

    person.first_name = "ไม่มี"
    session.flush()
    session.rollback()
    session.commit()

    assert len(entries_of(session, person)) == before


def test_changes_of_children_stand_in_the_history_of_their_root(session):
    person = make_account()
    session.commit()

    grant(person.id, "staff")
    session.commit()

    change = entries_of(session, person)[-1].payload["changes"][0]
    assert (change["in"], change["did"]) == ("core_grant", "create")


def test_passwords_and_citizen_ids_never_enter_the_history(session):
    person = make_account(password="ความลับของฉัน")
    person.profile.citizen_id = "1991234567891"
    session.commit()

    texts = " ".join(str(entry.payload) for entry in entries_of(session, person))

    assert "ความลับ" not in texts
    assert "pbkdf2" not in texts
    assert "1991234567891" not in texts
    assert "x-xxxx-xxxxx-89-1" in texts


def test_an_untouched_chain_verifies(session):
    for _ in range(3):
        make_account()
        session.commit()

    assert audit.verify() is None


@pytest.mark.parametrize(
    ("tamper", "why"),
    [
        (
            lambda entry: update(AuditEntry).where(AuditEntry.seq == entry.seq).values(payload={"changes": []}),
            "payload",
        ),
        (lambda entry: update(AuditEntry).where(AuditEntry.seq == entry.seq).values(actor_id=999), "changed"),
        (lambda entry: delete(AuditEntry).where(AuditEntry.seq == entry.seq), "missing"),
    ],
)
def test_tampering_in_the_database_is_found_at_its_place(session, tamper, why):
    people = [make_account() for _ in range(3)]
    for person in people:
        person.first_name = "ใหม่"
        session.commit()
    victim = entries_of(session, people[0])[-1]
    make_account()
    session.commit()

    session.execute(tamper(victim))
    broken = audit.verify()

    assert (broken.seq, broken.why) == (victim.seq, why)


def test_cutting_off_the_end_of_the_chain_is_found(session):
    person = make_account()
    session.commit()
    last = entries_of(session, person)[-1]

    session.execute(delete(AuditEntry).where(AuditEntry.seq == last.seq))

    assert audit.verify().why == "head"


def row_of(entry):
    return {column.key: getattr(entry, column.key) for column in AuditEntry.__table__.columns}


def test_an_entry_that_somebody_wrote_by_hand_is_found(session):
    person = make_account()
    session.commit()
    last = session.query(AuditEntry).order_by(AuditEntry.seq.desc()).first()
    forged = row_of(last) | {"seq": last.seq + 1, "action": "sign_in"}

    session.execute(insert(AuditEntry).values(forged))

    assert audit.verify() == audit.Broken(last.seq + 1, "changed")

    session.execute(update(AuditHead).values(seq=forged["seq"], mac=forged["mac"]))

    assert audit.verify() == audit.Broken(last.seq + 1, "changed")
    assert person.id


def test_payloads_that_changed_places_are_found(session):
    for _ in range(2):
        make_account()
        session.commit()
    later, earlier = session.query(AuditEntry).order_by(AuditEntry.seq.desc()).limit(2)
    one, other = row_of(earlier), row_of(later)

    for row, theirs in ((one, other), (other, one)):
        moved = {name: theirs[name] for name in ("payload", "salt", "digest")}
        session.execute(update(AuditEntry).where(AuditEntry.seq == row["seq"]).values(moved))

    assert audit.verify() == audit.Broken(one["seq"], "changed")


def test_a_chain_emptied_together_with_its_head_is_found_by_what_a_day_has_left(session):
    with frozen_at(datetime(2040, 3, 1, 5, tzinfo=UTC)):
        make_account()
        session.commit()
    with frozen_at(datetime(2040, 3, 2, 5, tzinfo=UTC)):
        make_account()
        session.commit()

    session.execute(delete(AuditHead))
    assert audit.verify().why == "head"

    session.execute(delete(AuditEntry))
    assert audit.verify() == audit.Broken(1, "day")


def test_entries_that_are_written_while_the_chain_is_walked_are_no_alarm(session, monkeypatch):
    make_account()
    session.commit()
    walk = audit._walk

    def walk_and_write(entries, days):
        found = walk(entries, days)
        make_account()
        session.commit()
        return found

    monkeypatch.setattr(audit, "_walk", walk_and_write)

    assert audit.verify() is None


def test_an_erased_payload_keeps_the_chain_whole(session):
    person = make_account()
    session.commit()
    entry = entries_of(session, person)[-1]

    session.execute(update(AuditEntry).where(AuditEntry.seq == entry.seq).values(payload=None))

    assert audit.verify() is None


def test_each_day_leaves_its_last_link(session):
    with frozen_at(datetime(2040, 3, 1, 5, tzinfo=UTC)):
        make_account()
        session.commit()
    with frozen_at(datetime(2040, 3, 2, 5, tzinfo=UTC)):
        make_account()
        session.commit()

    day = session.get(AuditDay, datetime(2040, 3, 1, tzinfo=UTC).date())

    assert day is not None
    assert session.get(AuditEntry, day.seq).mac == day.mac
    assert audit.verify() is None


def test_an_entry_outlives_the_account_that_it_names(session):
    person = make_account()
    session.commit()
    audit.note("sign_in", person)
    session.commit()
    key = person.id

    session.execute(delete(Account).where(Account.id == -1))

    assert any(entry.action == "sign_in" for entry in entries_of(session, session.get(Account, key)))


def test_a_clock_that_was_put_back_over_midnight_ends_each_day_once(session):
    session.commit()
    for day in (1, 2, 1, 2, 3):
        with frozen_at(datetime(2040, 3, day, 5, tzinfo=UTC)):
            audit.note("test.noted", entity="test")
            session.commit()

    of_march = session.query(AuditDay).filter(AuditDay.day >= datetime(2040, 3, 1, tzinfo=UTC).date())
    assert sorted(row.day.day for row in of_march) == [1, 2]
    assert audit.verify() is None
