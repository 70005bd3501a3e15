"""The core's views; `register` puts them into the application."""

from __future__ import annotations

from typing import Any

from views.core import (
    account,
    api,
    console,
    files,
    kept,
    notification,
    office,
    periods,
    permission,
    privacy,
    pulse,
    search,
    setting,
    settings,
    sign,
)


def register(builder: Any) -> None:
    """Add the pages that belong to everybody."""
    builder.add_view_no_menu(sign.SignView)
    builder.add_view_no_menu(settings.LocaleView)
    builder.add_view_no_menu(notification.NotificationView)
    builder.add_view_no_menu(files.FileView)
    builder.add_view_no_menu(pulse.PulseView)
    builder.add_view_no_menu(kept.TypingView)
    search.register(builder)
    account.register(builder)


def register_office(builder: Any) -> None:
    """Add the pages about the system itself, after those of the domains: the menu keeps this order."""
    permission.register(builder)
    office.register(builder)
    privacy.register(builder)
    setting.register(builder)
    periods.name_periods()
    console.register(builder)
    api.register(builder)
