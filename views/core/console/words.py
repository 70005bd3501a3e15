"""What the console's records and deeds are called in the access log."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from views.core.log_words import name_entities, name_moves


def name_words() -> None:
    """Add them."""
    name_entities(
        {
            "core_job": _("Background work"),
            "core_backup": _("Backup"),
            "core_counter": _("Counter of running numbers"),
            "core_throttle": _("Limit on tries"),
            "core_session": _("Signed-in device"),
            "core_consent": _("Accepted text"),
            "core_grant": _("Role"),
            "core_matrix_row": _("Permission"),
        }
    )
    for entity, words in {
        "core_job": {"retry": _("Background work done again")},
        "core_throttle": {"forget": _("Limit on tries taken away")},
    }.items():
        name_moves(entity, lambda move, words=words: str(words.get(move, move)))  # type: ignore[misc]
