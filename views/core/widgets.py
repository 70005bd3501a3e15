"""What Python lends the templates: filters, icons, safe links, and form widgets free of inline styles and handlers.

`init_look(app)` is called once by the application factory. FAB's own field widgets write inline styles, FontAwesome
glyphs and placeholders in place of labels; the classes here replace them in the forms FAB generates.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

from flask import Flask, current_app, g, has_app_context, url_for
from flask_appbuilder import forms as fab_forms
from flask_babel import get_locale
from markupsafe import Markup, escape
from werkzeug.routing import BuildError
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectFieldBase,
    SelectMultipleField,
    TextAreaField,
    widgets,
)

from models.core.thai.dates import format_date, format_datetime, format_time
from models.core.thai.money import format_money

ICONS = "vendor/bootstrap-icons/icons.svg"

TERMS = (
    "ออทิสติก",
    "พัฒนาการศึกษา",
    "พัฒนาการ",
    "กองทุนส่งเสริมและพัฒนา",
    "การศึกษาสำหรับคนพิการ",
    "การศึกษาพิเศษ",
    "โรงเรียนขนาดเล็ก",
    "ทางการเห็น",
    "ทางการได้ยิน",
    "ทางสติปัญญา",
    "คณะอนุกรรมการ",
    "คณะทำงาน",
    "สมุทรปราการ",
    "สมุทรสาคร",
    "สมุทรสงคราม",
)
"""Words that browsers break wrongly inside. More come from configuration: SALA_TERMS, a list of strings."""


# --- Text -------------------------------------------------------------------------------------------------------------


@cache
def _terms_pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Return one pattern for all terms, the longest first so that a term inside another never wins."""
    return re.compile("|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True)))


def keep_terms(text: object, terms: Iterable[str] | None = None) -> Markup:
    """Return `text` escaped, each known term inside `<span class="nowrap">` so that no line ends within it.

    Safe HTML (Markup) is left alone: a term in an attribute would break the markup.
    """
    if text is None:
        return Markup()
    if isinstance(text, Markup):
        return text
    if terms is None:
        extra = current_app.config.get("SALA_TERMS", ()) if has_app_context() else ()
        terms = (*TERMS, *extra)
    pattern, parts, end = _terms_pattern(tuple(terms)), [], 0
    text = str(text)
    for found in pattern.finditer(text):
        parts += [escape(text[end : found.start()]), Markup('<span class="nowrap">%s</span>') % found[0]]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _lang() -> str:
    """Return the reader's language, "th" where there is no request to ask."""
    locale = get_locale()
    return locale.language if locale else "th"


def day(value: date | None, style: str = "short") -> str:
    """Return a day in the reader's language, an empty text for None. Styles: models.core.thai.dates.format_date."""
    return format_date(value, style, _lang()) if value else ""


def moment(value: datetime | None, style: str = "short") -> str:
    """Return day and time in Bangkok in the reader's language, an empty text for None."""
    return format_datetime(value, style, _lang()) if value else ""


def clock(value: datetime | None) -> str:
    """Return the time of day in Bangkok in the reader's language, an empty text for None."""
    return format_time(value, _lang()) if value else ""


def money(value: Any) -> str:
    """Return an amount of baht as 1,284,600.00 without its unit, a dash for None."""
    return "–" if value is None else format_money(value)


# --- Links and icons --------------------------------------------------------------------------------------------------


def link(endpoint: str, **values: Any) -> str | None:
    """Return the address of `endpoint`, None where this installation has no such route."""
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return None


def static_url(path: str) -> str:
    """Return the address of a file under static/; the factory may put a versioned one in its place."""
    return url_for("static", filename=path)


def icon(name: str, label: str | None = None) -> Markup:
    """Return one icon of the sprite: silent beside words, or with `label` as its spoken name.

    The names are those in static/vendor/bootstrap-icons/icons.txt.
    """
    url = current_app.jinja_env.globals["static_url"](ICONS)  # type: ignore[operator]
    said = Markup('role="img" aria-label="%s"') % label if label else Markup('aria-hidden="true"')
    return Markup('<svg class="bi bi-%s" %s focusable="false"><use href="%s#%s"></use></svg>') % (name, said, url, name)


# --- Forms ------------------------------------------------------------------------------------------------------------


def field_kind(field: Field) -> str:
    """Return how _forms.html draws a WTForms field; a field may say so itself in an attribute `kind`.

    One of: hidden check radios checks select textarea password file date money text.
    """
    if own := getattr(field, "kind", None):
        return own
    if isinstance(field, SelectMultipleField):
        return "checks" if isinstance(field.widget, widgets.ListWidget) else "select"
    for cls, kind in _KINDS:
        if isinstance(field, cls):
            return kind
    name = type(field).__name__
    return "money" if "Money" in name else "date" if "Date" in name and "Time" not in name else "text"


_KINDS: tuple[tuple[type, str], ...] = (
    (HiddenField, "hidden"),
    (BooleanField, "check"),
    (RadioField, "radios"),
    (SelectFieldBase, "select"),
    (TextAreaField, "textarea"),
    (PasswordField, "password"),
    (FileField, "file"),
)


def flat_errors(field: Field) -> list[str]:
    """Return a field's own error sentences; those of fields inside it stand beside those fields."""
    return [error for error in field.errors if not isinstance(error, dict | list | tuple)]


def form_errors(form: Iterable[Field]) -> list[tuple[str | None, str, str]]:
    """Return (id, label, sentence) for every error of a form and of the forms and lists inside it, in page order.

    The id is None where there is nothing to go to: a hidden field, the form as a whole.
    """
    found: list[tuple[str | None, str, str]] = []
    for field in form:
        inside = getattr(field, "form", None) or getattr(field, "entries", None)
        if isinstance(field, FormField | FieldList) and inside:
            found += form_errors(inside)
        hidden = field_kind(field) == "hidden"
        found += [(None if hidden else field.id, field.label.text, str(e)) for e in flat_errors(field)]
    found += [(None, "", str(error)) for error in getattr(form, "form_errors", ())]
    return found


def domid(prefix: str = "x") -> str:
    """Return an id that is unique within this page, for macros that must tie a label to what it names."""
    number = getattr(g, "_dom_ids", 0) + 1
    g._dom_ids = number
    return f"{prefix}-{number}"


def init_look(app: Flask) -> None:
    """Register filters (terms, day, moment, clock, money) and globals (icon, link, domid) on the template environment.

    `static_url`, `csp_nonce` and `csrf_token` keep what the factory or an extension has registered; without them plain
    ones stand in, so that the templates render in the smallest of applications.
    """
    env = app.jinja_env
    env.filters.update(terms=keep_terms, day=day, moment=moment, clock=clock, money=money)
    env.globals.update(
        icon=icon, link=link, domid=domid, field_kind=field_kind, flat_errors=flat_errors, form_errors=form_errors
    )
    env.globals.setdefault("static_url", static_url)
    env.globals.setdefault("csp_nonce", lambda: "")
    env.globals.setdefault("csrf_token", lambda: "")
    use_widgets()


# --- Fields of the forms FAB generates --------------------------------------------------------------------------------


class _Control:
    """Mixin: a class for the look, never a placeholder, and the error state for assistive technology."""

    look = "form-control"

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        """Render the control; `name_` renames the field, which FAB's search form relies on."""
        if "name_" in kwargs:
            field.name = kwargs.pop("name_")
        extra = kwargs.pop("class", "") or kwargs.pop("class_", "")
        look = f"{self.look} {extra}".strip()
        if field.errors:
            look += " is-invalid"
            kwargs.setdefault("aria_invalid", "true")
        kwargs["class"] = look
        return super().__call__(field, **kwargs)  # type: ignore[misc]


class TextWidget(_Control, widgets.TextInput):
    """One line of text."""


class TextAreaWidget(_Control, widgets.TextArea):
    """Several lines of text; grows with what is typed."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        """Render with three rows to begin with."""
        kwargs.setdefault("rows", 3)
        return super().__call__(field, **kwargs)


class PasswordWidget(_Control, widgets.PasswordInput):
    """A password; never filled in again."""


class CheckWidget(_Control, widgets.CheckboxInput):
    """One tick box."""

    look = "form-check-input"


class SelectWidget(_Control, widgets.Select):
    """A native select: the best picker on every telephone and for every screen reader."""

    look = "form-select"

    def __init__(self, extra_classes: str | None = None, style: str | None = None, multiple: bool = False) -> None:  # noqa: ARG002 - FAB passes style
        super().__init__(multiple=multiple)
        self.extra_classes = extra_classes


class SelectManyWidget(SelectWidget):
    """A select of several, turned into tokens by pick.js."""

    def __init__(self, extra_classes: str | None = None, style: str | None = None) -> None:
        super().__init__(extra_classes, style, multiple=True)

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        """Render with the hook of pick.js."""
        kwargs.setdefault("data_pick", "")
        return super().__call__(field, **kwargs)


class AjaxSelectWidget(_Control):
    """A picker that asks `endpoint` while typing, for tables too long to put into a page.

    The endpoint answers FAB's `[{"id", "text"}]` or Sala's `{"results": [{"value", "text", "note"}]}`.
    """

    look = "form-select"

    def __init__(self, endpoint: str, extra_classes: str | None = None, style: str | None = None) -> None:  # noqa: ARG002 - FAB passes style
        self.endpoint = endpoint
        self.extra_classes = extra_classes

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        """Render a select holding only what is chosen now."""
        chosen = field.data
        text = str(chosen) if chosen else ""
        value = getattr(chosen, "id", chosen) if chosen else ""
        look = "form-select is-invalid" if field.errors else "form-select"
        kwargs = {"id": field.id, "name": field.name, "class": look, "data_pick": "", **kwargs}
        kwargs["data_url"] = self.endpoint
        option = Markup('<option value="%s" selected>%s</option>') % (value, text) if value else Markup()
        return Markup('<select %s><option value=""></option>%s</select>') % (
            Markup(widgets.html_params(**kwargs)),  # noqa: S704 - html_params escapes
            option,
        )


class DateWidget(_Control, widgets.TextInput):
    """A date as day/month/year; the form's own field decides which era it reads."""

    look = "form-control s-w-date"

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        """Render with the keyboard of figures."""
        kwargs.setdefault("inputmode", "numeric")
        kwargs.setdefault("autocomplete", "off")
        return super().__call__(field, **kwargs)


class NativeDateWidget(_Control, widgets.DateInput):
    """The browser's own date picker, which posts yyyy-mm-dd: for the fields FAB generates."""

    look = "form-control s-w-date"


class NativeDateTimeWidget(_Control, widgets.DateTimeLocalInput):
    """The browser's own picker for day and time."""

    look = "form-control s-w-date"


def use_widgets() -> None:
    """Teach FAB's form converter Sala's widgets, so that no view lists them by hand. Repeating it changes nothing."""
    ours = {
        "BS3TextFieldWidget": TextWidget,
        "BS3TextAreaFieldWidget": TextAreaWidget,
        "Select2Widget": SelectWidget,
        "Select2ManyWidget": SelectManyWidget,
        "DatePickerWidget": NativeDateWidget,
        "DateTimePickerWidget": NativeDateTimeWidget,
    }
    for name, widget in ours.items():
        setattr(fab_forms, name, widget)
    fields = {"is_boolean": BooleanField, "is_datetime": DateTimeLocalField}
    fab_forms.FieldConverter.conversion_table = tuple(
        (marker, fields.get(marker, field), CheckWidget if marker == "is_boolean" else _ours(widget, ours))
        for marker, field, widget in fab_forms.FieldConverter.conversion_table
    )


def _ours(widget: type | None, ours: dict[str, type]) -> type | None:
    """Return our widget for one of FAB's, the same one where we have none."""
    return ours.get(widget.__name__, widget) if widget else None
