"""`flask sala statistics`: what an operator does about the kept sums."""

from __future__ import annotations

import click

from models.core.db import db
from models.fund.statistics import keeping
from views.core.cli.common import give_up, plainly, sala


@sala.command("statistics")
@click.option("--rebuild", is_flag=True, help="Make the sums anew from the proposals; changes wait meanwhile.")
@click.option("--check", is_flag=True, help="Compare the sums with the proposals.")
@plainly
def statistics(rebuild: bool, check: bool) -> None:
    """Check the statistics against the proposals, or make them anew."""
    if not (rebuild or check):
        give_up("Say what to do: --check or --rebuild.")
    if rebuild:
        count = keeping.rebuild()
        db.session.commit()
        click.echo(f"The statistics count {count:,} proposals.")
    if check:
        wrong = keeping.check()
        db.session.commit()
        if wrong:
            give_up("\n".join([*wrong, "The statistics are not what the proposals say: run --rebuild."]))
        click.echo("The statistics are what the proposals say.")
