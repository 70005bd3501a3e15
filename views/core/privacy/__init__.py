"""Personal data: one's own page, and the requests that the office answers (spec: README.md, Personal data)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from views.core.home import waiting_sources
from views.core.privacy import words as words
from views.core.privacy.office import PrivacyRequestView, badges, waiting_requests
from views.core.privacy.own import OwnDataView
from views.core.pulse import badge_sources


def register(builder: Any) -> None:
    """Add both views; what waits for an answer shows on the main page and in the menu."""
    builder.add_view_no_menu(OwnDataView)
    builder.add_view(
        PrivacyRequestView,
        "privacy-requests",
        label=_l("Requests about personal data"),
        icon="person-check",
        category="system",
        category_label=_l("System"),
    )
    if waiting_requests not in waiting_sources:
        waiting_sources.append(waiting_requests)
    if badges not in badge_sources:
        badge_sources.append(badges)
