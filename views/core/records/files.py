"""Records as files: a list taken away, and files brought in, judged before anything is stored."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, flash, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest

from jobs import importing
from jobs.importing import ask_check, ask_store
from models.core import audit, imports, setting
from models.core.db import begin_writing, db
from models.core.entity import Entity
from models.core.entity.cells import key_fields, taken_fields
from models.core.entity.importing import ADD, BOTH, CHANGE, WAYS
from models.core.entity.rows import opens
from models.core.identity import names_of
from models.core.imports import CHECKED, CHECKING, PURPOSE, STORING, Import, import_of, imports_of, stored_before
from models.core.job import WAITING, Job, cancel
from models.core.saved_list import kept_of
from models.core.workflow import Refused
from reports.core.table import CSV_TYPE, XLSX_TYPE
from reports.core.template import template_book, template_text
from views.core.access import reads_first, unasked
from views.core.base import PageView
from views.core.export import send_list
from views.core.files import log_fetching
from views.core.look import lang
from views.core.notification import event_says
from views.core.receiving import ENDINGS, NotReceived, most_megabytes, received
from views.core.records.asked import read, url_of
from views.core.records.exported import KINDS, LIST
from views.core.records.file_words import explained, heading_of, reading_sentence, state_of, unread_sentence
from views.core.records.listed import columns_of, page_name
from views.core.records.policy import RecordPolicy, entity_or_404, opens_named, served
from views.core.records.words import entity_title
from views.core.setting import name_setting

log_fetching(PURPOSE)


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
            file = received()
        except NotReceived as problem:
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
            keys=[heading_of(entity, key) for key in key_fields(entity)] if ways_of(entity, g.user) != (ADD,) else [],
            runs=[(run, state_of(run)) for run in imports_of(g.user.id, entity.name)],
            most_rows=setting.value(imports.MOST_ROWS),
            most_megabytes=most_megabytes(),
        )

    @expose("/<name>/import/template.<ending>")
    @imports_named
    def template(self, name: str, ending: str) -> ResponseReturnValue:
        """An empty file with the headings; as a workbook with a sheet that explains columns and codes."""
        entity = entity_or_404(name)
        if ending not in ENDINGS:
            abort(404)
        names = _columns(entity)
        headings = [heading_of(entity, one) for one in names]
        download = f"{entity.name}-template.{ending}"
        if ending == "csv":
            out = io.BytesIO(template_text(headings))
            return send_file(out, mimetype=CSV_TYPE, as_attachment=True, download_name=download)
        as_text = [one not in entity.fields or entity.fields[one].kind not in KINDS for one in names]
        told = [(_("Column"), _("Must be filled"), _("How"), _("Code"), _("Meaning")), *explained(entity, names)]
        book = template_book(_("Data"), headings, as_text, _("Explanation"), told)
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
            reading=reading_sentence(run),
            before=_stored_before(run),
            progress=job.progress if job is not None else None,
            can_cancel=run.can_be_stored or (run.state in (CHECKING, STORING) and not _is_being_stored(run, job)),
            is_given_up=job is not None and job.state == "failed",
            problem=unread_sentence(run) if run.state == imports.UNREAD else "",
        )

    @staticmethod
    def _cancel(run: Import) -> None:
        job = db.session.get(Job, run.job_id) if run.job_id else None
        if _is_being_stored(run, job):
            db.session.rollback()
            flash(_("The rows are being stored and this cannot be stopped any more."), "warning")
            return
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
        if request.form.get("leave") and run.alike and not run.leave_alike():
            db.session.rollback()
            flash(_("Without the rows that seem to be there already nothing is left to import."), "warning")
            return
        if not ask_store(g.user, run):
            db.session.rollback()
            return  # Pressed twice: the page says how far the first one is.
        db.session.commit()
        if run.job_id is None or run.rows <= importing.ROWS_AT_ONCE:
            importing.store(run, g.user)
            db.session.commit()


def _columns(entity: Entity) -> list[str]:
    """The columns of a template: who can only add needs none by which a record is found."""
    if ways_of(entity, g.user) == (ADD,):
        return [name for name in taken_fields(entity) if name in entity.added]
    return list(dict.fromkeys((*key_fields(entity), *taken_fields(entity))))


def _is_being_stored(run: Import, job: Job | None) -> bool:
    """Whether a worker stores the rows now: its transaction holds the import until all of it is over."""
    return run.state == STORING and job is not None and job.state != WAITING


def _stored_before(run: Import) -> tuple[Import, str] | None:
    """When this very file was imported before, and by whom; asked as long as it could be imported again."""
    before = stored_before(run) if run.state in (CHECKING, CHECKED) else None
    return None if before is None else (before, names_of([before.user_id]).get(before.user_id, ""))


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
