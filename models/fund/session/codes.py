"""Where sessions and their items stand, and what people do in them."""

from __future__ import annotations

from datetime import timedelta

OPEN, CLOSED, CANCELLED, DELETED = "open", "closed", "cancelled", "deleted"


class MemberRole:
    """What somebody does in a session."""

    CHAIR = "chair"
    SECRETARY = "secretary"
    MEMBER = "member"


class ItemState:
    """Where an item of an agenda stands."""

    ON = "on"
    OFF = "off"
    DONE = "done"


ROLES = (MemberRole.CHAIR, MemberRole.SECRETARY, MemberRole.MEMBER)
# A meeting whose end nobody noted counts as one of half a day.
USUAL_LENGTH = timedelta(hours=3)
