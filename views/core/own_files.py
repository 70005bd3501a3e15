"""ไฟล์ของฉัน: lists that one asked for as files, how far they are, and the files for as long as they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, select
from werkzeug.exceptions import NotFound

from jobs.exporting import EXPORT, ask_again
from models.core import retention
from models.core.db import db
from models.core.file import StoredFile
from models.core.imports import Import
from models.core.job import CANCELLED, DONE, FAILED, RUNNING, WAITING, Job, cancel
from models.core.workflow import Refusal, Refused
from views.core.access import signed_in, unasked
from views.core.base import PageView, can_be_key, tell_refused
from views.core.files import log_fetching
from views.core.look import file_size
from views.core.notification import entity_page, event_says, read_at
from views.core.sentences import says, sentence

MOST = 50
MOST_IMPORTS = 20


@dataclass(frozen=True)
class Line:
    """One piece of work as the page shows it."""

    job: Job
    title: str
    kind: str
    chip: str
    state: str
    file: StoredFile | None = None
    size: str = ""
    until: datetime | None = None
    why: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it by itself."""
        return self.job.state not in (WAITING, RUNNING)


class OwnFilesView(PageView):
    """ไฟล์ของฉัน."""

    route_base = "/exports"
    default_view = "list"

    @expose("/")
    @signed_in
    def list(self) -> ResponseReturnValue:
        """What one asked for, the latest first."""
        lines = lines_of(g.user)
        return self.page("core/own_files.html", lines=lines, told=told(lines), days=_lasts().days, imports=_imports())

    @expose("/lines")
    @signed_in
    @unasked
    def lines(self) -> ResponseReturnValue:
        """The same lines alone, which the page asks for as long as something is being made."""
        lines = lines_of(g.user)
        return self.page("core/_own_files.html", lines=lines, told=told(lines), is_part=True)

    @expose("/<int:pk>/cancel", methods=["POST"])
    @signed_in
    def cancel(self, pk: int) -> ResponseReturnValue:
        """Stop one that is not wanted any more."""
        try:
            cancel(_mine(pk))
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
        else:
            flash(_("The work is cancelled."), "success")
        return redirect(url_for("OwnFilesView.list"))

    @expose("/<int:pk>/again", methods=["POST"])
    @signed_in
    def again(self, pk: int) -> ResponseReturnValue:
        """Make the same file anew, of what the list holds now."""
        try:
            ask_again(_mine(pk), g.user)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
        else:
            flash(_("The file is being made anew. You are told under the bell when it is ready."), "success")
        return redirect(url_for("OwnFilesView.list"))


def _own() -> Select[Any]:
    return select(Job).where(Job.kind == EXPORT, Job.requested_by == g.user.id)


def _mine(pk: int) -> Job:
    job: Job | None = db.session.scalar(_own().where(Job.id == pk)) if can_be_key(pk, Job.id) else None
    if job is None:
        raise NotFound
    return job


def _imports() -> list[tuple[Import, str]]:
    """The files that one brought in, each with where it is shown."""
    rows = select(Import).where(Import.user_id == g.user.id).order_by(Import.id.desc()).limit(MOST_IMPORTS)
    return [(run, url_for("RecordFilesView.show", name=run.entity, pk=run.id)) for run in db.session.scalars(rows)]


def _lasts() -> Any:
    return retention.lasts(retention.EXPORTS)


def lines_of(user: Any) -> list[Line]:
    """The user's lists as files; two queries."""
    rows = _own().add_columns(StoredFile).outerjoin(StoredFile, StoredFile.id == Job.file_id)
    found = db.session.execute(rows.where(Job.requested_by == user.id).order_by(Job.id.desc()).limit(MOST))
    lasts = _lasts()
    return [_line(job, file, job.ended_at + lasts if job.ended_at else None) for job, file in found]


def _line(job: Job, file: StoredFile | None, until: datetime | None) -> Line:
    chip, state = {
        WAITING: ("wait", _("Waits for its turn")),
        RUNNING: ("doing", _("Being made")),
        DONE: ("pass", _("Ready")),
        FAILED: ("fail", _("Not made")),
        CANCELLED: ("off", _("Cancelled")),
    }[job.state]
    if job.state == DONE and file is None:
        chip, state = "off", _("No longer kept")
    return Line(
        job=job,
        title=str(job.params.get("title", "")),
        kind=str(job.params.get("ending", "")).upper(),
        chip=chip,
        state=state,
        file=file,
        size=file_size(file.size) if file is not None else "",
        until=until if file is not None else None,
        why=_why(job) if job.state == FAILED else "",
    )


def _why(job: Job) -> str:
    if job.error == "not_permitted":
        return sentence(Refusal("not_given_any_more"))
    return _("Something went wrong while the file was made. Make it again; if that fails too, tell staff.")


def told(lines: list[Line]) -> str:
    """What a listener hears when something has changed: how many are being made."""
    waiting = sum(not line.is_over for line in lines)
    if waiting:
        return ngettext("%(num)s file is being made.", "%(num)s files are being made.", waiting)
    return _("Nothing is being made.")


@says("not_given_any_more")
def _not_given(values: dict[str, Any]) -> str:  # noqa: ARG001
    return _("You do not have the right to this list any more, or a filter of it is gone.")


@says("too_many_files")
def _too_many(values: dict[str, Any]) -> str:
    return _("%(limit)s files are being made for you already. Wait for them, or cancel one.", **values)


@event_says("export_ready")
def _ready(values: dict[str, Any]) -> str:
    return _("The file is ready: %(title)s", title=values.get("title", ""))


def _own_file(key: str) -> str | None:
    """One's own files, where the job makes one of them."""
    job = db.session.get(Job, int(key)) if key.isdecimal() else None
    is_own = job is not None and job.kind == EXPORT and job.requested_by == g.user.id
    return url_for("OwnFilesView.list") if is_own else None


entity_page("core_job", lambda _key: url_for("OwnFilesView.list"))
read_at("core_job", _own_file)
log_fetching(EXPORT)
