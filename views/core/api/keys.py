"""กุญแจ API: the keys that programs come with, given and revoked by super users (H8 api_key.manage)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from forms.core.api_key import GiveForm, RevokeForm
from models.core import api_key, staffing
from models.core.api_key import MANAGE, READ, WRITE, ApiKey, scope, visible_keys
from models.core.db import db
from models.core.entity import entities
from models.core.identity import Account
from models.core.listing import Order, walk
from models.core.once import first_time
from models.core.thai.dates import day_bounds
from models.core.workflow import Refusal, Refused
from views.core.access import needs
from views.core.api.records import routes_of
from views.core.api.words import scope_words
from views.core.base import PageView, can_be_key, record_or_404
from views.core.look import form_errors
from views.core.records.words import entity_title, group_title
from views.core.sentences import sentence

PAGE = 25
FOUND_AT_MOST = 20
NEWEST = Order("newest", (), ApiKey.id, descending=True)
# Which field a refusal is told at.
_FIELDS = {
    "api_key_name_needed": "name",
    "api_key_reason_needed": "reason",
    "api_key_past": "until",
    "api_key_no_account": "account",
    "api_key_of_super_user": "account",
    "api_key_too_many": "account",
    "api_key_no_scope": "scopes",
    "api_key_beyond": "scopes",
}
# As the page has them.
_LABELS = {"account": _l("Acts as the account of"), "scopes": _l("What the key may do")}
_ORDER = ("name", "account", "until", "reason", "scopes")


class ApiKeyView(PageView):
    """กุญแจ API."""

    route_base = "/api-keys"
    default_view = "list"

    def covers(self, endpoint: str) -> bool:
        """Whether a page belongs to the API, for the menu's mark: its keys, and what programs can do by them."""
        return endpoint.partition(".")[0] in ("ApiKeyView", "ApiDocsView")

    @expose("/")
    @needs(MANAGE)
    def list(self) -> ResponseReturnValue:
        """Every key that was ever given, the newest first."""
        rows = visible_keys(g.user).options(joinedload(ApiKey.account))
        page = walk(rows, NEWEST, PAGE, after=request.args.get("after"), before=request.args.get("before"))
        return self.page("core/api_key/list.html", page=page, scope_words=scope_words)

    @expose("/people")
    @needs(MANAGE)
    def people(self) -> ResponseReturnValue:
        """Accounts by name or e-mail, for the picker."""
        rows = staffing.filtered(staffing.visible_accounts(g.user, MANAGE), {"q": request.args.get("q", "")})
        rows = rows.where(Account.active).order_by(Account.sort_key, Account.id).limit(FOUND_AT_MOST)
        return jsonify(
            results=[
                {"value": one.id, "text": one.full_name or one.email, "note": one.email if one.has_mail else ""}
                for one in db.session.scalars(rows)
            ]
        )

    @expose("/new", methods=["GET", "POST"])
    @needs(MANAGE)
    def give(self) -> ResponseReturnValue:
        """Give a key; its token is shown here and now, and never again."""
        form = GiveForm()
        scopes = request.form.getlist("scopes")
        if request.method == "GET":
            return self._form(form, g.user, scopes)
        account = self._account(request.form.get("account", ""))
        is_typed = form.validate_on_submit()
        ends = day_bounds(form.until.data)[1] if form.until.data and not form.until.errors else None
        given = (str(form.name.data or ""), scopes, str(form.reason.data or ""), ends)
        if (refusals := api_key.refusals_to_give(g.user, account, *given)) or not is_typed:
            return self._form(form, account, scopes, refusals), 422
        if not first_time(str(form.once.data or ""), g.user.id):
            flash(_("The key was given already and is not shown again. Revoke it and give a new one."), "warning")
            return redirect(url_for("ApiKeyView.list"))
        try:
            key, token = api_key.give(g.user, account, *given)  # type: ignore[arg-type]
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            return self._form(form, account, scopes, [refused.refusal]), 422
        return self.page("core/api_key/given.html", key=key, token=token, scope_words=scope_words)

    @staticmethod
    def _account(text: str) -> Account | None:
        if not (text.isascii() and text.isdigit() and len(text) < 20 and can_be_key(int(text), Account.id)):
            return None
        rows = staffing.visible_accounts(g.user, MANAGE)
        found: Account | None = db.session.scalar(rows.where(Account.id == int(text)))
        return found

    def _form(
        self, form: GiveForm, account: Account | None, scopes: Sequence[str], refusals: Sequence[Refusal] = ()
    ) -> str:
        groups: dict[str, list[dict[str, Any]]] = {}
        for entity in entities():
            ways = [READ, *([WRITE] if WRITE in routes_of(entity).values() else [])]
            row = {"title": entity_title(entity), "ways": {way: scope(entity.name, way) for way in ways}}
            groups.setdefault(group_title(entity.group), []).append(row)
        wrong: dict[str, str] = {}
        for refusal in refusals:
            field, said = _FIELDS.get(refusal.code, ""), sentence(refusal)
            if field not in form._fields:
                wrong.setdefault(field, said)
            elif not form[field].errors:
                form[field].errors = [said]
        errors = [*form_errors(form), *((name or None, _LABELS.get(name, ""), said) for name, said in wrong.items())]
        errors.sort(key=lambda one: _ORDER.index(one[0]) if one[0] in _ORDER else -1)
        return self.page(
            "core/api_key/give.html",
            form=form,
            groups=groups,
            account=account,
            scopes=scopes,
            wrong=wrong,
            errors=errors,
            ways={READ: _("Read"), WRITE: _("Write")},
        )

    @expose("/<int:pk>", methods=["GET"])
    @needs(MANAGE)
    def show(self, pk: int) -> ResponseReturnValue:
        """One key, with what it may do and the form to end it."""
        return self._page(self._key(pk), RevokeForm())

    @expose("/<int:pk>/revoke", methods=["POST"])
    @needs(MANAGE)
    def revoke(self, pk: int) -> ResponseReturnValue:
        """End a key for good."""
        key, form = self._key(pk), RevokeForm()
        if not form.validate_on_submit():
            return self._page(key, form), 422
        try:
            api_key.revoke(key, g.user, str(form.reason.data or ""))
            db.session.commit()
        except Refused as refused:
            db.session.rollback()
            if refused.refusal.code == "api_key_revoked":
                flash(sentence(refused), "warning")
                return self._page(self._key(pk), form), 409
            form.reason.errors = [sentence(refused)]
            return self._page(self._key(pk), form), 422
        flash(_("The key is revoked. It opens nothing any more."), "success")
        return redirect(url_for("ApiKeyView.list"))

    @staticmethod
    def _key(pk: int) -> Any:
        return record_or_404(visible_keys(g.user), ApiKey, pk)

    def _page(self, key: ApiKey, form: RevokeForm) -> str:
        return self.page("core/api_key/show.html", key=key, form=form, scope_words=scope_words)
