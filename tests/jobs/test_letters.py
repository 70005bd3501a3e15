"""A letter is written in its reader's language, with links from SALA_BASE_URL, and hides what is sealed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from jobs import letters
from jobs.letters import Words, known_letters, letter, render
from models.core.db import db
from models.core.outbox import Message, post, tell
from services.seal import BadSeal, seal
from tests.factories.core import make_account


@pytest.fixture(autouse=True)
def own_letters(monkeypatch):
    """Letters registered by a test are gone after it."""
    monkeypatch.setattr(letters, "_writers", dict(letters._writers))
    monkeypatch.setattr(letters, "_general", [])


def a_letter_with_a_link() -> None:
    @letter("test_link")
    def _write(values):
        return Words("Hello <b>", [f"For {values['name']}"], "Go", f"/go/{values['token']}")


def test_a_letter_has_its_words_and_an_absolute_link(make_app):
    a_letter_with_a_link()
    with make_app(SALA_BASE_URL="https://fund.example").app_context():
        written = render(post("a@x.example", "test_link", name="<script>", token="t1"))

    assert written.subject == "Hello <b>"
    assert "https://fund.example/go/t1" in written.text
    assert 'href="https://fund.example/go/t1"' in written.html
    assert "&lt;script&gt;" in written.html
    assert "<script>" not in written.html
    assert "<script>" in written.text


def test_a_sealed_token_shows_only_when_it_is_sent(plain):
    a_letter_with_a_link()
    token = "of-more-letters-than-chance-will-ever-write"
    message = post("a@x.example", "test_link", name="A", token=seal(token))
    db.session.commit()

    assert f"/go/{token}" in render(message, reveal=True).text
    for form in (render(message).text, render(message).html):
        assert token not in form
        assert "/go/" not in form
    assert token not in str(message.values)


def test_a_token_sealed_with_another_key_is_an_error(plain, make_app):
    a_letter_with_a_link()
    message = post("a@x.example", "test_link", name="A", token=seal("t1"))
    with make_app(SALA_SECRET_KEY="u" * 64).app_context(), pytest.raises(BadSeal):
        render(message, reveal=True)


@pytest.mark.parametrize(("locale", "lang"), [("", "th"), ("th", "th"), ("en", "en")])
def test_the_language_is_the_readers(plain, locale, lang):
    a_letter_with_a_link()
    account = make_account(locale=locale)

    assert f'<html lang="{lang}">' in render(post(account.email, "test_link", user=account, name="A", token="t")).html


def test_an_event_without_a_letter_is_written_by_the_general_writer(plain):
    letters.write_others(lambda message, values: Words(f"{message.event} {values['number']}", path="/p/1", button="Go"))
    message = post("a@x.example", "fund_something", number="12")

    written = render(message)

    assert written.subject == "fund_something 12"
    assert "/p/1" in written.text


def test_even_without_one_something_sensible_is_sent(plain):
    assert render(post("a@x.example", "unknown")).subject


@pytest.mark.parametrize("event", ["confirm_account", "reset_password"])
def test_letters_with_a_link_give_it_to_their_reader_only(app, session, monkeypatch, event):
    monkeypatch.undo()
    assert event in known_letters()
    message = post("a@x.example", event, token=seal("secret-token"))

    sent, shown = render(message, reveal=True), render(message)

    assert "http://localhost/" in sent.text
    assert "secret-token" in sent.text
    assert "secret-token" in sent.html
    assert "secret-token" not in shown.text + shown.html


def test_a_move_is_mailed_as_its_bells_sentence_with_a_link_to_the_record(app, session, monkeypatch):
    monkeypatch.undo()
    account = make_account("project_manager")
    tell([account], "password_changed", account)
    tell([account], "account_made", account, kind="staff")
    session.flush()

    message = session.scalar(select(Message).where(Message.event == "account_made"))
    written = render(message)

    assert written.subject
    assert written.subject != "account_made"
    assert "http://localhost/sign/in" in written.text
