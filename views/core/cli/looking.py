"""Commands that only look: the audit chain, the outbox, the translations."""

from __future__ import annotations

import click
from sqlalchemy import func, select

from jobs import heads, letters
from models.core import audit, outbox
from models.core.db import db, reading
from services import mail
from views.core.cli.common import give_up, plainly, sala
from views.core.cli.translations import SOURCES, languages, shortfall

_WHY = {
    "missing": "an entry is missing before it, or out of order",
    "changed": "the entry was changed",
    "payload": "the entry's content was changed",
    "day": "it is not what it was at the end of its day",
    "head": "entries at the end are missing",
}


@sala.command("verify-audit")
@plainly
def verify_audit() -> None:
    """Walk the audit chain; exit 1 and say which entry is the first that is broken."""
    with reading():
        broken = audit.verify()
        if broken is not None:
            give_up(f"The audit chain is broken at entry {broken.seq}: {_WHY.get(broken.why, broken.why)}.")
        if (day := heads.changed_head()) is not None:
            give_up(f"The audit chain is not the one that was exported on {day}: the export and the table differ.")
        count = db.session.scalar(select(func.count()).select_from(audit.AuditEntry)) or 0
    click.echo(f"The audit chain is whole: {count} entries.")


@sala.command("outbox")
@click.option("--retry", is_flag=True, help="Send what failed or waits, now.")
@click.option("--show", type=int, metavar="NUMBER", help="Print one message, its links included.")
@plainly
def show_outbox(retry: bool, show: int | None) -> None:
    """List the messages that wait or failed."""
    if show is not None:
        message = db.session.get(outbox.Message, show)
        if message is None:
            give_up(f"There is no message {show}.")
        letter = letters.render(message, reveal=True)
        audit.note("outbox.shown", entity="core_message", entity_id=show)
        db.session.commit()
        click.echo(f"{message.address}\n{letter.subject}\n\n{letter.text}")
        return
    if retry:
        click.echo(f"{outbox.retry_failed()} messages are due now.")
        db.session.commit()
        if not mail.is_configured():
            click.echo("SALA_SMTP_URL is not set: nothing can be sent yet.")
    rows = db.session.scalars(
        select(outbox.Message)
        .where(outbox.Message.state.in_((outbox.WAITING, outbox.FAILED)))
        .order_by(outbox.Message.id)
        .limit(200)
    ).all()
    for row in rows:
        click.echo(f"{row.id}\t{row.state}\t{row.attempts} tries\t{row.event}\t{row.address}\t{row.error}".rstrip())
    total = db.session.scalar(select(func.count()).where(outbox.Message.state.in_((outbox.WAITING, outbox.FAILED))))
    click.echo(f"{total} messages wait or failed.")


@sala.command("translations")
@click.option("-v", "--verbose", is_flag=True, help="Name the strings.")
def translations(verbose: bool) -> None:
    """Count per language and source what the catalogues lack or are not sure of; exit 1 when there is anything."""
    short: list[str] = []
    for source in SOURCES:
        said = source.said()
        for language in languages():
            found = shortfall(source, language, said)
            counts = [
                f"{len(found.missing)} untranslated",
                f"{len(found.fuzzy)} fuzzy",
                *([f"{len(found.broken)} with wrong holes"] if found.broken else []),
                *([f"{len(found.stale)} not compiled"] if found.stale else []),
            ]
            click.echo(f"{language} {source.name}: {found.total} strings, {', '.join(counts)}")
            if found:
                short.append(f"{source.name} in {language}")
            for msgid in found.named() if verbose else ():
                click.echo(f"  {msgid!r}")
    if short:
        give_up(f"Not complete: {', '.join(short)}.{'' if verbose else ' -v names the strings.'}")
