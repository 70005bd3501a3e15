"""Records as files: a list taken away, and files brought in, judged before anything is stored."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from types import SimpleNamespace
from typing import Any

from flask import abort, current_app, flash, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest

from forms.core.sentences import value_sentence
from jobs import importing
from jobs.exporting import NotGiven, Table, register_list
from jobs.importing import Words, ask_check, ask_store, register_words
from models.core import audit, imports, setting
from models.core.db import begin_writing, db
from models.core.entity import Entity, Kind
from models.core.entity.cells import folded, key_fields, taken_fields
from models.core.entity.importing import ADD, BOTH, CHANGE, WAYS
from models.core.entity.portions import cell_of, portions
from models.core.entity.rows import WrongFilter, narrowed, opens, seen_by
from models.core.entity.values import WrongValue
from models.core.file import StoredFile, new_file_id
from models.core.imports import CHECKED, CHECKING, PURPOSE, STORING, Import, import_of, imports_of
from models.core.job import Job, cancel
from models.core.listing import capped_count
from models.core.saved_list import kept_of
from models.core.thai import text as texts
from models.core.thai.errors import BadValue
from models.core.workflow import Refusal, Refused
from reports.core.table import CSV_TYPE, XLSX_TYPE, Column
from reports.core.template import template_book, template_text
from services import content, scanner, storage, throttle
from services.core import BadFile, ServiceDown
from views.core.access import reads_first, unasked
from views.core.base import PageView
from views.core.export import send_list
from views.core.files import log_fetching
from views.core.limits import too_many
from views.core.look import lang
from views.core.notification import event_says
from views.core.records.asked import Asked, read, url_of
from views.core.records.linked import linked
from views.core.records.listed import columns_of, page_name
from views.core.records.policy import RecordPolicy, entity_or_404, opens_named, served
from views.core.records.words import code_label, entity_title, field_help, field_label, value_text
from views.core.sentences import sentence
from views.core.setting import name_setting

LIST = "records"
LANGUAGES = ("th", "en")
ENDINGS = ("xlsx", "csv")
_KINDS = {Kind.NUMBER: "number", Kind.DECIMAL: "number", Kind.LINK: "number", Kind.MONEY: "money"}
_KINDS |= {Kind.DATE: "date", Kind.MOMENT: "datetime"}


# --- words -----------------------------------------------------------------------------------------------------------


def heading_of(entity: Entity, name: str) -> str:
    """A column's heading: the field's name, told apart where two fields are called alike; the key is the number."""
    if name == entity.pk.key and name not in entity.fields:
        return _("Record number")
    label = field_label(entity, name)
    alike = [other for other in entity.fields if folded(field_label(entity, other)) == folded(label)]
    return f"{label} ({name})" if len(alike) > 1 else label


def label_of(entity: Entity) -> Callable[[str, Any], str]:
    """Codes, and yes or no, in words; each is looked up once."""
    yes, no = _("Yes"), _("No")

    @cache
    def label(name: str, code: Any) -> str:
        if isinstance(code, bool):
            return yes if code else no
        return code_label(entity, name, code)

    return label


def words_of(entity: Entity) -> Words:
    """What a file of the entity may call its columns and codes, and how its mistakes are told."""
    names: dict[str, str] = {}
    wanted = (*taken_fields(entity), *key_fields(entity), *entity.fields)
    for language in LANGUAGES:
        with force_locale(language):
            for name in wanted:
                names.setdefault(folded(heading_of(entity, name)), name)
    for name in wanted:
        names.setdefault(folded(name), name)
    return Words(
        names=names,
        heading=lambda name: heading_of(entity, name),
        label=label_of(entity),
        text=lambda name, value: value_text(entity, name, value),
        reason=reason,
        report=(_("Row in the file"), _("Column"), _("What was read"), _("Why it cannot be stored")),
    )


def reason(why: BadValue | Refusal) -> str:
    """What is wrong with a row, and what to do."""
    if isinstance(why, Refusal):
        return sentence(why)
    own: dict[str, Any] = {
        "spoiled": _("Excel shortened this number. Make the column text, type the digits anew and save."),
        "lost_zero": _("Excel took the leading zero away. Make the column text and type the digits anew."),
        "excel_error": _("The formula in this cell failed. Put the value itself into the cell."),
        "twice": _("The same stands in row %(row)s already. Keep one of the rows."),
        "no_key_given": _("Nothing says which record is meant. Fill in its number or key, or choose to add."),
        "already_there": _("There is such a record already. Take the row out, or choose to update too."),
        "not_changed_here": _("This cannot be changed after adding. Put back what was there."),
        "not_stored": _("The database does not take this row: another record may have the same values."),
    }
    if isinstance(why, WrongValue) and why.code in own:
        return str(own[why.code]) % why.values if why.values else str(own[why.code])
    return value_sentence(why)


def unread_sentence(run: Import) -> str:
    """Why a file could not be read as a table of these records."""
    said = {
        "too_many_rows": _("The file has more than %(limit)s rows. Part it into several files."),
        "too_many_columns": _("The file has more than %(limit)s columns. Take out those that are not needed."),
        "cell_too_long": _("A cell in row %(row)s is too long to be read. Is a quotation mark left open there?"),
        "empty": _("There is nothing in the file below its headings."),
        "none_known": _("No heading in the first row is known. Begin with the template, and keep its first row."),
        "twice": _("The column “%(heading)s” stands there twice. Take one out."),
        "no_key": _("To update, the file needs the record number or the key. Export the list and change that file."),
        "damaged": _("The file is damaged and cannot be read. Save it anew and try again."),
    }
    text = said.get(run.why, _("The file was found to be unsafe and was not read."))
    return text % run.found if "%(" in text else text


register_words(words_of)
log_fetching(PURPOSE)


# --- out -------------------------------------------------------------------------------------------------------------


def open_list(user: Any, given: Mapping[str, Any]) -> Table:
    """The records that the user sees now and asked for. Raises NotGiven."""
    entity = served(str(given.get("entity", "")))
    if entity is None or not opens(entity, user):
        raise NotGiven
    try:
        asked = read(entity, given.get("query", {}), sees_deleted=False)
        rows = narrowed(entity, seen_by(entity, user), asked.wanted)
    except (BadRequest, WrongFilter):
        raise NotGiven from None
    names = [name for name in given.get("columns", ()) if name in entity.fields]
    return Table(
        title=entity_title(entity),
        name=entity.name,
        entity=entity.model.__tablename__,
        columns=_columns(entity, names),
        count=lambda most: capped_count(rows, entity.pk, most),
        rows=lambda: _lines(entity, user, asked, names),
    )


register_list(LIST, open_list)


def _columns(entity: Entity, names: list[str]) -> list[Column]:
    found = [Column(heading_of(entity, entity.pk.key), "number", 12)] if entity.pk.key not in names else []
    for name in names:
        one = entity.fields[name]
        kind: Any = _KINDS.get(one.kind, "text")
        found.append(Column(heading_of(entity, name), kind, 40 if one.kind is Kind.LINES or one.length == 300 else 18))
        if one.kind is Kind.LINK:
            found.append(Column(_("%(field)s (name)", field=heading_of(entity, name)), width=30))
    return found


def _lines(entity: Entity, user: Any, asked: Asked, names: list[str]) -> Iterator[list[Any]]:
    label, fields = label_of(entity), [entity.fields[name] for name in names]
    links = [name for name in names if entity.fields[name].kind is Kind.LINK]
    with_key = entity.pk.key not in names
    for portion in portions(entity, user, asked.wanted, asked.order, names):
        found = {}
        if links:
            records = [SimpleNamespace(**dict(zip(names, row[1:], strict=True))) for row in portion]
            found = linked(entity, records, links).names
        for row in portion:
            line = [row[0]] if with_key else []
            for one, value in zip(fields, row[1:], strict=True):
                line.append(cell_of(one, value, label))
                if one.kind is Kind.LINK:
                    line.append(found.get((one.to or "", value), "") if value is not None else None)
            yield line


# --- in --------------------------------------------------------------------------------------------------------------


def ways_of(entity: Entity, user: Any) -> tuple[str, ...]:
    """How the user may bring in a file of the entity: add and update, or one of the two; empty for not at all."""
    may_add = bool(entity.added) and opens(entity, user, ADD)
    may_change = bool(entity.changed) and opens(entity, user, CHANGE)
    return tuple(way for way in WAYS if (may_add or way == CHANGE) and (may_change or way == ADD))


@dataclass(frozen=True)
class ImportPolicy(RecordPolicy):
    """Whoever may add or change some record of the entity that the address names."""

    def admits(self, user: Any) -> bool:
        """Whether any way of importing is open to the user."""
        entity = served((request.view_args or {}).get("name", ""))
        return bool(user.is_authenticated) if entity is None else bool(ways_of(entity, user))


def imports_named(function: Any) -> Any:
    """A route by which files of the entity in the address come in."""
    function._access = ImportPolicy()
    return function


class RecordFilesView(PageView):
    """นำเข้าและส่งออกข้อมูล."""

    route_base = "/records"
    default_view = "form"

    @expose("/<name>/export.<ending>")
    @opens_named
    def export(self, name: str, ending: str) -> ResponseReturnValue:
        """The list as it is filtered and sorted: the columns that the reader chose, or `all=1` for every one."""
        entity = entity_or_404(name)
        asked = read(entity, request.args, sees_deleted=False)
        kept = kept_of(g.user.id, page_name(entity)) if not request.args.get("all") else None
        names = list(dict.fromkeys(entity.shown)) if kept is None else columns_of(entity, kept)
        given = {"entity": entity.name, "query": asked.query(), "columns": names}
        return send_list(LIST, ending, given, back=asked.url())

    @expose("/<name>/import", methods=["GET", "POST"])
    @imports_named
    @reads_first
    def form(self, name: str) -> ResponseReturnValue:
        """Choose a file and what to do with it; what was sent is judged, nothing is stored yet."""
        entity = entity_or_404(name)
        if request.method == "GET":
            return self._form(entity)
        way = request.form.get("way", "")
        if way not in ways_of(entity, g.user):
            raise BadRequest
        try:
            file = _received()
        except _NotReceived as problem:
            return self._form(entity, str(problem), way), problem.status
        begin_writing()
        audit.note("file.upload", file, purpose=PURPOSE, size=file.size)
        run = ask_check(g.user, entity, way, file, lang())
        key, is_small = run.id, run.job_id is None
        db.session.commit()
        if is_small:
            importing.check(run, g.user)
            db.session.commit()
        return redirect(url_for("RecordFilesView.show", name=name, pk=key))

    def _form(self, entity: Entity, problem: str = "", way: str = BOTH) -> str:
        return self.page(
            "core/records/import.html",
            entity=entity,
            title=entity_title(entity),
            list_url=url_of(entity),
            ways=ways_of(entity, g.user),
            way=way,
            problem=problem,
            keys=[heading_of(entity, key) for key in key_fields(entity)],
            runs=[(run, state_of(run)) for run in imports_of(g.user.id, entity.name)],
            most_rows=setting.value(imports.MOST_ROWS),
            most_megabytes=_megabytes(),
        )

    @expose("/<name>/import/template.<ending>")
    @imports_named
    def template(self, name: str, ending: str) -> ResponseReturnValue:
        """An empty file with the headings; as a workbook with a sheet that explains columns and codes."""
        entity = entity_or_404(name)
        if ending not in ENDINGS:
            abort(404)
        names = list(dict.fromkeys((*key_fields(entity), *taken_fields(entity))))
        headings = [heading_of(entity, one) for one in names]
        download = f"{entity.name}-template.{ending}"
        if ending == "csv":
            out = io.BytesIO(template_text(headings))
            return send_file(out, mimetype=CSV_TYPE, as_attachment=True, download_name=download)
        as_text = [one not in entity.fields or entity.fields[one].kind not in _KINDS for one in names]
        explained = [(_("Column"), _("Must be filled"), _("How"), _("Code"), _("Meaning")), *_explained(entity, names)]
        book = template_book(_("Data"), headings, as_text, _("Explanation"), explained)
        return send_file(io.BytesIO(book), mimetype=XLSX_TYPE, as_attachment=True, download_name=download)

    @expose("/<name>/import/<int:pk>", methods=["GET", "POST"])
    @imports_named
    @reads_first
    def show(self, name: str, pk: int) -> ResponseReturnValue:
        """What judging found; posting stores all of it, or stops what is going on."""
        entity, run = self._run(name, pk)
        if request.method == "GET":
            return self._shown("core/records/import_show.html", entity, run)
        action = request.form.get("action")
        if action not in ("store", "cancel"):
            raise BadRequest
        begin_writing()
        if action == "cancel":
            self._cancel(run)
        else:
            self._store(run)
        return redirect(url_for("RecordFilesView.show", name=name, pk=pk))

    @expose("/<name>/import/<int:pk>/part")
    @imports_named
    @unasked
    def part(self, name: str, pk: int) -> ResponseReturnValue:
        """The same, asked for by the page itself while the work goes on."""
        return self._shown("core/records/_import.html", *self._run(name, pk))

    @staticmethod
    def _run(name: str, pk: int) -> tuple[Entity, Import]:
        entity = entity_or_404(name)
        run = import_of(g.user.id, entity.name, pk)
        if run is None:
            abort(404)
        return entity, run

    def _shown(self, template: str, entity: Entity, run: Import) -> str:
        job = db.session.get(Job, run.job_id) if run.job_id and run.state in (CHECKING, STORING) else None
        return self.page(
            template,
            entity=entity,
            title=entity_title(entity),
            list_url=url_of(entity),
            run=run,
            state=state_of(run),
            progress=job.progress if job is not None else None,
            is_given_up=job is not None and job.state == "failed",
            problem=unread_sentence(run) if run.state == imports.UNREAD else "",
        )

    @staticmethod
    def _cancel(run: Import) -> None:
        job = db.session.get(Job, run.job_id) if run.job_id else None
        try:
            if job is not None and run.state in (CHECKING, STORING):
                cancel(job)
            is_cancelled = any(run.move(state, imports.CANCELLED) for state in (CHECKING, CHECKED, STORING))
            db.session.commit()
        except Refused:
            db.session.rollback()
            is_cancelled = False
        if is_cancelled:
            flash(_("Nothing is imported."), "success")
        else:
            flash(_("It was over already. See below how it ended."), "warning")

    @staticmethod
    def _store(run: Import) -> None:
        if not ask_store(g.user, run):
            db.session.rollback()
            return  # Pressed twice: the page says how far the first one is.
        db.session.commit()
        if run.job_id is None or run.rows <= importing.ROWS_AT_ONCE:
            importing.store(run, g.user)
            db.session.commit()


def state_of(run: Import) -> tuple[str, str]:
    """Where an import stands: the chip's kind and its words."""
    found: dict[str, tuple[str, str]] = {
        imports.CHECKING: ("doing", _("The file is being checked")),
        imports.CHECKED: ("fix", _("To be corrected")) if run.bad else ("wait", _("Checked, not imported yet")),
        imports.UNREAD: ("fail", _("Could not be read")),
        imports.STORING: ("doing", _("Being imported")),
        imports.STORED: ("pass", _("Imported")),
        imports.MOVED: ("fail", _("Not imported")),
        imports.CANCELLED: ("off", _("Cancelled")),
    }
    return found[run.state]


class _NotReceived(Exception):
    def __init__(self, text: str, status: int = 422) -> None:
        super().__init__(text)
        self.status = status


def _megabytes() -> int:
    return min(int(setting.value(imports.MOST_MEGABYTES)), current_app.config["SALA"].max_upload_mb)


def _received() -> StoredFile:
    """The file that was sent, checked and in storage. Raises _NotReceived."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise _NotReceived(_("No file came with the request. Choose a file."), 400)
    if problem := too_many((throttle.UPLOAD, (str(g.user.id),))):
        raise _NotReceived(problem, 429)
    name = texts.clean(PurePath(sent.filename.replace("\\", "/")).name)[-255:]
    file = StoredFile(id=new_file_id(), purpose=PURPOSE, name=name, uploaded_by=g.user.id)
    limit = _megabytes()
    try:
        file.content_type = content.check(name, sent.stream, ENDINGS)
        sent.stream.seek(0)
        scanner.scan(sent.stream)
        sent.stream.seek(0)
        file.size, file.sha256 = storage.put(file.key, sent.stream, limit * 1024 * 1024)
    except storage.TooLarge:
        raise _NotReceived(_("The file is larger than %(size)s MB. Choose a smaller one.", size=limit), 413) from None
    except BadFile as bad:
        known = {
            "empty": _("The file is empty. Choose another one."),
            "type_not_allowed": _("Only Excel (.xlsx) and CSV files can be imported."),
            "encrypted": _("The file is locked with a password. Save it without one and try again."),
            "macros": _("The file holds macros. Save it without them and try again."),
        }
        otherwise = _("What is in the file is not what its name says. Save it anew as .xlsx or .csv.")
        raise _NotReceived(known.get(bad.code, otherwise)) from None
    except ServiceDown:
        current_app.logger.exception("a file could not be taken")
        text = _("The file could not be stored. Try again in a while; nothing else was lost.")
        raise _NotReceived(text, 503) from None
    return file


def _explained(entity: Entity, names: list[str]) -> Iterator[tuple[str, str, str, str, str]]:
    """What each column takes: whether it must be filled, how it is written, and its codes with their meaning."""
    label = label_of(entity)
    hows = {
        Kind.NUMBER: _("A number"),
        Kind.DECIMAL: _("A number"),
        Kind.MONEY: _("Baht, two decimals at most"),
        Kind.DATE: _("A date, such as 11/03/2569"),
        Kind.MOMENT: _("Day and time, such as 11/03/2569 13:30"),
        Kind.YES_NO: _("Yes or no"),
        Kind.CHOICE: _("A code or its meaning"),
        Kind.LINK: _("The number of the record"),
        Kind.CITIZEN_ID: _("13 digits, the column as text"),
        Kind.PHONE: _("Digits, the column as text"),
        Kind.EMAIL: _("An e-mail address"),
    }
    for name in names:
        heading = heading_of(entity, name)
        if name not in entity.fields:
            yield heading, "", _("To update: the record’s number. Leave it empty to add."), "", ""
            continue
        one = entity.fields[name]
        how = " ".join(filter(None, (str(hows.get(one.kind, _("Text"))), field_help(entity, name))))
        needed = _("Yes") if one.is_required else ""
        codes = one.codes if one.kind is Kind.CHOICE else ()
        yield heading, needed, how, str(codes[0]) if codes else "", label(name, codes[0]) if codes else ""
        for code in codes[1:]:
            yield heading, "", "", str(code), label(name, code)


def name_settings() -> None:
    """The words of the settings of imports."""
    group = _l("Importing files")
    name_setting(imports.MOST_ROWS, group, _l("Rows of one file"), _l("All are stored at once or none."), _l("rows"))
    name_setting(imports.MOST_MEGABYTES, group, _l("Size of one file"), "", _l("MB"))


def register(builder: Any) -> None:
    """Add the pages, and let lists ask whether their records may be imported."""
    builder.add_view_no_menu(RecordFilesView)
    current_app.jinja_env.globals["import_ways"] = ways_of
    name_settings()


@event_says("import_checked")
def _checked(values: dict[str, Any]) -> str:
    return _("The file is checked: %(name)s", name=values.get("name", ""))


@event_says("import_stored")
def _imported(values: dict[str, Any]) -> str:
    if values.get("state") == imports.STORED:
        return _("The file is imported: %(name)s", name=values.get("name", ""))
    return _("The file was not imported: %(name)s", name=values.get("name", ""))


__all__ = ["RecordFilesView", "register"]
