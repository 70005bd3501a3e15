"""Why a generated page does not do something."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from views.core.sentences import says


@says("not_done_here")
def _not_done_here(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("This is not done here: these records are changed by the pages made for that work.")
