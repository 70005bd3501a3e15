"""The pages of the catalogue: its curricula, a curriculum's tree, a branch, and the forms of the national office."""

from __future__ import annotations

import secrets
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from forms.assessment.catalogue import BranchForm, GroupForm
from forms.core.sentences import value_sentence
from models.assessment.branch_deeds import FIELD, GROUPS, PROGRAMME, add_branch, bring_back, change_branch, rename_group
from models.assessment.branch_deeds import retire as retire_branch
from models.assessment.catalogue import Branch
from models.assessment.importing import EDIT
from models.assessment.reference.catalogue import COLUMNS, CURRICULA
from models.core.db import db
from models.core.entity.values import WrongValues
from models.core.matrix import allows
from models.core.once import first_time
from models.core.thai.text import clean_line
from views.assessment.branches import catalogue_tree
from views.assessment.catalogue import queries
from views.assessment.catalogue.files import CatalogueFiles
from views.assessment.catalogue.queries import VIEW
from views.assessment.catalogue.words import group_label
from views.assessment.curricula import curriculum_label
from views.core.access import needs
from views.core.base import PageView, record_or_404
from views.core.conflict import conflict_of, last_change
from views.core.deeds import REFUSED, SAVED, STALE, done, saved

CHOSEN = "<any(pvc2556, pvs2557, pvc2562, pvs2563):curriculum>"


class CatalogueView(CatalogueFiles, PageView):
    """หลักสูตรและสาขางาน."""

    route_base = "/catalogue"
    default_view = "index"

    @expose("/")
    @needs(VIEW)
    def index(self) -> ResponseReturnValue:
        """The four curricula and how much there is of each."""
        return self.page(
            "assessment/catalogue/index.html", extents=queries.extents(), curricula=CURRICULA, label=curriculum_label
        )

    @expose(f"/{CHOSEN}")
    @needs(VIEW)
    def show(self, curriculum: str) -> ResponseReturnValue:
        """A curriculum's programme types, fields and branches; those that hold what was typed."""
        typed = clean_line(request.args.get("q", "")[:200])
        with_retired = request.args.get("retired") == "1"
        rows = queries.branches_of(g.user, curriculum, typed, with_retired=with_retired)
        return self.page(
            "assessment/catalogue/show.html",
            curriculum=curriculum,
            title=curriculum_label(curriculum),
            tree=catalogue_tree(rows),
            count=len(rows),
            q=typed,
            with_retired=with_retired,
            may_edit=allows(g.user, EDIT),
        )

    # --- a branch -----------------------------------------------------------------------------------------------------

    @expose("/branches/<int:pk>")
    @needs(VIEW)
    def branch(self, pk: int) -> ResponseReturnValue:
        """A branch, what it stands under, and where it was registered."""
        branch = _branch_or_404(pk, VIEW)
        return self.page(
            "assessment/catalogue/branch.html",
            branch=branch,
            label=curriculum_label(branch.curriculum),
            uses=queries.uses_of(g.user, branch),
            may_edit=allows(g.user, EDIT),
        )

    @expose(f"/{CHOSEN}/new", methods=["GET", "POST"])
    @needs(EDIT)
    def new(self, curriculum: str) -> ResponseReturnValue:
        """Add a branch; a form sent twice adds one. `field` and `programme` in the address say what it stands under."""
        known = queries.branches_of(g.user, curriculum)
        form = BranchForm(data=_begun(known))
        if form.validate_on_submit():
            if not first_time(request.form.get("once", ""), g.user.id):
                db.session.rollback()
                flash(_("This form was sent already. The branch is in the catalogue."), "info")
                return redirect(url_for("CatalogueView.show", curriculum=curriculum))
            made: list[Branch] = []
            if saved(form, lambda: made.append(add_branch(g.user, curriculum, form.content()))) == SAVED:
                flash(_("The branch %(name)s is added.", name=made[0].branch), "success")
                return redirect(_place_of(made[0]))
        return self._branch_form(curriculum, None, form, known), REFUSED if form.is_submitted() else 200

    @expose("/branches/<int:pk>/edit", methods=["GET", "POST"])
    @needs(EDIT)
    def edit(self, pk: int) -> ResponseReturnValue:
        """Change a branch; of two people at once the second chooses whose values stand."""
        branch = _branch_or_404(pk, EDIT)
        typed = {column: getattr(branch, column) for column in COLUMNS} | {"version": branch.version}
        form = BranchForm(data=typed)
        status, conflict = 200, None
        if form.is_submitted():
            status = REFUSED
            if form.validate():
                version = form.version.data
                status = saved(form, lambda: change_branch(g.user, branch, version, form.content()))
            if status == SAVED:
                flash(_("The branch is saved."), "success")
                return redirect(_place_of(branch))
            if status == STALE:
                now = {column: getattr(branch, column) for column in COLUMNS}
                conflict = conflict_of(
                    branch, form, BranchForm(formdata=None, data=now), COLUMNS, version=branch.version
                )
        known = queries.branches_of(g.user, branch.curriculum)
        return self._branch_form(branch.curriculum, branch, form, known, conflict), status

    def _branch_form(
        self, curriculum: str, branch: Branch | None, form: BranchForm, known: list[Branch], conflict: Any = None
    ) -> str:
        return self.page(
            "assessment/catalogue/branch_form.html",
            curriculum=curriculum,
            label=curriculum_label(curriculum),
            branch=branch,
            form=form,
            conflict=conflict,
            programmes={one.programme_code: one.programme for one in known},
            fields={one.field_code: one.field for one in known},
            once=secrets.token_urlsafe(12),
        )

    @expose("/branches/<int:pk>/<any(retire, bring_back):action>", methods=["POST"])
    @needs(EDIT)
    def move(self, pk: int, action: str) -> ResponseReturnValue:
        """Retire a branch, or let it be chosen again."""
        branch = _branch_or_404(pk, EDIT)
        version = request.form.get("version")
        deed = retire_branch if action == "retire" else bring_back
        try:
            if done(lambda: deed(g.user, branch, version), lambda: _tell_stale(branch)):
                words = {
                    "retire": _("The branch is retired. It can no longer be chosen; what was registered of it stays."),
                    "bring_back": _("The branch can be chosen again."),
                }
                flash(words[action], "success")
        except WrongValues as wrong:
            db.session.rollback()
            flash(" ".join(value_sentence(error) for error in wrong.errors.values()), "warning")
        return redirect(url_for("CatalogueView.branch", pk=pk))

    # --- what stands above branches -----------------------------------------------------------------------------------

    @expose(f"/{CHOSEN}/<any({PROGRAMME}, {FIELD}):group>/<code>", methods=["GET", "POST"])
    @needs(EDIT)
    def rename(self, curriculum: str, group: str, code: str) -> ResponseReturnValue:
        """Rename a subject field or a programme type for all its branches at once."""
        rows = [
            one
            for one in queries.branches_of(g.user, curriculum, with_retired=True)
            if getattr(one, f"{group}_code") == code
        ]
        if not rows or group not in GROUPS:
            abort(404)
        name = getattr(next((one for one in rows if not one.is_retired), rows[0]), group)
        form = GroupForm(data={"name": name, "was": name})
        status = 200
        if form.is_submitted():
            status = REFUSED
            if form.validate():
                was, new = form.was.data or "", form.name.data or ""
                status = saved(form, lambda: rename_group(g.user, curriculum, group, code, was=was, name=new))
            if status == SAVED:
                flash(
                    ngettext(
                        "The name is saved for %(num)s branch.", "The name is saved for %(num)s branches.", len(rows)
                    ),
                    "success",
                )
                return redirect(url_for("CatalogueView.show", curriculum=curriculum, _anchor=f"{group}-{code}"))
            form.was.data = name
        return (
            self.page(
                "assessment/catalogue/group_form.html",
                curriculum=curriculum,
                label=curriculum_label(curriculum),
                kind=group_label(group),
                code=code,
                name=name,
                count=len(rows),
                form=form,
            ),
            status,
        )


def _branch_or_404(pk: int, permission: str) -> Any:
    return record_or_404(Branch.visible_to(g.user, permission), Branch, pk)


def _place_of(branch: Branch) -> str:
    """The branch's place in its curriculum."""
    return url_for("CatalogueView.show", curriculum=branch.curriculum, _anchor=f"field-{branch.field_code}")


def _begun(known: list[Branch]) -> dict[str, str]:
    """What the form of a new branch begins with, by the field or programme type that it was opened from."""
    for group, columns in ((FIELD, COLUMNS[:4]), (PROGRAMME, COLUMNS[:2])):
        code = request.args.get(group, "")
        found = next((one for one in known if getattr(one, f"{group}_code") == code), None)
        if found is not None:
            return {column: getattr(found, column) for column in columns}
    return {}


def _tell_stale(branch: Branch) -> None:
    by, when = last_change(branch)
    flash(
        _(
            "%(by)s changed this branch at %(when)s. It stands here as it is now; do it again if it is still needed.",
            by=by,
            when=when,
        ),
        "warning",
    )
