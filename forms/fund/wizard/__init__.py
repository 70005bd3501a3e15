"""The wizard's forms, one per part: they read what was typed, keep it, and hand typed content to the model."""

from forms.fund.wizard.content import (
    Difference,
    content_of,
    differences,
    digest,
    has_content,
    same_content,
)
from forms.fund.wizard.parts import PartForm, form_of, typed_form

__all__ = [
    "Difference",
    "PartForm",
    "content_of",
    "differences",
    "digest",
    "form_of",
    "has_content",
    "same_content",
    "typed_form",
]
