"""What a report is asked about: the round and curriculum in its address, and whose numbers its reader may have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, g
from sqlalchemy import Select
from werkzeug.exceptions import BadRequest

from models.assessment.codes import NATIONAL
from models.assessment.outside import OutsideAgency
from models.assessment.reference.catalogue import CURRICULA
from models.assessment.round import Round
from models.assessment.school import School
from models.core.matrix import kinds_of
from models.core.reference.provinces import PROVINCES
from reports.assessment.figures import Asked
from views.assessment.asked import asked_round, rounds_of

REPORT = "registration.report"


def read_asked(rounds: list[Round], args: Mapping[str, str]) -> Asked | None:
    """The round and curriculum that an address asks for; None before the first round. Raises BadRequest."""
    this = asked_round(rounds, args)
    curriculum = args.get("curriculum", "")
    if curriculum and curriculum not in CURRICULA:
        raise BadRequest
    return Asked(this, curriculum) if this is not None else None


def asked_or_404(args: Mapping[str, str]) -> Asked:
    """The same for a file: without a round there is none."""
    return read_asked(rounds_of(g.user), args) or abort(404)


def read_province(args: Mapping[str, str]) -> str:
    """The code of one province, or empty for all. Raises BadRequest."""
    province = args.get("province", "")
    if province and province not in PROVINCES:
        raise BadRequest
    return province


def values_of(asked: Asked) -> dict[str, Any]:
    """The same as it goes into an address."""
    return {"round": asked.round.id, "curriculum": asked.curriculum or None}


def is_country(user: Any) -> bool:
    """Whether the user reports on the whole country."""
    return NATIONAL in kinds_of(user, REPORT)


def schools_of(user: Any, province: str = "") -> Select[Any]:
    """The schools whose numbers the user may have on a report."""
    schools = School.visible_to(user, REPORT)
    return schools.where(School.province_code == province) if province else schools


def agencies_of(user: Any, province: str = "") -> Select[Any]:
    """The agencies likewise."""
    agencies = OutsideAgency.visible_to(user, REPORT)
    return agencies.where(OutsideAgency.province_code == province) if province else agencies
