"""`flask sala …`: what an operator runs (docs: operations.md)."""

from __future__ import annotations

from flask import Flask
from flask.cli import AppGroup

from views.core.cli import checks, demo, looking, serving, setup, users
from views.core.cli.demo import DemoAccount, DemoOptions, register_demo
from views.core.cli.setup import initialize, register_reference

__all__ = ["DemoAccount", "DemoOptions", "initialize", "register_cli", "register_demo", "register_reference"]


def register_cli(app: Flask) -> None:
    """Add the group `sala` with its commands."""
    group = AppGroup("sala", help="Runs and looks after Sala.")
    for part in (setup, demo, users, serving, checks, looking):
        part.add_to(group)
    app.cli.add_command(group)
