"""Validators that WTForms' own do not replace."""

from typing import Any

from flask_babel import gettext
from wtforms import Field, Form
from wtforms.validators import StopValidation


class Required:
    """The field must hold something: text that is not blank, a choice, a file, a ticked box; zero is something.

    Use it in place of DataRequired, which takes 0.00 baht for nothing and wipes the field's own errors away, and of
    InputRequired, which takes a space for something.
    """

    def __init__(self, message: Any = None) -> None:
        self.message = message
        self.field_flags = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:  # noqa: ARG002 - WTForms' signature
        data = field.data
        is_number = isinstance(data, (int, float)) or hasattr(data, "as_tuple")
        is_missing = data is False or not (is_number or data)
        if is_missing:
            field.errors = []
            raise StopValidation(str(self.message) if self.message else gettext("This field is required."))
