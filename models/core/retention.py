"""How long things are kept that nobody needs for ever: periods that a super user may change (spec: fund.md 12)."""

from __future__ import annotations

from datetime import timedelta

from models.core.setting import Whole, declare, value

DRAFTS = "retention.drafts"
SESSIONS = "retention.sessions"
LINKS = "retention.links"
MESSAGES = "retention.messages"
NOTIFICATIONS = "retention.notifications"
JOBS = "retention.jobs"
EXPORTS = "retention.exports"
LOG_VALUES = "retention.log_values"

# Unsaved typing: half a year is longer than any round of proposals.
declare(DRAFTS, 180, Whole(30, 3650), "fund.md 4")
# Ended sessions say from where one signed in; the Computer Crime Act asks for 90 days at least.
declare(SESSIONS, 90, Whole(90, 3650), "fund.md 2.5")
declare(LINKS, 30, Whole(1, 365), "fund.md 2.1")
# A year on, nobody asks any more whether a mail went out.
declare(MESSAGES, 365, Whole(90, 3650), "fund.md 9")
declare(NOTIFICATIONS, 365, Whole(30, 3650), "fund.md 9")
# A file that was made to be fetched; it may hold personal data of many.
declare(EXPORTS, 7, Whole(1, 90), "operations.md")
declare(JOBS, 30, Whole(7, 365), "operations.md")
# In years. Who did what, when and from where stays for ever, for the chain hangs on it. From what to what belongs to
# the papers it is about, which the Regulation on Correspondence keeps for 10 years; never less than 2, the longest
# that an officer may order traffic data to be kept under the Computer Crime Act, section 26.
declare(LOG_VALUES, 10, Whole(2, 100), "fund.md 11")


def lasts(name: str) -> timedelta:
    """How long what the setting is about is kept."""
    days = int(value(name))
    return timedelta(days=days * 365.25 if name == LOG_VALUES else days)
