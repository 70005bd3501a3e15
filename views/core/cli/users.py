"""`create-user`: an account with a password that works once, until its owner chooses one."""

from __future__ import annotations

import click
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select

from models.core import audit
from models.core.db import db, now
from models.core.grants import grant
from models.core.identity import Account
from models.core.kinds import KINDS, UNREGISTERED
from models.core.password import hash_password
from models.core.registration import first_password, new_account
from views.core.cli.common import give_up, plainly, sala


def kind_names() -> list[str]:
    """The kinds as they are typed on the command line."""
    return [code.replace("_", "-") for code in KINDS if code != UNREGISTERED]


def create_user(
    kind: str, email: str, first_name: str = "", last_name: str = "", scope: str = ""
) -> tuple[Account, str]:
    """An account of a kind and its one-time password; the caller commits. Raises ValueError with a line to show."""
    code = kind.replace("-", "_")
    if code not in KINDS or code == UNREGISTERED:
        raise ValueError(f"--kind: {kind!r} is not among {', '.join(kind_names())}.")
    try:
        address = validate_email(email, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise ValueError(f"--email: {email!r} is not an address.") from None
    if db.session.scalar(select(Account.id).where(func.lower(Account.email) == address.casefold())) is not None:
        raise ValueError(f"--email: {address} has an account already.")
    scope_type, _, scope_id = scope.partition(":")
    if scope and not scope_id.isdecimal():
        raise ValueError("--scope: a type and a number are wanted, as organization:12.")
    password = first_password()
    account = new_account(
        address,
        hash_password(password),
        first_name=first_name or address.split("@")[0],
        last_name=last_name or "-",
        confirmed_at=now(),
        must_change_password=True,
    )
    grant(account.id, code, scope_type=scope_type or "none", scope_id=int(scope_id) if scope_id else None)
    audit.note("account.made", account, kind=code, by="command line")
    return account, password


@sala.command("create-user")
@click.option("--kind", required=True, help=f"One of: {', '.join(kind_names())}.")
@click.option("--email", required=True, help="The user name.")
@click.option("--first-name", default="")
@click.option("--last-name", default="")
@click.option("--scope", default="", help="Where the kind counts, as organization:12; without it, none in particular.")
@plainly
def command(kind: str, email: str, first_name: str, last_name: str, scope: str) -> None:
    """Make an account and print its one-time password."""
    try:
        account, password = create_user(kind, email, first_name, last_name, scope)
    except ValueError as error:
        give_up(str(error))
    db.session.commit()
    click.echo(f"{account.email}\none-time password: {password}\nThe first sign-in asks for a new one.")
