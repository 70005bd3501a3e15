"""The commands do what operators expect, and answer trouble with one line."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

import config
from models.core import audit, outbox
from models.core.db import db
from models.core.identity import Account, account_by_identity
from models.core.matrix import MatrixCell, MatrixRow, set_cells
from models.core.password import password_matches
from services.seal import seal
from tests.plain import close, plain_app
from tests.servers import free_port
from views.core.cli import DemoAccount, register_demo, register_reference, setup
from views.core.cli import demo as demo_command


def test_init_loads_permissions_and_reference_data_and_may_be_repeated(make_app, monkeypatch):
    monkeypatch.setattr(setup, "_reference", {})
    loaded = []
    register_reference("fund", lambda: loaded.append("fund"))
    app = make_app(SALA_MODULES="fund")
    with app.app_context():
        setup.initialize(migrate=False)
        rows = db.session.scalar(select(func.count(MatrixRow.code)))
        cells = db.session.scalar(select(func.count(MatrixCell.id)))
        db.session.execute(MatrixCell.__table__.delete().where(MatrixCell.kind == "staff"))
        db.session.commit()
        setup.initialize(migrate=False)

        assert rows == db.session.scalar(select(func.count(MatrixRow.code))) > 28
        assert cells > db.session.scalar(select(func.count(MatrixCell.id)))
        assert loaded == ["fund", "fund"]
        assert audit.verify() is None


def test_a_system_without_the_fund_has_the_rights_of_its_own_pages_and_gains_the_funds_later(make_app, monkeypatch):
    monkeypatch.setattr(setup, "_reference", {})

    def holders() -> set[str]:
        return set(db.session.scalars(select(MatrixCell.kind).where(MatrixCell.permission == "access_log.view")))

    app = make_app(SALA_MODULES="assessment")
    with app.app_context():
        setup.initialize(migrate=False)
        alone = holders()
        set_cells({("access_log.view", "national"): True, ("console.use", "super_user"): False})
        db.session.commit()
        app.config["SALA"] = replace(app.config["SALA"], modules=("fund", "assessment"))
        setup.initialize(migrate=False)

        assert alone == {"super_user"}
        assert holders() == {"super_user", "national", "staff"}
        console = select(MatrixCell.kind).where(MatrixCell.permission == "console.use")
        assert set(db.session.scalars(console)) == set()
        assert set(db.session.scalars(select(MatrixRow.domain))) == {"fund", "assessment"}


def test_a_user_is_made_with_a_password_that_must_be_changed(sala):
    result = sala("create-user", "--kind", "super-user", "--email", "Boss@Fund.example")

    assert result.exit_code == 0
    password = re.search(r"one-time password: (\S+)", result.output)[1]
    account = account_by_identity("email", "boss@fund.example")
    assert account.kinds == {"super_user"}
    assert account.must_change_password
    assert account.confirmed_at
    assert password_matches(account.password, password)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--kind", "king", "--email", "a@x.example"), "--kind"),
        (("--kind", "unregistered", "--email", "a@x.example"), "--kind"),
        (("--kind", "staff", "--email", "nobody"), "--email"),
        (("--kind", "staff", "--email", "a@x.example", "--scope", "all"), "--scope"),
    ],
)
def test_a_wrong_word_is_answered_with_one_line(sala, words, said):
    result = sala("create-user", *words)

    assert result.exit_code == 1
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_address_has_one_account(sala):
    sala("create-user", "--kind", "staff", "--email", "a@x.example")

    result = sala("create-user", "--kind", "staff", "--email", "A@X.example")

    assert result.exit_code == 1
    assert "already" in result.stderr


def demo_builder(_options):
    account = Account(username="d", email="d@x.example", first_name="d", last_name="d", active=True, password="x")
    db.session.add(account)
    return [DemoAccount("fund", "staff", "d@x.example", "ดี")]


@pytest.fixture
def with_demo(monkeypatch):
    """One domain with a small demo."""
    monkeypatch.setattr(demo_command, "_builders", {})
    register_demo("fund", demo_builder)


@pytest.mark.usefixtures("with_demo")
def test_demo_fills_an_empty_database_once_and_notes_its_accounts(sala):
    first, again, quiet = sala("demo"), sala("demo"), sala("demo", "--if-empty")

    assert first.exit_code == 0
    assert "d@x.example" in first.output
    assert demo_command.PASSWORD in first.output
    assert again.exit_code == 1
    assert "not empty" in again.stderr
    assert (quiet.exit_code, quiet.output) == (0, "")


@pytest.mark.usefixtures("with_demo")
def test_demo_refuses_production(sala):
    result = sala("demo", SALA_ENV="production", SALA_PASSWORD_ROUNDS="600000")

    assert result.exit_code == 1
    assert "production" in result.stderr


def test_a_whole_chain_passes_and_a_changed_entry_is_named(sala, make_app):
    sala("create-user", "--kind", "staff", "--email", "a@x.example")
    assert sala("verify-audit").exit_code == 0

    db.session.execute(update(audit.AuditEntry).where(audit.AuditEntry.seq == 1).values(actor_id=99))
    db.session.commit()
    result = sala("verify-audit")

    assert result.exit_code == 1
    assert "entry 1" in result.stderr


def test_the_outbox_lists_retries_and_shows(sala, make_app):
    sala("outbox")
    message = outbox.post("a@x.example", "unknown", token=seal("t"))
    outbox.was_refused(message, "550 no such user")
    db.session.commit()

    listed = sala("outbox")
    assert "a@x.example" in listed.output
    assert "550" in listed.output
    assert "1 messages wait or failed" in listed.output
    assert "1 messages are due now" in sala("outbox", "--retry").output
    assert "a@x.example" in sala("outbox", "--show", str(message.id)).output
    assert sala("outbox", "--show", "999").exit_code == 1


def test_check_finds_what_does_not_answer(sala):
    result = sala("check", SALA_REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")

    assert result.exit_code == 1
    assert "SALA_REDIS_URL" in result.output


def test_check_deploy_finds_what_is_dangerous(sala):
    result = sala("check", "--deploy")

    for name in ("SALA_ENV", "SALA_BASE_URL", "SALA_SMTP_URL", "SALA_DATABASE_URL", "SALA_SCANNER_URL"):
        assert name in result.output
    assert result.exit_code == 1


def test_check_without_deploy_is_silent_about_development(sala):
    assert "SALA_ENV" not in sala("check").output


def test_a_database_without_tables_is_said_in_one_line(tmp_path):
    app = plain_app(tmp_path)
    result = app.test_cli_runner().invoke(args=["sala", "outbox"])
    close(app)

    assert result.exit_code == 1
    assert "flask sala init" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_serving_refuses_a_database_without_tables(tmp_path):
    app = plain_app(tmp_path)
    result = app.test_cli_runner().invoke(args=["sala", "serve", "--port", str(free_port())])
    close(app)

    assert result.exit_code == 1
    assert "flask sala init" in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SALA_ENV", "prod"),
        ("SALA_SECRET_KEY", "short"),
        ("SALA_DATABASE_URL", "mysql://x"),
        ("SALA_SMTP_URL", "http://x"),
        ("SALA_SCANNER_URL", "http://x"),
        ("SALA_MODULES", "fund,nothing"),
        ("SALA_MAX_UPLOAD_MB", "many"),
        ("SALA_WORKERS", "0"),
        ("SALA_PROXY_COUNT", "-1"),
    ],
)
def test_a_bad_setting_stops_with_one_line_that_names_it(tmp_path, name, value):
    with pytest.raises(config.BadSetting) as stopped:
        config.read({"SALA_DATA_DIR": str(tmp_path), name: value})

    assert stopped.value.format_message().startswith(name)
    assert stopped.value.exit_code == 1


@pytest.mark.parametrize("name", ["SALA_SECRET_KEY", "SALA_AUDIT_KEY", "SALA_BASE_URL"])
def test_production_asks_for_what_development_makes_up(tmp_path, name):
    settings = {
        "SALA_ENV": "production",
        "SALA_DATA_DIR": str(tmp_path),
        "SALA_SECRET_KEY": "s" * 32,
        "SALA_AUDIT_KEY": "a" * 32,
        "SALA_BASE_URL": "https://fund.example",
    }
    config.read(settings)
    del settings[name]

    with pytest.raises(config.BadSetting, match=name):
        config.read(settings)
