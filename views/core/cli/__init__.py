"""`flask sala …`: what an operator runs (docs: operations.md)."""

from __future__ import annotations

from flask import Flask

from views.core.cli import backup, checks, demo, looking, privacy, retention, serving, setup, users
from views.core.cli.common import sala
from views.core.cli.demo import DemoAccount, DemoOptions, register_demo
from views.core.cli.setup import initialize, register_reference

__all__ = ["DemoAccount", "DemoOptions", "initialize", "register_cli", "register_demo", "register_reference"]

# Imported for the commands that they add to the group.
PARTS = (backup, checks, demo, looking, privacy, retention, serving, setup, users)


def register_cli(app: Flask) -> None:
    """Add the group `sala` with its commands."""
    app.cli.add_command(sala)
