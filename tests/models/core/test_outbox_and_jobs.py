"""Messages and jobs are rows: taken by one, tried again, never lost, never doubled."""

from datetime import timedelta

from models.core import job, outbox
from models.core.clock import frozen_at, now
from models.core.counter import next_number
from models.core.draft import drop, keep, kept
from tests.factories.core import make_account


def test_telling_puts_a_line_under_the_bell_and_a_mail_on_its_way(session):
    person = make_account()

    outbox.tell([person, person], "proposal_submitted", person, number="2569-0001")

    assert outbox.unread_count(person.id) == 1
    message = outbox.lease_message()
    assert (message.address, message.event) == (person.email, "proposal_submitted")
    assert outbox.lease_message() is None


def test_an_account_without_a_real_address_gets_the_bell_alone(session):
    school = make_account(email="1310016201@no-mail.invalid")

    outbox.tell([school], "proposal_submitted", school)

    assert outbox.unread_count(school.id) == 1
    assert outbox.lease_message() is None


def test_a_message_whose_sender_died_is_taken_again_after_its_lease(session):
    outbox.post("a@sala.example", "confirm_email", key="one")
    session.flush()

    first = outbox.lease_message()
    assert outbox.lease_message() is None
    with frozen_at(now() + outbox.LEASE + timedelta(seconds=1)):
        second = outbox.lease_message()

    assert first.id == second.id
    assert second.attempts == 2


def test_a_message_that_fails_waits_longer_each_time_and_is_given_to_staff_at_last(session):
    outbox.post("a@sala.example", "confirm_email", key="one")
    session.flush()
    moment = now()
    pauses = []
    while True:
        with frozen_at(moment):
            message = outbox.lease_message()
            outbox.was_not_sent(message, "refused")
            session.flush()
            if message.state == outbox.FAILED:
                break
            pauses.append(message.next_try_at - moment)
            moment = message.next_try_at

    assert pauses == sorted(pauses)
    assert len(pauses) == len(outbox.PAUSES)
    assert outbox.retry_failed() == 1
    assert outbox.lease_message() is not None


def test_the_same_key_is_posted_and_enqueued_once(session):
    assert outbox.post("a@sala.example", "x", key="k") is outbox.post("a@sala.example", "x", key="k")
    assert job.enqueue("sweep", key="k").id == job.enqueue("sweep", key="k").id


def test_a_job_whose_worker_died_is_taken_again(session):
    job.enqueue("sweep")

    first = job.lease_job()
    assert job.lease_job() is None
    with frozen_at(now() + job.LEASE + timedelta(seconds=1)):
        assert job.lease_job().id == first.id


def test_reading_marks_only_ones_own_lines(session):
    mine, theirs = make_account(), make_account()
    outbox.tell([mine, theirs], "proposal_submitted", mine)
    session.flush()
    line = outbox.notifications_of(theirs.id)[0]

    outbox.mark_read(mine.id, line.id)

    assert outbox.unread_count(theirs.id) == 1
    outbox.mark_read(theirs.id)
    assert outbox.unread_count(theirs.id) == 0


def test_numbers_run_from_one_without_gaps_per_period(session):
    assert [next_number("proposal", 2569) for _ in range(3)] == [1, 2, 3]
    assert next_number("proposal", 2570) == 1


def test_a_number_whose_transaction_is_undone_is_given_again(session):
    session.commit()
    assert next_number("proposal", 2569) == 1
    session.rollback()

    assert next_number("proposal", 2569) == 1


def test_typing_is_kept_per_user_form_record_and_part_and_dropped_when_saved(session):
    mine, theirs = make_account(), make_account()

    keep(mine.id, "fund.wizard", "7", "2.1", 3, {"title": "ร่าง"})
    keep(mine.id, "fund.wizard", "7", "2.1", 3, {"title": "ร่างใหม่"})

    assert kept(mine.id, "fund.wizard", "7", "2.1").content == {"title": "ร่างใหม่"}
    assert kept(theirs.id, "fund.wizard", "7", "2.1") is None
    assert kept(mine.id, "fund.wizard", "7", "2.2") is None
    drop(mine.id, "fund.wizard", "7", "2.1")
    assert kept(mine.id, "fund.wizard", "7", "2.1") is None
