"""The base of every generated page: list, show, add, edit, delete, restore and history of one kind of record.

A FAB view is made of each declared entity (`view_of`); what differs between kinds stands in the declaration alone.
"""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import ModelView, expose
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy.exc import IntegrityError

from models.core.db import StaleVersion, db
from models.core.entity import Entity, deeds
from models.core.entity.deeds import stamp_of
from models.core.entity.rows import deleted_for, find, opened, opens, read_key
from models.core.entity.values import WrongValues
from models.core.matrix import allows
from models.core.saved_list import kept_of
from models.core.workflow import Refused
from views.core.base import tell_refused
from views.core.conflict import conflict_of
from views.core.notification import record_page
from views.core.records import history as histories
from views.core.records.asked import SIZES, endpoint_of, read, url_of
from views.core.records.forms import form_of, given_of, tell_clash, tell_wrong
from views.core.records.kept import NEW, drop_typing, for_script, kept_typing
from views.core.records.linked import linked, title_of, titles_of
from views.core.records.listed import (
    Listed,
    columns_of,
    has_deleted,
    moved,
    page_name,
    possible_columns,
    saved_of,
    set_choices,
    tabs_of,
)
from views.core.records.own import add_url, own_add
from views.core.records.policy import is_served, policy_for
from views.core.records.shown import children_of
from views.core.records.values import shown, span_of
from views.core.records.words import (
    entity_icon,
    entity_one,
    entity_purpose,
    entity_title,
    field_help,
    field_label,
    sections_of,
)
from views.core.sentences import sentence

LOG = "access_log.view"


class RecordView(ModelView):
    """The generated pages of one entity; nothing of a request is kept in the view."""

    entity: Entity
    access: dict[str, Any] = {}
    list_template = "core/records/list.html"
    show_template = "core/records/show.html"
    add_template = edit_template = "core/records/form.html"
    history_template = "core/records/history.html"
    default_view = "list"

    def _init_forms(self) -> None:
        """Forms are made for each request from the declaration; FAB's would hold whole tables in their selects."""

    @property
    def _filters(self) -> Any:
        """None of any request: what a list is filtered by is read from its address (views.core.records.asked)."""
        return self.datamodel.get_filters([])

    @_filters.setter
    def _filters(self, filters: Any) -> None:
        """FAB keeps one set per view and shares it between threads; there is none here."""

    def _draw(self, template: str, **values: Any) -> str:
        entity = self.entity
        words = {
            "entity": entity,
            "entity_title": entity_title(entity),
            "entity_one": entity_one(entity),
            "purpose": entity_purpose(entity),
            "icon_name": entity_icon(entity),
            "url_of": url_of,
        }
        return self.render_template(template, **words, **values)

    # --- the list ----------------------------------------------------------------------------------------------------

    @expose("/")
    def list(self) -> ResponseReturnValue:
        """One page of the records that the user may see; counts follow by themselves."""
        entity = self.entity
        asked = read(entity, request.args, sees_deleted=has_deleted(entity))
        kept = kept_of(g.user.id, page_name(entity))
        listed = Listed(asked, kept)
        tabs, _total = tabs_of(asked, kept)
        queries = [one.query() for _saved, one in saved_of(entity, kept)]
        page = self._draw(
            self.list_template,
            asked=asked,
            listed=listed,
            page=listed.page,
            lines=listed.lines(),
            columns=listed.columns(),
            filters=listed.filters(),
            applied=listed.applied(),
            orders=listed.orders(),
            tabs=tabs,
            own_lists=kept.own,
            can_keep=bool(asked.query()) and asked.query() not in queries and not listed.errors,
            bare=asked.bare().url(),
            start=moved(asked).url(),
            sizes=SIZES,
            choices=set_choices(entity),
            way_out=listed.way_out() if listed.is_empty else None,
            add_url=self._add_url(),
            chosen=columns_of(entity, kept),
            possible=[(name, field_label(entity, name)) for name in possible_columns(entity)],
            has_own_columns=bool(kept.columns),
        )
        return page, 400 if listed.errors else 200

    def _add_url(self) -> str | None:
        return add_url(self.entity) if opens(self.entity, g.user, "add") else None

    # --- one record --------------------------------------------------------------------------------------------------

    @expose("/show/<pk>")
    def show(self, pk: str) -> ResponseReturnValue:
        """One record with what belongs to it; that of a person is written down as looked at."""
        record = opened(self.entity, g.user, pk)
        if record is not None:
            return self._shown(record)
        return self._shown(self._deleted(pk), is_deleted=True)

    def _deleted(self, pk: str) -> Any:
        key = read_key(self.entity, pk)
        rows = deleted_for(self.entity, g.user)
        record = db.session.scalar(rows.where(self.entity.pk == key)) if key is not None else None
        if record is None:
            abort(404)
        return record

    def _shown(self, record: Any, status: int = 200, *, is_deleted: bool = False, notice: str = "") -> Any:
        entity = self.entity
        found = linked(entity, [record], [*entity.shown, *entity.listed[:1]])
        permits = ("restore",) if is_deleted else ("change", "delete")
        refusals = {deed: deeds.refusal(entity, deed, g.user, record) for deed in permits}
        page = self._draw(
            self.show_template,
            record=record,
            key=entity.key_of(record),
            title=title_of(entity, record, found),
            stamp=stamp_of(entity, record),
            sections=[
                (words, [shown(entity, record, name, found) for name in names])
                for words, names in sections_of(entity, entity.shown)
            ],
            may={deed: reason is None for deed, reason in refusals.items()},
            # A deed that this kind of record knows, but not now: the reason is worth a line.
            reasons=[
                sentence(reason)
                for reason in refusals.values()
                if reason is not None and reason.code not in ("not_done_here", "not_permitted")
            ],
            is_deleted=is_deleted,
            notice=notice,
            own_page=None if is_deleted else self._own_page(record),
            history_url=self._history_url(record),
            children=[] if is_deleted else children_of(entity, record),
        )
        return page, status

    def _own_page(self, record: Any) -> str | None:
        return record_page(self.entity.model.__tablename__, str(self.entity.key_of(record)))

    def _history_url(self, record: Any) -> str | None:
        return url_of(self.entity, "history", pk=self.entity.key_of(record)) if allows(g.user, LOG) else None

    @expose("/history/<pk>")
    def history(self, pk: str) -> ResponseReturnValue:
        """Who changed what of a record, from what to what."""
        entity = self.entity
        record = find(entity, g.user, pk)
        record = record if record is not None else self._deleted(pk)
        if (elsewhere := histories.told_elsewhere(record)) is not None:
            above, root = elsewhere
            if is_served(above) and find(above, g.user, above.key_of(root)) is not None:
                return redirect(url_of(above, "history", pk=above.key_of(root)))
        entries, page = histories.history_page(entity, record, request.args.get("after"), request.args.get("before"))
        return self._draw(
            self.history_template,
            record=record,
            key=entity.key_of(record),
            title=titles_of(entity, [record])[0],
            entries=entries,
            page=page,
        )

    # --- adding and changing -----------------------------------------------------------------------------------------

    @expose("/add", methods=["GET", "POST"])
    def add(self) -> ResponseReturnValue:
        """A new record; what was typed stays while something is wrong."""
        entity = self.entity
        if reason := deeds.refusal(entity, "add", g.user):
            flash(sentence(reason), "warning")
            return redirect(url_of(entity))
        if (own := own_add(entity)) is not None:
            return redirect(own)
        names = tuple(entity.added)
        given = {name: value for name, value in request.args.items() if name in names and len(value) <= 200}
        kept = kept_typing(entity, NEW)
        form = form_of(entity, names, given=given if kept is None else kept.fields)
        if request.method == "GET":
            return self._form(form, names, kept=kept)
        if not form.validate():
            return self._form(form, names, 422)
        try:
            record = deeds.add(entity, g.user, given_of(form, names))
            key = entity.key_of(record)
            drop_typing(entity, NEW)
            db.session.commit()
        except WrongValues as wrong:
            tell_wrong(form, wrong)
            return self._form(form, names, 422)
        except IntegrityError:
            tell_clash(form)
            return self._form(form, names, 422)
        except Refused as refused:
            db.session.rollback()
            form.form_errors.append(sentence(refused))
            return self._form(form, names, 422)
        flash(_("%(kind)s was added.", kind=entity_one(entity)), "success")
        return redirect(self._after(key))

    @expose("/edit/<pk>", methods=["GET", "POST"])
    def edit(self, pk: str) -> ResponseReturnValue:
        """Change a record; of two people at once one wins, the other is shown both."""
        entity, names = self.entity, tuple(self.entity.changed)
        record = opened(entity, g.user, pk) if request.method == "GET" else find(entity, g.user, pk)
        if record is None:
            abort(404)
        if reason := deeds.refusal(entity, "change", g.user, record):
            flash(sentence(reason), "warning")
            return redirect(url_of(entity, "show", pk=pk))
        kept = kept_typing(entity, pk)
        stamp, given = (stamp_of(entity, record), None) if kept is None else (kept.stamp, kept.fields)
        form = form_of(entity, names, record, stamp, given=given)
        if request.method == "GET":
            return self._form(form, names, record=record, kept=kept)
        if not form.validate():
            return self._form(form, names, 422, record=record)
        try:
            is_changed = deeds.change(entity, g.user, record, given_of(form, names), request.form.get("version"))
            drop_typing(entity, pk)
            db.session.commit()
        except StaleVersion:
            return self._stale(pk, form, names)
        except WrongValues as wrong:
            tell_wrong(form, wrong)
            return self._form(form, names, 422, record=find(entity, g.user, pk))
        except IntegrityError:
            tell_clash(form)
            return self._form(form, names, 422, record=find(entity, g.user, pk))
        except Refused as refused:
            db.session.rollback()
            form.form_errors.append(sentence(refused))
            return self._form(form, names, 422, record=find(entity, g.user, pk))
        flash(_("The changes are saved.") if is_changed else _("Nothing was changed."), "success")
        return redirect(self._after(entity.key_of(record)))

    def _stale(self, pk: str, form: Any, names: tuple[str, ...]) -> ResponseReturnValue:
        """Somebody saved first: both values side by side, what was typed stays."""
        db.session.rollback()
        entity = self.entity
        record = find(entity, g.user, pk)
        if record is None:
            abort(404)
        stamp = stamp_of(entity, record)
        theirs = form_of(entity, names, record, stamp, is_posted=False)
        conflict = conflict_of(histories.root_of(record), form, theirs, names, version=stamp)
        return self._form(form, names, 409, record=record, conflict=conflict)

    def _form(self, form: Any, names: tuple[str, ...], status: int = 200, record: Any = None, **more: Any) -> Any:
        entity = self.entity
        key = None if record is None else entity.key_of(record)
        back = url_of(entity) if record is None else url_of(entity, "show", pk=key)
        is_typed = status != 200 or more.get("kept") is not None
        page = self._draw(
            self.edit_template,
            form=form,
            sections=sections_of(entity, names),
            fields={name: entity.fields[name] for name in names},
            spans={name: span_of(entity.fields[name]) for name in names},
            record=record,
            title="" if record is None else titles_of(entity, [record])[0],
            back=back,
            action=url_of(entity, "add") if record is None else url_of(entity, "edit", pk=key),
            unsent=for_script(entity, NEW if record is None else str(key), back, is_typed=is_typed),
            **{"conflict": None, "kept": None, **more},
        )
        return page, status

    def _after(self, key: Any) -> str:
        """The record's page, or the list where the user does not see the record any more."""
        if find(self.entity, g.user, key) is None:
            return url_of(self.entity)
        return url_of(self.entity, "show", pk=key)

    # --- deleting and taking back ------------------------------------------------------------------------------------

    @expose("/delete/<pk>", methods=["POST"])
    def delete(self, pk: str) -> ResponseReturnValue:
        """Delete a record: marked where that can be taken back."""
        record = find(self.entity, g.user, pk)
        if record is None:
            abort(404)
        try:
            deeds.delete(self.entity, g.user, record, request.form.get("version"))
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return redirect(url_of(self.entity, "show", pk=pk))
        except StaleVersion:
            return self._changed_meanwhile(pk)
        flash(_("%(kind)s was deleted.", kind=entity_one(self.entity)), "success")
        return redirect(url_of(self.entity))

    @expose("/restore/<pk>", methods=["POST"])
    def restore(self, pk: str) -> ResponseReturnValue:
        """Take a deleted record back."""
        record = self._deleted(pk)
        try:
            deeds.restore(self.entity, g.user, record, request.form.get("version"))
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            tell_refused(refused)
            return redirect(url_of(self.entity, tab="deleted"))
        except StaleVersion:
            return self._changed_meanwhile(pk)
        flash(_("%(kind)s was taken back.", kind=entity_one(self.entity)), "success")
        return redirect(self._after(read_key(self.entity, pk)))

    def _changed_meanwhile(self, pk: str) -> ResponseReturnValue:
        db.session.rollback()
        notice = _("Somebody changed it meanwhile, so nothing was done. Look at it again.")
        record = find(self.entity, g.user, pk)
        if record is None:
            return self._shown(self._deleted(pk), 409, is_deleted=True, notice=notice)
        return self._shown(record, 409, notice=notice)


def view_of(entity: Entity) -> type[RecordView]:
    """The FAB view of an entity: its class named after it, so that endpoints and rights are its own."""
    gates = {"add": "add", "edit": "change", "delete": "delete", "restore": "restore"}
    access = {"list": policy_for(entity), "show": policy_for(entity), "history": policy_for(entity, also=LOG)}
    access |= {method: policy_for(entity, deed) for method, deed in gates.items() if entity.gates.of(deed)}
    names = possible_columns(entity)
    return type(
        endpoint_of(entity),
        (RecordView,),
        {
            "entity": entity,
            "access": access,
            "route_base": f"/records/{entity.name}",
            # A method that the declaration does not open gets no address at all.
            "include_route_methods": set(access),
            "datamodel": SQLAInterface(entity.model, db.session),
            "list_title": LazyString(entity_title, entity),
            "show_title": LazyString(entity_one, entity),
            "add_title": LazyString(entity_one, entity),
            "edit_title": LazyString(entity_one, entity),
            "list_columns": list(entity.listed),
            "show_columns": list(entity.shown),
            "add_columns": list(entity.added),
            "edit_columns": list(entity.changed),
            "search_columns": list(entity.filtered),
            "order_columns": list(entity.listed),
            "label_columns": {name: LazyString(field_label, entity, name) for name in names},
            "description_columns": {name: LazyString(field_help, entity, name) for name in names},
        },
    )


__all__ = ["RecordView", "view_of"]
