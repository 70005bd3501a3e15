"""Which round an address of the registry asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from werkzeug.exceptions import BadRequest

from models.assessment.codes import RoundState
from models.assessment.round import Round
from models.core.db import db


def rounds_of(user: Any) -> list[Round]:
    """The rounds that have begun to be used, the latest first; one query."""
    rows = Round.visible_to(user, "round.view").where(Round.state != RoundState.PREPARED)
    return list(db.session.scalars(rows.order_by(Round.academic_year.desc(), Round.number.desc())))


def asked_round(rounds: Collection[Round], args: Mapping[str, str]) -> Round | None:
    """The round that `round` names, else the open one, else the latest; None before the first. Raises BadRequest."""
    given = args.get("round", "")
    if given:
        found = next((one for one in rounds if str(one.id) == given), None)
        if found is None:
            raise BadRequest
        return found
    is_open = (one for one in rounds if one.state == RoundState.OPEN)
    return next(is_open, next(iter(rounds), None))
