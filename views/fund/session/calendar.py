"""A session as a calendar file (iCalendar, RFC 5545); a later invitation takes the earlier one's place."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar, Event

from models.core.db import now
from models.fund.session import DELETED, EvaluationSession

# A meeting whose end nobody noted is shown as one of half a day.
USUAL_LENGTH = timedelta(hours=3)


def calendar_of(session: EvaluationSession, page: str) -> bytes:
    """The calendar file of a session; `page` is the address of its page."""
    event = Event()
    event.add("uid", f"session-{session.id}@sala")
    event.add("sequence", session.invitation_number)
    event.add("dtstamp", now())
    event.add("summary", session.name)
    event.add("dtstart", session.starts_at)
    event.add("dtend", session.ends_at or session.starts_at + USUAL_LENGTH)
    event.add("location", ", ".join(part for part in (session.place, session.link) if part))
    event.add("description", page)
    event.add("url", page)
    event.add("status", "CANCELLED" if session.state == DELETED else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Sala//Evaluation sessions//TH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    found: bytes = calendar.to_ical()
    return found
