"""What the console's tables have in common while they are read: list, record, export; all of it declared.

A view is a declaration: its model, an allow list of columns, and what may be done. Everything else is here, for
Flask-Admin's own pages open every column, ask no version, answer 500 to a bad address and bring inline handlers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from markupsafe import Markup
from sqlalchemy import BigInteger, Integer, Select, String, and_, inspect, or_, select
from werkzeug.exceptions import NotFound

from models.core import audit
from models.core.audit import entity_of
from models.core.db import Audited, Versioned, canonical, db
from models.core.identity import Account, names_of
from models.core.listing import capped_count
from models.core.thai.text import search_term
from models.core.workflow import Refusal
from reports.core.table import Column as SheetColumn
from views.core.base import can_be_key
from views.core.console.asked import Asked
from views.core.console.columns import Column, Deed, Filter, Seen, forbid_secrets
from views.core.console.fields import ConsoleForm, Inline, SalaConverter, with_rows
from views.core.console.gate import Gate
from views.core.export import KINDS, send_table
from views.core.look import cell
from views.core.sentences import sentence

MOST_EXPORTED = 50_000
MOST_TICKED = 100
CHUNK = 500


@dataclass(frozen=True)
class Cell:
    """A value of a line, with what its field would hold where it is changed in the list."""

    column: Column
    value: Any
    raw: str | None = None
    note: Any = ""
    chip: str = ""


@dataclass(frozen=True)
class Line:
    """A record as the list shows it; `root` names what its version is of, for records of one root share it."""

    key: str
    name: str
    cells: Sequence[Cell]
    version: str
    root: str
    is_open: bool


class ReadingView(Gate, ModelView):
    """A table that is listed, read and exported: what a view declares, and the pages that show it."""

    model: Any = None
    columns: Sequence[Column] = ()
    details: Sequence[Column] = ()
    """What a record's own page shows beyond the list."""
    order: Sequence[Any] = ()
    """Columns by which the list comes, before the key; `.desc()` where it falls."""
    filters: Sequence[Filter] = ()
    searched: Sequence[Any] = ()
    searched_people: Sequence[Any] = ()
    """Columns of account ids: a search by a person's name looks there too."""
    search_label: Any = ""
    deeds: Sequence[Deed] = ()
    inlines: Sequence[Inline] = ()
    note: Any = ""
    """Shown above the list: what one must know before."""
    is_personal = False
    """Each look at a record is written into the log."""

    can_create = can_edit = can_delete = False
    can_view_details = can_export = True
    form_columns: Sequence[str] = ()
    form_base_class = ConsoleForm
    model_form_converter = SalaConverter
    column_auto_select_related = False

    list_template = "core/console/list.html"
    details_template = "core/console/details.html"
    edit_template = create_template = "core/console/form.html"

    def __init__(self, name: str) -> None:
        shown = {column.name: column for column in (*self.columns, *self.details)}
        attributes = inspect(self.model).column_attrs
        names = [*shown, *self.form_columns, *(self.column_editable_list or ())]
        forbid_secrets(self.model, names)
        for inline in self.inlines:
            forbid_secrets(inline.model, inline.columns)
        if not self.columns:
            raise ValueError(f"{type(self).__name__} says no columns")
        self.named = shown
        self.attributes = [key for key in shown if key in attributes]
        self.column_list = self.column_details_list = self.column_export_list = list(shown)
        self.column_labels = {key: column.label for key, column in shown.items()}
        self.column_sortable_list = [key for key, column in shown.items() if column.sortable]
        self.can_edit = bool(self.form_columns or self.inlines)
        self.may_change = bool(self.can_edit or self.can_create or self.can_delete or self.deeds)
        super().__init__(self.model, db, name=str(name), endpoint=f"console_{name}", url=name.replace("_", "-"))

    def opens(self, method: str) -> bool:
        """A view has the addresses of what it does, and no others."""
        return {
            "index_view": True,
            "details_view": self.can_view_details,
            "export": self.can_export,
            "create_view": self.can_create,
            "edit_view": self.can_edit,
            "delete_view": self.can_delete,
            "ajax_update": bool(self.column_editable_list),
            "action_view": bool(self.deeds),
            "ajax_lookup": False,
        }.get(method, True)

    def scaffold_form(self) -> Any:
        """The form of the columns that are named; of none where none is."""
        made = super().scaffold_form() if self.form_columns else self.form_base_class
        return with_rows(made, self.inlines) if self.inlines else made

    def scaffold_list_form(self, widget: Any = None, validators: Any = None) -> Any:  # noqa: ARG002 - its signature
        """A cell in the list is typed into the record's own form."""
        return self._edit_form_class

    # --- rows --------------------------------------------------------------------------------------------------------

    def rows(self) -> Select[Any]:
        """Every row that the view is of."""
        return select(self.model)

    def narrowed(self, asked: Asked) -> Select[Any]:
        """The rows that are left by search and filters."""
        rows = self.rows()
        for one in self.filters:
            if (value := asked.filters.get(one.name)) is not None:
                condition = one.where(value) if one.where else getattr(self.model, one.name) == value
                rows = rows.where(condition)
        for word in asked.search.split():
            rows = rows.where(self.holds(word))
        return rows

    def holds(self, word: str) -> Any:
        """The condition "this word stands in it"."""
        found = [column.icontains(word, autoescape=True) for column in self.searched]
        people = select(Account.id).where(Account.search_text.contains(search_term(word), autoescape=True))
        found += [column.in_(people) for column in self.searched_people]
        return or_(*found)

    def sorted(self, rows: Select[Any], asked: Asked) -> Select[Any]:
        """The rows in the order asked for; those of one place by their key, so that no page repeats another's."""
        keys = inspect(self.model).primary_key
        if asked.sort:
            column = getattr(self.model, asked.sort)
            return rows.order_by((column.desc() if asked.is_falling else column.asc()).nulls_last(), *keys)
        return rows.order_by(*self.order, *keys)

    def seen(self, records: Sequence[Any]) -> Seen:
        """What the lines of one page have in common, read at once."""
        people = [column.name for column in self.named.values() if column.person]
        ids = {found for record in records for name in people if (found := getattr(record, name)) is not None}
        return Seen(names_of(ids))

    def key_of(self, record: Any) -> str:
        """A record's key as it stands in an address."""
        return "~".join(str(part) for part in inspect(record).identity)

    def record(self, key: str | None) -> Any:
        """The record of that key. Raises NotFound, also for what cannot be a key."""
        parts = (key or "").rsplit("~", len(inspect(self.model).primary_key) - 1)
        columns = inspect(self.model).primary_key
        if len(parts) != len(columns):
            raise NotFound
        conditions = [column == _part(text, column) for text, column in zip(parts, columns, strict=True)]
        found = db.session.scalar(self.rows().where(and_(*conditions)))
        if found is None:
            raise NotFound
        return found

    # --- what a record is worth --------------------------------------------------------------------------------------

    def name_of(self, record: Any, seen: Seen) -> str:
        """What a record is called where one speaks of it."""
        return str(self.columns[0].value(record, seen) or self.key_of(record))[:80]

    def root_of(self, record: Any) -> Any:
        """The record whose version a save takes: itself, or the one whose part it is."""
        if isinstance(record, Versioned) or not isinstance(record, Audited):
            return record
        root = record.audit_root()
        return root if isinstance(root, Versioned) else record

    def version_of(self, record: Any) -> str:
        """Names the state that a page showed; where there is no version, a fingerprint of what it showed."""
        root = self.root_of(record)
        if isinstance(root, Versioned):
            return str(root.version)
        names = sorted({*self.attributes, *self.form_columns})
        state: list[Any] = [str(getattr(record, name)) for name in names]
        for inline in self.inlines:
            state.append([[str(getattr(child, name)) for name in ("id", *inline.columns)] for child in
                          getattr(record, inline.name)])  # fmt: skip
        return hashlib.sha256(canonical(state).encode()).hexdigest()[:16]

    def refusal(self, record: Any) -> Refusal | None:  # noqa: ARG002 - for those that refuse
        """Why this record may not be changed now; None where it may."""
        return None

    def refusal_to_do(self, deed: str, record: Any) -> Refusal | None:  # noqa: ARG002
        """Why a deed is not offered for this record; None where it is."""
        return None

    # --- the list ----------------------------------------------------------------------------------------------------

    def asked(self) -> Asked:
        """What the address asks for. Raises BadRequest."""
        choices = {one.name: one.choices() for one in self.filters}
        return Asked.read(request.args, self.column_sortable_list, choices)

    def line(self, record: Any, seen: Seen) -> Line:
        """A record as the list shows it."""
        is_open = self.refusal(record) is None
        form = self._edit_form_class(formdata=None, obj=record) if self.column_editable_list and is_open else None
        cells = []
        for column in self.columns:
            raw = None
            if form is not None and column.name in self.column_editable_list:
                raw = str(form[column.name]._value())
            cells.append(self.cell(column, record, seen, raw))
        root = self.root_of(record)
        return Line(
            self.key_of(record),
            self.name_of(record, seen),
            cells,
            self.version_of(record),
            f"{entity_of(root)}:{self.key_of(record) if root is record else audit._key_of(root)}",
            is_open,
        )

    @staticmethod
    def cell(column: Column, record: Any, seen: Seen, raw: str | None = None) -> Cell:
        """One value of a record."""
        note = column.note(record, seen) if column.note else ""
        known = column.chips
        chip = known(record) if callable(known) else known.get(str(getattr(record, column.name)), "") if known else ""
        return Cell(column, column.value(record, seen), raw, note, chip)

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """The list: searched, filtered, sorted, page by page, with what may be done about each line."""
        asked = self.asked()
        rows = self.narrowed(asked)
        found = list(db.session.scalars(self.sorted(rows, asked).limit(asked.size).offset(asked.page * asked.size)))
        seen = self.seen(found)
        key = inspect(self.model).primary_key[0]
        offered = {
            self.key_of(record): [deed for deed in self.deeds if self.refusal_to_do(deed.name, record) is None]
            for record in found
        }
        return self.render(
            self.list_template,
            view=self,
            asked=asked,
            lines=[self.line(record, seen) for record in found],
            offered=offered,
            count=capped_count(rows, key),
            url=self.list_url,
            kinds=tuple(KINDS),
        )

    def list_url(self, asked: Asked | None = None, **changes: Any) -> str:
        """The address of the list as asked for, with changes."""
        return str(self.get_url(".index_view", **(asked.values(**changes) if asked else changes)))

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """A record with all that the view shows of it."""
        record = self.record(request.args.get("id"))
        seen = self.seen([record])
        if self.is_personal:
            audit.note(f"{entity_of(record)}.view", record)
        return self.render(
            self.details_template,
            view=self,
            key=self.key_of(record),
            name=self.name_of(record, seen),
            pairs=[self.cell(column, record, seen) for column in self.named.values()],
            version=self.version_of(record),
            why=self._why(self.refusal(record)) if self.can_edit or self.can_delete else "",
            deeds=[deed for deed in self.deeds if self.refusal_to_do(deed.name, record) is None],
            more=self.more_of(record),
            url=self.list_url,
        )

    def more_of(self, record: Any) -> Iterable[tuple[Any, str]]:  # noqa: ARG002
        """Where else one reads on about a record: (words, address)."""
        return ()

    @staticmethod
    def _why(reason: Refusal | None) -> str:
        return sentence(reason) if reason is not None else ""

    @expose("/export/<export_type>/")
    def export(self, export_type: str) -> ResponseReturnValue:
        """The list as asked for, as Excel or CSV, up to 50,000 rows; no cell is a formula."""
        asked = self.asked()
        columns = [SheetColumn(str(column.label), column.kind) for column in self.named.values()]  # type: ignore[arg-type]
        rows = self.sorted(self.narrowed(asked), asked).limit(MOST_EXPORTED)
        said = {key: str(value) for key, value in asked.values(page=None, page_size=None).items()}
        return send_table(
            export_type, columns, self._sheet(rows), name=self.endpoint, entity=self.model.__tablename__, **said
        )

    def _sheet(self, rows: Select[Any]) -> Iterator[list[Any]]:
        for part in db.session.scalars(rows.execution_options(yield_per=CHUNK)).partitions(CHUNK):
            seen = self.seen(part)
            for record in part:
                yield [self.sheet_value(column, record, seen) for column in self.named.values()]

    @staticmethod
    def sheet_value(column: Column, record: Any, seen: Seen) -> Any:
        """A value as a spreadsheet keeps it."""
        value = column.value(record, seen)
        shown = cell(value) if column.kind == "text" and value not in (None, "") else value
        return shown.striptags() if isinstance(shown, Markup) else value


def _part(text: str, column: Any) -> Any:
    """A part of a key as its column holds it. Raises NotFound for what cannot be one."""
    if isinstance(column.type, Integer | BigInteger):
        if not (text.isascii() and text.isdigit() and len(text) <= 19) or not can_be_key(int(text), column):
            raise NotFound
        return int(text)
    if not isinstance(column.type, String) or len(text) > (column.type.length or 0):
        raise NotFound
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character: no database can be asked for it
        raise NotFound from None
    return text
