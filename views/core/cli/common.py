"""What the commands share: one clear line instead of a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from config import Settings
from services.core import ServiceDown

F = TypeVar("F", bound=Callable[..., Any])

sala = AppGroup("sala", help="Runs and looks after Sala.")


def give_up(line: str) -> NoReturn:
    """End the command with one line on stderr and exit code 1."""
    click.echo(line, err=True)
    sys.exit(1)


def settings() -> Settings:
    """The settings of this process."""
    found: Settings = current_app.config["SALA"]
    return found


def plainly(command: F) -> F:
    """Turn what an operator can mend (no database, no tables, a service down) into one line."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except OperationalError as error:
            give_up(_database_line(error))
        except ProgrammingError as error:
            give_up(_database_line(error))
        except ServiceDown as error:
            give_up(f"{type(error).__name__}: {error}")

    return run  # type: ignore[return-value]


def _database_line(error: Exception) -> str:
    words = str(getattr(error, "orig", error)).strip().splitlines() or [""]
    if "no such table" in words[0] or "does not exist" in words[0]:
        return f"The database has no tables yet, or old ones: run `flask sala init`. ({words[0]})"
    return f"The database does not answer: {words[0]}"
