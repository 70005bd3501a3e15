"""Meetings for people's calendars (iCalendar, RFC 5545; invitations RFC 5546 and 6047): files, and what mails carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import url_for

from models.core.clock import BANGKOK, now
from models.fund.session import CANCELLED, DELETED, USUAL_LENGTH, EvaluationSession
from models.fund.session.invitations import CANCEL
from services.core import settings
from services.mail import Attachment

if TYPE_CHECKING:
    from icalendar import Calendar, Component, Event

PUBLISH = "PUBLISH"
FILE_NAME = "invitation.ics"
OFFSET = timedelta(hours=7)


def calendar_of(sessions: Iterable[EvaluationSession]) -> bytes:
    """A calendar file of sessions to take over into one's own calendar; it invites nobody."""
    calendar = _calendar(PUBLISH)
    for session in sessions:
        page = url_for("SessionView.show", pk=session.id, _external=True)
        event = _event(
            uid=session.calendar_uid,
            number=session.invitation_number,
            name=session.name,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            place=session.place,
            link=session.online,
            page=page,
            at=now(),
        )
        event.add("status", "CANCELLED" if session.state in (CANCELLED, DELETED) else "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def invitation_file(values: Mapping[str, Any]) -> Attachment:
    """What an invitation's mail carries: a request, or its cancellation, to the one reader (`to_address`)."""
    method = str(values["method"])
    calendar = _calendar(method)
    ends_at = values.get("ends_at")
    page = "" if method == CANCEL else f"{settings().base_url}{url_for('SessionView.show', pk=values['session_id'])}"
    event = _event(
        uid=values["uid"],
        number=values["number"],
        name=values["session"],
        starts_at=datetime.fromisoformat(values["starts_at"]),
        ends_at=datetime.fromisoformat(ends_at) if ends_at else None,
        place=values["place"],
        link=values["link"],
        page=page,
        at=datetime.fromisoformat(values["at"]),
    )
    from icalendar import vCalAddress, vText

    organizer = vCalAddress(f"mailto:{settings().mail_from}")
    organizer.params["CN"] = vText(settings().agency_name)
    event.add("organizer", organizer)
    attendee = vCalAddress(f"mailto:{values['to_address']}")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    # Nobody reads answers at the office's address.
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    calendar.add_component(event)
    return Attachment(FILE_NAME, calendar.to_ical(), "text/calendar", method)


def _calendar(method: str) -> Calendar:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Sala//Evaluation sessions//TH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_zone())
    return calendar


@lru_cache(maxsize=1)
def _zone() -> Component:
    """Bangkok's time, which has been the same since 1920."""
    from icalendar import Timezone, TimezoneStandard

    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - a zone begins at its own local time
    standard.add("tzname", "+07")
    standard.add("tzoffsetfrom", OFFSET)
    standard.add("tzoffsetto", OFFSET)
    zone = Timezone()
    zone.add("tzid", BANGKOK.key)
    zone.add_component(standard)
    return zone


def _event(
    *,
    uid: str,
    number: int,
    name: str,
    starts_at: datetime,
    ends_at: datetime | None,
    place: str,
    link: str,
    page: str,
    at: datetime,
) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("sequence", number)
    event.add("dtstamp", at)
    event.add("summary", name)
    event.add("dtstart", starts_at.astimezone(BANGKOK))
    event.add("dtend", (ends_at or starts_at + USUAL_LENGTH).astimezone(BANGKOK))
    if place or link:
        event.add("location", place or link)
    if described := "\n".join(part for part in (link, page) if part):
        event.add("description", described)
    if link or page:
        event.add("url", link or page)
    return event
