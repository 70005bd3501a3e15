"""The stored files as folders: by what they are for and by month, as rows and never as a disk.

A super user sees that a file is there, how large, whose, and which record names it. Opening asks the gate of that
record as every other page does: who may not read the record may not read its file. Each opening is written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, g, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, inspect, select
from werkzeug.exceptions import BadRequest, NotFound

from jobs.exporting import EXPORT
from jobs.privacy import OWN_DATA
from models.core import audit
from models.core.clock import today
from models.core.db import Audited, Model, db
from models.core.file import (
    ATTACHED,
    ORPHANED,
    STAGED,
    NamedBy,
    StoredFile,
    may_read,
    named_by,
    orphan_count,
    purposes,
    standing_is,
)
from models.core.identity import names_of
from models.core.imports import PURPOSE as IMPORTS
from models.core.listing import Order, capped_counts, walk
from models.core.registration import CARD_PURPOSE
from models.core.thai.dates import MONTHS_EN, MONTHS_TH, bangkok_day, buddhist_year, day_bounds
from models.core.thai.text import clean_line
from services import content
from views.core.console.gate import Gate
from views.core.files import send
from views.core.log_words import entity_label
from views.core.look import lang
from views.core.notification import record_page

NEWEST = Order("newest", (StoredFile.purpose, StoredFile.uploaded_at), StoredFile.id, descending=True)
PAGE = 50
YEARS = 20
STANDINGS = {ATTACHED: _("Named by a record"), STAGED: _("Uploaded, not saved yet"), ORPHANED: _("Left over")}
CHIPS = {ATTACHED: "pass", STAGED: "wait", ORPHANED: "off"}

# Purpose -> what its files are called; a domain adds its own.
_names: dict[str, Any] = {
    CARD_PURPOSE: _("Copies of citizen ID cards"),
    OWN_DATA: _("Copies of one’s own data"),
    EXPORT: _("Lists as files"),
    IMPORTS: _("Files of imports"),
}


def name_files(names: Mapping[str, Any]) -> None:
    """Let a domain say what the files of its purposes are called."""
    _names.update(names)


def purpose_label(purpose: str) -> str:
    """What the files of a purpose are called; a purpose without words stands as it is."""
    return str(_names.get(purpose, purpose))


@dataclass(frozen=True)
class Folder:
    """A folder with how many files are in it, counted up to 10,001."""

    key: str
    label: str
    count: int


class FileBrowser(Gate):
    """แฟ้มที่จัดเก็บ."""

    title = _("Stored files")
    about = _("Every uploaded or made file, by what it is for and by month: size, state, and the record that names it.")
    group, icon_name = "work", "folder"
    default_endpoint = "index_view"

    def __init__(self, name: str) -> None:
        super().__init__(name=name, endpoint=f"console_{name}", url=name)

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """The folders, or the months in one, or the files of a month."""
        purpose, month = request.args.get("purpose", ""), request.args.get("month", "")
        if not purpose:
            if month:
                raise BadRequest
            return self._folders()
        if purpose not in purposes():
            raise NotFound
        return self._files(purpose, _month(month)) if month else self._months(purpose)

    def _folders(self) -> str:
        rows = [select(StoredFile).where(StoredFile.purpose == purpose) for purpose in purposes()]
        counts = capped_counts(rows, StoredFile.id)
        folders = [
            Folder(purpose, purpose_label(purpose), count) for purpose, count in zip(purposes(), counts, strict=True)
        ]
        return str(
            self.render("core/console/files.html", view=self, folders=folders, level="purposes", left=orphan_count())
        )

    def _months(self, purpose: str) -> str:
        inside = select(StoredFile).where(StoredFile.purpose == purpose)
        ends = db.session.execute(
            inside.with_only_columns(func.min(StoredFile.uploaded_at), func.max(StoredFile.uploaded_at))
        ).one()
        months = _months_between(*(bangkok_day(end) for end in ends)) if ends[0] is not None else []
        counts = capped_counts([_within(inside, month) for month in months], StoredFile.id)
        folders = [
            Folder(f"{month:%Y-%m}", month_label(month), count)
            for month, count in zip(months, counts, strict=True)
            if count
        ]
        return str(
            self.render(
                "core/console/files.html",
                view=self,
                folders=folders,
                level="months",
                purpose=purpose,
                purpose_label=purpose_label(purpose),
            )
        )

    def _files(self, purpose: str, month: date) -> str:
        standing, name = request.args.get("standing", ""), clean_line(request.args.get("name", "")[:400])
        if standing not in ("", *STANDINGS) or len(name) > 100:
            raise BadRequest
        rows = _within(select(StoredFile).where(StoredFile.purpose == purpose), month)
        if standing:
            rows = rows.where(standing_is(standing))
        if name:
            rows = rows.where(StoredFile.name.icontains(name, autoescape=True))
        page = walk(rows, NEWEST, PAGE, after=request.args.get("after"), before=request.args.get("before"))
        owners = named_by([file.id for file in page.rows])
        people = names_of({file.uploaded_by for file in page.rows if file.uploaded_by})
        return str(
            self.render(
                "core/console/files.html",
                view=self,
                level="files",
                purpose=purpose,
                purpose_label=purpose_label(purpose),
                month=f"{month:%Y-%m}",
                month_label=month_label(month),
                page=page,
                owners={key: entity_label(owner.entity) for key, owner in owners.items()},
                people=people,
                standings=STANDINGS,
                chips=CHIPS,
                standing=standing,
                name=name,
                asked={key: value for key, value in (("standing", standing), ("name", name)) if value},
            )
        )

    @expose("/file/")
    def show(self) -> ResponseReturnValue:
        """One file: what is known of it, which record names it, and whether one may open it."""
        file = _file(request.args.get("id"))
        owner = named_by([file.id]).get(file.id)
        root = _root_of(owner) if owner is not None else None
        entity, key = (audit.entity_of(root), audit._key_of(root)) if root is not None else ("", "")
        return self.render(
            "core/console/file.html",
            view=self,
            file=file,
            format=content.format_of(file.content_type),
            purpose_label=purpose_label(file.purpose),
            month=f"{bangkok_day(file.uploaded_at):%Y-%m}",
            month_label=month_label(bangkok_day(file.uploaded_at)),
            standing=STANDINGS[file.standing],
            chip=CHIPS[file.standing],
            by=names_of([file.uploaded_by]).get(file.uploaded_by or 0, "") if file.uploaded_by else "",
            owner=entity_label(owner.entity) if owner is not None else "",
            root=f"{entity_label(entity)} {key}" if entity else "",
            root_url=record_page(entity, key) if entity else None,
            may_open=may_read(g.user, file),
        )

    @expose("/open/")
    def open(self) -> ResponseReturnValue:
        """The file's content, for those whom its record lets, with a line in the log."""
        file = _file(request.args.get("id"))
        if not may_read(g.user, file):
            abort(403)
        audit.note("file.view", file, purpose=file.purpose, where="console")
        return send(file)


def _file(key: str | None) -> StoredFile:
    found = db.session.get(StoredFile, key) if key and len(key) == 32 and key.isascii() and key.isalnum() else None
    if found is None:
        raise NotFound
    return found


def _root_of(owner: NamedBy) -> Any:
    """The record whose history the naming row belongs to: a file of a proposal's part is the proposal's."""
    model = next(
        (one.class_ for one in Model.registry.mappers if getattr(one.local_table, "name", "") == owner.entity), None
    )
    if model is None:  # pragma: no cover - every table is mapped
        return None
    key = inspect(model).primary_key[0]
    row = db.session.scalar(select(model).where(key == (int(owner.key) if owner.key.isdigit() else owner.key)))
    return (row.audit_root() or row) if isinstance(row, Audited) else row


def _month(text: str) -> date:
    year, _dash, month = text.partition("-")
    if not (text.isascii() and len(text) == 7 and year.isdigit() and month.isdigit()):
        raise BadRequest
    try:
        found = date(int(year), int(month), 1)
    except ValueError:
        raise BadRequest from None
    if not 2000 <= found.year <= today().year + 1:
        raise BadRequest
    return found


def month_label(month: date) -> str:
    """พฤศจิกายน 2569, or November 2569 BE in English."""
    if lang() == "en":
        return f"{MONTHS_EN[month.month - 1]} {buddhist_year(month)} BE"
    return f"{MONTHS_TH[month.month - 1]} {buddhist_year(month)}"


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _within(rows: Select[Any], month: date) -> Select[Any]:
    start, end = day_bounds(month.replace(day=1))[0], day_bounds(_next(month))[0]
    return rows.where(StoredFile.uploaded_at >= start, StoredFile.uploaded_at < end)


def _months_between(first: date, last: date) -> list[date]:
    """The months from the last back to the first, of twenty years at most."""
    found, month = [], first.replace(day=1)
    month = max(month, date(last.year - YEARS, last.month, 1))
    while month <= last:
        found.append(month)
        month = _next(month)
    return found[::-1]
