"""`retention`: deletes what is past its time, and says what (docs: operations.md)."""

from __future__ import annotations

import click

from jobs import retention
from models.core.db import reading
from views.core.cli.common import plainly, sala

_WORDS = {
    "throttle": "counts of tries that are over",
    "unconfirmed": "accounts whose e-mail nobody confirmed",
    "drafts": "kept typing that was never saved",
    "sessions": "ended sessions",
    "links": "one-time links",
    "messages": "messages sent or given up",
    "notifications": "lines under the bell",
    "exports": "files made to be fetched",
    "jobs": "jobs that ended",
    "imports": "what checking imported files found",
    "backups": "notes of old backups",
    "log_values": "values in the access log (who did what, when, stays)",
    "uploads": "uploads that no record named",
}


@sala.command("retention")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@plainly
def command(dry_run: bool) -> None:
    """Delete what is past its time; the periods are settings of the back-office."""
    with reading():
        found = retention.past() if dry_run else retention.apply()
    verb = "would go" if dry_run else "deleted"
    for name, count in found.items():
        if count:
            click.echo(f"{count:>9,} {_WORDS[name]}")
    click.echo(f"{sum(found.values()):,} {verb}." if any(found.values()) else "Nothing is past its time.")
