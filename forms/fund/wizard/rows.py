"""Lists of rows in a form: names read `list-N-cell` and `list-N-inner-M-cell`; rows keep their lasting line id.

A page of the wizard may hold a hundred activities of six cells. WTForms' own FieldList would make a form and seven
fields of each row; here a row is a few plain objects, so that reading and showing them costs almost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wtforms import Field, Form

from forms.core.sentences import value_sentence
from forms.fund.wizard.limits import most_rows
from forms.fund.wizard.sentences import too_many_rows
from models.core import setting
from models.core.thai.dates import format_date, parse_date
from models.core.thai.errors import BadValue
from models.core.thai.money import format_money, parse_money
from models.core.thai.text import clean_block, clean_line

BLANK_INDEX = "__n__"  # The number that repeat.js puts its own in place of.


@dataclass(frozen=True)
class Reading:
    """How the text of a cell becomes a value, and a value text."""

    read: Callable[[str], Any]
    show: Callable[[Any], str] = str
    empty: Any = ""


READINGS = {
    "line": Reading(clean_line),
    "block": Reading(clean_block),
    "hidden": Reading(lambda text: text.strip()[:64]),
    "day": Reading(parse_date, lambda value: format_date(value, "field"), empty=None),
    "baht": Reading(parse_money, format_money, empty=None),
}


@dataclass(frozen=True)
class Column:
    """A cell that every row of a list has."""

    name: str
    label: Any
    reads: str = "line"
    longest: str = ""  # the setting with the most characters


@dataclass(frozen=True)
class RowSpec:
    """What the rows of a list are made of; `inner` are lists within each row, by name."""

    name: str
    columns: tuple[Column, ...]
    inner: RowSpec | None = None


class Cell:
    """One cell: the text as typed or shown, its value, and what is wrong with it."""

    __slots__ = ("column", "errors", "id", "refusal", "text", "value")

    def __init__(self, column: Column, prefix: str) -> None:
        self.column = column
        self.id = f"{prefix}-{column.name}"
        self.text = ""
        self.value: Any = READINGS[column.reads].empty
        self.refusal: BadValue | None = None
        self.errors: list[str] = []

    @property
    def label(self) -> Any:
        """The column's name."""
        return self.column.label

    @property
    def longest(self) -> int | None:
        """The most characters of its text."""
        return setting.value(self.column.longest) if self.column.longest else None

    def take(self, text: str) -> None:
        """Read a typed text; one that cannot be read is kept with the reason."""
        self.text = text
        reading = READINGS[self.column.reads]
        if not text.strip():
            return
        try:
            self.value = reading.read(text)
        except BadValue as refusal:
            self.refusal = refusal

    def put(self, value: Any) -> None:
        """Show a value."""
        if value is None or value == "":
            return
        self.value = value
        self.text = READINGS[self.column.reads].show(value)


class Row:
    """One row: its cells by name and, where the list has them, the rows within it."""

    __slots__ = ("cells", "index", "inner", "prefix")

    def __init__(self, spec: RowSpec, prefix: str, index: int | str) -> None:
        self.prefix = f"{prefix}-{index}"
        self.index = index
        self.cells = {column.name: Cell(column, self.prefix) for column in spec.columns}
        self.inner = Rows(spec.inner, f"{self.prefix}-{spec.inner.name}") if spec.inner else None

    def __getitem__(self, name: str) -> Cell:
        return self.cells[name]

    @property
    def number(self) -> str:
        """The row's place as people count."""
        return str(self.index + 1) if isinstance(self.index, int) else ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into the row."""
        said = any(cell.text.strip() for cell in self.cells.values() if cell.column.name != "line_id")
        return not said and (self.inner is None or not self.inner.filled)

    @property
    def has_file(self) -> bool:
        """Whether the row names a file."""
        return "file_id" in self.cells and bool(self.cells["file_id"].value)

    @property
    def content(self) -> dict[str, Any]:
        """The row's values as the model takes them."""
        values = {name: cell.value for name, cell in self.cells.items()}
        if self.inner is not None:
            values[self.inner.spec.name] = self.inner.content
        return values

    def errors(self) -> Iterator[tuple[str, str, str]]:
        """(id, label, sentence) of everything that is wrong within the row."""
        for cell in self.cells.values():
            for error in cell.errors:
                yield cell.id, f"{cell.label} {self._said_number}", error
        if self.inner is not None:
            yield from self.inner.all_errors()

    @property
    def _said_number(self) -> str:
        numbers = [int(number) + 1 for number in re.findall(r"-(\d+)(?=-|$)", self.prefix)]
        return ".".join(map(str, numbers))


@dataclass
class Rows:
    """The rows of one list, in the order of the page."""

    spec: RowSpec
    prefix: str
    rows: list[Row] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def most(self) -> int:
        """How many rows the list takes."""
        return most_rows(self.spec.name)

    @property
    def filled(self) -> list[Row]:
        """The rows into which something was typed."""
        return [row for row in self.rows if not row.is_blank]

    @property
    def shown(self) -> list[Row]:
        """The rows as the page shows them: an empty list offers one row to begin with."""
        return self.rows or [Row(self.spec, self.prefix, 0)]

    @property
    def blank(self) -> Row:
        """The row that a new one is made from."""
        return Row(self.spec, self.prefix, BLANK_INDEX)

    @property
    def content(self) -> list[dict[str, Any]]:
        """The filled rows as the model takes them."""
        return [row.content for row in self.filled]

    def take(self, typed: Sequence[Mapping[str, Any]]) -> None:
        """Read typed rows; beyond twice the limit nobody typed them, and they are left."""
        for index, given in enumerate(typed[: 2 * self.most]):
            row = Row(self.spec, self.prefix, index)
            for name, cell in row.cells.items():
                text = given.get(name, "")
                cell.take(text if isinstance(text, str) else "")
            if row.inner is not None:
                inner = given.get(row.inner.spec.name, {})
                row.inner.take(_in_order(inner) if isinstance(inner, dict) else [])
            self.rows.append(row)

    def put(self, content: Sequence[Mapping[str, Any]]) -> None:
        """Show saved rows."""
        for index, values in enumerate(content):
            row = Row(self.spec, self.prefix, index)
            for name, cell in row.cells.items():
                cell.put(values.get(name))
            if row.inner is not None:
                row.inner.put(values.get(row.inner.spec.name, ()))
            self.rows.append(row)

    def validate(self) -> bool:
        """Note what cannot be read and what is too many; whether all is well."""
        if len(self.filled) > self.most:
            self.errors.append(too_many_rows(len(self.filled), self.most))
        well = not self.errors
        for row in self.rows:
            for cell in row.cells.values():
                if cell.refusal is not None:
                    cell.errors.append(value_sentence(cell.refusal))
                    well = False
            if row.inner is not None and not row.inner.validate():
                well = False
        return well

    def all_errors(self) -> Iterator[tuple[str, str, str]]:
        """(id, label, sentence) of everything that is wrong in the list, in page order."""
        from forms.fund.wizard.labels import field_label

        for error in self.errors:
            yield self.prefix, field_label(self.spec.name), error
        for row in self.rows:
            yield from row.errors()


_KEY = re.compile(r"(\d{1,6})-([a-z_]+)(?:-(\d{1,6})-([a-z_]+))?\Z", re.ASCII)


def typed_rows(formdata: Any, prefix: str) -> list[dict[str, Any]]:
    """The rows typed under `prefix`, in order of their numbers: {cell: text, inner: {number: {cell: text}}}."""
    found: dict[int, dict[str, Any]] = {}
    start = f"{prefix}-"
    for key in formdata:
        match = _KEY.match(key, len(start)) if key.startswith(start) else None
        if match is None:
            continue
        number, name, inner_number, cell = match.groups()
        row = found.setdefault(int(number), {})
        if cell is None:
            row[name] = formdata.getlist(key)[0]
        else:
            inner = row.setdefault(name, {})
            if isinstance(inner, dict):
                inner.setdefault(int(inner_number), {})[cell] = formdata.getlist(key)[0]
    return _in_order(found)


def _in_order(numbered: Mapping[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [numbered[number] for number in sorted(numbered)]


class RowsField(Field):
    """A list of rows as one field of a form; `data` is the filled rows as the model takes them."""

    kind = "rows"

    def __init__(self, spec: RowSpec, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.spec = spec
        self.list = Rows(spec, self.name)

    def process(self, formdata: Any, data: Any = (), extra_filters: Any = None) -> None:  # noqa: ARG002
        """Take the typed rows, or show the saved ones."""
        self.errors = []
        self.list = Rows(self.spec, self.name)
        if formdata is not None:
            self.list.take(typed_rows(formdata, self.name))
        elif isinstance(data, (list, tuple)):
            self.list.put(data)

    @property
    def data(self) -> list[dict[str, Any]]:
        """The filled rows as the model takes them."""
        return self.list.content

    @data.setter
    def data(self, value: Any) -> None:
        """WTForms sets what it processed; the rows are their own truth."""

    def validate(self, form: Form, extra_validators: Any = ()) -> bool:  # noqa: ARG002
        """Whether every cell could be read and the rows are not too many."""
        return self.list.validate()
