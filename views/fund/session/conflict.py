"""Two people at one session: what each typed, side by side, and nothing of it lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from forms.fund.session import PeopleForm, SessionForm
from models.core import audit
from models.core.db import db
from models.core.identity import Account
from models.core.thai.dates import format_date, format_time, to_bangkok
from models.fund.session import EvaluationSession, MemberRole
from views.fund.session.queries import names_of
from views.fund.session.words import session_type


@dataclass(frozen=True)
class Field:
    """A field that both typed: what each posts, and how each reads."""

    name: str
    label: str
    mine: str
    theirs: str
    mine_text: str = ""
    theirs_text: str = ""


@dataclass
class Conflict:
    """What core/_conflict.html shows: the fields that differ; those that do not are posted along."""

    by: str
    when: str
    version: int
    fields: list[Field] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)

    def add(self, one: Field) -> None:
        """Put a field where it belongs."""
        if one.mine == one.theirs:
            self.hidden.append((one.name, one.mine))
        else:
            self.fields.append(one)


def last_change(record: Any) -> tuple[str, str]:
    """Who changed the record last, and at what time of day."""
    entries = audit.history_of(record, limit=1)
    actor = db.session.get(Account, entries[0].actor_id) if entries and entries[0].actor_id else None
    when = format_time(entries[0].at, language()) if entries else ""
    return (actor.full_name if actor else _("Somebody")), when


def language() -> str:
    """The reader's language."""
    return str(get_locale() or "th")[:2]


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
        conflict.add(Field(name, form[name].label.text, mine[name], value, *texts))
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


def _people(name: str, label: str, mine: list[int], theirs: list[int]) -> Field:
    names = names_of({*mine, *theirs})
    posted = [",".join(str(key) for key in keys) for keys in (mine, theirs)]
    read = [", ".join(names.get(key, "?") for key in keys) or "–" for keys in (mine, theirs)]
    return Field(name, label, *posted, *read)


def _clock(value: time | None) -> str:
    return f"{value:%H.%M}" if value else ""
