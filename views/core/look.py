"""What Python lends the templates: filters, icons, safe links, and what macros ask about forms and lists."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import current_app, g, has_app_context, has_request_context, request, url_for
from flask_babel import get_locale, gettext
from markupsafe import Markup, escape
from werkzeug.routing import BuildError
from wtforms import (
    BooleanField,
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
    "เป้าหมาย",
    "คณะทำงาน",
    "สมุทรปราการ",
    "สมุทรสาคร",
    "สมุทรสงคราม",
)
"""Words that browsers break wrongly inside. More come from configuration: SALA_TERMS, a list of strings."""


# --- Text -------------------------------------------------------------------------------------------------------------


@cache
def _terms_pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Return one pattern for all terms in escaped text, the longest first so that a term inside another never wins.

    What escaping made is passed over first: no term is found within "&amp;".
    """
    escaped = (re.escape(str(escape(term))) for term in sorted(terms, key=len, reverse=True))
    return re.compile(f"&(?:amp|lt|gt|#34|#39);|({'|'.join(escaped)})")


def _keep(found: re.Match[str]) -> str:
    return f'<span class="nowrap">{found[1]}</span>' if found[1] else found[0]


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
        terms = (*TERMS, *extra) if extra else TERMS
    return _kept_whole(str(text), _terms_pattern(tuple(terms)))


def terms_keeper() -> Callable[[str], Markup]:
    """What does `keep_terms` to a text: for lists, which do it to many."""
    pattern = _terms_pattern((*TERMS, *current_app.config.get("SALA_TERMS", ())))
    return lambda text: _kept_whole(text, pattern)


def _kept_whole(text: str, pattern: re.Pattern[str]) -> Markup:
    return Markup(pattern.sub(_keep, str(escape(text))))  # noqa: S704 - escaped before


def lang() -> str:
    """Return the reader's language, "th" or "en"; "th" where there is no request to ask."""
    locale = get_locale()
    return locale.language if locale else "th"


def day(value: date | None, style: str = "short") -> str:
    """Return a day in the reader's language, an empty text for None. Styles: models.core.thai.dates.format_date."""
    return format_date(value, style, lang()) if value else ""


def moment(value: datetime | None, style: str = "short") -> str:
    """Return day and time in Bangkok in the reader's language, an empty text for None."""
    return format_datetime(value, style, lang()) if value else ""


def clock(value: datetime | None) -> str:
    """Return the time of day in Bangkok in the reader's language, an empty text for None."""
    return format_time(value, lang()) if value else ""


def money(value: Any) -> str:
    """Return an amount of baht as 1,284,600.00 without its unit, an empty text for None."""
    return "" if value is None else format_money(value)


# --- Links and icons --------------------------------------------------------------------------------------------------


def link(endpoint: str, **values: Any) -> str | None:
    """Return the address of `endpoint`, None where this installation has no such route."""
    kept = _kept("addresses") if not values and not endpoint.startswith(".") else None
    if kept is not None and endpoint in kept:
        return kept[endpoint]  # type: ignore[no-any-return]
    try:
        url = url_for(endpoint, **values)
    except BuildError:
        url = None
    if kept is not None:
        kept[endpoint] = url
    return url


def url_of(endpoint: str) -> str:
    """Return the address of `endpoint`, as `url_for` gives it, from what is kept. Raises BuildError."""
    return link(endpoint) or url_for(endpoint)


def with_query(url: str, values: Mapping[str, Any]) -> str:
    """Return the address with these values behind it, written as `url_for` writes them."""
    return f"{url}?{urlencode(values, safe=_PLAIN)}" if values else url


_PLAIN = "!$'()*,/:;?@"  # what Werkzeug leaves as it is in a query


def record_link(endpoint: str, argument: str = "pk") -> Callable[[int], str]:
    """Return what gives the address of `endpoint` for a record's number: for lists, which need many of one kind."""
    kept = _kept("record addresses")
    parts = kept.get((endpoint, argument)) if kept is not None else None
    if parts is None:
        parts = url_for(endpoint, **{argument: _MARK}).split(str(_MARK))
        if len(parts) != 2:
            raise ValueError(f"The address of {endpoint} does not hold the record's number once.")
        if kept is not None:
            kept[endpoint, argument] = parts
    before, after = parts
    return lambda number: f"{before}{number:d}{after}"


_MARK = 9_876_543_210_123


def _kept(what: str) -> dict[Any, Any] | None:
    """What this application keeps between requests that come to it under the same root; None outside a request.

    Only for what is the same for everybody: nothing here may depend on who asks.
    """
    if not has_request_context():
        return None
    found: dict[str, dict[Any, Any]] | None = g.get("kept_looks")
    if found is None:
        whole = current_app.extensions.setdefault("sala.look", {})
        found = g.kept_looks = whole.setdefault(request.script_root, {})
    return found.setdefault(what, {})


_versions: dict[str, str] = {}


def static_url(path: str) -> str:
    """Return the address of a file under static/ with a version in it, so that browsers may keep it for ever."""
    kept = _kept("static") if not current_app.debug else None
    if kept is not None and path in kept:
        return str(kept[path])
    if path not in _versions or current_app.debug:
        file = Path(current_app.static_folder or "static") / path
        _versions[path] = hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else ""
    url = url_for("static", filename=path, v=_versions[path] or None)
    if kept is not None:
        kept[path] = url
    return url


def icon(name: str, label: str | None = None) -> Markup:
    """Return one icon of the sprite: silent beside words, or with `label` as its spoken name.

    The names are those in static/vendor/bootstrap-icons/icons.txt.
    """
    kept = _kept("icons") if not label and not current_app.debug else None
    found: Markup | None = kept.get(name) if kept is not None else None
    if found is None:
        url = current_app.jinja_env.globals["static_url"](ICONS)  # type: ignore[operator]
        found = _drawn_icon(name, label, url)
        if kept is not None:
            kept[name] = found
    return found


def _drawn_icon(name: str, label: str | None, url: str) -> Markup:
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
    if getattr(field.widget, "input_type", "") in ("date", "datetime-local"):
        return "text"  # the browser draws its own calendar
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


def file_size(size: int) -> str:
    """The size of a file as people say it, in units of 1,024 bytes and alike in both languages: 23 KB, 1.8 MB."""
    return f"{max(1, round(size / 1024)):,} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:,.1f} MB"


def flat_errors(field: Field) -> list[str]:
    """Return a field's own error sentences; those of fields inside it stand beside those fields."""
    if isinstance(field.errors, dict):  # a form inside: the keys are names of its fields
        return []
    return [error for error in field.errors if not isinstance(error, dict | list | tuple)]


def form_errors(form: Iterable[Field]) -> list[tuple[str | None, str, str]]:
    """Return (id, label, sentence) for every error of a form and of the forms and lists inside it, in page order.

    The id is None where there is nothing to go to: the form as a whole, a hidden field, unless its flag `control` has
    the id of what fills it.
    """
    found: list[tuple[str | None, str, str]] = []
    for field in form:
        inside = getattr(field, "form", None) or getattr(field, "entries", None)
        if isinstance(field, FormField | FieldList) and inside:
            found += form_errors(inside)
        hidden = field_kind(field) == "hidden"
        key = field.flags.control if hidden else field.id
        found += [(key, field.label.text, str(e)) for e in flat_errors(field)]
    found += [(None, "", str(error)) for error in getattr(form, "form_errors", ())]
    return found


def domid(prefix: str = "x") -> str:
    """Return an id that is unique within this page, for macros that must tie a label to what it names."""
    number = getattr(g, "_dom_ids", 0) + 1
    g._dom_ids = number
    return f"{prefix}-{number}"


# --- Generated lists --------------------------------------------------------------------------------------------------


def cell(value: Any) -> Markup | str:
    """Return a value as generated pages show it: days and amounts in the reader's way, yes and no in words."""
    if value is None or value == "":
        return Markup(
            '<span class="s-none"><span aria-hidden="true">–</span><span class="visually-hidden">%s</span></span>'
        ) % (gettext("none"))
    if isinstance(value, bool):
        return icon("check-lg" if value else "dash-lg") + " " + (gettext("Yes") if value else gettext("No"))
    if isinstance(value, datetime):
        if not value.tzinfo:
            return format_date(value.date(), "short", lang())
        return Markup('<span class="nowrap">%s</span> <span class="nowrap">%s</span>') % (day(value), clock(value))
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return Markup('<span class="num">%s</span>') % f"{value:,f}"
    if isinstance(value, list | tuple | set):
        return Markup(", ").join(escape(item) for item in value)
    return value if isinstance(value, Markup) else keep_terms(value)


def _search_choice(field: Field, value: str) -> str:
    """Return the words of a filter's value where the field knows them, else the value as it stands."""
    if related := getattr(field, "datamodel", None):
        is_related, column = getattr(field, "is_related", False), getattr(field, "col_name", None)
        found = related.get_related_interface(column).get(value) if is_related else related.get(value)
        return str(found) if found else value
    if isinstance(field, SelectFieldBase):
        return next((str(words) for key, words, *_rest in field.iter_choices() if str(key) == value), value)
    return {"1": gettext("Yes"), "y": gettext("Yes")}.get(value, value) if isinstance(field, BooleanField) else value


def list_here() -> tuple[str, str] | None:
    """Return title and address of the list that this generated page belongs to, None for other pages."""
    builder = current_app.extensions.get("appbuilder")
    name = (request.endpoint or "").split(".")[0]
    view = next((view for view in builder.baseviews if view.endpoint == name), None) if builder else None
    url = link(f"{name}.list")
    return (str(getattr(view, "list_title", "")) or gettext("List"), url) if url else None


def filters_in_force(active: Iterable[Any], operators: dict, labels: dict, form: Any) -> list[dict[str, str]]:
    """Return FAB's filters of this request: words to show, name and value to keep, the address without each.

    `active` is get_filters_values_tojson(); a filter with several values stands once for each.
    """
    shown = []
    for column, operator, values in active:
        if column not in operators or operator not in operators[column]:
            continue
        name = f"_flt_{operators[column].index(operator)}_{column}"
        for value in values if isinstance(values, list) else [values]:
            args = request.args.copy()
            args.setlist(name, [kept for kept in args.getlist(name) if kept != str(value)])
            args = {key: args.getlist(key) for key in args if args.getlist(key) and not key.startswith("page_")}
            words = f"{labels.get(column, column)}: {operator} {_search_choice(form[column], str(value))}"
            url = url_for(str(request.endpoint), **{**(request.view_args or {}), **args})
            shown.append({"words": words, "name": name, "value": str(value), "url": url})
    return shown


def pages_around(page: int, page_size: int, count: int) -> list[int | None]:
    """Return the page numbers (from 0) to link to: first, last, those near; None stands for a gap."""
    last = max(0, (count - 1) // page_size) if page_size else 0
    near = sorted({0, last, *range(max(0, page - 2), min(last, page + 2) + 1)})
    shown: list[int | None] = []
    for number in near:
        if shown and shown[-1] is not None and number - shown[-1] > 1:
            shown.append(None)
        shown.append(number)
    return shown
