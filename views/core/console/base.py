"""The one base of the console's tables: listed, read, exported (views.core.console.reading), and changed by its leave.

A save asks the version that its page showed, goes to the model's own rule where a view names one, and is written into
the log also where the model does not do so by itself. What is refused keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_babel import gettext as _
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadRequest

from models.core import audit
from models.core.audit import entity_of
from models.core.db import Audited, StaleVersion, db
from models.core.workflow import Refused
from views.core.conflict import Conflict, conflict_of
from views.core.console.fields import Inline, write_children
from views.core.console.reading import ReadingView
from views.core.sentences import sentence

MOST_TICKED = 100


class ConsoleView(ReadingView):
    """A table in the console. A view that only reads declares `model`, words, `columns` and `order`."""

    def write(self, record: Any, values: Mapping[str, Any], version: str) -> None:  # noqa: ARG002
        """Take over what was typed; a model with a rule of its own for this overrides it. Raises Refused."""
        inlines = {inline.name: inline for inline in self.inlines}
        for name, value in values.items():
            if name in inlines:
                write_children(record, inlines[name], value)
            else:
                setattr(record, name, value)

    @staticmethod
    def blank_row(inline: Inline) -> Any:
        """An empty row of children, from which the page makes new ones."""
        return inline.form()(formdata=None, prefix=f"{inline.name}-__n__-")

    def begin(self) -> Any:
        """A new record, not in the session yet."""
        return self.model()

    # --- changing ----------------------------------------------------------------------------------------------------

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """A record to change, its children with it; nothing typed is lost, and a stale page is told."""
        record = self.record(request.args.get("id"))
        if reason := self.refusal(record):
            if request.method == "POST":
                form = self._edit_form_class(obj=record)
                return self._form_page(form, record, why=self._why(reason)), 409
            flash(self._why(reason), "info")
            return redirect(self.get_url(".details_view", id=self.key_of(record)))
        form = self._edit_form_class(obj=record)
        if request.method == "GET":
            form.version.data = self.version_of(record)
            return self._form_page(form, record)
        if not form.validate():
            return self._form_page(form, record), 422
        try:
            self._save(record, self._typed(form), form.version.data or "")
        except (StaleVersion, StaleDataError):
            db.session.rollback()
            return self._stale(form, self.record(request.args.get("id")))
        except Refused as refused:
            db.session.rollback()
            return self._form_page(form, self.record(request.args.get("id")), why=sentence(refused)), 409
        except IntegrityError:
            db.session.rollback()
            return self._form_page(form, self.record(request.args.get("id")), why=_taken()), 409
        flash(_("Saved."), "success")
        return redirect(self.get_url(".details_view", id=self.key_of(record)))

    def _typed(self, form: Any) -> dict[str, Any]:
        typed = {name: form[name].data for name in self.form_columns}
        return typed | {inline.name: [entry.data for entry in form[inline.name]] for inline in self.inlines}

    def _save(self, record: Any, values: Mapping[str, Any], version: str) -> None:
        root = self.root_of(record)
        names = [attribute.key for attribute in inspect(type(root)).column_attrs]
        db.session.refresh(root, attribute_names=names, with_for_update=True)
        if self.version_of(record) != version:
            raise StaleVersion(record)
        if reason := self.refusal(record):
            raise Refused(reason)
        before = self._state(record)
        self.write(record, values, version)
        db.session.flush()
        self._note("change", record, before)
        db.session.commit()

    def _state(self, record: Any) -> dict[str, Any]:
        return {name: getattr(record, name) for name in {*self.attributes, *self.form_columns}}

    def _note(self, did: str, record: Any, before: Mapping[str, Any]) -> None:
        """Write a change down where the model does not do so by itself."""
        if isinstance(record, Audited):
            return
        after = self._state(record) if did != "delete" else {}
        changed = {
            name: [before.get(name), after.get(name)]
            for name in {*before, *after}
            if before.get(name) != after.get(name)
        }
        audit.note(f"{entity_of(record)}.{did}", record, fields=changed)

    def _stale(self, form: Any, record: Any) -> ResponseReturnValue:
        saved = self._edit_form_class(formdata=None, obj=record)
        mine, theirs = _leaves(form), _leaves(saved)
        names = [name for name in mine if name in theirs]
        conflict = conflict_of(self.root_of(record), mine, theirs, names, version=self.version_of(record))
        if conflict.fields:
            return self._form_page(form, record, conflict=conflict), 409
        form.version.data = self.version_of(record)
        why = _("Somebody saved this while you typed. What you typed stands below; save it again.")
        return self._form_page(form, record, why=why), 409

    def _form_page(self, form: Any, record: Any, *, why: str = "", conflict: Conflict | None = None) -> str:
        key = self.key_of(record) if record is not None else ""
        return str(
            self.render(
                self.edit_template,
                view=self,
                form=form,
                key=key,
                name=self.name_of(record, self.seen([record])) if record is not None else "",
                why=why,
                conflict=conflict,
                back=self.get_url(".details_view", id=key) if key else self.list_url(),
                action=self.get_url(".edit_view", id=key) if key else self.get_url(".create_view"),
            )
        )

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """A new record."""
        form = self._create_form_class()
        if request.method == "GET":
            return self._form_page(form, None)
        if not form.validate():
            return self._form_page(form, None), 422
        try:
            record = self._make(self._typed(form))
        except Refused as refused:
            db.session.rollback()
            return self._form_page(form, None, why=sentence(refused)), 409
        except IntegrityError:
            db.session.rollback()
            return self._form_page(form, None, why=_taken()), 409
        flash(_("Saved."), "success")
        return redirect(self.get_url(".details_view", id=self.key_of(record)))

    def _make(self, values: Mapping[str, Any]) -> Any:
        record = self.make(values)
        db.session.flush()
        self._note("create", record, {})
        db.session.commit()
        return record

    def make(self, values: Mapping[str, Any]) -> Any:
        """A new record of what was typed, in the session; a model with a rule of its own overrides it."""
        record = self.begin()
        self.write(record, values, "")
        db.session.add(record)
        return record

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> ResponseReturnValue:
        """Delete a record as its page showed it; one that others refer to stays."""
        record = self.record(request.form.get("id"))
        key = self.key_of(record)
        try:
            if self.version_of(record) != request.form.get("version"):
                raise StaleVersion(record)
            if reason := self.refusal(record):
                raise Refused(reason)
            before = self._state(record)
            self._note("delete", record, before)
            self.remove(record)
            db.session.commit()
        except (StaleVersion, StaleDataError):
            db.session.rollback()
            words = _("Somebody changed this while you looked at it, so it was not deleted. Look at it again.")
            flash(words, "warning")
            return redirect(self.get_url(".details_view", id=key))
        except (Refused, IntegrityError) as failed:
            db.session.rollback()
            flash(sentence(failed) if isinstance(failed, Refused) else _("Others refer to it, so it stays."), "warning")
            return redirect(self.get_url(".details_view", id=key))
        flash(_("Deleted."), "success")
        return redirect(self.list_url())

    def remove(self, record: Any) -> None:
        """Delete the record; a model with a rule of its own overrides it. Raises Refused."""
        db.session.delete(record)
        db.session.flush()

    @expose("/ajax/update/", methods=("POST",))
    def ajax_update(self) -> ResponseReturnValue:
        """One cell of the list: JSON {shown, value, version, said}, or {error} with 404, 409 or 422."""
        column = self.named.get(request.form.get("column", ""))
        if column is None or column.name not in self.column_editable_list:
            raise BadRequest
        record = self.record(request.form.get("id"))
        form = self._edit_form_class(obj=record)
        for one in list(form):
            if one.name not in (column.name, "version", "csrf_token"):
                del form[one.name]
        if not form.validate():
            return jsonify(error=" ".join(str(error) for error in form[column.name].errors)), 422
        try:
            self._save(record, {column.name: form[column.name].data}, request.form.get("version", ""))
        except (StaleVersion, StaleDataError):
            db.session.rollback()
            record = self.record(request.form.get("id"))
            now_said = column.value(record, self.seen([record]))
            words = _("Somebody saved this first: “%(value)s”. Yours still stands here; save again to replace it.",
                      value=now_said)  # fmt: skip
            return jsonify(error=words, code="stale", version=self.version_of(record)), 409
        except Refused as refused:
            db.session.rollback()
            return jsonify(error=sentence(refused)), 409
        except IntegrityError:
            db.session.rollback()
            return jsonify(error=_taken()), 409
        saved = self._edit_form_class(formdata=None, obj=record)[column.name]
        shown = str(column.value(record, self.seen([record])))
        said = _("%(name)s saved", name=str(column.label))
        return jsonify(shown=shown, value=str(saved._value()), version=self.version_of(record), said=said)

    # --- deeds -------------------------------------------------------------------------------------------------------

    @expose("/action/", methods=("POST",))
    def action_view(self) -> ResponseReturnValue:
        """Do something with one record or the ticked ones; what refuses is told, the rest is done."""
        deed = next((one for one in self.deeds if one.name == request.form.get("action")), None)
        keys = request.form.getlist("rowid")
        if deed is None or not keys or len(keys) > MOST_TICKED:
            raise BadRequest
        done, refused = 0, []
        for key in dict.fromkeys(keys):
            record = self.record(key)
            try:
                if reason := self.refusal_to_do(deed.name, record):
                    raise Refused(reason)
                with db.session.begin_nested():
                    getattr(self, f"do_{deed.name}")(record)
                done += 1
            except Refused as reason:
                refused.append(sentence(reason))
        db.session.commit()
        for words in dict.fromkeys(refused):
            flash(words, "warning")
        if done:
            flash(str(deed.done), "success")
        return redirect(self.list_url())


def _leaves(form: Any) -> dict[str, Any]:
    """Every field that somebody types into, those of rows too, by the name under which it is posted."""
    found: dict[str, Any] = {}
    for one in form:
        if one.name in ("version", "csrf_token"):
            continue
        if entries := getattr(one, "entries", None):
            found |= {leaf.name: leaf for entry in entries for leaf in entry if leaf.short_name != "id"}
        elif entries is None:
            found[one.name] = one
    return found


def _taken() -> str:
    return _("Another record has the same, or refers to this one. Nothing was saved.")
