"""`export-subject` and `erase-subject`: one person's data, to give and to forget (docs: operations.md)."""

from __future__ import annotations

from pathlib import Path

import click

from jobs import sweep
from jobs.privacy import write_to
from models.core import audit
from models.core.db import db
from models.core.privacy.erasing import Stay, erase, refusal_to_erase, stays_of
from models.core.privacy.gathering import Subject, subjects_of
from models.core.thai.citizen import parse_citizen_id
from models.core.thai.errors import BadValue
from models.core.workflow import Refused
from views.core.cli.common import give_up, plainly, sala

_STAYS = {
    "log": "entries of the access log: who, when, from where (Computer Crime Act, section 26); their values go",
    "consents": "consents given: proof that they were (PDPA, section 19)",
    "supported": "supported projects: who answered for them stays 10 years with name and citizen ID (Correspondence)",
    "proposals": "submitted proposals: papers of the organization and the fund (Regulation on Correspondence)",
    "submitted": "revisions that they submitted: with the name of who signed for them (Regulation on Correspondence)",
    "minutes": "seats, sheets and checks: with the name, as in the minutes (Regulation on Correspondence)",
}
_REFUSALS = {
    "already_erased": "this account was erased already",
    "last_super_user": "this is the last super user: appoint another one first",
    "last_manager": "this is the last manager of an organization with other members: let another be appointed first",
}


def _one(email: str, citizen_id: str) -> Subject:
    if bool(email) == bool(citizen_id):
        give_up("One of --email and --citizen-id is wanted.")
    try:
        digits = parse_citizen_id(citizen_id) if citizen_id else ""
    except BadValue:
        give_up("--citizen-id: this is not a citizen ID: 13 digits, the last of which checks the others.")
    found = subjects_of(email.strip().casefold(), digits)
    if not found:
        give_up("Nothing is kept of this person.")
    if len(found) > 1:
        names = ", ".join(subject.account.email for subject in found if subject.account)
        give_up(f"Several accounts have this citizen ID; use --email with one of: {names}.")
    return found[0]


@sala.command("export-subject")
@click.option("--email", default="", help="The person's user name.")
@click.option("--citizen-id", default="", help="13 digits; also finds people without an account.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The zip to write; not overwritten.")
@plainly
def export_subject(email: str, citizen_id: str, out: Path | None) -> None:
    """Write everything that is kept of one person into a zip of JSON and files."""
    subject = _one(email, citizen_id)
    path = out or Path(f"subject-{subject.account.id if subject.account else 'without-account'}.zip")
    try:
        count = write_to(subject, path)
    except FileExistsError:
        give_up(f"{path} is there already.")
    except OSError as error:
        give_up(f"{path} could not be written: {error}")
    if subject.account is not None:
        audit.note("privacy.exported", subject.account, rows=count, by="command line")
    else:
        audit.note("privacy.exported", entity="system", rows=count, by="command line")
    db.session.commit()
    click.echo(f"{path}: {count:,} records. It holds personal data: hand it to this person alone, then delete it.")


@sala.command("erase-subject")
@click.option("--email", default="", help="The person's user name.")
@click.option("--citizen-id", default="", help="13 digits.")
@click.option("--reason", required=True, help="Why; stays in the log for good, so nothing about the person.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@plainly
def erase_subject(email: str, citizen_id: str, reason: str, yes: bool) -> None:
    """Erase one person as far as the law lets; says what stays and why. It cannot be undone."""
    if not reason.strip():
        give_up("--reason: say why, in a few words.")
    subject = _one(email, citizen_id)
    account = subject.account
    if account is None:
        give_up(
            "This person has no account. They are named among the people of an organization, or in a message: "
            "its managers take them off its page, and messages go by `flask sala retention`."
        )
    if (refusal := refusal_to_erase(account)) is not None:
        give_up(f"Not possible: {_REFUSALS.get(refusal.code, refusal.code)}.")
    click.echo(f"Account {account.id}, {account.email}.")
    _say(stays_of(account))
    if not yes:
        click.confirm("Erase everything else? It cannot be undone.", abort=True)
    try:
        erase(account, reason.strip())
    except Refused as refused:
        db.session.rollback()
        give_up(f"Not possible: {_REFUSALS.get(refused.refusal.code, refused.refusal.code)}.")
    db.session.commit()
    sweep.sweep_uploads()
    click.echo("Erased. Backups still hold the person until they are replaced by newer ones.")


def _say(stays: list[Stay]) -> None:
    for stay in stays:
        click.echo(f"stays: {stay.count:,} {_STAYS.get(stay.code, stay.code)}")
