"""What the system does by itself and knows of itself: background work, backups, numbers, permissions by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from models.core import audit, job
from models.core.backup import LEASE, Backup
from models.core.clock import now
from models.core.counter import Counter
from models.core.db import db
from models.core.job import CANCELLED, DONE, FAILED, RUNNING, WAITING, Job
from models.core.matrix import MatrixRow, current_matrix
from models.core.workflow import Refusal
from views.core.console.base import ConsoleView
from views.core.console.columns import Column, Deed, Filter, Seen
from views.core.context import kind_labels
from views.core.field_words import known_words
from views.core.log_words import entity_label
from views.core.look import file_size, lang, link, moment
from views.core.permission.words import basis_label, domain_label
from views.core.records.core_words import JOB_STATES, fault_label


def job_label(kind: str) -> str:
    """What a kind of work is called, where somebody named it."""
    return str(known_words("core_job", "kind", kind) or kind)


def _fault(row: Job, _seen: Seen) -> str:
    return fault_label(row.error).partition("\n")[0][:120]


class JobView(ConsoleView):
    """งานเบื้องหลัง: what the workers do, and what they gave up."""

    model = Job
    title = _("Background work")
    about = _("What the workers did, do and gave up, with the reason. What was given up can be done again.")
    group, icon_name = "work", "cpu"
    columns = (
        Column("kind", _("Work"), lambda row, _seen: job_label(row.kind), sortable=True, note=_fault),
        Column("state", _("State"), choices=JOB_STATES, sortable=True,
               chips={WAITING: "wait", RUNNING: "doing", DONE: "pass", FAILED: "fail", CANCELLED: "off"}),
        Column("attempts", _("Times tried"), kind="number"),
        Column("requested_by", _("Asked for by"), person=True),
        Column("made_at", _("Made"), sortable=True, kind="datetime"),
        Column("ended_at", _("Ended at"), sortable=True, kind="datetime"),
    )  # fmt: skip
    details = (
        Column("due_at", _("Due"), kind="datetime"),
        Column("leased_until", _("In a worker’s hand until"), kind="datetime"),
        Column("progress", _("Progress in per cent"), kind="number"),
        Column("error", _("Why it failed"), lambda row, _seen: fault_label(row.error), is_wide=True),
    )
    order = (Job.id.desc(),)
    searched = (Job.kind,)
    searched_people = (Job.requested_by,)
    search_label = _("Work or person")
    filters = (
        Filter("state", _("State"), JOB_STATES),
        Filter("kind", _("Work"), lambda: {kind: job_label(kind) for kind in _job_kinds()}),
    )
    deeds = (Deed("retry", _("Do it again"), "arrow-repeat", _("It will be done within a minute.")),)

    def refusal_to_do(self, deed: str, record: Job) -> Refusal | None:  # noqa: ARG002
        """Only what was given up."""
        return None if record.state == FAILED else Refusal("job_not_failed")

    def do_retry(self, record: Job) -> None:
        """By the job's own rule."""
        job.retry(record)
        audit.note("core_job.retry", record, kind=record.kind)


def _job_kinds() -> list[str]:
    return sorted(db.session.scalars(select(Job.kind).distinct().limit(200)))


def _backup_state(row: Backup, _seen: Seen) -> str:
    if row.ended_at is None:
        return gettext("Being taken") if row.seen_at > now() - LEASE else gettext("Broken off")
    if row.error:
        return gettext("Did not succeed")
    return gettext("Whole, but files were missing") if row.missing else gettext("Whole")


class BackupView(ConsoleView):
    """สำเนาสำรอง: which backups were taken and how they ended."""

    model = Backup
    title = _("Backups")
    about = _(
        "Which backups were taken, how large they are, and what went wrong. They are taken by the server’s clock."
    )
    group, icon_name = "work", "database-check"
    columns = (
        Column("begun_at", _("Begun"), sortable=True, kind="datetime", shown=lambda row, _seen: moment(row.begun_at)),
        Column("standing", _("State"), _backup_state, note=lambda row, _seen: row.error),
        Column("ended_at", _("Ended at"), sortable=True, kind="datetime"),
        Column("files", _("Files"), sortable=True, kind="number"),
        Column("missing", _("Files missing"), sortable=True, kind="number"),
        Column("size", _("Size"), lambda row, _seen: file_size(row.size), sortable=True),
    )
    details = (Column("name", _("Folder")), Column("error", _("Why it failed"), is_wide=True))
    order = (Backup.id.desc(),)


class CounterView(ConsoleView):
    """เลขที่ออกล่าสุด: the last running number given under each name and year."""

    model = Counter
    title = _("Running numbers")
    about = _("The last number that was given, by what it numbers and by year. Numbers are given by the system alone.")
    group, icon_name = "work", "list-ol"
    can_view_details = False
    columns = (
        Column("name", _("What is numbered"), lambda row, _seen: entity_label(row.name), sortable=True),
        Column("period", _("Year or period"), sortable=True),
        Column("value", _("Last number"), sortable=True, kind="number"),
    )
    order = (Counter.name, Counter.period.desc())
    searched = (Counter.name, Counter.period)
    search_label = _("Name or year")


class MatrixRowView(ConsoleView):
    """รายการสิทธิ์: what every permission is called and which kinds hold it; ticks are set in the matrix."""

    model = MatrixRow
    title = _("Permissions by name")
    about = _("Every permission with its number, its words in both languages and who holds it. Read only.")
    group, icon_name = "rights", "shield-check"
    columns = (
        Column("number", _("Number"), sortable=True),
        Column("title_th", _("In Thai"), sortable=True, is_wide=True),
        Column("title_en", _("In English"), sortable=True, is_wide=True),
        Column("holders", _("Held by"), lambda row, _seen: _holders(row)),
    )
    details = (
        Column("code", _("Code")),
        Column("domain", _("Part of the system"), lambda row, _seen: domain_label(row.domain)),
        Column("group_th", _("Group")),
        Column("is_house", _("The house’s own")),
        Column("basis", _("Basis"), lambda row, _seen: basis_label(row.basis), is_wide=True),
    )
    order = (MatrixRow.domain, MatrixRow.position)
    searched = (MatrixRow.code, MatrixRow.number, MatrixRow.title_th, MatrixRow.title_en)
    search_label = _("Number, code or words")

    def name_of(self, record: MatrixRow, seen: Seen) -> str:  # noqa: ARG002 - the base's signature
        """Its words."""
        return record.title_en if lang() == "en" else record.title_th

    def more_of(self, record: MatrixRow) -> Sequence[tuple[Any, str]]:  # noqa: ARG002
        """Where the ticks are set."""
        url = link("PermissionView.matrix")
        return [(_("The permission matrix"), url)] if url else []


def _holders(row: MatrixRow) -> str:
    labels = kind_labels()
    return ", ".join(labels[kind] for kind in labels if kind in current_matrix().get(row.code, ()))
