"""Form widgets free of inline styles and handlers, and `init_look`, which gives an application its templates' helpers.

FAB's own field widgets write inline styles, FontAwesome glyphs and placeholders in place of labels; the classes here
replace them in the forms FAB generates.
"""

from typing import Any

from flask import Flask
from flask_appbuilder import forms as fab_forms
from markupsafe import Markup
from wtforms import BooleanField, DateTimeLocalField, Field, widgets

from forms.core.fields import ThaiDateField
from views.core import drawing, look, menu
from views.core.look import icon, link

__all__ = [
    "AjaxSelectWidget",
    "CheckWidget",
    "DateWidget",
    "NativeDateTimeWidget",
    "PasswordWidget",
    "SelectManyWidget",
    "SelectWidget",
    "TextAreaWidget",
    "TextWidget",
    "icon",
    "init_look",
    "link",
    "use_widgets",
]


def init_look(app: Flask) -> None:
    """Register filters of texts, days, money and file sizes, and globals (icon, link, domid) on the environment.

    `static_url`, `csp_nonce` and `csrf_token` keep what the factory or an extension has registered; without them plain
    ones stand in, so that the templates render in the smallest of applications.
    """
    env = app.jinja_env
    env.filters.update(
        terms=look.keep_terms,
        cell=look.cell,
        day=look.day,
        moment=look.moment,
        clock=look.clock,
        money=look.money,
        file_size=look.file_size,
    )
    for function in (
        icon,
        link,
        look.domid,
        look.field_kind,
        look.flat_errors,
        look.form_errors,
        look.filters_in_force,
        look.list_here,
        look.pages_around,
    ):
        env.globals[function.__name__] = function
    env.globals.update(
        fixed_part=drawing.fixed_part, options=drawing.options, drawn=drawing.drawn, side_menu=menu.drawn
    )
    env.globals.setdefault("static_url", look.static_url)
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
        value, text = self._chosen(field)
        look = "form-select is-invalid" if field.errors else "form-select"
        kwargs = {"id": field.id, "name": field.name, "class": look, "data_pick": "", **kwargs}
        kwargs["data_url"] = self.endpoint
        option = Markup('<option value="%s" selected>%s</option>') % (value, text) if value else Markup()
        return Markup('<select %s><option value=""></option>%s</select>') % (
            Markup(widgets.html_params(**kwargs)),  # noqa: S704 - html_params escapes
            option,
        )

    @staticmethod
    def _chosen(field: Field) -> tuple[Any, str]:
        """Return key and words of what is chosen; FAB's field holds a key when drawn first, a record when posted."""
        chosen = field.data
        if not chosen:
            return "", ""
        if hasattr(chosen, "id"):
            return chosen.id, str(chosen)
        if getattr(field, "is_related", False):
            record = field.datamodel.get_related_interface(field.col_name).get(chosen)
            return chosen, str(record) if record else str(chosen)
        return chosen, str(chosen)


class DateWidget(_Control, widgets.TextInput):
    """A date as day/month/year; the form's own field decides which era it reads."""

    look = "form-control s-w-date"

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        """Render with the keyboard of figures."""
        kwargs.setdefault("inputmode", "numeric")
        kwargs.setdefault("autocomplete", "off")
        return super().__call__(field, **kwargs)


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
        "DatePickerWidget": DateWidget,
        "DateTimePickerWidget": NativeDateTimeWidget,
    }
    for name, widget in ours.items():
        setattr(fab_forms, name, widget)
    fields = {"is_boolean": BooleanField, "is_date": ThaiDateField, "is_datetime": DateTimeLocalField}
    fab_forms.FieldConverter.conversion_table = tuple(
        (marker, fields.get(marker, field), CheckWidget if marker == "is_boolean" else _ours(widget, ours))
        for marker, field, widget in fab_forms.FieldConverter.conversion_table
    )


def _ours(widget: type | None, ours: dict[str, type]) -> type | None:
    """Return our widget for one of FAB's, the same one where we have none."""
    return ours.get(widget.__name__, widget) if widget else None
