"""The core's views; `register` puts them into the application."""

from __future__ import annotations

from typing import Any


def register(builder: Any) -> None:
    """Add the core's views to FAB."""
    from importlib.util import find_spec

    from views.core import files, notification, settings, sign

    builder.add_view_no_menu(sign.SignView)
    builder.add_view_no_menu(settings.LocaleView)
    builder.add_view_no_menu(notification.NotificationView)
    builder.add_view_no_menu(files.FileView)
    from views.core import office

    office.register(builder)
    if find_spec("views.core.account"):
        from views.core import account

        account.register(builder)
