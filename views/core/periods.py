"""The words of the settings that say how long things are kept."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from models.core import retention as periods
from views.core.setting import name_setting


def name_periods() -> None:
    """Add the periods to the page of settings."""
    group, days = _("How long things are kept"), _("days")
    for name, label, explanation in (
        (
            periods.DRAFTS,
            _("Typing that was never saved"),
            _("Kept by itself while somebody typed; counted from the last key."),
        ),
        (
            periods.SESSIONS,
            _("Ended sessions"),
            _("From which device and address one signed in. The Computer Crime Act asks for 90 days at least."),
        ),
        (periods.LINKS, _("One-time links"), _("Counted from when a link stopped working.")),
        (
            periods.MESSAGES,
            _("Outgoing messages"),
            _("Those sent or given up. What waits to be sent is never deleted."),
        ),
        (periods.NOTIFICATIONS, _("Notifications"), _("Lines under the bell, read or not.")),
        (
            periods.EXPORTS,
            _("Files made to be fetched"),
            _("Such as a copy of one’s own data; they can be asked for again."),
        ),
        (periods.JOBS, _("Work of the system that is done"), _("When it was done and whether it failed.")),
    ):
        name_setting(name, group, label, explanation, days)
    name_setting(
        periods.LOG_VALUES,
        group,
        _("Values in the access log"),
        _(
            "What a field said before and after a change. Who did what, and when, is kept for ever. "
            "Two years at least; ten are what the Regulation on Correspondence asks for papers."
        ),
        _("years"),
    )
