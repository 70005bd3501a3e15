"""What a list is asked for in an address: declared parameters in ISO and plain numbers, each once; all else is 400."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _

from models.core.entity import Entity, Field, Kind
from models.core.entity.rows import LONGEST_SEARCH, Wanted, WrongFilter, filters_of
from models.core.listing import LONGEST_VALUE
from views.core.api import shapes
from views.core.problem import Trouble

MOST, USUAL = 100, 25
LONGEST_POSITION = 2 * LONGEST_VALUE
ETAG = '^"[A-Za-z0-9]{1,40}"$'
# A proxy that compresses an answer marks its ETag as weak; it is the same record.
IF_MATCH = '^(W/)?"[A-Za-z0-9]{1,40}"$'


@dataclass(frozen=True)
class Parameter:
    """One parameter of a list: its schema, the check of what came, and the field that it narrows."""

    name: str
    schema: dict[str, Any]
    fits: Callable[[str], bool]
    field: str = ""
    bound: str = ""  # "equal" | "least" | "most"
    words: Any = ""


def _is_limit(text: str) -> bool:
    return bool(re.fullmatch("[1-9][0-9]{0,2}", text)) and int(text) <= MOST


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(shapes.DAY.strip("^$"), text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    return bool(re.fullmatch("0|-?[1-9][0-9]{0,17}", text))


def _is_decimal(text: str) -> bool:
    return bool(re.fullmatch(r"-?[0-9]{1,16}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", text)) and math.isfinite(
        float(text)
    )


def parameters(entity: Entity, *, is_filtered: bool = True) -> list[Parameter]:
    """Every parameter that the entity's list takes."""
    found = [
        Parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, _is_limit),
        Parameter("after", {"type": "string", "minLength": 1, "maxLength": LONGEST_POSITION}, _is_position),
    ]
    if not is_filtered:
        return found
    names = list(entity.all_orders)
    found.append(
        Parameter("order", {"type": "string", "enum": names, "default": entity.default_order.name}, names.__contains__)
    )
    if entity.search:
        found.append(Parameter("q", {"type": "string", "minLength": 1, "maxLength": LONGEST_SEARCH}, _is_search))
    if entity.gates.restore is not None and entity.is_soft_deleted:
        found.append(Parameter("deleted", {"type": "boolean", "default": False}, ("true", "false").__contains__))
    for name, way in filters_of(entity).items():
        bounds = [("", "equal")] if way == "equal" else [("_from", "least"), ("_to", "most")]
        schema, fits = _filter(entity.fields[name])
        found += [Parameter(f"{name}{ending}", schema, fits, name, bound) for ending, bound in bounds]
    return found


def _is_position(text: str) -> bool:
    return 0 < len(text) <= LONGEST_POSITION


def _is_search(text: str) -> bool:
    return 0 < len(text) <= LONGEST_SEARCH


def _filter(one: Field) -> tuple[dict[str, Any], Callable[[str], bool]]:
    if one.kind is Kind.YES_NO:
        return {"type": "boolean"}, ("true", "false").__contains__
    if one.kind is Kind.CHOICE:
        codes = list(one.codes)
        kind = "integer" if shapes.is_number_code(one) else "string"
        return {"type": kind, "enum": codes}, {str(code) for code in codes}.__contains__
    if one.kind in (Kind.DATE, Kind.MOMENT):
        return {"type": "string", "format": "date", "pattern": shapes.DAY}, _is_day
    if one.kind is Kind.DECIMAL:
        return _numbers("number", one, _is_decimal)
    if one.kind is Kind.MONEY:
        pattern = r"^[0-9]{1,9}(\.[0-9]{1,2})?$"
        return {"type": "string", "pattern": pattern}, lambda text: bool(re.fullmatch(pattern.strip("^$"), text))
    if one.kind is Kind.NUMBER or shapes.is_number_code(one):
        return _numbers("integer", one, _is_number)
    longest = one.length or LONGEST_SEARCH
    return {
        "type": "string",
        "pattern": shapes.VISIBLE,
        "maxLength": longest,
    }, lambda text: len(text) <= longest and bool(re.search(shapes.VISIBLE, text))


def _numbers(kind: str, one: Field, fits: Callable[[str], bool]) -> tuple[dict[str, Any], Callable[[str], bool]]:
    lowest, highest = shapes.span(one)
    return {
        "type": kind,
        "minimum": lowest,
        "maximum": highest,
    }, lambda text: fits(text) and lowest <= float(text) <= highest


@dataclass(frozen=True)
class Asked:
    """What a list was asked for."""

    limit: int
    after: str | None
    order: str
    deleted: bool
    wanted: Wanted


def read(entity: Entity, *, is_filtered: bool = True) -> Asked:
    """The parameters of this request. Raises Trouble (400) for one that there is not, comes twice or does not fit."""
    known = {one.name: one for one in parameters(entity, is_filtered=is_filtered)}
    given: dict[str, str] = {}
    for name, values in request.args.lists():
        one = known.get(name)
        if one is None:
            raise wrong(name, _("There is no such parameter here."))
        if len(values) != 1:
            raise wrong(name, _("Give the parameter once."))
        if not one.fits(values[0]):
            raise wrong(name, _("The value does not fit the parameter; the document says what does."))
        given[name] = values[0]
    bounds: dict[str, dict[str, str]] = {"equal": {}, "least": {}, "most": {}}
    for name, value in given.items():
        if known[name].bound:
            bounds[known[name].bound][known[name].field] = value
    return Asked(
        limit=int(given.get("limit", USUAL)),
        after=given.get("after"),
        order=given.get("order", entity.default_order.name),
        deleted=given.get("deleted") == "true",
        wanted=Wanted(given.get("q", ""), **bounds),
    )


def nothing_asked() -> None:
    """Raises Trouble (400) where an address that takes no parameters has some."""
    for name in request.args:
        raise wrong(name, _("There is no such parameter here."))


def wrong(name: str, said: str, code: str = "wrong_parameter") -> Trouble:
    """The refusal of one parameter."""
    return Trouble(400, code, errors={name[:100]: {"code": code, "message": said}})


def wrong_filter(error: WrongFilter) -> Trouble:
    """The refusal of a filter whose value no row can have."""
    said = shapes.sentence_of(error.wrong) if error.wrong is not None else _("There is no such parameter here.")
    return wrong(error.name, said)


def stamp() -> str:
    """The stamp of the record that the caller read, from If-Match. Raises Trouble: 428 without, 400 for no ETag."""
    shown = request.headers.get("If-Match")
    if shown is None:
        raise Trouble(428)
    if not re.fullmatch(IF_MATCH.strip("^$"), shown):
        raise wrong("If-Match", _("Send the ETag as it was told, with its quotation marks."), "wrong_etag")
    return shown.removeprefix("W/").strip('"')
