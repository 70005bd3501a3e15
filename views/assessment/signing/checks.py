"""What the deployment check says of the schools' first sign-in."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from models.assessment.activation import uses_codes
from views.core.cli.checks import WARNING, Finding

_TEXT = (
    "Setting “Activation codes instead of the school code” is off: whoever reads the public directory can be a"
    " school’s first sign-in while a round is open. Switch it on and let the committees print letters."
)


def letters_recommended(chosen: Settings) -> Iterator[Finding]:
    """That letters are safer than a code that everybody knows."""
    if "assessment" not in chosen.modules:
        return
    try:
        is_on = uses_codes()
    except SQLAlchemyError:
        return  # That the database does not answer, or has no tables, is said already.
    if not is_on:
        yield Finding(WARNING, _TEXT)
