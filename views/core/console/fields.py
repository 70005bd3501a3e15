"""Fields and forms of the console: of the columns that a view names, in Sala's fields, never of all there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_admin.contrib.sqla.form import AdminModelConverter, get_form
from flask_admin.model.form import converts
from flask_babel import gettext
from flask_wtf.form import _Auto
from werkzeug.exceptions import BadRequest
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField
from wtforms.validators import StopValidation

from forms.core.base import SalaForm, SalaMeta
from forms.core.fields import MoneyField, ReadField, ThaiDateField, ThaiTextArea, ThaiTextField
from models.core.db import db
from models.core.thai.errors import BadValue
from models.core.thai.text import clean_line, to_ascii_digits

ONE_LINE = 300
"""Characters up to which a text is typed in one line."""
LARGEST = 2**31 - 1


class NumberField(ReadField):
    """A whole number from `lowest` to `highest`, in Thai or Latin digits; `data` is an int."""

    default_attributes = {"inputmode": "numeric", "autocomplete": "off"}

    def __init__(self, label: Any = None, validators: Any = None, *, bounds: tuple[int, int], **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.lowest, self.highest = bounds

    def read(self, text: str) -> int:
        digits = to_ascii_digits(clean_line(text)).replace(",", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
            raise BadValue("not_a_number")
        if not self.lowest <= int(digits) <= self.highest:
            raise BadValue("not_a_number")
        return int(digits)

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002 - WTForms' signature
        if self.is_refused():
            raise StopValidation(
                gettext(
                    "Type a number from %(lowest)s to %(highest)s.",
                    lowest=f"{self.lowest:,}",
                    highest=f"{self.highest:,}",
                )
            )


class ConsoleForm(SalaForm):
    """The form all of the console's derive from: with CSRF, and with the version that its page showed."""

    version = HiddenField()

    def __init__(self, formdata: Any = _Auto, obj: Any = None, **kwargs: Any) -> None:
        self._obj = obj  # Flask-Admin's validators ask for it.
        super().__init__(formdata, obj=obj, **kwargs)


class InlineForm(Form):
    """A child's row inside its parent's form, which carries the CSRF token for all."""

    class Meta(SalaMeta):
        csrf = False

    id = HiddenField()


class Rows(FieldList):
    """Rows that are numbered in plain digits; whatever else a name may hold is no row of ours."""

    def _extract_indices(self, prefix: str, formdata: Mapping[str, Any]) -> Iterator[int]:
        start = f"{prefix}-"
        for name in formdata:
            number = name.removeprefix(start).partition("-")[0] if name.startswith(start) else ""
            if number.isascii() and number.isdigit() and len(number) <= 5:
                yield int(number)


@dataclass(frozen=True)
class Inline:
    """Children that are changed on their parent's page: the relationship, and which of their columns.

    `is_fixed`: as many as there are, neither more nor fewer. `position` is the column that keeps their order.
    """

    name: str
    model: Any
    label: Any
    row: Any
    columns: Sequence[str]
    labels: Mapping[str, Any]
    is_fixed: bool = False
    position: str | None = None
    most: int = 100
    form_args: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def column_labels(self) -> Mapping[str, Any]:
        """The labels under the name that Flask-Admin's converter asks for."""
        return self.labels

    def form(self) -> type[Form]:
        """The form of one row."""
        made: type[Form] = get_form(
            self.model,
            SalaConverter(db, self),
            base_class=InlineForm,
            only=self.columns,
            field_args={name: dict(given) for name, given in self.form_args.items()},
        )
        return made


class SalaConverter(AdminModelConverter):
    """Columns to Sala's fields: Thai text, พ.ศ., money; a column of another type is not for a form."""

    @converts("String", "Unicode")
    def conv_String(self, column: Any, field_args: dict[str, Any], **_extra: Any) -> Any:  # noqa: N802
        """One line, or several where the column is long."""
        length = column.type.length or ONE_LINE
        made = ThaiTextField if length <= ONE_LINE else ThaiTextArea
        return made(**field_args, max_length=length)

    @converts("Text", "UnicodeText")
    def conv_Text(self, field_args: dict[str, Any], **_extra: Any) -> Any:  # noqa: N802
        """Several lines."""
        return ThaiTextArea(**field_args)

    @converts("Integer", "BigInteger", "SmallInteger")
    def handle_integer_types(self, field_args: dict[str, Any], **_extra: Any) -> Any:
        """A whole number."""
        return NumberField(**{"bounds": (0, LARGEST), **field_args})

    @converts("Boolean")
    def conv_Boolean(self, field_args: dict[str, Any], **_extra: Any) -> Any:  # noqa: N802
        """A tick box."""
        return BooleanField(**field_args)

    @converts("models.core.db.Money")
    def conv_Money(self, field_args: dict[str, Any], **_extra: Any) -> Any:  # noqa: N802
        """Baht."""
        return MoneyField(**field_args)

    @converts("Date")
    def convert_date(self, field_args: dict[str, Any], **_extra: Any) -> Any:
        """A day of the Buddhist era."""
        return ThaiDateField(**field_args)


def with_rows(form: type[Form], inlines: Sequence[Inline]) -> type[Form]:
    """The form, with a list of rows for each kind of children."""
    lists = {one.name: Rows(FormField(one.form()), label=one.label, max_entries=one.most) for one in inlines}
    return type(f"{form.__name__}WithRows", (form,), lists)


def write_children(record: Any, inline: Inline, rows: Sequence[Mapping[str, Any]]) -> None:
    """Take the rows over as the record's children: matched by id, new ones made, left out ones deleted, in this order.

    Raises BadRequest for a row of somebody else's, and for one more or fewer of children whose number is fixed.
    """
    children: list[Any] = getattr(record, inline.name)
    present = {str(child.id): child for child in children}
    found: list[Any] = []
    for place, row in enumerate(rows):
        given = row.get("id") or ""
        child = present.pop(given, None) if given else inline.model()
        if child is None or (inline.is_fixed and not given):
            raise BadRequest
        for name in inline.columns:
            setattr(child, name, row[name])
        if inline.position:
            setattr(child, inline.position, place)
        found.append(child)
    if inline.is_fixed and present:
        raise BadRequest
    children[:] = found
