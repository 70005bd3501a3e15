"""What every view of our own pages stands on; generated ones stand on views.core.records.view."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import flash
from flask_appbuilder import BaseView
from sqlalchemy import BigInteger
from werkzeug.exceptions import NotFound

from models.core.db import db
from models.core.workflow import Refused
from views.core.sentences import sentence


def record_or_404(rows: Any, model: Any, key: int | str) -> Any:
    """The record of that id among the rows that the user may see; another's is simply not found."""
    try:
        number = int(key)
    except (TypeError, ValueError):
        raise NotFound from None
    if not can_be_key(number, model.id):
        raise NotFound
    record = db.session.scalar(rows.where(model.id == number))
    if record is None:
        raise NotFound
    return record


def can_be_key(number: int, column: Any) -> bool:
    """Whether a number fits the column; one that does not is an error of the database instead of a row not found."""
    return 0 < number < (2**63 if isinstance(column.type, BigInteger) else 2**31)


def safe_next(target: str | None, otherwise: str) -> str:
    """A path of this site to go on to; anything else is left for `otherwise`."""
    if not target or "\\" in target or any(ord(letter) < 32 for letter in target):
        return otherwise
    try:
        parts = urlsplit(target)
    except ValueError:  # brackets that hold no address
        return otherwise
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or target.startswith("//"):
        return otherwise
    return target


def tell_refused(refused: Refused) -> None:
    """Flash the refusal as a warning."""
    flash(sentence(refused), "warning")


class PageView(BaseView):  # type: ignore[misc]
    """A view whose pages are our own; each route says by decorator who may come."""

    def page(self, template: str, **values: Any) -> str:
        """Render a template with this view's context."""
        return self.render_template(template, **values)
