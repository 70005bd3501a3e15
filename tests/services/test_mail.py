"""Mail goes out by SMTP, and every way in which the server can fail is told apart."""

from __future__ import annotations

from email import message_from_bytes
from email.header import decode_header, make_header

import pytest

from services import mail
from services.mail import Letter, MailDown, MailRefused
from tests.servers import free_port, smtp_server


def shown(header: object) -> str:
    """A header as mail programs show it (Python's newer parser puts spaces between encoded words)."""
    return str(make_header(decode_header(str(header))))


LETTER = Letter("ยืนยันอีเมล", "สวัสดี\nลิงก์: http://localhost/x", "<p>สวัสดี</p>")


def test_a_mail_arrives_with_both_forms_and_its_key_as_message_id(make_app):
    with (
        smtp_server() as server,
        make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}", SALA_MAIL_FROM="no-reply@fund.example").app_context(),
        mail.connection() as postman,
    ):
        postman.send("somchai@school.example", LETTER, "abc123")

    [got] = server.mails
    assert server.recipients == ["somchai@school.example"]
    assert got["Subject"] == "ยืนยันอีเมล"
    assert got["Message-ID"] == "<abc123@fund.example>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert (
        shown(message_from_bytes(server.raw[0])["From"])
        == "กองทุนส่งเสริมและพัฒนาการศึกษาสำหรับคนพิการ <no-reply@fund.example>"
    )
    assert "http://localhost/x" in got.get_body(("plain",)).get_content()
    assert got.get_body(("html",)).get_content().strip() == "<p>สวัสดี</p>"


def test_one_connection_carries_many_mails(make_app):
    with (
        smtp_server() as server,
        make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}").app_context(),
        mail.connection() as postman,
    ):
        for number in range(3):
            postman.send(f"a{number}@x.example", LETTER, f"k{number}")

    assert len(server.mails) == 3
    assert server.verbs.count("EHLO") == 1


def test_user_and_password_of_the_address_sign_in(make_app):
    with smtp_server(offers=("AUTH PLAIN",)) as server:
        url = f"smtp://sala:p%40ss@127.0.0.1:{server.port}"
        with make_app(SALA_SMTP_URL=url).app_context(), mail.connection():
            pass

    assert server.logins == ["\0sala\0p@ss"]


def test_nobody_listening_is_down(make_app):
    app = make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    with app.app_context(), pytest.raises(MailDown), mail.connection():
        pass


def test_a_server_that_says_nothing_is_down_after_the_wait(make_app):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        app = make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        with app.app_context(), pytest.raises(MailDown, match="timed out"), mail.connection(seconds=0.2):
            pass


def test_a_wrong_password_is_down_for_every_mail(make_app):
    with smtp_server(offers=("AUTH PLAIN",), answers={"AUTH": "535 no"}) as server:
        app = make_app(SALA_SMTP_URL=f"smtp://a:b@127.0.0.1:{server.port}")
        with app.app_context(), pytest.raises(MailDown, match="535"), mail.connection():
            pass


@pytest.mark.parametrize(("answer", "for_good"), [("550 no such user", True), ("450 mailbox busy", False)])
def test_a_refused_recipient_is_that_mails_own_trouble(make_app, answer, for_good):
    with smtp_server(answers={"RCPT": answer}) as server:
        app = make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}")
        with app.app_context(), mail.connection() as postman:
            with pytest.raises(MailRefused) as refused:
                postman.send("gone@x.example", LETTER, "k1")
            server.answers.clear()
            postman.send("there@x.example", LETTER, "k2")

    assert refused.value.for_good is for_good
    assert [one["To"] for one in server.mails] == ["there@x.example"]


def test_a_server_that_closes_is_down(make_app):
    with smtp_server(answers={"MAIL": "421 closing"}) as server:
        app = make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}")
        with app.app_context(), mail.connection() as postman, pytest.raises(MailDown):
            postman.send("a@x.example", LETTER, "k")


def test_encryption_that_is_asked_for_and_not_offered_stops(make_app):
    with smtp_server() as server:
        app = make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}?starttls=always")
        with app.app_context(), pytest.raises(MailDown, match="STARTTLS"), mail.connection():
            pass


@pytest.mark.parametrize("address", ["a@x.example\r\nBcc: all@x.example", "not an address", ""])
def test_an_address_cannot_smuggle_in_a_header(make_app, address):
    with smtp_server() as server:
        app = make_app(SALA_SMTP_URL=f"smtp://127.0.0.1:{server.port}")
        with app.app_context(), mail.connection() as postman, pytest.raises(MailRefused) as refused:
            postman.send(address, LETTER, "k")

    assert refused.value.for_good
    assert server.mails == []


def test_a_subject_of_several_lines_becomes_one():
    got = mail.compose("a@x.example", Letter("one\r\nBcc: b@x.example", "t", "h"), "k", "n@x.example", "ศาลา")

    assert got["Subject"] == "one Bcc: b@x.example"
    assert got["Bcc"] is None


def test_without_a_server_nothing_is_configured(plain):
    assert not mail.is_configured()
