"""FAB's security asks Sala's matrix: its roles are never a second truth, and its unguarded doors stay shut."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, request
from flask_appbuilder import AppBuilder
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_login import LoginManager, current_user

from models.core import audit
from models.core.clock import later
from models.core.db import begin_writing, db, set_reading
from models.core.identity import Account, Visitor, account_of_lapsed_session, account_of_session
from views.core import menu
from views.core.access import policy_of, view_policy, wants_key


class SalaSecurityManager(SecurityManager):  # type: ignore[misc]
    """Accounts by session token, access by the matrix; no roles, no JWT, no views of FAB's own."""

    user_model = Account

    def create_login_manager(self, app: Any) -> LoginManager:
        """Sessions are rows: the cookie's token is looked up at every request."""
        manager = LoginManager(app)
        manager.login_view = "SignView.sign_in"
        manager.anonymous_user = Visitor
        manager.session_protection = None  # The session row ends sessions; a changing address must not.
        manager.user_loader(self.load_user)
        return manager

    def create_jwt_manager(self, app: Any) -> None:  # noqa: ARG002
        """No tokens for a password alone: scripts get keys that a super user gives."""
        return

    def load_user(self, pk: str) -> Account | None:
        """The account of the session token, when the session is open."""
        settings = current_app.config["SALA"]
        found = account_of_session(pk, settings.session_idle, settings.session_longest)
        if found is None:
            g.lapsed_account = account_of_lapsed_session(pk)
            return None
        account, row = found
        g.session_row = row
        return account

    @staticmethod
    def before_request() -> None:
        """Who acts, and whether this request only reads, is settled before anything else."""
        set_reading(True)
        if request.endpoint == "static" or (request.endpoint or "").endswith(".static"):
            g.user = Visitor()
            return
        # Where a key is asked for, a browser's cookie says nothing about who comes.
        by_key = request.endpoint is not None and wants_key(policy_of(request.endpoint))
        g.user = Visitor() if by_key else current_user._get_current_object()
        function = current_app.view_functions.get(request.endpoint or "")
        if request.method not in ("GET", "HEAD", "OPTIONS") and not getattr(function, "_reads_first", False):
            begin_writing()
        audit.act_as(g.user.id, request.remote_addr or "", g.get("request_id", ""))

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether the matrix opens FAB's `permission_name` ("can_list") of a view to the user of this request."""
        if permission_name == "menu_access":
            return view_name in self.get_user_menu_access()
        method = permission_name.removeprefix("can_")
        return any(
            view_policy(view, method).admits(g.user)
            for view in self.appbuilder.baseviews
            if view.__class__.__name__ == view_name or getattr(view, "class_permission_name", None) == view_name
        )

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is public but what the matrix opens to visitors."""
        return not g.user.is_authenticated and self.has_access(permission_name, view_name)

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str] | frozenset[str]:
        """The menu entries that this user may see, asked once per request.

        The policies know no more of a user than whether they are signed in and what kinds they are of; so what they
        answered is kept for the next of the same kinds, under the state of the matrix that said so.
        """
        found: frozenset[str] | None = g.get("menu_access")
        if found is None:
            found = g.menu_access = menu.kept(
                ("access", g.user.is_authenticated, g.user.kinds), self._menu_access, self.appbuilder
            )
        return found if menu_names is None else found & set(menu_names)

    def _menu_access(self) -> frozenset[str]:
        seen: set[str] = set()
        for item in self.appbuilder.menu.get_list():
            if item.childs:
                shown = {child.name for child in item.childs if self._shows(child)}
                seen |= shown | ({item.name} if shown else set())
            elif self._shows(item):
                seen.add(item.name)
        return frozenset(seen)

    @staticmethod
    def _shows(item: Any) -> bool:
        view = item.baseview
        if view is None:
            return False
        return view_policy(view, item.href or view.default_view).admits(g.user)


class SalaAppBuilder(AppBuilder):  # type: ignore[misc]
    """FAB without the views that it would register unasked."""

    def _add_admin_views(self) -> None:
        self._indexview = self.add_view_no_menu(self.indexview)

    @property
    def get_url_for_login(self) -> str:
        """Where FAB sends those who are not signed in."""
        from flask import url_for

        return url_for("SignView.sign_in")

    def get_url_for_login_with(self, next_url: str | None = None) -> str:
        """The sign-in page that leads on to `next_url`."""
        from flask import url_for

        return url_for("SignView.sign_in", next=next_url)

    @property
    def get_url_for_logout(self) -> str:
        """Signing out is a POST; the page with its button."""
        from flask import url_for

        return url_for("SignView.sign_out")


def forget_reading(_error: BaseException | None = None) -> None:
    """Nothing of this request's way with the database stays behind in its thread."""
    set_reading(False)


def remember_seen(response: Any) -> Any:
    """Note at most once a minute that the session was used, and commit what a reading request wrote down."""
    row = g.get("session_row")
    if getattr(current_app.view_functions.get(request.endpoint or ""), "_is_unasked", False):
        row = None
    if row is not None and row.ended_at is None and row.seen_at < later(minutes=-1) and response.status_code < 500:
        begin_writing()
        row.seen_at = later()
        db.session.add(row)
        db.session.commit()
    elif audit.has_pending() and response.status_code < 400:
        db.session.commit()
    return response
