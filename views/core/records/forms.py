"""The form of an entity, made from its declaration: each field reads what is typed by the one rule of values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from wtforms import Field as FormField
from wtforms import Form, HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import StopValidation

from forms.core.base import SalaForm
from forms.core.fields import KeepsTyped, ReadField
from forms.core.sentences import value_sentence
from models.core.db import db
from models.core.entity import Entity, Field, Kind
from models.core.entity.rules import wrong_together
from models.core.entity.values import LONGEST_TEXT, WrongValue, WrongValues, clean
from models.core.thai.citizen import format_citizen_id
from models.core.thai.dates import format_date, to_bangkok
from models.core.thai.errors import BadValue
from models.core.thai.money import format_money
from models.core.thai.phone import format_phone
from views.core.records.linked import linked
from views.core.records.own import asking
from views.core.records.words import code_label, field_help, field_label, value_text

_KEYBOARDS = {
    Kind.NUMBER: {"inputmode": "numeric"},
    Kind.MONEY: {"inputmode": "decimal"},
    Kind.DATE: {"inputmode": "numeric"},
    Kind.CITIZEN_ID: {"inputmode": "numeric"},
    Kind.EMAIL: {"type": "email", "spellcheck": "false"},
    Kind.PHONE: {"type": "tel"},
    Kind.POSTCODE: {"inputmode": "numeric"},
    Kind.WEB_LINK: {"inputmode": "url", "spellcheck": "false"},
}
_DRAWN = {Kind.MONEY: "money", Kind.DATE: "date"}


class _Given(FormField):
    """Mixed into a field: what was typed is checked by `clean`, and given on as it was typed."""

    one: Field

    @property
    def given(self) -> str:
        """What was typed or chosen."""
        return str(self.raw_data[0]) if self.raw_data else ""

    def check(self) -> None:
        """Raises StopValidation with the sentence that says what is wrong."""
        try:
            clean(self.one, self.given)
        except BadValue as wrong:
            raise StopValidation(value_sentence(wrong)) from wrong


class LineField(_Given, ReadField):
    """One line: a text, a number, a date, an amount."""

    def __init__(self, label: Any = None, *, one: Field, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.one = one
        self.html_attributes |= {"autocomplete": "off", **_KEYBOARDS.get(one.kind, {})}
        if kind := _DRAWN.get(one.kind):
            self.kind = kind
        if one.length and one.kind in (Kind.TEXT, Kind.EMAIL, Kind.WEB_LINK):
            self.flags.maxlength = one.length

    def read(self, text: str) -> Any:
        return clean(self.one, text)

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002 - WTForms' signature
        self.check()

    def shown(self) -> str:
        return typed(self.one, self.data)


class LinesField(_Given, KeepsTyped, TextAreaField):
    """A text of several lines."""

    def __init__(self, label: Any = None, *, one: Field, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.one = one
        self.flags.maxlength = one.length or LONGEST_TEXT

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002 - WTForms' signature
        self.check()


class ChoiceField(_Given, SelectField):
    """A code, yes or no, or a linked record that is looked for while typing."""

    def __init__(self, label: Any = None, *, one: Field, **kwargs: Any) -> None:
        super().__init__(label, validate_choice=False, **kwargs)
        self.one = one

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002 - WTForms' signature
        self.check()


class RecordForm(SalaForm):
    """The form of one entity; `form_of` gives it the fields. What fields may not say together is told in one round."""

    _entity: Entity
    _record: Any = None

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then the entity's rule over all that can be read."""
        is_right = super().validate(extra_validators)
        known = [field for field in self if isinstance(field, _Given)]
        values = {field.name: clean(field.one, field.given) for field in known if not field.errors}
        for name, wrong in wrong_together(self._entity, values, self._record).items():
            if name not in self:
                self.form_errors.append(value_sentence(wrong))
            elif not self[name].errors:
                self[name].errors = [value_sentence(wrong)]
            is_right = False
        return is_right


def typed(one: Field, value: Any) -> str:
    """A stored value as somebody would type it."""
    if value is None:
        return ""
    if one.kind is Kind.CITIZEN_ID:
        return format_citizen_id(str(value)) if value else ""
    if one.kind is Kind.PHONE:
        return format_phone(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        local = to_bangkok(value)
        return f"{format_date(local.date(), 'field')} {local:%H:%M}"
    if isinstance(value, date):
        return format_date(value, "field")
    if isinstance(value, Decimal):
        return format_money(value)
    return str(value)


def form_of(
    entity: Entity,
    names: Sequence[str],
    record: Any = None,
    stamp: str = "",
    *,
    given: Mapping[str, str] | None = None,
    is_posted: bool = True,
) -> Any:
    """The form of these fields: filled with what is posted, else with the record, else with what is given.

    Without `is_posted` it is what stands in the record, whatever came with the request.
    """
    posted = request.form if is_posted and request.method == "POST" else None
    values = {name: typed(entity.fields[name], getattr(record, name)) for name in names} if record is not None else {}
    values |= dict(given or {})
    fields: dict[str, Any] = {
        name: _field(entity, name, (posted or values).get(name, ""), asking(entity, name, record)) for name in names
    }
    fields["version"] = HiddenField()
    fields |= {"_entity": entity, "_record": record}
    made = type("RecordForm", (RecordForm,), fields)
    raw = {name: getattr(record, name) for name in names} if record is not None else {}
    raw |= dict(given or {})
    data = {name: _data(entity.fields[name], raw.get(name)) for name in names}
    return made(formdata=posted, data={**data, "version": stamp})


def _data(one: Field, value: Any) -> Any:
    if one.kind in (Kind.YES_NO, Kind.CHOICE, Kind.LINK):
        return typed(one, value)
    return "" if value is None and one.kind is Kind.LINES else value


def _field(entity: Entity, name: str, chosen: str, hint_url: str | None = None) -> Any:
    one = entity.fields[name]
    look: dict[str, Any] = {"description": field_help(entity, name) or _hint(one), "one": one}
    look["render_kw"] = {"required": True} if one.is_required else {}
    if hint_url is not None:
        look["render_kw"] |= {"hx-get": hint_url, "hx-trigger": "input changed delay:400ms"}
        look["render_kw"] |= {"hx-target": f"#{name}-asked", "hx-params": name}
    label = field_label(entity, name)
    if one.kind is Kind.LINES:
        return LinesField(label, **look)
    if one.kind not in (Kind.YES_NO, Kind.CHOICE, Kind.LINK):
        return LineField(label, **look)
    if one.kind is Kind.LINK:
        look["render_kw"] = {
            **look["render_kw"],
            "data-pick": "",
            "data-least": "0",
            "data-url": url_for("RecordToolsView.pick", name=entity.name, field=name),
        }
        return ChoiceField(label, choices=_choices("", _chosen(entity, name, chosen)), **look)
    codes = [("1", value_text(entity, name, True)), ("0", value_text(entity, name, False))]
    if one.kind is Kind.CHOICE:
        codes = [(str(code), code_label(entity, name, code)) for code in one.codes]
    return ChoiceField(label, choices=_choices("–", codes), **look)


def _choices(nothing: str, codes: Sequence[tuple[str, str]]) -> list[Any]:
    return [SelectChoice(value, words) for value, words in (("", nothing), *codes)]


def _chosen(entity: Entity, name: str, key: str) -> list[tuple[str, str]]:
    """The linked record that is chosen, with its name where the reader sees it."""
    if not key:
        return []
    try:
        number = clean(entity.fields[name], key, is_filter=True)
    except BadValue:
        return [(key, key)]
    stand_in = type("Chosen", (), {name: number})()
    found = linked(entity, [stand_in], [name])
    return [(key, value_text(entity, name, number, found.names))]


def _hint(one: Field) -> str:
    if one.kind is Kind.DATE:
        return _("Day/month/Buddhist year, for example 11/03/2569")
    if one.kind is Kind.MOMENT:
        return _("Day and time, for example 11/03/2569 13:30")
    return _("Buddhist year, for example 2569") if one.is_year else ""


def given_of(form: Any, names: Sequence[str]) -> dict[str, Any]:
    """What was typed into the form, field by field; a moment that nobody touched keeps its seconds."""
    given: dict[str, Any] = {name: form[name].given for name in names}
    if form._record is not None:
        for name in names:
            stored = getattr(form._record, name)
            if isinstance(stored, datetime) and given[name] == typed(form._entity.fields[name], stored):
                given[name] = stored
    return given


def tell_clash(form: Any) -> None:
    """Two at once gave the same key, or what the record names was deleted meanwhile."""
    db.session.rollback()
    form.form_errors.append(_("Another record stands against this; read again and try anew."))


def tell_wrong(form: Any, wrong: WrongValues) -> None:
    """Put what a deed found wrong to its fields; what belongs to none of them stands above the form."""
    db.session.rollback()
    for name, error in wrong.errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, value_sentence(error)]
        else:
            form.form_errors.append(value_sentence(error if isinstance(error, BadValue) else WrongValue("not_a_field")))
