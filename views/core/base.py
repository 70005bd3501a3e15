"""Base classes of every view: pages of our own, and FAB's generated ones with scope, guards and Sala's look."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import flash, g, has_request_context, request, url_for
from flask_appbuilder import BaseView, ModelView
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import BigInteger, Integer, Select, select
from werkzeug.exceptions import BadRequest, NotFound

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


class ScopedInterface(SQLAInterface):  # type: ignore[misc]
    """Every query of a generated view starts from the rows that the user may see.

    `permission` is that of the view's lists and pages; the model says the rows by `visible_to`.
    """

    def __init__(self, obj: Any, permission: str | None = None) -> None:
        super().__init__(obj, db.session)
        self.permission = permission

    def _scope(self, statement: Select[Any]) -> Select[Any]:
        if self.permission is None or not hasattr(self.obj, "visible_to"):
            return statement
        rows = self.obj.visible_to(g.user, self.permission).with_only_columns(self.obj.id)
        return statement.where(self.obj.id.in_(rows))

    def apply_filters(self, query: Any, inner_filters: Any) -> Any:
        """Add the scope to every list, count and look-up."""
        return super().apply_filters(self._scope(query), inner_filters)

    def get(self, id: Any, filters: Any = None, select_columns: Any = None) -> Any:  # noqa: A002
        """One record, inside the scope; a key that is no number is simply not found."""
        try:
            number = int(str(id))
        except ValueError:
            return None
        if not can_be_key(number, self.obj.__mapper__.primary_key[0]):
            return None
        found = super().get(number, filters, select_columns)
        if found is None or self.permission is None:
            return found
        inside = self._scope(select(self.obj.id).where(self.obj.id == number))
        return found if db.session.scalar(inside) is not None else None


class GeneratedView(ModelView):  # type: ignore[misc]
    """FAB's generated list, show and form with bounded pages, clean errors and the rights said in `access`."""

    access: dict[str, Any] = {}
    page_size = 25

    def __init__(self, **kwargs: Any) -> None:
        # A method that `access` does not open gets no address at all.
        own = {name for name in dir(type(self)) if hasattr(getattr(type(self), name), "_access")}
        self.include_route_methods = set(self.access) | own
        super().__init__(**kwargs)

    max_page_size = 100

    @property
    def _filters(self) -> Any:
        """The filters of this request alone; FAB keeps one set per view and shares it between threads."""
        if not has_request_context():
            return self._blank_filters
        kept: dict[str, Any] = g.setdefault("view_filters", {})
        name = self.__class__.__name__
        if name not in kept:
            kept[name] = self.datamodel.get_filters(self.search_columns)
        return kept[name]

    @_filters.setter
    def _filters(self, filters: Any) -> None:
        self._blank_filters = filters

    def update_redirect(self) -> None:
        """FAB would write every visited list into the cookie; ours go back to the list itself."""

    def get_redirect(self) -> str:
        """Back to this view's list."""
        return url_for(f"{self.endpoint}.list")

    def _list(self) -> Any:
        self._check_arguments()
        return super()._list()

    def _show(self, pk: Any) -> Any:
        self._check_arguments()  # FAB reads pages and orders of related lists here too.
        return super()._show(pk)

    def _check_arguments(self) -> None:
        """A page, size, order or filter that cannot be meant answers 400 instead of failing later."""
        name = self.__class__.__name__
        for key in request.args:
            # FAB looks for these words anywhere in a name.
            if "page_" in key or "psize_" in key:
                value = request.args[key]
                most = self.max_page_size if "psize_" in key else 1_000_000
                if not (value.isascii() and value.isdigit() and int(value[:12]) <= most):
                    raise BadRequest
            elif "_flt_" in key:
                self._check_filter(key.partition("_flt_")[2].partition("_")[2], request.args.getlist(key))
        column = request.args.get(f"_oc_{name}")
        if column is not None and column not in self.order_columns:
            raise BadRequest
        if request.args.get(f"_od_{name}", "asc") not in ("asc", "desc"):
            raise BadRequest

    def _check_filter(self, column: str, values: list[str]) -> None:
        """A number that a column cannot hold is an error of the database; what is no number FAB leaves out itself."""
        found = self.datamodel.list_columns.get(column) if column in self.search_columns else None
        if found is None or not isinstance(found.type, Integer):
            return
        for value in values:
            try:
                number = int(value)
            except ValueError:
                continue
            if number and not can_be_key(abs(number), found):
                raise BadRequest
