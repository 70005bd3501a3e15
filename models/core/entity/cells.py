"""From a file's cells to what a field takes: headings matched, codes by their words, what Excel spoiled told."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.core.entity import Entity
from models.core.entity.fields import TEXTS, Field, Kind
from models.core.entity.portions import Coded, Label, cell_of
from models.core.entity.values import WrongValue, clean
from models.core.thai.dates import BUDDHIST_OFFSET, FIRST_BUDDHIST_YEAR, LAST_BUDDHIST_YEAR, BadDate
from models.core.thai.errors import BadValue
from models.core.thai.text import search_text, to_ascii_digits

_POWER = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]{2}")
_SIGNS = re.compile(r"[\s*:()\[\].,_\-/]+")
_SAFE_DIGITS = 15  # Excel keeps no more of a number


class ExcelError(str):
    """What stands in a cell whose formula failed: #N/A, #REF! and the like."""


class WrongHeadings(Exception):
    """The first row does not say what stands below it.

    Codes: none_known; twice (heading); no_key (heading).
    """

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def folded(text: Any) -> str:
    """A heading or a code's words as they are compared: without case, spaces and signs."""
    return _SIGNS.sub("", search_text(str(text)))


def taken_fields(entity: Entity) -> tuple[str, ...]:
    """The fields that a file may bring, in the order of the entity's page."""
    typed = dict.fromkeys((*entity.added, *entity.changed))
    ordered = [name for name in entity.fields if name in typed]
    return tuple(ordered)


def key_fields(entity: Entity) -> tuple[str, ...]:
    """The columns by which a row finds its record: the number, and the entity's own key where it has one."""
    return tuple(dict.fromkeys((entity.pk.key, *([entity.key] if entity.key else []))))


@dataclass(frozen=True)
class Heading:
    """What the columns of a file are: the field of each (None: not read), and the headings that are not read.

    `nameless` are the places of columns without a heading.
    """

    fields: tuple[str | None, ...]
    unread: tuple[str, ...]
    nameless: frozenset[int] = frozenset()

    def given(self, cells: Sequence[Any]) -> dict[str, Any]:
        """A row's cells by field; a column that the row does not reach is empty."""
        return {
            name: cells[index] if index < len(cells) else None
            for index, name in enumerate(self.fields)
            if name is not None
        }

    @property
    def known(self) -> tuple[str, ...]:
        """The fields that the file has a column for, in its order."""
        return tuple(name for name in self.fields if name is not None)

    def surplus(self, cells: Sequence[Any]) -> str:
        """What a row has where no heading stands: a text that was parted in two, most often. Empty for nothing."""
        beside = [cell for index, cell in enumerate(cells) if index >= len(self.fields) or index in self.nameless]
        return ", ".join(str(cell) for cell in beside if cell is not None)[:100]


def match(entity: Entity, names: Mapping[str, str], first: Sequence[Any], *, needs_key: bool) -> Heading:
    """What the headings of a file mean; `names` has fields by folded heading. Raises WrongHeadings."""
    wanted = {*taken_fields(entity), *key_fields(entity)}
    fields: list[str | None] = []
    unread = []
    for cell in first:
        name = names.get(folded(cell)) if cell is not None else None
        if name not in wanted:
            name = None
            if cell is not None:
                unread.append(str(cell)[:100])
        if name is not None and name in fields:
            raise WrongHeadings("twice", heading=str(cell)[:100])
        fields.append(name)
    if not set(fields) & set(taken_fields(entity)):
        raise WrongHeadings("none_known")
    if needs_key and not set(fields) & set(key_fields(entity)):
        raise WrongHeadings("no_key")
    nameless = frozenset(index for index, cell in enumerate(first) if cell is None)
    return Heading(tuple(fields), tuple(unread), nameless)


def codes_of(one: Field, coded: Coded) -> Sequence[str]:
    """The codes that a cell of the field may name, by itself or by its words."""
    return one.codes if one.kind is Kind.CHOICE else coded.get(one.name, ())


@dataclass(frozen=True)
class Codes:
    """Codes in words, both ways, in the reader's language; made once per file."""

    label: Label
    coded: Coded
    meant: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, entity: Entity, label: Label, coded: Coded) -> Codes:
        """The codes of every field that has some; words that two codes share mean neither."""
        found: dict[str, dict[str, Any]] = {}
        for name in taken_fields(entity):
            one = entity.fields[name]
            codes = codes_of(one, coded)
            if not codes:
                continue
            meant: dict[str, Any] = {}
            shared = set()
            for code in codes:
                said = folded(label(name, code))
                if said in meant:
                    shared.add(said)
                meant[said] = code
            found[name] = {said: code for said, code in meant.items() if said not in shared}
            found[name] |= {folded(code): code for code in codes}
        return cls(label, coded, found)

    def is_unchanged(self, one: Field, cell: Any, value: Any) -> bool:
        """Whether a cell says what an export says of the value that is stored."""
        said = cell_of(one, value, self.label, self.coded)
        if cell is None or said is None:
            return cell is None and said is None
        if isinstance(said, date):
            try:
                return bool(cell_of(one, self.read(one, cell), self.label, self.coded) == said)
            except BadValue:
                return False
        # In a text table an apostrophe stands before what looks like a formula.
        return bool(cell == said) or str(cell) == str(said) or f"'{cell}" == said

    def read(self, one: Field, cell: Any) -> Any:
        """What is stored of a cell. Raises BadValue."""
        if isinstance(cell, ExcelError):
            raise WrongValue("excel_error")
        if cell is None:
            return clean(one, None)
        if one.kind is Kind.CHOICE or one.name in self.meant:
            written = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else cell
            return clean(one, self.meant.get(one.name, {}).get(folded(written), written))
        if one.kind in TEXTS or one.kind in (Kind.NUMBER, Kind.LINK):
            _check_whole(one, cell)
        if one.kind in (Kind.DATE, Kind.MOMENT) and isinstance(cell, date):
            cell = _of_common_era(cell)
        if one.kind is Kind.DATA:
            return _data(one, cell)
        if one.kind is Kind.YES_NO and isinstance(cell, float | int) and not isinstance(cell, bool):
            cell = int(cell)
        return clean(one, cell)


def is_shortened(text: str) -> bool:
    """Whether a text is what Excel makes of a long number: 2.01E+06."""
    return bool(_POWER.fullmatch(to_ascii_digits(text.strip()).upper()))


def _check_whole(one: Field, cell: Any) -> None:
    """Digits that Excel turned into a number and cut are told as such, not as a wrong number."""
    if isinstance(cell, str):
        if is_shortened(cell):
            raise WrongValue("spoiled")
        return
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return
    if abs(cell) >= 10**_SAFE_DIGITS:
        raise WrongValue("spoiled")
    digits = len(str(abs(int(cell))))
    if (one.kind is Kind.PHONE and digits in (8, 9)) or (one.kind is Kind.CITIZEN_ID and digits == 12):
        raise WrongValue("lost_zero")


def _of_common_era(cell: date) -> date:
    """A day whose year was typed in the Buddhist era into a spreadsheet that did not know it."""
    year = cell.year
    if FIRST_BUDDHIST_YEAR <= year <= LAST_BUDDHIST_YEAR:
        try:
            cell = cell.replace(year=year - BUDDHIST_OFFSET)
        except ValueError:
            raise BadDate("no_such_day", day=cell.day, month=cell.month, year=year) from None
    first, last = FIRST_BUDDHIST_YEAR - BUDDHIST_OFFSET, LAST_BUDDHIST_YEAR - BUDDHIST_OFFSET
    if not first <= cell.year <= last:
        raise BadDate("year_out_of_range", year=year, first=FIRST_BUDDHIST_YEAR, last=LAST_BUDDHIST_YEAR)
    return cell


def _data(one: Field, cell: Any) -> Any:
    try:
        return clean(one, json.loads(cell) if isinstance(cell, str) else cell)
    except (ValueError, RecursionError) as error:
        raise WrongValue("not_data") from error
