"""`check`: finds settings that are wrong or dangerous before people do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import click
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from models.core import backup
from models.core.db import db, now
from services import mail, migrations, scanner, storage, wake
from services.core import ServiceDown
from views.core.cli.common import give_up, sala, settings

ERROR, WARNING = "error", "warning"
_LOCAL = ("localhost", "127.0.0.1", "::1")
_ROOM = 1024**3  # bytes


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be."""

    level: str
    text: str


# What domains look at before a deployment.
_more: list[Callable[[Settings], Iterator[Finding]]] = []


def register_deploy_check(look: Callable[[Settings], Iterator[Finding]]) -> None:
    """Let a domain say what is dangerous in production; asked of every site, whatever its modules."""
    if look not in _more:
        _more.append(look)


def _database() -> Iterator[Finding]:
    with db.engine.connect() as connection:
        at, newest = migrations.current(connection), migrations.newest()
        if at != newest:
            yield Finding(ERROR, f"The tables are at {at}, this code wants {newest}: run `flask sala init`.")
        if connection.dialect.name != "postgresql":
            return
        about = "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
        coding, letters = connection.execute(text(about)).one()
        if coding != "UTF8" or letters in ("C", "POSIX"):
            wanted = "Make it with ENCODING 'UTF8' LC_CTYPE 'C.UTF-8'."
            yield Finding(ERROR, f"The database is {coding}/{letters}: Thai cannot be searched. {wanted}")
        if not connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")):
            how = "As its owner: CREATE EXTENSION pg_trgm, then `flask sala init`."
            yield Finding(WARNING, f"The extension pg_trgm is not installed: searching will be slow. {how}")


def parts(chosen: Settings) -> Iterator[Finding]:
    """Whether database, storage, queue and scanner answer, and whether the tables are those of this code."""
    try:
        yield from _database()
    except SQLAlchemyError as error:
        yield Finding(ERROR, f"SALA_DATABASE_URL: the database does not answer ({type(error).__name__}).")
    for name, check in (
        ("SALA_STORAGE_URL", storage.check),
        ("SALA_REDIS_URL" if chosen.redis_url else "SALA_DATA_DIR", wake.check),
        ("SALA_SCANNER_URL", scanner.check),
    ):
        try:
            check()
        except ServiceDown as error:
            yield Finding(ERROR, f"{name}: {type(error).__name__}, {error}.")
    if mail.is_configured():
        try:
            with mail.connection(seconds=5):
                pass
        except ServiceDown as error:
            yield Finding(WARNING, f"SALA_SMTP_URL: the server takes no mail now ({error}); messages will wait.")
    if shutil.disk_usage(chosen.data_dir).free < _ROOM:
        yield Finding(WARNING, f"SALA_DATA_DIR: less than 1 GB is free in {chosen.data_dir}.")


def names(chosen: Settings) -> Iterator[Finding]:
    """What is wrong wherever it runs."""
    if chosen.secret_key == chosen.audit_key:
        yield Finding(ERROR, "SALA_AUDIT_KEY: the same as SALA_SECRET_KEY; each needs its own.")
    if "*" in "".join(chosen.trusted_hosts):
        yield Finding(ERROR, "SALA_TRUSTED_HOSTS: a star lets anybody choose the address in our links.")
    host = urlsplit(chosen.base_url).hostname or ""
    if host not in {name.lstrip(".").split(":")[0] for name in chosen.trusted_hosts}:
        yield Finding(ERROR, f"SALA_TRUSTED_HOSTS: {host}, the host of SALA_BASE_URL, is not among them.")


def deploy(chosen: Settings) -> Iterator[Finding]:
    """What is dangerous where real people's data is."""
    if not chosen.is_production:
        yield Finding(ERROR, f"SALA_ENV: {chosen.env}; a site that people use is production.")
    if current_app.debug:
        yield Finding(ERROR, "FLASK_DEBUG: the debugger lets anybody run code.")
    if not chosen.is_https:
        yield Finding(ERROR, "SALA_BASE_URL: not https; passwords and cookies would travel in clear.")
    if chosen.is_https and chosen.proxy_count == 0:
        yield Finding(
            WARNING, "SALA_PROXY_COUNT: 0 behind https; the limits see the proxy's address instead of people's."
        )
    if chosen.database_url.startswith("sqlite"):
        yield Finding(WARNING, "SALA_DATABASE_URL: SQLite serves one machine; PostgreSQL is meant for production.")
    elif ":@" in chosen.database_url or urlsplit(chosen.database_url).password is None:
        yield Finding(
            WARNING, "SALA_DATABASE_URL: no password in it; make sure that the server asks for one or a certificate."
        )
    yield from _outside(chosen)
    yield from _backups()
    for look in _more:
        yield from look(chosen)
    if os.name != "nt":
        for path in (chosen.data_dir, chosen.data_dir / "sala.db"):
            if path.exists() and path.stat().st_mode & 0o007:
                yield Finding(WARNING, f"{path} is open to every user of this machine: chmod o-rwx.")


def _backups() -> Iterator[Finding]:
    try:
        last = backup.last_good()
    except SQLAlchemyError:
        return  # That the database does not answer, or has no tables, is said already.
    if last is None or last < now() - backup.OVERDUE:
        when = f"since {last:%Y-%m-%d %H:%M} UTC" if last else "yet"
        yield Finding(WARNING, f"No good backup {when}: run `flask sala backup DIR` every day.")


def _outside(chosen: Settings) -> Iterator[Finding]:
    if not chosen.smtp_url:
        yield Finding(ERROR, "SALA_SMTP_URL: not set; nobody can confirm an account or get a new password.")
    else:
        yield from _smtp(chosen)
    if not chosen.scanner_url:
        yield Finding(WARNING, "SALA_SCANNER_URL: not set; uploads are not scanned for viruses.")
    if not chosen.metrics_token:
        yield Finding(WARNING, "SALA_METRICS_TOKEN: not set; there is no /metrics.")
    if chosen.mail_from.endswith(("@localhost", "@127.0.0.1")):
        yield Finding(ERROR, f"SALA_MAIL_FROM: {chosen.mail_from} is an address nobody can answer or trust.")


def _smtp(chosen: Settings) -> Iterator[Finding]:
    parts_ = urlsplit(chosen.smtp_url)
    if (
        parts_.scheme != "smtps"
        and parts_.hostname not in _LOCAL
        and parse_qs(parts_.query).get("starttls") != ["always"]
    ):
        yield Finding(WARNING, "SALA_SMTP_URL: mail may leave unencrypted; use smtps:// or ?starttls=always.")


def findings(for_deploy: bool) -> list[Finding]:
    """Everything that is not as it should be, errors first."""
    looks: list[Callable[[Settings], Iterator[Finding]]] = [names, parts, *([deploy] if for_deploy else [])]
    found = [finding for look in looks for finding in look(settings())]
    return sorted(found, key=lambda finding: finding.level != ERROR)


@sala.command("check")
@click.option("--deploy", "for_deploy", is_flag=True, help="Also what is dangerous in production.")
def check(for_deploy: bool) -> None:
    """Find settings that are wrong or dangerous; exit 1 on errors."""
    found = findings(for_deploy)
    for finding in found:
        click.echo(f"{finding.level}: {finding.text}")
    errors = sum(finding.level == ERROR for finding in found)
    if errors:
        give_up(f"{errors} errors, {len(found) - errors} warnings.")
    click.echo(f"No errors, {len(found)} warnings." if found else "Nothing found.")
