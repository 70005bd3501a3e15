"""Two recorders of one sheet: their answers side by side, topic by topic; mine are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from forms.fund.scoring import write_answer
from models.core.identity import names_of
from models.fund.scoring import Choice, ScoringForm, Sheet, points
from views.core.conflict import Clash, Conflict
from views.core.look import clock
from views.fund.scoring.desk import content_of


def answer_words(topic: Any, typed: Mapping[str, Any]) -> str:
    """A whole answer in words: the choice, which indicators, the points."""
    if typed["choice"] is None:
        return _("not answered")
    if typed["choice"] != Choice.HAS or not typed["ticked"]:
        return _("no indicator, 0 points")
    numbers = ", ".join(str(position + 1) for position in typed["ticked"])
    return _("indicators %(numbers)s, %(points)s points", numbers=numbers, points=points(topic, len(typed["ticked"])))


def sheet_conflict(sheet: Sheet, form: ScoringForm, mine: Mapping[str, Any]) -> Conflict:
    """What differs between the sheet as it stands now and what was typed on an older version of it."""
    by = names_of([sheet.saved_by_id]).get(sheet.saved_by_id, _("Somebody")) if sheet.saved_by_id else _("Somebody")
    conflict = Conflict(by, clock(sheet.saved_at), sheet.version)
    theirs = content_of(sheet, form)

    def add(is_said: bool, clash: Clash) -> None:
        """Ask only where they said something; what they left empty is mine without a question."""
        if is_said:
            conflict.add(clash)
        else:
            conflict.hidden.append((clash.name, clash.mine))

    for topic in form.topics:
        own, other = mine["topics"][topic.number], theirs["topics"][topic.number]
        add(
            other["choice"] is not None,
            Clash(
                f"answer-{topic.number}",
                _("Topic %(number)s", number=topic.number),
                write_answer(own["choice"], own["ticked"]),
                write_answer(other["choice"], other["ticked"]),
                answer_words(topic, own),
                answer_words(topic, other),
            ),
        )
        label = _("Advice on topic %(number)s", number=topic.number)
        add(bool(other["advice"]), Clash(f"advice-{topic.number}", label, own["advice"], other["advice"]))
    add(bool(theirs["advice"]), Clash("advice", _("Advice in general"), mine["advice"], theirs["advice"]))
    return conflict


def merged(form: ScoringForm, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What was typed, with what the other saved where nothing was typed; and the names of what came in like that.

    Two people who share the topics out between them so lose nothing, and are asked about nothing.
    """
    taken, topics = [], {}
    for topic in form.topics:
        own, other = dict(mine["topics"][topic.number]), theirs["topics"][topic.number]
        if own["choice"] is None and other["choice"] is not None:
            own |= {"choice": other["choice"], "ticked": list(other["ticked"])}
            taken.append(_("Topic %(number)s", number=topic.number))
        if not own["advice"] and other["advice"]:
            own["advice"] = other["advice"]
            taken.append(_("Advice on topic %(number)s", number=topic.number))
        topics[topic.number] = own
    if not mine["advice"] and theirs["advice"]:
        taken.append(_("Advice in general"))
    return {"advice": mine["advice"] or theirs["advice"], "topics": topics}, taken


def differences(form: ScoringForm, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What differs, in words only: (what, mine, theirs); for a sheet that was sent and cannot change any more."""
    found = []
    for topic in form.topics:
        own, other = mine["topics"][topic.number], theirs["topics"][topic.number]
        if (own["choice"], own["ticked"]) != (other["choice"], other["ticked"]):
            label = _("Topic %(number)s", number=topic.number)
            found.append((label, answer_words(topic, own), answer_words(topic, other)))
        if own["advice"] != other["advice"]:
            label = _("Advice on topic %(number)s", number=topic.number)
            found.append((label, own["advice"] or "–", other["advice"] or "–"))
    if mine["advice"] != theirs["advice"]:
        found.append((_("Advice in general"), mine["advice"] or "–", theirs["advice"] or "–"))
    return found
