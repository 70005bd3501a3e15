"""The pages about the system itself, in the order of the menu: outgoing messages, the access log, all records."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from views.core import access_log, outgoing
from views.core.records import core_words, pages


def register(builder: Any) -> None:
    """Add the pages under ดูแลระบบ."""
    outgoing.register()
    core_words.name_records()
    more = {"category": "system", "category_label": _l("System")}
    builder.add_view(outgoing.MessageView, "outbox", label=_l("Outgoing messages"), icon="send", **more)
    access_log.register(builder)
    pages.register(builder)
