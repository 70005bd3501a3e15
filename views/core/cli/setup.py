"""`init`: tables, permissions, reference data; the only command that makes or changes tables."""

from __future__ import annotations

from collections.abc import Callable

import click

from models.core import audit
from models.core.db import db
from models.core.kinds import CORE
from models.core.matrix import ensure_matrix
from services import migrations
from views.core.cli.common import plainly, sala, settings

# Domain -> what loads its reference data; safe to repeat.
_reference: dict[str, Callable[[], None]] = {}


def register_reference(domain: str, ensure: Callable[[], None]) -> None:
    """Let `init` load a domain's reference data by `ensure`, which must be safe to repeat."""
    _reference[domain] = ensure


def initialize(migrate: bool = True) -> None:
    """Bring tables, matrix and reference data of the domains that are on up to date; commits."""
    if migrate:
        migrations.upgrade(db.engine)
        migrations.ensure_trigrams(db.engine)
    migrations.take_turns(db.session.connection())
    audit.act_as(None)
    if "fund" not in settings().modules:  # its matrix has the rights of the system's own pages, too
        ensure_matrix(CORE)
    for domain in settings().modules:
        ensure_matrix(domain)
        if domain in _reference:
            _reference[domain]()
    audit.note("system.initialized", entity="system", modules=settings().modules)
    db.session.commit()


@sala.command("init")
@plainly
def init() -> None:
    """Create or upgrade tables, permissions and reference data; safe to repeat."""
    initialize()
    with db.engine.connect() as connection:
        click.echo(f"Ready: {settings().database_url.split(':', 1)[0]}, tables at {migrations.current(connection)}.")
