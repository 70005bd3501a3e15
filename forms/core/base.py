"""The form all others derive from: Thai messages, clean text, accessible markup."""

from collections.abc import Mapping
from typing import Any

from flask_babel import get_domain, gettext
from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF
from markupsafe import Markup
from wtforms import Field, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets.core import clean_key

from models.core.reference.passwords import password_text
from models.core.thai.text import clean_block, clean_line


class CatalogueTranslations:
    """WTForms' own messages from Sala's catalogue: WTForms ships no Thai."""

    def gettext(self, string: str) -> str:
        return gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        # Not flask_babel.ngettext: it fills the message in, and WTForms has other names for the values.
        return get_domain().get_translations().ungettext(singular, plural, n)


class TranslatedCSRF(_FlaskFormCSRF):
    """Flask-WTF's CSRF check with its reason in the reader's language."""

    def validate_csrf_token(self, form: FlaskForm, field: Field) -> None:
        try:
            super().validate_csrf_token(form, field)
        except ValidationError as error:
            raise ValidationError(gettext(str(error))) from error


def hint_id(field: Field) -> str:
    """Return the id of the element that shows a field's hint (`field.description`)."""
    return f"{field.id}-h"


def error_id(field: Field) -> str:
    """Return the id of the element that shows a field's errors."""
    return f"{field.id}-e"


def accessible_attributes(field: Field) -> dict[str, Any]:
    """Return the attributes that tie a control to its hint and errors, and those its kind of field asks for."""
    if isinstance(field, HiddenField):
        return {}
    attributes: dict[str, Any] = dict(getattr(field, "html_attributes", {}))
    described = [
        element
        for element, is_shown in ((hint_id(field), field.description), (error_id(field), field.errors))
        if is_shown
    ]
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    if limit := field.flags.maxlength:
        # A maxlength attribute would cut pasted text without a word; the script that counts reads data-maxlength.
        attributes |= {"maxlength": False, "data-maxlength": str(limit)}
    return attributes


class SalaMeta(FlaskForm.Meta):
    """How Sala's forms bind and render; a form that cannot derive from SalaForm takes it as its `Meta`."""

    csrf_class = TranslatedCSRF

    def get_translations(self, form: FlaskForm) -> CatalogueTranslations:  # noqa: ARG002 - WTForms' signature
        return CatalogueTranslations()

    def bind_field(self, form: FlaskForm, unbound_field: Any, options: Mapping[str, Any]) -> Field:
        """Bind a field; a plain text field of WTForms gets the cleaning that Sala's own have by themselves.

        A password is only composed, so that the one typed at sign-in equals the one that was chosen.
        """
        field = super().bind_field(form, unbound_field, options)
        if isinstance(field, StringField) and not isinstance(field, HiddenField):
            rule = clean_block if isinstance(field, TextAreaField) else clean_line
            rule = password_text if isinstance(field, PasswordField) else rule
            field.filters = (lambda data: rule(data) if isinstance(data, str) else data, *field.filters)
        return field

    def render_field(self, field: Field, render_kw: Mapping[str, Any]) -> Markup:
        own = {clean_key(key): value for key, value in (field.render_kw or {}).items()}
        given = {clean_key(key): value for key, value in render_kw.items()}
        return super().render_field(field, {**accessible_attributes(field), **own, **given})


class SalaForm(FlaskForm):
    """A form whose texts are clean, whose messages are in the reader's language and whose markup is accessible."""

    Meta = SalaMeta
