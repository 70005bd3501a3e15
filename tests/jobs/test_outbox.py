"""What waits in the outbox goes out; what cannot, waits or is given to staff, and holds nothing else up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jobs import letters
from jobs.letters import Words
from jobs.outbox import send_due
from models.core import outbox
from models.core.clock import frozen_at, now
from models.core.db import db
from models.core.outbox import Message, post
from services.seal import seal
from tests.servers import free_port, http_server, smtp_server


@pytest.fixture
def plain_letters(monkeypatch):
    """Every event is written as its own name."""
    monkeypatch.setattr(letters, "_writers", {})
    monkeypatch.setattr(letters, "_general", [lambda message, values: Words(message.event, [str(values.get("token"))])])


pytestmark = pytest.mark.usefixtures("plain_letters")


def waiting(*addresses: str) -> list[Message]:
    messages = [post(address, "test") for address in addresses]
    db.session.commit()
    return messages


def test_messages_go_out_in_order_and_are_marked(make_app):
    with smtp_server() as server, make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}").app_context():
        messages = waiting("a@x.example", "b@x.example")

        assert send_due() == 2
        assert send_due() == 0

        assert server.recipients == ["a@x.example", "b@x.example"]
        assert [message.state for message in messages] == [outbox.SENT, outbox.SENT]
        assert all(message.sent_at for message in messages)
        assert server.mails[0]["Message-ID"].startswith(f"<{messages[0].key}@")


def test_without_a_server_messages_wait_untouched(plain):
    [message] = waiting("a@x.example")

    assert send_due() == 0

    assert (message.state, message.attempts) == (outbox.WAITING, 0)


def test_a_server_that_is_down_costs_one_message_one_try(make_app):
    with make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{free_port()}").app_context():
        first, second = waiting("a@x.example", "b@x.example")

        assert send_due() == 0

        assert (first.state, first.attempts) == (outbox.WAITING, 1)
        assert first.error
        assert first.next_try_at > now()
        assert (second.state, second.attempts) == (outbox.WAITING, 0)


def test_a_message_comes_again_when_the_server_is_back(make_app):
    with (
        smtp_server(answers={"CONNECT": "421 later"}) as server,
        make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}").app_context(),
    ):
        [message] = waiting("a@x.example")
        assert send_due() == 0
        server.answers.clear()
        assert send_due() == 0
        with frozen_at(now() + timedelta(minutes=2)):
            assert send_due() == 1

        assert message.state == outbox.SENT
        assert message.error == ""


def test_an_address_that_does_not_exist_is_given_to_staff_at_once(make_app):
    with (
        smtp_server(answers={"RCPT": "550 no such user"}) as server,
        make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}").app_context(),
    ):
        [message] = waiting("gone@x.example")
        send_due()

        assert message.state == outbox.FAILED
        assert "550" in message.error


def test_a_full_mailbox_is_tried_again(make_app):
    with (
        smtp_server(answers={"RCPT": "452 full"}) as server,
        make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}").app_context(),
    ):
        [message] = waiting("full@x.example")
        send_due()

        assert message.state == outbox.WAITING


def test_one_message_that_cannot_be_written_holds_up_no_other(make_app, monkeypatch):
    def write(message, _values):
        if message.address == "bad@x.example":
            raise KeyError("number")
        return Words("fine")

    monkeypatch.setattr(letters, "_general", [write])
    with smtp_server() as server, make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}").app_context():
        bad, good = waiting("bad@x.example", "good@x.example")

        assert send_due() == 1

        assert (bad.state, good.state) == (outbox.WAITING, outbox.SENT)
        assert "KeyError" in bad.error


def test_the_tries_end_and_staff_can_start_them_anew(make_app):
    with make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{free_port()}").app_context():
        [message] = waiting("a@x.example")
        for day in range(len(outbox.PAUSES) + 1):
            with frozen_at(now() + timedelta(days=2 * day)):
                send_due()
        assert message.state == outbox.FAILED

        assert outbox.retry_failed() == 1
        db.session.commit()
        db.session.refresh(message)
        assert (message.state, message.attempts) == (outbox.WAITING, 0)


def test_a_sealed_token_arrives_open_and_stays_sealed_in_the_table(make_app):
    with smtp_server() as server, make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}").app_context():
        message = post("a@x.example", "link", token=seal("the-token"))
        db.session.commit()
        send_due()

        assert "the-token" in server.mails[0].get_body(("plain",)).get_content()
        assert "the-token" not in str(message.values)


def test_short_messages_go_their_own_way_and_do_not_wait_for_mail(make_app):
    with (
        http_server(lambda *_: (200, {}, b"")) as gateway,
        make_app(SALA_SMS_URL=f"http://127.0.0.1:{gateway.port}/").app_context(),
    ):
        [mail] = waiting("a@x.example")
        db.session.add(Message(channel="sms", address="0812345678", event="code", values={}, key="ref1"))
        db.session.commit()

        assert send_due() == 1

        assert gateway.json()["to"] == "0812345678"
        assert gateway.json()["reference"] == "ref1"
        assert mail.attempts == 0


def test_nothing_is_locked_while_the_server_takes_its_time(make_app):
    app = make_app(SALA_SMTP_URL="smtp://127.0.0.1:1")
    seen = []
    with app.app_context():
        waiting("a@x.example")

        class Slow:
            def send(self, *_args):
                seen.append(db.session().in_transaction())

        from contextlib import contextmanager

        @contextmanager
        def connection():
            yield Slow()

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("services.mail.connection", connection)
            assert send_due() == 1

    assert seen == [False]


def test_a_server_that_goes_down_and_comes_back_loses_and_doubles_nothing(make_app):
    with smtp_server() as server, make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}").app_context():
        addresses = [f"{number}@x.example" for number in range(6)]
        messages = waiting(*addresses)
        assert send_due(most=2) == 2
        server.answers["CONNECT"] = "421 going down"
        moment = now()
        for hours in range(1, 5):
            with frozen_at(moment + timedelta(hours=hours)):
                assert send_due() == 0
        server.answers.clear()
        with frozen_at(moment + timedelta(days=1)):
            assert send_due() == 4
            assert send_due() == 0

        assert sorted(server.recipients) == addresses
        assert {message.state for message in messages} == {outbox.SENT}


def test_what_a_dead_worker_had_in_hand_comes_again_under_the_same_message_id(make_app):
    with smtp_server() as server, make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}").app_context():
        [message] = waiting("a@x.example")
        outbox.lease_message()
        db.session.commit()  # Here the worker dies, nobody knows whether the mail went out.
        assert send_due() == 0

        with frozen_at(now() + outbox.LEASE + timedelta(seconds=1)):
            assert send_due() == 1

        assert server.mails[0]["Message-ID"].startswith(f"<{message.key}@")
