"""`backup` and `restore`: one snapshot of database and files, and the way back, proved (docs: operations.md)."""

from __future__ import annotations

from pathlib import Path

import click

from jobs import backup
from views.core.cli.common import give_up, plainly, sala, settings


def _mb(size: int) -> str:
    return f"{size / 1024**2:,.1f} MB"


@sala.command("backup")
@click.argument("place", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(min=1), help="Remove the oldest backups in DIR beyond so many.")
@plainly
def take(place: Path, keep: int | None) -> None:
    """Back up database and files into a new folder in DIR, named by its time, while the site is in use."""
    try:
        taken = backup.take(place, keep)
    except backup.Trouble as trouble:
        give_up(f"No backup was taken. {trouble}")
    except OSError as error:
        give_up(f"No backup was taken. {type(error).__name__}: {error}")
    shared = f", {taken.linked} of them shared with the backup before" if taken.linked else ""
    click.echo(f"{taken.folder}: {taken.files} files{shared}, {_mb(taken.size)} in all.")
    for name in taken.removed:
        click.echo(f"removed {name}")
    click.echo("SALA_SECRET_KEY and SALA_AUDIT_KEY are not in it: keep them elsewhere, a restore needs them.")
    if taken.missing:
        for key in taken.missing:
            click.echo(f"missing: {key}", err=True)
        give_up(f"{len(taken.missing)} files that rows name are not in storage as they were; the rest is backed up.")


@sala.command("restore")
@click.argument("place", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Only hold the backup against its digests.")
@plainly
def restore(place: Path, only_check: bool) -> None:
    """Restore a backup (DIR, or the newest in DIR) into an empty database and storage, and prove it."""
    try:
        folder = backup.choose(place)
        click.echo(f"From {folder}.")
        proof = backup.restore(folder, lambda step: click.echo(f"- {step}"), only_check=only_check)
    except backup.Trouble as trouble:
        give_up(str(trouble))
    except OSError as error:
        give_up(f"{type(error).__name__}: {error}")
    done = "Whole" if only_check else "Restored and proved"
    click.echo(
        f"{done}: {proof.rows:,} rows in {proof.tables} tables at revision {proof.revision}, {proof.files:,} files "
        f"({_mb(proof.files_size)}), {proof.audit_entries:,} entries in the audit chain, as of {proof.made_at}."
    )
    for key in proof.missing:
        click.echo(f"missing since before the backup: {key}")
    if not proof.same_secret_key:
        click.echo("SALA_SECRET_KEY is another: everybody signs in anew, and links in waiting mail are dead.")
    if not only_check and not proof.is_newest_revision:
        click.echo("The tables are older than this code: run `flask sala init` before serving.")
    elif not only_check:
        click.echo(f"Now: flask sala check{' --deploy' if settings().is_production else ''}, then start the server.")
