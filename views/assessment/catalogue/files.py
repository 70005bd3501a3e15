"""A curriculum as a file: taken away, and brought in: checked first, then stored as a whole or not at all (spec: 3)."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from models.assessment.importing import EDIT, FILE_COLUMNS, Given, plan_of, read_lines, stamp_of, store_file
from models.assessment.round import open_round
from models.core import audit, imports, setting
from models.core.db import begin_writing, db
from models.core.entity.cells import WrongHeadings
from models.core.file import StoredFile, staged_by
from models.core.imports import PURPOSE
from models.core.workflow import Refused
from reports.core.table import Column
from services import storage
from services.content import ending_of
from services.core import BadFile
from services.sheets import read_table
from views.assessment.catalogue import queries
from views.assessment.catalogue.queries import VIEW
from views.assessment.catalogue.words import called, column_label, columns_by_heading, fault_words, unread
from views.assessment.curricula import curriculum_label
from views.core.access import needs, reads_first
from views.core.base import tell_refused
from views.core.export import send_table
from views.core.receiving import NotReceived, most_megabytes, received

SHOWN = 200  # faults, and branches of each kind of change
MANY = 3  # more than one in so many branches retired is asked about
CHOSEN = "<any(pvc2556, pvs2557, pvc2562, pvs2563):curriculum>"
_WIDTHS = {"curriculum": 30, "programme": 40, "field": 40, "branch": 50}


class CatalogueFiles:
    """Routes of files; mixed into `CatalogueView`."""

    page: Any

    @expose(f"/{CHOSEN}/export.<ending>")
    @needs(VIEW)
    def export(self, curriculum: str, ending: str) -> ResponseReturnValue:
        """The branches in use as the file that the import takes."""
        columns = [Column(column_label(name), width=_WIDTHS.get(name, 16)) for name in FILE_COLUMNS]
        lines = queries.lines_of(queries.branches_of(g.user, curriculum))
        return send_table(
            ending, columns, lines, name=curriculum, entity="assessment_branch", sheet=curriculum_label(curriculum)
        )

    @expose(f"/{CHOSEN}/import", methods=["GET", "POST"])
    @needs(EDIT)
    @reads_first
    def bring(self, curriculum: str) -> ResponseReturnValue:
        """Choose the file of a curriculum; what was sent is checked, nothing is stored yet."""
        if request.method == "GET":
            return self._form(curriculum)
        try:
            file = received()
        except NotReceived as problem:
            return self._form(curriculum, str(problem)), problem.status
        begin_writing()
        db.session.add(file)
        audit.note("file.upload", file, purpose=PURPOSE, size=file.size)
        key = file.id
        db.session.commit()
        return redirect(url_for("CatalogueView.checked", curriculum=curriculum, file=key))

    def _form(self, curriculum: str, problem: str = "") -> str:
        return self.page(
            "assessment/catalogue/import.html",
            curriculum=curriculum,
            label=curriculum_label(curriculum),
            problem=problem,
            columns=[column_label(name) for name in FILE_COLUMNS],
            most_rows=setting.value(imports.MOST_ROWS),
            most_megabytes=most_megabytes(),
        )

    @expose(f"/{CHOSEN}/import/<file>", methods=["GET", "POST"])
    @needs(EDIT)
    def checked(self, curriculum: str, file: str) -> ResponseReturnValue:
        """What a file would change, or what is wrong with it, row by row; posting stores all of it."""
        staged = staged_by(g.user, file, PURPOSE)
        if staged is None:
            abort(404)
        try:
            given = _read(staged, curriculum)
        except BadFile as bad:
            return self._form(curriculum, unread(bad.code, bad.values)), 422
        except WrongHeadings as wrong:
            return self._form(curriculum, unread(wrong.code, wrong.values)), 422
        if request.method == "GET":
            return self._checked(curriculum, staged, given)
        try:
            plan = store_file(g.user, curriculum, given, stamp=request.form.get("stamp", ""), name=staged.name)
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return redirect(url_for("CatalogueView.checked", curriculum=curriculum, file=file))
        flash(
            _(
                "The catalogue is imported: %(added)s branches added, %(changed)s changed, %(retired)s retired.",
                **plan.counts,
            ),
            "success",
        )
        return redirect(url_for("CatalogueView.show", curriculum=curriculum))

    def _checked(self, curriculum: str, file: StoredFile, given: Given) -> str:
        is_right = bool(given.lines) and not given.faults
        plan = plan_of(curriculum, given.lines) if is_right else None
        in_use = plan.same + len(plan.changed) + len(plan.retired) if plan else 0
        retired = plan.retired if plan else ()
        return self.page(
            "assessment/catalogue/checked.html",
            curriculum=curriculum,
            label=curriculum_label(curriculum),
            file=file,
            given=given,
            faults=[(fault, column_label(fault.column), fault_words(fault)) for fault in given.faults[:SHOWN]],
            plan=plan,
            columns=column_label,
            shown=SHOWN,
            stamp=stamp_of(curriculum),
            used=queries.used_in(g.user, open_round(), [one.id for one in retired]),
            is_much=len(retired) * MANY > in_use,
        )


def _read(file: StoredFile, curriculum: str) -> Given:
    """The lines of a file. Raises BadFile, WrongHeadings."""
    with storage.open(file.key) as stream:
        table = read_table(ending_of(file.name), stream, int(setting.value(imports.MOST_ROWS)))
        rows = ((line.number, line.cells) for line in table.lines)
        return read_lines(rows, columns_by_heading(), called(curriculum))
