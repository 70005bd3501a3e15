"""The permissions: their matrix, and why somebody may or may not."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from models.core.kinds import CORE
from views.core.log_words import name_entities
from views.core.permission.editor import PermissionView
from views.core.permission.why import WhyView
from views.core.permission.words import name_domain


def register(builder: Any) -> None:
    """Add the pages under ดูแลระบบ."""
    name_domain(CORE, _l("System"))
    name_entities({"core_matrix_change": _l("Change of the permissions")})
    more = {"category": "system", "category_label": _l("System")}
    builder.add_view(PermissionView, "permissions", label=_l("Permissions"), icon="shield-lock", **more)
    builder.add_view_no_menu(WhyView)
