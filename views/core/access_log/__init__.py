"""The access log: its list, an entry's page, its export."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from views.core.access_log.view import AccessLogView
from views.core.log_words import name_entities


def register(builder: Any) -> None:
    """Add the page under ดูแลระบบ."""
    name_entities(
        {
            "core_audit_entry": _l("Access log"),
            "core_profile": _l("Profile"),
            "core_grant": _l("Kind of user"),
            "core_identity": _l("Way to sign in"),
            "core_consent": _l("Consent"),
        }
    )
    more = {"category": "system", "category_label": _l("System")}
    builder.add_view(AccessLogView, "access_log", label=_l("Access log"), icon="journal-text", **more)
