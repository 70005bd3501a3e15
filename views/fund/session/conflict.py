"""Two people at one session: what each typed, side by side, and nothing of it lost."""

from __future__ import annotations

from datetime import time

from forms.fund.session import PeopleForm, SessionForm
from models.core.identity import names_of
from models.core.thai.dates import format_date, to_bangkok
from models.fund.session import EvaluationSession, MemberRole
from views.core.conflict import Clash, Conflict, last_change
from views.fund.session.words import session_type


def data_conflict(session: EvaluationSession, form: SessionForm) -> Conflict:
    """The data of the meeting: what stands now beside what was typed on an older version of it."""
    by, when = last_change(session)
    conflict = Conflict(by, when, session.version)
    starts = to_bangkok(session.starts_at)
    ends = to_bangkok(session.ends_at).time() if session.ends_at else None
    theirs = {
        "name": session.name,
        "level": session.level,
        "day": format_date(starts.date(), "field"),
        "starts": _clock(starts.time()),
        "ends": _clock(ends),
        "place": session.place,
        "link": session.link,
    }
    mine = {
        "name": form.name.data,
        "level": form.level.data,
        "day": format_date(form.day.data, "field") if form.day.data else "",
        "starts": _clock(form.starts.data),
        "ends": _clock(form.ends.data),
        "place": form.place.data,
        "link": form.link.data,
    }
    for name, value in theirs.items():
        texts = (session_type(mine[name]), session_type(value)) if name == "level" else (mine[name], value)
        conflict.add(Clash(name, form[name].label.text, mine[name], value, *texts))
    chair = [session.chair.id] if session.chair else []
    conflict.add(_people("chair_id", form.chair_id.label.text, form.chair_id.data, chair))
    return conflict


def people_conflict(session: EvaluationSession, form: PeopleForm) -> Conflict:
    """Who sits: the lists as they stand now beside those that were chosen."""
    by, when = last_change(session)
    conflict = Conflict(by, when, session.version)
    theirs = {
        "secretary_ids": [user.id for user in session.secretaries],
        "member_ids": [user.id for user in session.people(MemberRole.MEMBER)],
    }
    for name, value in theirs.items():
        conflict.add(_people(name, form[name].label.text, form[name].data, value))
    return conflict


def _people(name: str, label: str, mine: list[int], theirs: list[int]) -> Clash:
    names = names_of({*mine, *theirs})
    posted = [",".join(str(key) for key in keys) for keys in (mine, theirs)]
    read = [", ".join(names.get(key, "?") for key in keys) or "–" for keys in (mine, theirs)]
    return Clash(name, label, *posted, *read)


def _clock(value: time | None) -> str:
    return f"{value:%H.%M}" if value else ""
