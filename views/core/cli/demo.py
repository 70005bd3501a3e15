"""`demo`: believable Thai data for an empty database; each domain brings its own builder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

import click
from sqlalchemy import select

from models.core import audit
from models.core.db import db
from models.core.identity import Account
from views.core.cli.common import give_up, plainly, sala, settings

PASSWORD = "sala-demo-2569"  # noqa: S105 - printed on purpose; production refuses the demo
NOTE = "demo-accounts.txt"


@dataclass(frozen=True)
class DemoOptions:
    """How much to make, and the password of the accounts."""

    proposals: int = 0  # 0: the builder's own small number
    members: int = 0
    password: str = PASSWORD


@dataclass(frozen=True)
class DemoAccount:
    """An account to try Sala with: whom it stands for, and what to type as user name."""

    domain: str
    kind: str
    user_name: str
    name: str = ""
    password: str = ""  # where it is not that of all


Builder = Callable[[DemoOptions], Iterable[DemoAccount]]
_builders: dict[str, Builder | str] = {}


def register_demo(domain: str, builder: Builder | str) -> None:
    """Let `demo` fill a domain by `builder`, or by the function named "package.module:function" (imported then)."""
    _builders[domain] = builder


def _builder(domain: str) -> Builder:
    builder = _builders[domain]
    if isinstance(builder, str):
        module, _, name = builder.partition(":")
        found: Builder = getattr(import_module(module), name)
        return found
    return builder


def note_of(accounts: Iterable[DemoAccount], password: str) -> str:
    """The accounts as a table to print."""
    accounts = list(accounts)
    whose = "all others" if any(one.password for one in accounts) else "all"
    rows = [("domain", "kind", "user name", "name")]
    rows += [(one.domain, one.kind, one.user_name, _named(one)) for one in accounts]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]) for row in rows
    ]
    return "\n".join([*(line.rstrip() for line in lines), "", f"password of {whose}: {password}", ""])


def _named(one: DemoAccount) -> str:
    return f"{one.name}  (password: {one.password})" if one.password else one.name


@sala.command("demo")
@click.option("--proposals", default=0, help="How many proposals, instead of a few.")
@click.option("--members", default=0, help="How many members, instead of a few.")
@click.option("--if-empty", is_flag=True, help="Do nothing, without an error, when there is data already.")
@plainly
def demo(proposals: int, members: int, if_empty: bool) -> None:
    """Fill an empty database with believable Thai data; refuses production."""
    if settings().is_production:
        give_up("SALA_ENV is production: demo data is never put among real data.")
    if db.session.scalar(select(Account.id).limit(1)) is not None:
        if if_empty:
            return
        give_up("The database is not empty: demo data goes into a new one (another SALA_DATA_DIR).")
    options = DemoOptions(proposals=proposals, members=members)
    accounts: list[DemoAccount] = []
    for domain in settings().modules:
        if domain in _builders:
            accounts += _builder(domain)(options)
    audit.note("system.demo", entity="system", proposals=proposals, members=members)
    db.session.commit()
    note = note_of(accounts, options.password)
    (settings().data_dir / NOTE).write_text(note, encoding="utf-8")
    click.echo(note)
