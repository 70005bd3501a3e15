"""What every list of records offers beside its pages: the home page, counts, pickers, saved lists, columns, bulk deeds.

One view serves all entities; which one is meant stands in the address, and is asked of the policy there.
"""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import or_
from sqlalchemy.orm import load_only
from werkzeug.exceptions import BadRequest

from models.core import bulk
from models.core.db import db
from models.core.entity import Entity, Kind, entity_of_table
from models.core.entity.deeds import stamp_of
from models.core.entity.fields import Field
from models.core.entity.rows import opens, read_key, seen_by
from models.core.entity.values import clean
from models.core.identity import Account
from models.core.job import Job
from models.core.saved_list import choose_columns, kept_of
from models.core.thai.errors import BadValue
from models.core.thai.text import search_term
from models.core.workflow import Refusal
from views.core.access import unasked
from views.core.base import PageView
from views.core.lists import capped, carried, change_kept, keep_filters
from views.core.records.asked import Asked, read, url_of, wrong_filters
from views.core.records.linked import linked, title_of, titles_of
from views.core.records.listed import (
    bulk_deeds,
    bulk_fields,
    has_deleted,
    page_name,
    possible_columns,
    rows_of,
    tabs_of,
)
from views.core.records.policy import (
    AnyRecordPolicy,
    entity_or_404,
    is_served,
    opened_entities,
    opens_named,
)
from views.core.records.words import (
    code_label,
    entity_icon,
    entity_purpose,
    entity_title,
    field_label,
    group_title,
)
from views.core.sentences import sentence

PICKED_AT_MOST = 20


class RecordToolsView(PageView):
    """ข้อมูลทั้งหมด."""

    route_base = "/records"
    default_view = "index"
    access = {"index": AnyRecordPolicy()}

    def covers(self, endpoint: str) -> bool:
        """Whether a page belongs to some kind of record, for the menu's mark: lists, forms, files."""
        view = endpoint.partition(".")[0]
        return view.endswith("RecordView") or view in ("RecordToolsView", "RecordFilesView")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Every kind of record that the reader may see, by group, with what it is for."""
        groups: dict[str, list[dict[str, Any]]] = {}
        for entity in opened_entities():
            groups.setdefault(entity.group, []).append(
                {
                    "title": entity_title(entity),
                    "purpose": entity_purpose(entity),
                    "icon": entity_icon(entity),
                    "url": url_of(entity),
                }
            )
        # Domains first: what the work is about; then the core, by which the system itself runs.
        order = sorted(groups, key=lambda group: group == "core")
        return self.page("core/records/index.html", groups=[(group_title(group), groups[group]) for group in order])

    @expose("/<name>/counts")
    @opens_named
    @unasked
    def counts(self, name: str) -> ResponseReturnValue:
        """The tabs with their counts and the list's total, fetched after the page."""
        entity = entity_or_404(name)
        asked = read(entity, request.args, sees_deleted=has_deleted(entity))
        tabs, total = tabs_of(asked, kept_of(g.user.id, page_name(entity)), counted=True)
        return self.page(
            "core/records/_counts.html",
            asked=asked,
            tabs=tabs,
            total=capped(total) if total else "",
            deeds=bulk_deeds(asked),
            is_too_many=total > bulk.MOST,
            entity=entity,
            is_part=True,
        )

    @expose("/<name>/pick/<field>")
    @opens_named
    def pick(self, name: str, field: str) -> ResponseReturnValue:
        """Records that a field of this entity may name, among those the reader sees, for a picker."""
        one = entity_or_404(name).fields.get(field)
        above = entity_of_table(one.to or "") if one is not None else None
        if one is None or one.kind is not Kind.LINK or above is None:
            abort(404)
        if not (is_served(above) and opens(above, g.user)):
            return jsonify(results=[])
        return jsonify(results=_picked(above, request.args.get("q", "")))

    # --- lists and columns of one's own ------------------------------------------------------------------------------

    @expose("/<name>/saved", methods=["POST"])
    @opens_named
    def save_filters(self, name: str) -> ResponseReturnValue:
        """Keep what the list asks for as a tab, of one's own or for everybody with this list."""
        asked = self._carried(name)
        return keep_filters(page_name(asked.entity), asked.query(), asked.url(), may_share=True)

    @expose("/<name>/saved/<int:pk>", methods=["POST"])
    @opens_named
    def change_filters(self, name: str, pk: int) -> ResponseReturnValue:
        """Rename, share or take away a tab of one's own."""
        asked = self._carried(name)
        return change_kept(page_name(asked.entity), pk, asked.url(), url_of(asked.entity), may_share=True)

    @expose("/<name>/columns", methods=["POST"])
    @opens_named
    def columns(self, name: str) -> ResponseReturnValue:
        """Keep which columns the reader wants in this list, in their order; none are the list's own."""
        asked = self._carried(name)
        wanted = [] if request.form.get("action") == "reset" else request.form.getlist("columns")
        choose_columns(g.user.id, page_name(asked.entity), wanted, possible_columns(asked.entity))
        db.session.commit()
        flash(_("The list shows the columns you chose.") if wanted else _("The list shows its own columns."), "success")
        return redirect(asked.url())

    @staticmethod
    def _carried(name: str) -> Asked:
        entity = entity_or_404(name)
        return read(entity, carried(), sees_deleted=has_deleted(entity))

    # --- deeds on many -----------------------------------------------------------------------------------------------

    @expose("/<name>/bulk", methods=["POST"])
    @opens_named
    def bulk(self, name: str) -> ResponseReturnValue:
        """Do something with the ticked records, or with all that match: a few at once, more by the worker."""
        asked = self._carried(name)
        wanted = _wanted(asked)
        records = _all_records(asked) if request.form.get("all") == "1" else _ticked(asked.entity)
        if not records:
            flash(_("Nothing is ticked. Tick records first."), "warning")
            return redirect(asked.url())
        if len(records) > bulk.MOST:
            flash(
                _("More than %(most)s records match. Narrow the list with filters first.", most=f"{bulk.MOST:,}"),
                "warning",
            )
            return redirect(asked.url())
        job = bulk.ask(asked.entity, g.user, wanted, records)
        job_id = job.id
        db.session.commit()
        if len(records) <= bulk.AT_ONCE:
            bulk.run(job_id)
            bulk.finish_at_once(job_id)
            db.session.commit()
        return redirect(self._bulk_url(asked.entity, job_id))

    @staticmethod
    def _bulk_url(entity: Entity, job_id: int) -> str:
        return url_for("RecordToolsView.outcome", name=entity.name, job=job_id)

    @expose("/<name>/bulk/<int:job>")
    @opens_named
    def outcome(self, name: str, job: int) -> ResponseReturnValue:
        """How far a deed on many is, and in the end what was refused, each with its reason."""
        return self._outcome("core/records/bulk.html", entity_or_404(name), job)

    @expose("/<name>/bulk/<int:job>/progress")
    @opens_named
    @unasked
    def progress(self, name: str, job: int) -> ResponseReturnValue:
        """The same, asked for by the page itself while the work goes on."""
        return self._outcome("core/records/_progress.html", entity_or_404(name), job)

    def _outcome(self, template: str, entity: Entity, key: int) -> str:
        job = db.session.get(Job, key) if 0 < key < 2**63 else None
        # Whose deed it was reads it; another's is simply not found.
        if job is None or job.kind != bulk.KIND or job.requested_by != g.user.id:
            abort(404)
        if job.params["entity"] != entity.name:
            abort(404)
        outcome = bulk.outcome_of(job)
        return self.page(
            template,
            entity=entity,
            entity_title=entity_title(entity),
            job=job,
            outcome=outcome,
            is_over=job.ended_at is not None,
            percent=100 if job.ended_at is not None else 100 * outcome.handled // max(outcome.total, 1),
            title=_deed_words(entity, job),
            refused=_refused(entity, outcome.refused) if job.ended_at is not None else [],
            list_url=url_of(entity),
        )


def _picked(above: Entity, typed: str) -> list[dict[str, Any]]:
    """Rows of an entity that match what was typed, as a picker wants them; all of them seen by the reader."""
    if len(typed) > 1000:
        raise BadRequest
    rows, term = seen_by(above, g.user), search_term(typed)
    key = read_key(above, typed.strip())
    if above.search and term:
        matches = [column.contains(term, autoescape=True) for column in above.search]
        rows = rows.where(or_(*matches, *([above.pk == key] if key is not None and typed.strip().isdigit() else [])))
    elif term:
        # No column to look in: found by number.
        rows = rows.where(above.pk == key) if key is not None else rows.where(above.pk.is_(None))
    rows = above.default_order.sorted(rows).limit(PICKED_AT_MOST)
    if above.model is not Account and above.number is None:
        rows = rows.options(load_only(*(getattr(above.model, name) for name in (above.pk.key, above.listed[0]))))
    found = list(db.session.scalars(rows).unique())
    beside = _beside(above, found)
    return [
        {"value": str(above.key_of(one)), "text": f"{_number(above, one)} {text}".strip(), "note": note}
        for one, text, note in zip(found, titles_of(above, found), beside, strict=True)
    ]


def _number(above: Entity, record: Any) -> str:
    return (above.number(record) or "") if above.number is not None else ""


def _beside(above: Entity, records: list[Any]) -> list[str]:
    """What tells records of one name apart: an e-mail, the record that each belongs to."""
    if above.beside is None:
        return [one.email if isinstance(one, Account) and one.has_mail else "" for one in records]
    names, to = linked(above, records, [above.beside]).names, above.fields[above.beside].to or ""
    return [names.get((to, getattr(one, above.beside)), "") for one in records]


def _wanted(asked: Asked) -> bulk.Asked:
    """The deed that the form asks for. Raises BadRequest for one that this list does not have."""
    deed = request.form.get("deed", "")
    if deed not in bulk_deeds(asked):
        raise BadRequest
    if deed != "set":
        return bulk.Asked(deed)
    field, _colon, value = request.form.get("set", "").partition(":")
    if field not in bulk_fields(asked.entity):
        raise BadRequest
    one: Field = asked.entity.fields[field]
    try:
        clean(one, value)
    except BadValue:
        raise BadRequest from None
    return bulk.Asked(deed, field, value)


def _ticked(entity: Entity) -> list[tuple[Any, str]]:
    """The ticked records as they were read: key and stamp. Raises BadRequest."""
    found: dict[Any, str] = {}
    for tick in request.form.getlist("ids"):
        typed, _colon, stamp = tick.rpartition(":")
        key = read_key(entity, typed)
        if key is None or len(stamp) > 40:
            raise BadRequest
        found[key] = stamp
    return list(found.items())


def _all_records(asked: Asked) -> list[tuple[Any, str]]:
    """All that match, one more than may be changed at once; the stamps are those of this moment."""
    rows, errors = wrong_filters(asked, rows_of(asked))
    if errors:
        raise BadRequest
    statement = asked.order.sorted(rows).limit(bulk.MOST + 1)
    entity = asked.entity
    return [(entity.key_of(record), stamp_of(entity, record)) for record in db.session.scalars(statement).unique()]


def _deed_words(entity: Entity, job: Job) -> str:
    """What is being done, for a heading."""
    title, params = entity_title(entity), job.params
    if params["deed"] == "delete":
        return _("Delete: %(records)s", records=title)
    if params["deed"] == "restore":
        return _("Take back: %(records)s", records=title)
    value = code_label(entity, params["field"], params["value"])
    return _("Set %(field)s to “%(value)s”: %(records)s", field=field_label(entity, params["field"]), value=value,
             records=title)  # fmt: skip


def _refused(entity: Entity, rows: list[bulk.BulkRow]) -> list[dict[str, Any]]:
    """The refused records: number, name and page where the reader sees them, and why."""
    keys = [key for row in rows if (key := read_key(entity, row.key)) is not None]
    some = list(db.session.scalars(seen_by(entity, g.user).where(entity.pk.in_(keys))).unique()) if keys else []
    links = linked(entity, some, entity.listed[:1])
    names = {str(entity.key_of(one)): title_of(entity, one, links) for one in some}
    return [
        {
            "key": row.key,
            "name": names.get(row.key, ""),
            "url": url_of(entity, "show", pk=row.key) if row.key in names else None,
            "why": _why(row),
        }
        for row in rows
    ]


def _why(row: bulk.BulkRow) -> str:
    own = {
        bulk.STALE: _("Somebody changed this record meanwhile. Look at it again."),
        bulk.GONE: _("It is not there any more, or not for you."),
        bulk.WRONG: _("The value does not fit this record."),
    }
    return own.get(row.outcome) or sentence(Refusal(row.outcome, **(row.said or {})))
